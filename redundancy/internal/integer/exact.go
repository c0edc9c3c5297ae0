package integer

import (
	"math"
	"math/big"
	"slices"
)

// An exact is a program in whole numbers: costs in units of unit, and rows that are divided by what all coefficients of
// a row have in common.
type exact struct {
	program Program
	cost    []*big.Int
	columns int        // how many are the program's; those after them are sums
	unit    *big.Rat   // what a cost of 1 stands for
	coarse  uint       // to floating point costs are in units of 2^coarse, so that large numbers look small
	given   []exactRow // the rows of the program
	rows    []exactRow // the same snapped and written with sums, what the sums are, then cuts
	own     int        // how many are no cuts
	least   []int
	most    []int
}

// An exactRow is a row in whole numbers, and in floating point for the relaxation: in units of 2^-shift, so that large
// numbers look small. For whole x what Σ of·x is above least is a whole number as well.
type exactRow struct {
	on    []int
	of    []*big.Int
	least *big.Int

	shift      uint
	about      []float64
	aboutLeast float64
	scale      float64 // the size of the largest of about; 1 if all are 0
	faint      float64 // below it numbers of about may have lost digits; 0 if none has

	from []int   // in Program.Rows: the row, or those that a cut comes from
	part float64 // what a unit of about is of the row as it was given; 0 for a cut
}

func exactly(p Program) *exact {
	e := &exact{program: p, least: slices.Clone(p.Least), most: slices.Clone(p.Most)}
	if e.least == nil {
		e.least = make([]int, len(p.Cost))
	}
	e.columns = len(p.Cost)
	e.wholeCosts(p.Cost)
	for _, i := range strongest(p) {
		e.rows = append(e.rows, exactlyRow(p.Rows[i], i))
	}
	e.given, e.own = e.rows, len(e.rows)
	return e
}

func exactlyRow(given Row, from int) exactRow {
	shift := fraction(given.Least)
	for _, x := range given.Of {
		shift = max(shift, fraction(x))
	}
	r := exactRow{on: given.On, least: whole(given.Least, shift), from: []int{from}}
	r.of = make([]*big.Int, len(given.Of))
	for j, x := range given.Of {
		if j > 0 && x == given.Of[j-1] {
			r.of[j] = r.of[j-1]
			continue
		}
		r.of[j] = whole(x, shift)
	}
	common, _ := r.divide().Float64()
	r.look()
	r.part = math.Ldexp(common, int(r.shift)-int(shift))
	return r
}

// divide divides a row by the greatest common divisor of its coefficients, and rounds the right side up: Chvátal's cut
// of one row (doi:10.1016/0012-365X(73)90167-2). It returns the divisor.
func (r *exactRow) divide() *big.Int {
	common := new(big.Int)
	for j, a := range r.of {
		if j > 0 && a == r.of[j-1] {
			continue
		}
		if common.GCD(nil, nil, common, new(big.Int).Abs(a)); common.Cmp(one) == 0 {
			return common
		}
	}
	if common.Sign() == 0 {
		return common.SetInt64(1)
	}
	of := make([]*big.Int, len(r.of))
	for j, a := range r.of {
		if j > 0 && a == r.of[j-1] {
			of[j] = of[j-1]
			continue
		}
		of[j] = new(big.Int).Quo(a, common)
	}
	r.of = of
	r.least.Neg(r.least)
	r.least.Div(r.least, common) // towards minus infinity
	r.least.Neg(r.least)
	return common
}

var one = big.NewInt(1)

// lookShift returns by how many binary digits to shift numbers for floating point: 0 if none has more than bits.
func lookShift(all []*big.Int) uint {
	const bits = 30
	longest := 0
	for _, a := range all {
		longest = max(longest, a.BitLen())
	}
	if longest > bits {
		return uint(longest)
	}
	return 0
}

// look fills in the row as floating point sees it.
func (r *exactRow) look() {
	r.shift = lookShift(r.of)
	r.about, r.scale = make([]float64, len(r.of)), 0
	for j, a := range r.of {
		r.about[j] = near(a, r.shift)
		r.scale = max(r.scale, math.Abs(r.about[j]))
	}
	if r.scale == 0 {
		r.scale = 1
	}
	if r.faint = 0; r.shift > 0 {
		r.faint = 0x1p-960
	}
	r.aboutLeast = near(r.least, r.shift)
}

// near returns x / 2^shift, rounded.
func near(x *big.Int, shift uint) float64 {
	if x.IsInt64() && shift == 0 {
		return float64(x.Int64())
	}
	f := new(big.Float).SetInt(x)
	near, _ := f.SetMantExp(f, -int(shift)).Float64()
	return near
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
	e.coarse = lookShift(e.cost)
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
func whole(x float64, shift uint) *big.Int {
	if y := math.Ldexp(x, int(shift)); math.Abs(y) < 1<<53 {
		return big.NewInt(int64(y))
	}
	f := new(big.Float).SetPrec(53).SetFloat64(x)
	f.SetMantExp(f, int(shift))
	whole, _ := f.Int(nil)
	return whole
}

// certain is the part of a row's terms from which on floating point tells the sign of their sum.
const certain = 1e-9

// feasible reports whether x keeps every row of the program. Bounds are not looked at, nor are cuts.
func (e *exact) feasible(x []int) bool {
	for i := range e.given {
		r := &e.given[i]
		sum, size := -r.aboutLeast, math.Abs(r.aboutLeast)+r.faint
		for j, on := range r.on {
			term := float64(r.about[j] * float64(x[on]))
			sum += term
			size += math.Abs(term)
		}
		if sum < -certain*size || !(sum > certain*size) && !r.keeps(x) {
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
