package integer

import (
	"context"
	"math/big"

	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
)

// A search is branch and bound, over the rows that relaxations have needed so far.
type search struct {
	*exact
	limit int
	open  *queue.Queue[*node]
	next  *node // what to look at before those: a child of the last

	isOn []bool // by row: whether it is in lp
	lp   *relaxation

	uses    [][]use // by column: see exact.transposed
	dearest []int
	worth   []float64    // by column: the cost, as floating point sees it
	past    []experience // by column
	root    *root        // once it is known
	effort  int          // see toil
	length  int          // see pool
	wide    bool         // for tests: columns are not narrowed to what is cheaper than the best
	inner   bool         // it is a search in a neighbourhood

	best   []int
	cost   *big.Int // of best
	used   []bool   // by row of the program as it was given
	prices pricing  // of the root
	nodes  int      // solved
	made   int
}

func newSearch(e *exact, limit, rows int) *search {
	s := &search{exact: e, limit: limit, used: make([]bool, rows)}
	e.snap()
	e.share()
	e.strengthen()
	s.isOn = make([]bool, len(e.rows))
	s.uses, s.dearest = e.transposed()
	for _, c := range e.cost {
		s.worth = append(s.worth, near(c, e.coarse))
	}
	s.begin()
	s.past = make([]experience, len(e.cost))
	s.open = queue.New((*node).compare)
	s.open.Push(&node{})
	return s
}

func (s *search) run(ctx context.Context) {
	if s.limit == 0 {
		s.glance(ctx)
	}
	for s.nodes < s.limit && ctx.Err() == nil {
		n := s.next
		if s.next = nil; n == nil {
			more := false
			if n, more = s.open.Pop(); !more {
				return
			}
		}
		if !s.closed(n) {
			s.expand(ctx, n)
		}
	}
	if s.next != nil {
		s.open.Push(s.next)
	}
}

// glance looks at the root without splitting or cutting it: it stays open, unless that look closes it.
func (s *search) glance(ctx context.Context) {
	n, _ := s.open.Pop()
	b, inside := s.box(n)
	if !inside {
		return
	}
	if _, open := s.look(ctx, n, b); open {
		s.prices = n.proof
		s.open.Push(n)
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

// note says that the result rests on the rows that have prices.
func (s *search) note(p pricing) {
	for _, i := range p.row {
		for _, j := range s.rows[i].from {
			s.used[j] = true
		}
	}
}

func (s *search) noteAll() {
	for i := range s.used {
		s.used[i] = true
	}
}

// expand solves a node's relaxation, and splits the node in two.
func (s *search) expand(ctx context.Context, n *node) {
	s.fix()
	b, inside := s.box(n)
	if !inside {
		return // what took the rest away has been noted
	}
	s.nodes++
	x, open := s.look(ctx, n, b)
	switch {
	case s.nodes == 1:
		s.prices = n.proof
		x, open = s.beginning(ctx, n, b, x, open)
	case open && s.cutsHere():
		x, open = s.cutOnce(ctx, n, b, x)
	}
	if open && s.nodes&(s.nodes-1) == 0 { // 1, 2, 4, 8, …
		s.dive(ctx, b, x)
		x, open = s.look(ctx, n, b)
	}
	if open && s.looksAround() {
		s.neighbourhood(ctx, x)
		open = !s.closed(n)
	}
	if !open {
		return
	}
	if s.nodes == 1 {
		s.root = s.rootOf(n.proof)
	}
	if j := s.branch(ctx, x, b); j >= 0 {
		s.split(n, j, x[j], b)
	} else {
		s.noteAll() // a single point, which has been looked at: any row may be what it fails
	}
}

// beginning looks for a solution from the root, so that its cuts are made where something is cheaper, and cuts it.
func (s *search) beginning(ctx context.Context, n *node, b box, x []float64, open bool) ([]float64, bool) {
	if open {
		s.dive(ctx, b, x)
		x, open = s.look(ctx, n, b)
	}
	if open {
		x, open = s.cutOff(ctx, n, x)
	}
	return x, open
}

// look solves a node's relaxation and takes from it a bound, and solutions; false if that closes the node.
func (s *search) look(ctx context.Context, n *node, b box) (x []float64, open bool) {
	x, y, possible := s.relaxation(ctx, b)
	if !possible {
		s.note(y)
		return nil, false
	}
	if bound := s.bound(y, b.least, b.most); n.bound == nil || bound.Cmp(n.bound) > 0 {
		n.bound, n.proof = bound, y
	}
	s.round(x, b)
	return x, !s.closed(n)
}
