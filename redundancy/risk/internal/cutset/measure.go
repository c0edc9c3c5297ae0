package cutset

import (
	"context"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/bdd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/nested"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/zdd"
)

// Probability returns the exact probability that the top fails, where q is that of the events, independent of each other.
func (s *Solution) Probability(q []float64) float64 {
	return s.pass(context.Background(), functions, q).top()
}

// Birnbaum returns by event the derivative of the probability by that of the event: the probability of the top if the
// event has failed, less that if it has not. The difference of two numbers is as sure as these are: to some 1e-16.
func (s *Solution) Birnbaum(q []float64) []float64 {
	_, by := s.derivative(context.Background(), functions, q)
	return by
}

// Reckon returns both. The error is the context's.
func (s *Solution) Reckon(ctx context.Context, q []float64) (probability float64, birnbaum []float64, err error) {
	probability, birnbaum = s.derivative(ctx, functions, q)
	return probability, birnbaum, ctx.Err()
}

// RareEvents returns the sum of the probabilities of the minimal cut sets: an upper bound of the probability, and close to
// it where failures are rare. It may be more than 1.
func (s *Solution) RareEvents(q []float64) float64 {
	return s.pass(context.Background(), families, q).top()
}

// With returns by event the sum of the probabilities of the minimal cut sets that it is in: the numerators of
// Fussell–Vesely importance where failures are rare.
func (s *Solution) With(q []float64) []float64 {
	_, with := s.derivative(context.Background(), families, q)
	for e := range with {
		with[e] *= q[e]
	}
	return with
}

// summed is what one pass sums up, and derives by what stands in it. When the context ends, results mean nothing.
type summed interface {
	at() []int32                                                          // what stands in it
	sum(ctx context.Context, weight []float64) (of float64, at []float64) // and by node
	derivative(ctx context.Context, weight, at []float64) []float64       // at is what sum returned for the same weights
}

func (d diagram) at() []int32 { return d.stands }

// A binary diagram sums up probabilities.
type binary struct{ diagram }

func (b binary) sum(_ context.Context, q []float64) (float64, []float64) {
	at := bdd.Probability(b.Diagram, q)
	return at[b.Root], at
}

func (b binary) derivative(_ context.Context, q, at []float64) []float64 {
	return bdd.Birnbaum(b.Diagram, q, at)
}

// A family sums up products.
type family struct{ diagram }

func (f family) sum(_ context.Context, weight []float64) (float64, []float64) {
	at := zdd.Sum(f.Diagram, weight)
	return at[f.Root], at
}

func (f family) derivative(_ context.Context, weight, at []float64) []float64 {
	return zdd.Derivative(f.Diagram, weight, at)
}

// The best of a family is the largest product.
type largest struct{ family }

func (l largest) sum(_ context.Context, weight []float64) (float64, []float64) {
	at := zdd.Best(l.Diagram, weight)
	return at[l.Root], at
}

// The logs of a family are those of its sum, to the base 2, and so are its weights.
type logarithms struct{ family }

func (l logarithms) sum(_ context.Context, weight []float64) (float64, []float64) {
	at := zdd.LogSum(l.Diagram, weight)
	return at[l.Root], at
}

// A pooled part sums up probabilities without a diagram.
type pooled struct {
	pool   *nested.Pool
	stands []int32
}

func (p pooled) at() []int32 { return p.stands }

func (p pooled) sum(ctx context.Context, q []float64) (float64, []float64) {
	return p.pool.Probability(ctx, q), nil
}

func (p pooled) derivative(ctx context.Context, q, _ []float64) []float64 {
	return p.pool.Birnbaum(ctx, q)
}

// A measure takes one of these of a part.
type measure func(*part) summed

func functions(p *part) summed { return p.function }
func families(p *part) summed  { return family{p.family} }
func logs(p *part) summed      { return logarithms{family{p.family}} }
func bests(p *part) summed     { return largest{family{p.family}} }

// A pass is what one pass over the parts found.
type pass struct {
	weight [][]float64 // by part and level
	sum    [][]float64 // by part and node
	of     []float64   // by part
}

// top returns what was found for the whole; 0 if nothing can fail.
func (p pass) top() float64 {
	if len(p.of) == 0 {
		return 0
	}
	return p.of[len(p.of)-1]
}

// pass sums the parts, each with the sums of those in it as their weights. When the context ends, what it returns means nothing.
func (s *Solution) pass(ctx context.Context, m measure, weight []float64) pass {
	n := len(s.parts)
	r := pass{make([][]float64, n), make([][]float64, n), make([]float64, n)}
	for i := range s.parts {
		if ctx.Err() != nil {
			break
		}
		p := m(&s.parts[i])
		r.weight[i] = s.weights(p.at(), weight, r.of)
		r.of[i], r.sum[i] = p.sum(ctx, r.weight[i])
	}
	return r
}

// weights returns by level the weights of events, and of parts.
func (s *Solution) weights(stands []int32, event, of []float64) []float64 {
	w := make([]float64, len(stands))
	for level, x := range stands {
		if int(x) < s.events {
			w[level] = event[x]
		} else {
			w[level] = of[int(x)-s.events]
		}
	}
	return w
}

// derivative returns the sum of the whole, and its derivatives by event: by the chain rule, from the whole down to what stands in it.
func (s *Solution) derivative(ctx context.Context, m measure, weight []float64) (float64, []float64) {
	by := make([]float64, s.events+len(s.parts))
	up := s.pass(ctx, m, weight)
	if len(s.parts) > 0 {
		by[len(by)-1] = 1
	}
	for i := len(s.parts) - 1; i >= 0 && ctx.Err() == nil; i-- {
		p := m(&s.parts[i])
		stands := p.at()
		for level, d := range p.derivative(ctx, up.weight[i], up.sum[i]) {
			by[stands[level]] = float64(d * by[s.events+i])
		}
	}
	return up.top(), by[:s.events:s.events]
}
