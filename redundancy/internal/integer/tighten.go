package integer

import "math"

const (
	tightenings = 4
	unsure      = 1e-9 // what floating point may be wrong by, in parts of all that was added: far more than it is
)

// tighten lowers the bounds of columns that cost something to what is never too little: no row that a column helps asks
// for more of it, whatever the others within their bounds are. Of a solution that has more there is one as cheap that has
// less, with any part of the rows as well: so no row has to be noted.
func (e *exact) tighten() {
	for range tightenings {
		enough := e.enough()
		changed := false
		for j, c := range e.cost {
			if u := max(enough[j], float64(e.least[j])); c.Sign() >= 0 && u < float64(e.most[j]) {
				e.most[j], changed = int(u), true
			}
		}
		if !changed {
			return
		}
	}
}

// enough returns how much of each column keeps all rows that it helps. The bounds of all columns may be lowered to it at
// the same time: what a row can count on from the others is their least, or their most where they are no help.
func (e *exact) enough() []float64 {
	enough := make([]float64, len(e.cost))
	for i := range e.rows[:e.own] {
		r := &e.rows[i]
		lack, size := r.aboutLeast, math.Abs(r.aboutLeast)+r.faint
		for j, on := range r.on {
			worst := r.worst(j, e.least[on], e.most[on])
			lack -= worst
			size += math.Abs(worst)
		}
		for j, on := range r.on {
			if a := r.about[j]; r.of[j].Sign() > 0 {
				need := lack + r.worst(j, e.least[on], e.most[on]) + float64(size*unsure)
				enough[on] = max(enough[on], math.Ceil(need/a*(1+unsure)))
			}
		}
	}
	return enough
}

// worst returns the least that a column is worth to a row.
func (r *exactRow) worst(j, least, most int) float64 {
	if r.about[j] > 0 {
		return float64(r.about[j] * float64(least))
	}
	return float64(r.about[j] * float64(most))
}
