package integer

import (
	"math"
	"slices"
)

// Coefficients that have been made a little larger or smaller, as capacities are by what counts as no overload, hide that a
// row is one of whole numbers, which can be divided and rounded.

const (
	next     = 1e-7 // how far from a multiple a coefficient may be, in parts of it
	halvings = 6    // the least unit of multiples is 2^-halvings
	lost     = .25  // of a unit, at most
)

// snap snaps the rows of the program, with what bounds the columns.
func (e *exact) snap() {
	e.rows = slices.Clone(e.rows)
	for i := range e.rows {
		from := e.rows[i].from[0]
		if r, ok := e.program.Rows[from].snapped(e.most); ok {
			e.rows[i] = exactlyRow(r, from)
		}
	}
}

// snapped returns a row whose coefficients are multiples of a unit, where those of r are next to such: one that is kept by all
// whole x from 0 to most that keep r. For what it lost its right side is lower, and then rounded up to a multiple. False where
// there is no such unit, or that would lose much.
func (r Row) snapped(most []int) (s Row, ok bool) {
	unit, ok := r.unit()
	if !ok {
		return r, false
	}
	s = Row{On: r.On, Of: make([]float64, len(r.Of))}
	loss, size := 0.0, math.Abs(r.Least)
	for i, a := range r.Of {
		s.Of[i] = math.Round(a/unit) * unit
		loss += float64(math.Abs(a-s.Of[i]) * float64(most[r.On[i]]))
		size = max(size, math.Abs(a))
	}
	loss += float64(loss*unsure) + float64(size*0x1p-50)
	if !(loss < lost*unit) {
		return r, false
	}
	s.Least = math.Ceil((r.Least-loss)/unit) * unit
	return s, true
}

// unit returns the largest unit of which all coefficients are next to multiples, and not all are multiples already.
func (r Row) unit() (unit float64, ok bool) {
	unit = 1
	for range halvings + 1 {
		near, exact := true, true
		for _, a := range r.Of {
			d := math.Abs(a - math.Round(a/unit)*unit)
			near = near && d <= next*math.Abs(a)
			exact = exact && d == 0
		}
		switch {
		case exact:
			return unit, false
		case near:
			return unit, true
		}
		unit /= 2
	}
	return unit, false
}
