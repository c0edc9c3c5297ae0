package integer

import "math"

// result says what is known, in terms of the program as it was given.
func (s *search) result(p Program) Result {
	r := Result{X: s.best, Nodes: s.nodes, Prices: make([]float64, len(p.Rows)), Used: s.used}
	least := s.cost
	for _, n := range s.open.Items() {
		if s.closed(n) {
			continue
		}
		if n.bound == nil {
			least = nil
			break
		}
		s.note(n.proof)
		if least == nil || n.bound.Cmp(least) < 0 {
			least = n.bound
		}
	}
	if s.best != nil {
		r.Cost = s.rat(s.cost)
	}
	if least != nil {
		r.Bound = s.rat(least)
	}
	r.Infeasible = s.best == nil && len(s.open.Items()) == 0
	s.proofs(&r)
	return r
}

// proofs fills in the prices and the rows used.
func (s *search) proofs(r *Result) {
	unit, _ := s.unit.Float64()
	for k, i := range s.prices.row {
		price := math.Ldexp(float64(s.prices.price[k]), -s.prices.fine)
		if len(s.rows[i].from) == 0 {
			continue
		}
		r.Prices[s.rows[i].from[0]] = price * unit / s.rows[i].part
	}
}
