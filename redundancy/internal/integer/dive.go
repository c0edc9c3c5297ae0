package integer

import (
	"context"
	"math"
	"math/big"
)

const (
	dives = 60 // columns that a dive moves, at most
	each  = 8  // of these, from one look for solutions to the next
)

// dive looks for a solution below a node: it moves the column that is nearest to a whole number there, solves the relaxation
// again, and so on (Berthold 2006, "Primal heuristics for mixed integer programs"). What is possible is not lost by it.
func (s *search) dive(ctx context.Context, b box, x []float64) {
	b = b.clone()
	for step := range dives {
		j := s.nearest(x, b)
		if j < 0 || ctx.Err() != nil {
			break
		}
		to := int(math.Round(x[j]))
		b.least[j], b.most[j] = max(b.least[j], to), min(b.most[j], to)
		possible := false
		if x, _, possible = s.relaxation(ctx, b); !possible || s.best != nil && s.hopeless() {
			return
		}
		if step%each == each-1 {
			s.round(x, b)
		}
	}
	s.round(x, b)
}

// hopeless reports whether the relaxation costs as much as the best.
func (s *search) hopeless() bool {
	return s.lp.total() > near(new(big.Int).Sub(s.cost, one), s.coarse)+outside
}

// nearest returns the column that is nearest to a whole number without being one, going up being as good as half as near;
// -1 if all are whole.
func (s *search) nearest(x []float64, b box) int {
	best, least := -1, math.Inf(1)
	for j, v := range x {
		part := v - math.Floor(v)
		if part < outside || part > 1-outside || b.least[j] == b.most[j] {
			continue
		}
		if d := min(part, 1-part); d < least-slight {
			best, least = j, d
		}
	}
	return best
}
