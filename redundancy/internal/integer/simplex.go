package integer

import (
	"context"
	"math"
)

// A relaxation is a program without the demand for whole numbers, over some of its rows:
//
//	minimise cost · x  subject to  Σ of·x − slack = least for every row,  low ≤ x ≤ up,  slack ≥ 0
//
// Variables are the columns, then for row i its slack. As many as there are rows are basic; the others rest at one of their
// bounds. It begins with all columns at the bound that is cheaper, which no price needs to be known for, and keeps that
// property: the dual simplex method with bounds, the basis in factors, which row leaves by steepest edge (Forrest & Goldfarb
// 1992, doi:10.1007/BF01581089), and a ratio test that lets columns pass from bound to bound (Koberstein 2005, "The dual
// simplex method, techniques for a fast and stable implementation"). Floating point throughout: see the package comment.
type relaxation struct {
	columns   int
	rows      [][]term  // at being columns
	least     []float64 // by row
	name      []int     // by row: what the caller calls it
	uses      [][]term  // by column: what it adds to what the slacks need, at being rows
	low, up   []float64 // by variable
	cost      []float64 // by variable
	worth     []float64 // by variable: what raising it by 1 adds to the cost; 0 if it is basic
	at        []float64 // by variable that is not basic: where it rests
	place     []int     // by variable: its place in the basis; -1: it is not basic
	basis     []int     // by place
	value     []float64 // by place
	steepness []float64 // by place: the square of the length of the row of the inverse, about
	factors   factors
	stale     bool // factors, values and worths are of another basis

	line    []float64 // of a pivot, by row: the row of the inverse
	entry   []float64 // by variable: the row of the dictionary, 0 but for touched
	touched []int
	isIn    []bool
	column  []float64 // by place
	work    []float64
	passed  []passing
	ahead   []passing
	saved   state
}

const (
	slight   = 1e-9 // a coefficient that counts as 0
	outside  = 1e-7 // how far out of its bounds a variable may be
	renewal  = 64   // etas after which the basis is factored anew
	mistaken = 1e-7 // what two ways to compute a pivot may differ by
)

// solve moves until every variable is within its bounds. If none can be moved to where it would have to be, it returns
// the place that says so; -1 otherwise, also if ctx ends first.
func (x *relaxation) solve(ctx context.Context) (stuck int) {
	return x.move(ctx, 200+20*(len(x.basis)+x.columns))
}

// move is solve with at most so many pivots.
func (x *relaxation) move(ctx context.Context, pivots int) (stuck int) {
	stuck, _ = x.pivots(ctx, pivots, false)
	return stuck
}

// pivots makes so many pivots at most; a trial takes the factors as they are. It is done if no more are needed.
func (x *relaxation) pivots(ctx context.Context, most int, trial bool) (stuck int, done bool) {
	x.ready()
	corrections := 3
	for range most {
		if ctx.Err() != nil {
			break
		}
		if !trial && len(x.factors.etas) >= renewal {
			x.renew()
		}
		r, target := x.leaving()
		if r < 0 {
			if !trial && corrections > 0 && len(x.factors.etas) > 0 && x.drifted() {
				corrections--
				x.renew()
				continue
			}
			return -1, true
		}
		rise := target > x.value[r]
		x.draw(r)
		v := x.entering(rise, math.Abs(target-x.value[r]))
		if v < 0 {
			if !trial && len(x.factors.etas) > 0 {
				x.renew()
				continue
			}
			return r, true
		}
		if !x.pivot(r, v, target) {
			if trial {
				break
			}
			x.renew()
		}
	}
	return -1, false
}

// leaving returns the place of the variable that is furthest out of its bounds, by steepest edge, and the bound.
func (x *relaxation) leaving() (r int, target float64) {
	r, worst := -1, 0.
	for i, v := range x.basis {
		by, to := 0., 0.
		if d := x.low[v] - x.value[i]; d > outside {
			by, to = d, x.low[v]
		} else if d := x.value[i] - x.up[v]; d > outside {
			by, to = d, x.up[v]
		} else {
			continue
		}
		if by *= by; by > worst*x.steepness[i] {
			r, worst, target = i, by/x.steepness[i], to
		}
	}
	return r, target
}

// draw computes the row of a place: what its variable loses by each that is not basic.
func (x *relaxation) draw(r int) {
	x.wipe()
	for i, v := range x.inverse(r) {
		if math.Abs(v) <= tiny {
			x.line[i] = 0
			continue
		}
		x.touch(x.columns + i)
		x.entry[x.columns+i] = v
		for _, t := range x.rows[i] {
			x.touch(t.at)
			x.entry[t.at] -= float64(v * t.of)
		}
	}
}

func (x *relaxation) touch(v int) {
	if !x.isIn[v] {
		x.isIn[v] = true
		x.touched = append(x.touched, v)
	}
}

func (x *relaxation) wipe() {
	for _, v := range x.touched {
		x.entry[v], x.isIn[v] = 0, false
	}
	x.touched = x.touched[:0]
}

// pivot lets variable v, after those that pass, take the place of the one at r, which rests at target from now on; false, and
// nothing but these has moved, if its column is not what the row says.
func (x *relaxation) pivot(r, v int, target float64) bool {
	x.pass()
	clear(x.column)
	x.scatter(x.column, v, 1)
	x.factors.forward(x.column)
	a := x.column[r]
	if math.Abs(a-x.entry[v]) > mistaken*(1+math.Abs(a)) && len(x.factors.etas) > 0 || math.Abs(a) < slight {
		return false
	}
	x.price(r, v, a)
	x.steepen(r, a)
	move := (x.value[r] - target) / a
	for i, c := range x.column {
		if c != 0 {
			x.value[i] -= float64(c * move)
		}
	}
	x.value[r] = x.at[v] + move
	x.factors.replace(r, x.column)
	out := x.basis[r]
	x.basis[r], x.place[v], x.place[out], x.at[out] = v, r, -1, target
	return true
}

// pass moves the variables that pass to their other bounds.
func (x *relaxation) pass() {
	if len(x.passed) == 0 {
		return
	}
	clear(x.work)
	for _, p := range x.passed {
		v, to := p.variable, x.low[p.variable]
		if to == x.at[v] {
			to = x.up[v]
		}
		x.scatter(x.work, v, to-x.at[v])
		x.at[v] = to
	}
	x.shift()
}

// shift moves the basic variables by what is needed for x.work more, by row.
func (x *relaxation) shift() {
	x.factors.forward(x.work)
	for i, c := range x.work {
		x.value[i] -= c
	}
}

// scatter adds a variable's column, times so much, to a vector by row.
func (x *relaxation) scatter(into []float64, v int, times float64) {
	if v >= x.columns {
		into[v-x.columns] += times
		return
	}
	for _, t := range x.uses[v] {
		into[t.at] += float64(t.of * times)
	}
}

// price makes the worths those of the next basis, v having come in. What would be worth moving because of the tolerance of
// the ratio test is made worth nothing.
func (x *relaxation) price(r, v int, a float64) {
	step := x.worth[v] / a
	for _, j := range x.touched {
		if x.place[j] >= 0 {
			continue
		}
		x.worth[j] -= float64(step * x.entry[j])
		if d := x.worth[j]; d < 0 && x.at[j] < x.up[j] || d > 0 && x.at[j] > x.low[j] {
			x.worth[j] = 0
		}
	}
	x.worth[v], x.worth[x.basis[r]] = 0, -step
}

// steepen makes the steepnesses those of the next basis.
func (x *relaxation) steepen(r int, a float64) {
	own := 0.
	for i, v := range x.line {
		x.work[i] = v
		own += float64(v * v)
	}
	x.factors.forward(x.work)
	for i, c := range x.column {
		if c == 0 || i == r {
			continue
		}
		k := c / a
		x.steepness[i] = max(x.steepness[i]-float64(float64(2*k)*x.work[i])+float64(float64(k*k)*own), 1e-4)
	}
	x.steepness[r] = max(own/(a*a), 1e-4)
}
