package integer

import (
	"cmp"
	"context"
	"math"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
)

// A search is branch and bound, over the rows that relaxations have needed so far.
type search struct {
	*exact
	limit  int
	open   *queue.Queue[*node]
	active []int // rows that some relaxation has needed
	isOn   []bool

	best   []int
	cost   *big.Int // of best
	used   []bool
	prices pricing // of the root
	nodes  int     // solved
	made   int
}

// A node is the part of the program in which the columns lie within these bounds.
type node struct {
	least, most []int
	bound       *big.Int // nil: nothing is proven
	proof       pricing
	number      int
}

// compare puts the node with the least bound first, of equal ones the one made last.
func (n *node) compare(other *node) int {
	switch {
	case n.bound == nil && other.bound == nil:
	case n.bound == nil:
		return -1
	case other.bound == nil:
		return 1
	default:
		if c := n.bound.Cmp(other.bound); c != 0 {
			return c
		}
	}
	return cmp.Compare(other.number, n.number)
}

func newSearch(e *exact, limit int) *search {
	s := &search{exact: e, limit: limit, isOn: make([]bool, len(e.rows)), used: make([]bool, len(e.rows))}
	s.open = queue.New((*node).compare)
	s.open.Push(&node{least: slices.Clone(e.least), most: slices.Clone(e.most)})
	return s
}

func (s *search) run(ctx context.Context) {
	for s.nodes < s.limit && ctx.Err() == nil {
		n, more := s.open.Pop()
		if !more {
			return
		}
		if !s.closed(n) {
			s.expand(n)
		}
	}
}

// closed reports whether a node holds nothing cheaper than the best, and then notes the proof.
func (s *search) closed(n *node) bool {
	if s.best == nil || n.bound == nil || n.bound.Cmp(s.cost) < 0 {
		return false
	}
	s.note(n.proof)
	return true
}

func (s *search) note(p pricing) {
	for _, i := range p.row {
		s.used[i] = true
	}
}

// expand solves a node's relaxation, and splits the node in two.
func (s *search) expand(n *node) {
	s.nodes++
	x, y, possible := s.relaxation(n)
	if !possible {
		s.note(y)
		return
	}
	if s.nodes == 1 {
		s.prices = y
	}
	if b := s.bound(y, n.least, n.most); n.bound == nil || b.Cmp(n.bound) > 0 {
		n.bound, n.proof = b, y
	}
	s.round(x, n)
	if s.closed(n) {
		return
	}
	if j := s.branch(x, n); j >= 0 {
		s.split(n, j, x[j])
	} else {
		s.noteAll() // a single point, which has been looked at: any row may be what it fails
	}
}

func (s *search) noteAll() {
	for i := range s.used {
		s.used[i] = true
	}
}

// relaxation solves the relaxation over the active rows, and makes active those that its solution breaks most, until it
// breaks none. If it is proven to have no solution, y is the proof.
func (s *search) relaxation(n *node) (x []float64, y pricing, possible bool) {
	for {
		lp, scale := relax(s.exact, s.active, n.least, n.most)
		if stuck := lp.solve(); stuck >= 0 {
			proof := priced(lp.ray(stuck, s.active, scale), s.active)
			if s.impossible(proof, n.least, n.most) {
				return nil, proof, false
			}
		}
		x = lp.solution()
		for j := range x {
			x[j] = min(max(x[j], float64(n.least[j])), float64(n.most[j]))
		}
		if !s.activate(x) {
			return x, priced(lp.prices(s.active, scale), s.active), true
		}
	}
}

// activate adds the rows that x breaks most to the active ones; false if there is none that is not active.
func (s *search) activate(x []float64) bool {
	const some = 24
	type broken struct {
		row int
		by  float64
	}
	var all []broken
	for i := range s.rows {
		if s.isOn[i] {
			continue
		}
		r := &s.rows[i]
		sum, size := -r.aboutLeast, math.Abs(r.aboutLeast)
		for j, on := range r.on {
			sum += float64(r.about[j] * x[on])
			size = max(size, math.Abs(r.about[j]))
		}
		if sum < -outside*size {
			all = append(all, broken{i, -sum / size})
		}
	}
	slices.SortStableFunc(all, func(a, b broken) int { return cmp.Compare(b.by, a.by) })
	for _, b := range all[:min(some, len(all))] {
		s.isOn[b.row] = true
		s.active = append(s.active, b.row)
	}
	return len(all) > 0
}

// round looks for solutions near that of a relaxation: the nearest point, and the one that rounds up, from which it
// takes back what is not needed.
func (s *search) round(x []float64, n *node) {
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

// branch returns the column to split at: that which is furthest from a whole number, else the first that is open; -1 if
// the node is a single point.
func (s *search) branch(x []float64, n *node) int {
	best, far := -1, -1.0
	for j, v := range x {
		if n.least[j] == n.most[j] {
			continue
		}
		if d := math.Abs(v - math.Round(v)); d > far+slight {
			best, far = j, d
		}
	}
	return best
}

// split makes two nodes: column j at most floor(v), and above it.
func (s *search) split(n *node, j int, v float64) {
	at := min(int(math.Floor(v+outside)), n.most[j]-1)
	low, high := slices.Clone(n.most), slices.Clone(n.least)
	low[j], high[j] = at, at+1
	s.push(&node{least: n.least, most: low, bound: n.bound, proof: n.proof})
	s.push(&node{least: high, most: n.most, bound: n.bound, proof: n.proof})
}

func (s *search) push(n *node) {
	s.made++
	n.number = s.made
	s.open.Push(n)
}
