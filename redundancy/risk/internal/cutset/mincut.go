package cutset

import (
	"context"
	"math"
)

// UpperBound returns the min-cut upper bound of the probability: that of at least one of the minimal cut sets, if they had
// no events in common (Esary & Proschan 1963, doi:10.2307/1266269).
//
// It is 1 − Π (1 − p) over all sets, which no pass over a diagram multiplies. But ln (1 − p) = − Σ pʳ/r over r ≥ 1, and
// a pass sums the r-th powers. Sets that are likelier than a half would need many passes; they are taken one by one. The error is the context's.
func (s *Solution) UpperBound(ctx context.Context, q []float64) (float64, error) {
	var likely []float64
	for _, p := range s.Likeliest(q) {
		if p <= .5 || len(likely) == 64 { // or the product is below 2^-64
			break
		}
		likely = append(likely, p)
	}
	log := 0.0
	for _, p := range likely {
		log += math.Log1p(-p)
	}
	if len(likely) == 64 {
		return 1, nil
	}
	return 0 - math.Expm1(log+s.unlikely(ctx, q, likely)), ctx.Err() // not -0, where nothing has a chance
}

// unlikely returns Σ ln (1 − p) over the sets that are not likely.
func (s *Solution) unlikely(ctx context.Context, q, likely []float64) float64 {
	power := make([]float64, len(q))
	log := 0.0
	for r := 1.0; r <= 64 && ctx.Err() == nil; r++ {
		for e := range q {
			power[e] = math.Pow(q[e], r)
		}
		term := s.pass(ctx, families, power).top()
		for _, p := range likely {
			term -= math.Pow(p, r)
		}
		if log -= max(0, term) / r; term <= -log*1e-17 {
			break
		}
	}
	return log
}
