package integer

import (
	"math"
	"math/big"
)

// An exact is a program in whole numbers: costs in units of unit, rows in units of 2^-shift.
type exact struct {
	cost  []*big.Int
	unit  *big.Rat // what a cost of 1 stands for
	shift uint
	rows  []exactRow
	least []int
	most  []int
}

// An exactRow is a row, in whole numbers and in floating point for the relaxation.
type exactRow struct {
	on    []int
	of    []*big.Int
	least *big.Int

	about      []float64
	aboutLeast float64
	from       int // in Program.Rows
}

func exactly(p Program) *exact {
	e := &exact{least: p.Least, most: p.Most}
	if e.least == nil {
		e.least = make([]int, len(p.Cost))
	}
	e.wholeCosts(p.Cost)
	for _, r := range p.Rows {
		e.shift = max(e.shift, fraction(r.Least))
		for _, x := range r.Of {
			e.shift = max(e.shift, fraction(x))
		}
	}
	for _, i := range strongest(p) {
		r := p.Rows[i]
		row := exactRow{on: r.On, about: r.Of, aboutLeast: r.Least, least: e.whole(r.Least), from: i}
		for _, x := range r.Of {
			row.of = append(row.of, e.whole(x))
		}
		e.rows = append(e.rows, row)
	}
	return e
}

// wholeCosts divides the costs by the largest number of which all are multiples.
func (e *exact) wholeCosts(cost []*big.Rat) {
	denominator, divisor := big.NewInt(1), new(big.Int)
	for _, c := range cost {
		gcd := new(big.Int).GCD(nil, nil, denominator, c.Denom())
		denominator.Mul(denominator, new(big.Int).Quo(c.Denom(), gcd))
	}
	for _, c := range cost {
		whole := new(big.Int).Mul(c.Num(), new(big.Int).Quo(denominator, c.Denom()))
		e.cost = append(e.cost, whole)
		divisor.GCD(nil, nil, divisor, new(big.Int).Abs(whole))
	}
	if divisor.Sign() == 0 {
		divisor.SetInt64(1)
	}
	for _, c := range e.cost {
		c.Quo(c, divisor)
	}
	e.unit = new(big.Rat).SetFrac(divisor, denominator)
}

// fraction returns how many binary digits a number has after the point.
func fraction(x float64) uint {
	if x == 0 {
		return 0
	}
	_, exponent := math.Frexp(x)
	digits := uint(0)
	if exponent < 53 {
		digits = uint(53 - exponent)
	}
	mantissa := int64(math.Ldexp(x, 53-exponent))
	for digits > 0 && mantissa&1 == 0 {
		digits--
		mantissa >>= 1
	}
	return digits
}

// whole returns x · 2^shift.
func (e *exact) whole(x float64) *big.Int {
	f := new(big.Float).SetPrec(53).SetFloat64(x)
	f.SetMantExp(f, int(e.shift))
	whole, _ := f.Int(nil)
	return whole
}

// clear is the part of a row's terms from which on floating point tells the sign of their sum.
const clear = 1e-9

// feasible reports whether x keeps every row. Bounds are not looked at.
func (e *exact) feasible(x []int) bool {
	for i := range e.rows {
		r := &e.rows[i]
		sum, size := -r.aboutLeast, math.Abs(r.aboutLeast)
		for j, on := range r.on {
			term := float64(r.about[j] * float64(x[on]))
			sum += term
			size += math.Abs(term)
		}
		if sum < -clear*size || !(sum > clear*size) && !r.keeps(x) {
			return false
		}
	}
	return true
}

// keeps computes a row in whole numbers.
func (r *exactRow) keeps(x []int) bool {
	sum, term := new(big.Int), new(big.Int)
	for j, on := range r.on {
		if x[on] != 0 {
			sum.Add(sum, term.Mul(r.of[j], big.NewInt(int64(x[on]))))
		}
	}
	return sum.Cmp(r.least) >= 0
}

func (e *exact) price(x []int) *big.Int {
	sum := new(big.Int)
	var term big.Int
	for j, n := range x {
		sum.Add(sum, term.Mul(e.cost[j], big.NewInt(int64(n))))
	}
	return sum
}

// rat returns a cost in units as the cost it stands for.
func (e *exact) rat(units *big.Int) *big.Rat {
	return new(big.Rat).Mul(new(big.Rat).SetInt(units), e.unit)
}
