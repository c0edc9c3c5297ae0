package integer

import "math"

// branch returns the column to split at: that which is furthest from a whole number, else the first that is open; -1 if
// the node is a single point.
func (s *search) branch(x []float64, b box) int {
	best, far := -1, -1.0
	for j, v := range x {
		if b.least[j] == b.most[j] {
			continue
		}
		if d := math.Abs(v - math.Round(v)); d > far+slight {
			best, far = j, d
		}
	}
	return best
}

// split makes two nodes: column j at most floor(v), and above it. The nearer one is next.
func (s *search) split(n *node, j int, v float64, b box) {
	at := min(int(math.Floor(v+outside)), b.most[j]-1)
	low := &node{parent: n, column: j, limit: at, bound: n.bound, proof: n.proof}
	high := &node{parent: n, column: j, limit: at + 1, above: true, bound: n.bound, proof: n.proof}
	for _, child := range []*node{low, high} {
		s.made++
		child.number = s.made
	}
	if v-float64(at) > .5 {
		low, high = high, low
	}
	s.next = low
	s.open.Push(high)
}
