package cascade

import (
	"iter"

	"github.com/ridethrough/ridethrough/cascade/internal/draw"
)

// Cases yields the scenario of each item, in order: one of those that a case stands for, or a sample.
func (p *Plan) Cases() iter.Seq[Scenario] {
	return func(yield func(Scenario) bool) {
		w := &worker{Plan: p, drawer: map[int]*draw.Subset{}}
		for item := range p.items {
			if !yield(w.scenario(item)) {
				return
			}
		}
	}
}

// Sampled reports whether the items are samples, there being more cases than were asked for.
func (p *Plan) Sampled() bool { return p.sampled }
