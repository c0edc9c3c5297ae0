package cutset

import (
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/bdd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/zdd"
)

// Probability returns the exact probability that the top fails, where q is that of the events, independent of each other.
func (s *Solution) Probability(q []float64) float64 { return s.pass(functions, q).top() }

// Birnbaum returns by event the derivative of the probability by that of the event: the probability of the top if the
// event has failed, less that if it has not. The difference of two numbers is as sure as these are: to some 1e-16.
func (s *Solution) Birnbaum(q []float64) []float64 { return s.derivative(functions, q) }

// RareEvents returns the sum of the probabilities of the minimal cut sets: an upper bound of the probability, and close to
// it where failures are rare. It may be more than 1.
func (s *Solution) RareEvents(q []float64) float64 { return s.pass(families, q).top() }

// With returns by event the sum of the probabilities of the minimal cut sets that it is in: the numerators of
// Fussell–Vesely importance where failures are rare.
func (s *Solution) With(q []float64) []float64 {
	with := s.derivative(families, q)
	for e := range with {
		with[e] *= q[e]
	}
	return with
}

// A measure is a sum over a diagram, and its derivative.
type measure struct {
	diagram    func(*part) dd.Diagram
	sum        func(d dd.Diagram, weight []float64) []float64
	derivative func(d dd.Diagram, weight, sum []float64) []float64
}

var (
	functions = measure{func(p *part) dd.Diagram { return p.function }, bdd.Probability, bdd.Birnbaum}
	families  = measure{func(p *part) dd.Diagram { return p.family }, zdd.Sum, zdd.Derivative}
)

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

// pass sums the parts, each with the sums of those in it as their weights.
func (s *Solution) pass(m measure, weight []float64) pass {
	n := len(s.parts)
	r := pass{make([][]float64, n), make([][]float64, n), make([]float64, n)}
	for i := range s.parts {
		p := &s.parts[i]
		r.weight[i] = s.weights(p, weight, r.of)
		r.sum[i] = m.sum(m.diagram(p), r.weight[i])
		r.of[i] = r.sum[i][m.diagram(p).Root]
	}
	return r
}

// weights returns by level the weights of events, and of parts.
func (s *Solution) weights(p *part, event, of []float64) []float64 {
	w := make([]float64, len(p.stands))
	for level, x := range p.stands {
		if int(x) < s.events {
			w[level] = event[x]
		} else {
			w[level] = of[int(x)-s.events]
		}
	}
	return w
}

// derivative returns the derivatives by event: by the chain rule, from the whole down to what stands in it.
func (s *Solution) derivative(m measure, weight []float64) []float64 {
	by := make([]float64, s.events+len(s.parts))
	up := s.pass(m, weight)
	if len(s.parts) > 0 {
		by[len(by)-1] = 1
	}
	for i := len(s.parts) - 1; i >= 0; i-- {
		p := &s.parts[i]
		for level, d := range m.derivative(m.diagram(p), up.weight[i], up.sum[i]) {
			by[p.stands[level]] = float64(d * by[s.events+i])
		}
	}
	return by[:s.events:s.events]
}
