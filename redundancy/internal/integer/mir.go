package integer

import (
	"math/big"
	"slices"
)

// A mixture is a sum of rows times multipliers of any sign, which are whole multiples of 2^-fine.
type mixture struct {
	row  []int // by index of exact.rows
	by   []*big.Int
	fine uint
}

// cut returns a row that all solutions keep, in whole numbers: what mixed-integer rounding (Marchand & Wolsey 2001,
// doi:10.1287/opre.49.3.363.11211) makes of a mixture. As an equation, with t ≥ 0 for what a row's left side is above
// its right side, the mixture is
//
//	Σ a·z − Σ multiplier·t = b
//
// with z = x − least or, for columns that are flipped, most − x. All of z and t are whole and at least 0, so with F the
// part of b after the point, and f that of a coefficient,
//
//	Σ G(a)·z + Σ G(−multiplier)·t ≥ ⌈b⌉     G(a) = ⌊a⌋ + min(1, f/F)
//
// in which z and t are replaced by what they stand for. With a step it is what two-step mixed-integer rounding makes of it: see
// [rounder]. False if b is nearly whole.
func (e *exact) cut(m mixture, flipped []bool, step *big.Int) (exactRow, bool) {
	left, right, term := make([]*big.Int, len(e.cost)), new(big.Int), new(big.Int)
	for k, i := range m.row {
		e.rows[i].addTo(left, right, m.by[k])
	}
	b := new(big.Int).Set(right)
	for j, a := range left {
		if a != nil {
			b.Sub(b, term.Mul(a, e.corner(j, flipped)))
		}
	}
	g, ok := rounderOf(b, m.fine, step)
	if !ok {
		return exactRow{}, false
	}
	right = g.up(b)
	for j, a := range left {
		if a == nil {
			continue
		}
		if flipped[j] {
			a.Neg(g.of(a.Neg(a)))
		} else {
			g.of(a)
		}
		right.Add(right, term.Mul(a, e.corner(j, flipped)))
	}
	for k, i := range m.row {
		e.rows[i].addTo(left, right, g.of(term.Neg(m.by[k])))
	}
	return e.short(left, right, m), true
}

// corner returns the bound of a column that z is measured from.
func (e *exact) corner(j int, flipped []bool) *big.Int {
	if flipped[j] {
		return big.NewInt(int64(e.most[j]))
	}
	return big.NewInt(int64(e.least[j]))
}

// addTo adds a multiple of a row to a left and a right side.
func (r *exactRow) addTo(left []*big.Int, right, by *big.Int) {
	term := new(big.Int)
	for j, on := range r.on {
		if left[on] == nil {
			left[on] = new(big.Int)
		}
		left[on].Add(left[on], term.Mul(by, r.of[j]))
	}
	right.Add(right, term.Mul(by, r.least))
}

// A rounder computes F·G(a), for numbers in units of 2^-fine. With a step s less than F it is, with τ = ⌈F/s⌉, r = F − (τ−1)·s and
// f the part of a after the point,
//
//	g(a) = r·τ·⌊a⌋ + min(r·τ, r·⌊f/s⌋ + min(r, f − s·⌊f/s⌋))
//
// which is as true if s·τ ≤ 1 (Dash & Günlük 2006, "Valid inequalities based on simple mixed-integer sets",
// doi:10.1007/s10107-005-0599-4): a is at most a whole number, so many steps and a rest.
type rounder struct {
	fine uint
	part *big.Int // F, or r
	mask *big.Int
	step *big.Int // nil: none
	top  *big.Int // F, or r·τ
}

// away is how far from whole numbers the right side of a mixture has to be, as a power of a half.
const away = 7

// rounderOf returns the rounder of a right side; false if that is nearly whole, or the step does not fit.
func rounderOf(b *big.Int, fine uint, step *big.Int) (rounder, bool) {
	g := rounder{fine: fine, mask: new(big.Int).Lsh(one, fine)}
	g.mask.Sub(g.mask, one)
	g.part = new(big.Int).And(b, g.mask)
	g.top = g.part
	least := new(big.Int).Rsh(g.mask, away)
	if g.part.Cmp(least) <= 0 || new(big.Int).Sub(g.mask, g.part).Cmp(least) <= 0 {
		return g, false
	}
	if step == nil {
		return g, true
	}
	if step.Cmp(least) <= 0 || step.Cmp(g.part) >= 0 {
		return g, false
	}
	g.step = step
	times, rest := new(big.Int).QuoRem(g.part, step, new(big.Int))
	times.Add(times, one)
	g.part, g.top = rest, new(big.Int).Mul(rest, times)
	return g, rest.Cmp(new(big.Int).Rsh(step, away)) > 0 && times.Mul(times, step).Cmp(g.mask) <= 0
}

// of changes a to F·G(a), or g(a).
func (g rounder) of(a *big.Int) *big.Int {
	f := new(big.Int).And(a, g.mask)
	if g.step != nil {
		times, rest := new(big.Int).QuoRem(f, g.step, new(big.Int))
		if rest.Cmp(g.part) > 0 {
			rest.Set(g.part)
		}
		f.Add(times.Mul(times, g.part), rest)
	}
	if f.Cmp(g.top) > 0 {
		f.Set(g.top)
	}
	a.Rsh(a, g.fine) // towards minus infinity
	return a.Add(a.Mul(a, g.top), f)
}

// up returns F·⌈b⌉, or r·τ·⌈b⌉.
func (g rounder) up(b *big.Int) *big.Int {
	up := new(big.Int).Rsh(b, g.fine)
	return up.Mul(up.Add(up, one), g.top)
}

// short makes a row whose coefficients have few digits. They are rounded up, for columns are not negative, and so is the right
// side, for the left side is whole then. Those that are next to nothing are left out, at what the column can be worth.
func (e *exact) short(left []*big.Int, least *big.Int, m mixture) exactRow {
	const bits, nothing = 40, 24
	longest := 0
	for _, a := range left {
		if a != nil {
			longest = max(longest, a.BitLen())
		}
	}
	shift, r, term := uint(max(0, longest-bits)), exactRow{}, new(big.Int)
	right := new(big.Int).Set(least)
	for j, a := range left {
		if a == nil || a.Sign() == 0 {
			continue
		}
		if a.BitLen() < longest-nothing {
			if a.Sign() > 0 {
				right.Sub(right, term.Mul(a, big.NewInt(int64(e.most[j]))))
			}
			continue
		}
		if up := ceil(a, shift); up.Sign() != 0 {
			r.on, r.of = append(r.on, j), append(r.of, up)
		}
	}
	r.least = ceil(right, shift)
	r.divide()
	r.look()
	for _, i := range m.row {
		r.from = append(r.from, e.rows[i].from...)
	}
	slices.Sort(r.from)
	r.from = slices.Compact(r.from)
	return r
}
