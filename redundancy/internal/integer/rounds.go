package integer

import (
	"context"
	"slices"
)

const (
	maxRounds = 60
	patience  = 6    // rounds without much gain
	muchGain  = 1e-3 // in parts of what all rounds gained
)

// cutOff adds cuts to the root as long as they raise what its relaxation costs.
func (s *search) cutOff(ctx context.Context, n *node, b box, x []float64) (_ []float64, open bool) {
	first := s.lp.cost(s.exact)
	last, stalled := first, 0
	for range maxRounds {
		cuts := s.cuts(ctx, x)
		if len(cuts) == 0 || stalled == patience || ctx.Err() != nil {
			break
		}
		s.forget()
		s.take(cuts)
		if x, open = s.look(ctx, n, b); !open {
			return nil, false
		}
		now := s.lp.cost(s.exact)
		if stalled++; now > last+float64(muchGain*(now-first)) {
			last, stalled = now, 0
		}
	}
	s.forget()
	return x, true
}

// take adds rows to the relaxation.
func (s *search) take(cuts []exactRow) {
	var rows []int
	for _, c := range cuts {
		rows = append(rows, len(s.rows))
		s.rows, s.isOn, s.scale = append(s.rows, c), append(s.isOn, true), append(s.scale, c.scale)
	}
	s.active = append(s.active, rows...)
	s.lp.add(s.exact, rows)
}

// forget takes the cuts out of the relaxation that its solution keeps with room to spare.
func (s *search) forget() {
	s.lp.drop(func(i int, spare float64) bool {
		if i >= s.own && spare > outside {
			s.isOn[i] = false
		}
		return !s.isOn[i]
	})
	s.active = slices.DeleteFunc(s.active, func(i int) bool { return !s.isOn[i] })
}
