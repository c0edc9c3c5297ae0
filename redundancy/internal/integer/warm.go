package integer

import (
	"math"
	"slices"
)

// This file is what lets a relaxation go on from another: each dictionary in which no column is worth moving is a start
// for the dual simplex method, whatever the bounds are and whatever rows come in addition.

// relax sets up the relaxation over no rows.
func relax(e *exact) *relaxation {
	n := len(e.cost)
	x := &relaxation{columns: n, low: make([]float64, n), up: make([]float64, n), free: indices(n)}
	x.worth, x.at = make([]float64, n), make([]float64, n)
	for j, c := range e.cost {
		x.worth[j] = near(c, e.coarse)
	}
	return x
}

// within sets the bounds of the columns, and lets those that are not basic rest at the bound that is cheaper.
func (x *relaxation) within(least, most []int) {
	for j := range x.columns {
		x.low[j], x.up[j] = float64(least[j]), float64(most[j])
	}
	for k, v := range x.free {
		if v >= x.columns {
			continue
		}
		to := x.low[v]
		if x.worth[k] < -slight || x.worth[k] <= slight && x.at[k] >= x.up[v] {
			to = x.up[v]
		}
		if move := to - x.at[k]; move != 0 {
			for r := range x.basis {
				x.value[r] += float64(x.table[r][k] * move)
			}
			x.at[k] = to
		}
	}
}

// add takes rows in, whose slacks become basic.
func (x *relaxation) add(e *exact, rows []int) {
	for len(x.low) < x.columns+len(e.rows) {
		x.low, x.up = append(x.low, 0), append(x.up, math.Inf(1))
	}
	place := make([]int, x.columns) // k, or -1-r
	for k, v := range x.free {
		if v < x.columns {
			place[v] = k
		}
	}
	for r, v := range x.basis {
		if v < x.columns {
			place[v] = -1 - r
		}
	}
	point := x.solution()
	for _, i := range rows {
		line := make([]float64, x.columns)
		value := -e.rows[i].aboutLeast / e.rows[i].scale
		for j, on := range e.rows[i].on {
			a := e.rows[i].about[j] / e.rows[i].scale
			value += float64(a * point[on])
			if place[on] >= 0 {
				line[place[on]] += a
				continue
			}
			for k, t := range x.table[-1-place[on]] {
				line[k] += float64(a * t)
			}
		}
		x.basis, x.table, x.value = append(x.basis, x.columns+i), append(x.table, line), append(x.value, value)
	}
}

// drop takes out rows with basic slacks, as loose says.
func (x *relaxation) drop(loose func(i int, spare float64) bool) {
	kept := 0
	for r, v := range x.basis {
		if v >= x.columns && loose(v-x.columns, x.value[r]) {
			continue
		}
		x.basis[kept], x.table[kept], x.value[kept] = v, x.table[r], x.value[r]
		kept++
	}
	clear(x.table[kept:])
	x.basis, x.table, x.value = x.basis[:kept], x.table[:kept], x.value[:kept]
}

// cost returns what the solution costs, in units of 2^coarse.
func (x *relaxation) cost(e *exact) float64 {
	sum := 0.0
	for j, v := range x.solution() {
		sum += float64(near(e.cost[j], e.coarse) * v)
	}
	return sum
}

// clone returns a copy that shares nothing that changes.
func (x *relaxation) clone() *relaxation {
	c := &relaxation{columns: x.columns, low: slices.Clone(x.low), up: slices.Clone(x.up)}
	c.basis, c.free, c.value = slices.Clone(x.basis), slices.Clone(x.free), slices.Clone(x.value)
	c.worth, c.at = slices.Clone(x.worth), slices.Clone(x.at)
	cells := make([]float64, len(x.table)*x.columns)
	for r, line := range x.table {
		copy(cells[r*x.columns:], line)
		c.table = append(c.table, cells[r*x.columns:(r+1)*x.columns:(r+1)*x.columns])
	}
	return c
}
