package integer

import (
	"math"
	"math/big"
)

// digits is how many binary digits of the largest price are kept.
const digits = 44

// A pricing is prices of rows as floating point sees them, by index of exact.rows, as whole multiples of 2^-fine.
type pricing struct {
	row   []int
	price []int64
	fine  int
}

// priced rounds the prices of the active rows, which are by row of the relaxation and in units of 2^coarse; what is not above
// 0 is left out.
func (s *search) priced(y []float64, coarse uint) pricing {
	largest := 0.0
	for r, v := range y {
		if v > 0 {
			y[r] = v / s.rows[s.lp.name[r]].scale
			largest = max(largest, y[r])
		}
	}
	if largest == 0 || math.IsInf(largest, 0) {
		return pricing{}
	}
	_, exponent := math.Frexp(largest)
	p := pricing{fine: digits - exponent - int(coarse)}
	for r, v := range y {
		if v = math.Round(math.Ldexp(v, digits-exponent)); v > 0 {
			p.row, p.price = append(p.row, s.lp.name[r]), append(p.price, int64(v))
		}
	}
	return p
}

// bound returns what prices prove, by weak duality, of the columns within these bounds: a number of units of cost that
// no solution is below, rounded up, for costs are whole.
func (e *exact) bound(p pricing, least, most []int) *big.Int {
	shift := e.shift(p)
	return ceil(e.weak(p, e.costs(shift), least, most), shift)
}

// shift returns how fine the units are that prices times rows are multiples of: 2^-shift.
func (e *exact) shift(p pricing) uint { return e.rowShift(p) + uint(max(p.fine, 0)) }

// rowShift returns the largest shift of the rows that have prices.
func (e *exact) rowShift(p pricing) (shift uint) {
	for _, i := range p.row {
		shift = max(shift, e.rows[i].shift)
	}
	return shift
}

// costs returns the costs in units of 2^-shift.
func (e *exact) costs(shift uint) []*big.Int {
	all := make([]*big.Int, len(e.cost))
	for j, c := range e.cost {
		all[j] = new(big.Int).Lsh(c, shift)
	}
	return all
}

// impossible reports whether prices prove that no x within these bounds keeps the rows: they would pay more than any x
// is worth.
func (e *exact) impossible(p pricing, least, most []int) bool {
	left := make([]*big.Int, len(e.cost))
	for j := range left {
		left[j] = new(big.Int)
	}
	return e.weak(p, left, least, most).Sign() > 0
}

// weak returns Σ y·least + Σ min (left − Σ y·of) · x, all in units of [exact.shift]. It changes left to what is in
// brackets.
func (e *exact) weak(p pricing, left []*big.Int, least, most []int) *big.Int {
	sum, term, price, shift := new(big.Int), new(big.Int), new(big.Int), e.rowShift(p)+uint(max(-p.fine, 0))
	for k, i := range p.row {
		r := &e.rows[i]
		price.Lsh(price.SetInt64(p.price[k]), shift-r.shift)
		sum.Add(sum, term.Mul(price, r.least))
		for j, on := range r.on {
			left[on].Sub(left[on], term.Mul(price, r.of[j]))
		}
	}
	times := new(big.Int)
	for j, d := range left {
		x := least[j]
		if d.Sign() < 0 {
			x = most[j]
		}
		if x != 0 {
			sum.Add(sum, term.Mul(d, times.SetInt64(int64(x))))
		}
	}
	return sum
}

// ceil returns x / 2^shift rounded up.
func ceil(x *big.Int, shift uint) *big.Int {
	up := new(big.Int).Neg(x)
	up.Rsh(up, shift) // towards minus infinity
	return up.Neg(up)
}
