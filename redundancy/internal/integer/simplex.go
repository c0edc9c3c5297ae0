package integer

import (
	"context"
	"math"
)

// A relaxation is the program without the demand for whole numbers, over some of its rows, as a dictionary:
//
//	basic[r] = … + Σ table[r][k] · free[k]
//
// for the variables in basis in terms of the others, which rest at one of their bounds. Variables are the columns, then
// for row i the slack Σ of·x − least ≥ 0. It begins with all columns at the bound that is cheaper, which no price needs
// to be known for, and keeps that property: the dual simplex method with bounds. Floating point throughout: see the
// package comment.
type relaxation struct {
	columns int
	low, up []float64 // by variable

	basis []int // by r
	free  []int // by k
	value []float64
	table [][]float64
	worth []float64 // by k: what raising it by 1 adds to the cost
	at    []float64 // by k: where it rests

	some []int // for pivot
}

const (
	slight  = 1e-9 // a coefficient that counts as 0
	outside = 1e-7 // how far out of its bounds a variable may be
)

// solve moves until every variable is within its bounds. If none can be moved to where it would have to be, it returns
// the row that says so; -1 otherwise, also if ctx ends first.
func (x *relaxation) solve(ctx context.Context) (stuck int) {
	return x.move(ctx, 200+20*(len(x.basis)+x.columns))
}

// move is solve with at most so many pivots.
func (x *relaxation) move(ctx context.Context, pivots int) (stuck int) {
	for range pivots {
		if ctx.Err() != nil {
			break
		}
		r, target := x.leaving()
		if r < 0 {
			return -1
		}
		k := x.entering(r, target > x.value[r])
		if k < 0 {
			return r
		}
		x.pivot(r, k, target)
	}
	return -1
}

// leaving returns the variable that is furthest out of its bounds, and the bound.
func (x *relaxation) leaving() (r int, target float64) {
	r, worst := -1, outside
	for i, v := range x.basis {
		if d := x.low[v] - x.value[i]; d > worst {
			r, worst, target = i, d, x.low[v]
		}
		if d := x.value[i] - x.up[v]; d > worst {
			r, worst, target = i, d, x.up[v]
		}
	}
	return r, target
}

// entering returns the variable that can move row r in the direction wanted at the least price a unit.
func (x *relaxation) entering(r int, rise bool) int {
	best, least := -1, math.Inf(1)
	for k, v := range x.free {
		a := x.table[r][k]
		if math.Abs(a) < slight || x.low[v] == x.up[v] {
			continue
		}
		up := (a > 0) == rise
		if up && x.at[k] >= x.up[v] || !up && x.at[k] <= x.low[v] {
			continue
		}
		ratio := math.Abs(x.worth[k] / a)
		if ratio < least-slight || ratio <= least+slight && best >= 0 && math.Abs(a) > math.Abs(x.table[r][best]) {
			best, least = k, ratio
		}
	}
	return best
}

// pivot lets free[k] take the place of basis[r], which rests at target from now on.
func (x *relaxation) pivot(r, k int, target float64) {
	line := x.table[r]
	a := line[k]
	move := (target - x.value[r]) / a
	for j := range line {
		line[j] = -line[j] / a
	}
	line[k] = 1 / a
	x.some = x.some[:0]
	for j, a := range line {
		if a != 0 {
			x.some = append(x.some, j)
		}
	}
	for i := range x.basis {
		if i != r && x.table[i][k] != 0 {
			x.value[i] += float64(x.table[i][k] * move)
			substitute(x.table[i], line, k, x.some)
		}
	}
	substitute(x.worth, line, k, x.some)
	x.value[r] = x.at[k] + move
	x.at[k] = target
	x.basis[r], x.free[k] = x.free[k], x.basis[r]
}

// substitute replaces the variable of place k in a line by what it is in terms of the others; some are the places at which
// that is not 0.
func substitute(into, line []float64, k int, some []int) {
	f := into[k]
	if f == 0 {
		return
	}
	into[k] = 0
	if len(some) > len(line)/3 {
		for j, a := range line {
			into[j] += float64(f * a) // not fused, so that every machine takes the same way
		}
		return
	}
	for _, j := range some {
		into[j] += float64(f * line[j])
	}
}

// solution returns the columns.
func (x *relaxation) solution() []float64 {
	all := make([]float64, x.columns)
	for k, v := range x.free {
		if v < x.columns {
			all[v] = x.at[k]
		}
	}
	for r, v := range x.basis {
		if v < x.columns {
			all[v] = x.value[r]
		}
	}
	return all
}

// prices returns the price of each row: what its slack is worth.
func (x *relaxation) prices(scale []float64) map[int]float64 {
	y := map[int]float64{}
	for k, v := range x.free {
		if i := v - x.columns; i >= 0 && x.worth[k] > 0 {
			y[i] = x.worth[k] / scale[i]
		}
	}
	return y
}

// ray returns the prices that show why a variable that is out of its bounds is stuck there.
func (x *relaxation) ray(r int, scale []float64) map[int]float64 {
	y := map[int]float64{}
	if i := x.basis[r] - x.columns; i >= 0 {
		y[i] = 1 / scale[i]
	}
	for k, v := range x.free {
		if i := v - x.columns; i >= 0 {
			y[i] = math.Abs(x.table[r][k]) / scale[i]
		}
	}
	return y
}
