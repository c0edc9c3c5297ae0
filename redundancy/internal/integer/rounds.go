package integer

import "context"

const (
	maxRounds = 60
	patience  = 6    // rounds without much gain
	muchGain  = 1e-3 // in parts of what all rounds gained
	early     = 20   // nodes that are cut
	later     = 100  // of those after them, one in so many
)

// cutOff adds cuts to the root as long as they raise what its relaxation costs. The columns are narrowed as this goes on.
func (s *search) cutOff(ctx context.Context, n *node, x []float64) (_ []float64, open bool) {
	first := s.lp.total()
	last, stalled := first, 0
	open = true
	for round := 0; open && round < maxRounds && stalled < patience; round++ {
		before := len(s.rows)
		s.root = s.rootOf(n.proof)
		s.fix()
		if x, open = s.cutOnce(ctx, n, box{s.least, s.most}.clone(), x); len(s.rows) == before {
			break
		}
		now := s.lp.total()
		if stalled++; now > last+float64(muchGain*(now-first)) {
			last, stalled = now, 0
		}
	}
	return x, open
}

// cutsHere reports whether this node is cut. What holds at all points is taken from its dictionary: a cut serves the other
// nodes as well.
func (s *search) cutsHere() bool { return s.nodes <= early || s.nodes%later == 0 }

// cutOnce adds a round of cuts, and looks at the node again; x stays as it is if there are none.
func (s *search) cutOnce(ctx context.Context, n *node, b box, x []float64) (_ []float64, open bool) {
	cuts := s.cuts(ctx, x)
	if len(cuts) == 0 {
		return x, true
	}
	s.take(cuts)
	x, open = s.look(ctx, n, b)
	s.forget()
	return x, open
}

// take adds rows to the relaxation.
func (s *search) take(cuts []exactRow) {
	for _, c := range cuts {
		s.length += len(c.on)
		s.rows, s.isOn = append(s.rows, c), append(s.isOn, true)
		s.admit(len(s.rows) - 1)
	}
}

// forget takes the cuts out of the relaxation that its solution keeps with room to spare. They come back if they are broken.
func (s *search) forget() {
	s.lp.drop(func(i int, spare float64) bool {
		if i >= s.own && spare > outside {
			s.isOn[i] = false
		}
		return !s.isOn[i]
	})
}
