package integer

import (
	"math"
	"slices"
)

// round looks for solutions near that of a relaxation: the nearest point, and the one that rounds up, from which it
// takes back what is not needed.
func (s *search) round(x []float64, n box) {
	near, above := make([]int, len(x)), make([]int, len(x))
	for j, v := range x {
		near[j] = int(math.Round(v))
		above[j] = min(n.most[j], int(math.Ceil(v-outside)))
	}
	s.offer(near)
	if !s.feasible(above) {
		return
	}
	for _, j := range s.dearest() {
		for above[j] > n.least[j] && s.exact.cost[j].Sign() > 0 {
			above[j]--
			if !s.feasible(above) {
				above[j]++
				break
			}
		}
	}
	s.offer(above)
}

// dearest returns the columns, the dearest first, of equal ones the last.
func (s *search) dearest() []int {
	order := indices(len(s.exact.cost))
	slices.Reverse(order)
	slices.SortStableFunc(order, func(a, b int) int { return s.exact.cost[b].Cmp(s.exact.cost[a]) })
	return order
}

// offer keeps x if it is feasible and cheaper than the best.
func (s *search) offer(x []int) {
	if cost := s.price(x); (s.best == nil || cost.Cmp(s.cost) < 0) && s.feasible(x) {
		s.best, s.cost = slices.Clone(x), cost
	}
}
