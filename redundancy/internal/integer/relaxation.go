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
	s.lp.within(b.least, b.most)
	for {
		stuck := s.lp.solve(ctx)
		x = s.lp.solution(len(b.least))
		if stuck >= 0 {
			proof := s.priced(s.lp.ray(stuck), 0)
			if s.impossible(proof, b.least, b.most) {
				return nil, proof, false
			}
		}
		for j := range x {
			x[j] = min(max(x[j], float64(b.least[j])), float64(b.most[j]))
		}
		if ctx.Err() != nil || !s.activate(x) {
			return x, s.priced(s.lp.prices(), s.coarse), true
		}
	}
}

// begin sets the relaxation up, over no rows.
func (s *search) begin() {
	s.lp = newRelaxation(s.worth, 0)
}

// admit adds a row to the relaxation.
func (s *search) admit(i int) {
	r := &s.rows[i]
	row := make([]term, len(r.on))
	for k, on := range r.on {
		row[k] = term{on, r.about[k] / r.scale}
	}
	s.lp.add(i, row, r.aboutLeast/r.scale)
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
	all = all[:min(some, len(all))]
	for _, b := range all {
		s.isOn[b.row] = true
		s.admit(b.row)
	}
	return len(all) > 0
}

// broken returns by how much x breaks a row, in parts of its largest number.
func (r *exactRow) broken(x []float64) float64 {
	lack := r.aboutLeast
	for j, on := range r.on {
		lack -= float64(r.about[j] * x[on])
	}
	return lack / max(r.scale, math.Abs(r.aboutLeast))
}
