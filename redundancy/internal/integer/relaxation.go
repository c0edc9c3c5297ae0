package integer

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// relaxation solves the relaxation over the active rows, and makes active those that its solution breaks most, until it
// breaks none or ctx ends. If it is proven to have no solution, y is the proof.
func (s *search) relaxation(ctx context.Context, b box) (x []float64, y pricing, possible bool) {
	fresh := s.lp == nil
	if fresh {
		s.again(b)
	} else {
		s.lp.within(b.least, b.most)
	}
	for {
		stuck := s.lp.solve(ctx)
		x = s.lp.solution()
		if !fresh && s.drifted(x) {
			s.again(b)
			fresh = true
			continue
		}
		if stuck >= 0 {
			proof := priced(s.lp.ray(stuck, s.scale), s.active, 0)
			if s.impossible(proof, b.least, b.most) {
				return nil, proof, false
			}
		}
		for j := range x {
			x[j] = min(max(x[j], float64(b.least[j])), float64(b.most[j]))
		}
		if ctx.Err() != nil || !s.activate(x) {
			return x, priced(s.lp.prices(s.scale), s.active, s.coarse), true
		}
	}
}

// again sets the dictionary up anew, to be rid of what rounding has done to it.
func (s *search) again(b box) {
	s.lp = relax(s.exact)
	s.lp.within(b.least, b.most)
	s.lp.add(s.exact, s.active)
}

// drifted reports whether a solution breaks rows that the dictionary says it keeps.
func (s *search) drifted(x []float64) bool {
	const much = 1e-6
	for _, v := range s.lp.free {
		if i := v - s.lp.columns; i >= 0 && s.rows[i].broken(x) > much {
			return true
		}
	}
	return false
}

// activate adds the rows that x breaks most to the active ones; false if there is none that is not active.
func (s *search) activate(x []float64) bool {
	const some = 24
	type broken struct {
		row int
		by  float64
	}
	var all []broken
	for i := range s.rows {
		if s.isOn[i] {
			continue
		}
		r := &s.rows[i]
		if by := r.broken(x); by > outside {
			all = append(all, broken{i, by})
		}
	}
	slices.SortStableFunc(all, func(a, b broken) int { return cmp.Compare(b.by, a.by) })
	var rows []int
	for _, b := range all[:min(some, len(all))] {
		s.isOn[b.row] = true
		rows = append(rows, b.row)
	}
	s.active = append(s.active, rows...)
	s.lp.add(s.exact, rows)
	return len(rows) > 0
}

// broken returns by how much x breaks a row, in parts of its largest number.
func (r *exactRow) broken(x []float64) float64 {
	lack := r.aboutLeast
	for j, on := range r.on {
		lack -= float64(r.about[j] * x[on])
	}
	return lack / max(r.scale, math.Abs(r.aboutLeast))
}
