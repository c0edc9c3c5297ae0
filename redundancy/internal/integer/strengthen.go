package integer

import (
	"math"
	"math/big"
	"slices"
)

// strengthen lowers coefficients of the program's rows to what each row lacks when all columns are as little help as they can
// be: a step of one column gives it no more than that (Savelsbergh 1994, doi:10.1287/ijoc.6.4.445). All points within the
// bounds keep the new rows that keep the old.
func (e *exact) strengthen() {
	for i := range e.rows[:e.own] {
		if r := &e.rows[i]; r.lack(e.least, e.most) < r.scale*(1+unsure) {
			r.clip(e.least, e.most)
		}
	}
}

// lack returns what a row lacks at worst, about.
func (r *exactRow) lack(least, most []int) float64 {
	lack := r.aboutLeast
	for j, on := range r.on {
		lack -= r.worst(j, least[on], most[on])
	}
	return lack
}

// clip is strengthen for a row.
func (r *exactRow) clip(least, most []int) {
	lack, term := new(big.Int).Set(r.least), new(big.Int)
	corner := func(j int) *big.Int {
		if r.of[j].Sign() > 0 {
			return big.NewInt(int64(least[r.on[j]]))
		}
		return big.NewInt(int64(most[r.on[j]]))
	}
	for j := range r.on {
		lack.Sub(lack, term.Mul(r.of[j], corner(j)))
	}
	if lack.Sign() <= 0 {
		return // nothing breaks it
	}
	if !slices.ContainsFunc(r.of, func(a *big.Int) bool { return a.CmpAbs(lack) > 0 }) {
		return
	}
	of := make([]*big.Int, len(r.of)) // the row as it was given keeps its own
	for j, a := range r.of {
		of[j] = new(big.Int).Set(a)
		if a.CmpAbs(lack) <= 0 {
			continue
		}
		of[j].Set(lack)
		if a.Sign() < 0 {
			of[j].Neg(of[j])
		}
		r.least = new(big.Int).Add(r.least, term.Mul(term.Sub(of[j], a), corner(j)))
	}
	before := r.shift
	r.of, r.least = of, new(big.Int).Set(r.least)
	common, _ := r.divide().Float64()
	r.look()
	r.part = math.Ldexp(r.part*common, int(r.shift)-int(before))
}
