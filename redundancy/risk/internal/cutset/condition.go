package cutset

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/nested"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// Pools of which the members have in common what does not nest, such as feeds from two sides, are too much for diagrams. But given
// which of a few events have failed and which have not, what is left may be easy. So these states are looked at, the likeliest
// first, and those that are not looked at are left open: in them the module fails at least as likely as where none of the few
// events has, for the more fails, the more fails.

const (
	mostFixed  = 1000    // events that are fixed
	easyNodes  = 1 << 13 // of what is left
	wideRows   = 1 << 13 // gates times children from which on a module is wide
	wideNodes  = 1 << 16 // that a diagram of a wide module may have
	wideEvents = 1 << 12 // of a wide module from which on not even orders are made
	mostLooked = 1 << 23 // children of what is left, over all states
	givenCost  = 8       // so many children take as long to be given a state as one that is left takes to be solved
	closeBy    = 1e-9    // part of the probability that may stay open

	leastMostly = 1e-150 // probability of the likeliest state below which no state is worth a look
)

// wide reports whether a gate of a tree counts so many children that diagrams of it are large, even if nothing is shared.
func wide(t *tree.Tree) bool {
	rows := int64(0)
	for gate := int32(t.Events); int(gate) < t.Len(); gate++ {
		least, children := t.Gate(gate)
		rows = max(rows, int64(len(children))*int64(min(least, len(children)-least+1)-1))
	}
	return rows > wideRows
}

// affordable returns how many nodes are worth a try; 0 if none are.
func affordable(t *tree.Tree, limit int) int {
	switch {
	case !wide(t):
		return limit
	case t.Events < wideEvents:
		return min(limit, wideNodes)
	default:
		return 0
	}
}

// conditioned bounds the probability of a wide module by looking at states of some of its events, or finds that these are many.
func conditioned(ctx context.Context, t *tree.Tree, q []float64, tried func()) (Interval, bool) {
	c := &condition{ctx: ctx, tree: t, q: q, state: make([]tree.Given, t.Events), tried: tried, easy: easyNodes}
	first, ok := c.choose()
	if !ok {
		return Interval{0, 1}, false
	}
	return c.explore(first), true
}

type condition struct {
	ctx   context.Context
	tree  *tree.Tree
	q     []float64
	fixed []int32      // events, those first that are least sure to do what they mostly do
	state []tree.Given // by event
	spent int          // children looked at
	easy  int          // nodes that what is left may have
	tried func()
}

// choose finds events to be fixed, until what is left is easy where they work. It returns its probability then, and whether there
// are not too many.
func (c *condition) choose() (float64, bool) {
	for len(c.fixed) <= mostFixed && c.spent <= mostLooked && c.ctx.Err() == nil {
		p, hard := c.look()
		if len(hard) == 0 {
			return p, c.ctx.Err() == nil
		}
		for _, e := range hard {
			c.fixed, c.state[e] = append(c.fixed, e), tree.Works
		}
	}
	return 0, false
}

// odds returns how likely an event is to do what it mostly does not, in proportion to what it does.
func (c *condition) odds(e int32) float64 {
	rare := min(c.q[e], 1-c.q[e])
	return rare / (1 - rare)
}

// look solves what is left in the state, or returns which events should be fixed as well.
func (c *condition) look() (p float64, hard []int32) {
	left, fails := c.tree.Given(c.state)
	c.spent += 1 + left.Children() + c.tree.Children()/givenCost
	c.tried()
	if fails {
		return 1, nil
	}
	modules, err := split(c.ctx, left)
	if err != nil {
		return 0, nil
	}
	s := &Solution{events: left.Events}
	for _, m := range modules {
		f := c.solve(m)
		if f == nil {
			return 0, shared(m, left.Events)
		}
		s.parts = append(s.parts, part{function: f})
	}
	return s.pass(c.ctx, functions, c.q).top(), nil
}

// solve solves a module; nil if it is not easy.
func (c *condition) solve(m tree.Part) summed {
	if of, ok := nested.Of(m.Tree); ok {
		return pooled{of, stands(m, of.Events)}
	}
	limit := c.easy
	if m.Len() == m.Events+1 { // one gate has as many nodes as children, or it is a pool
		limit = max(limit, firstNodes(m.Tree))
	} else if m.Events > c.easy/4 || wide(m.Tree) {
		return nil
	}
	levels, f, err := function(c.ctx, m.Tree, limit, func() {})
	if err != nil {
		return nil
	}
	return binary{diagram{f, stands(m, levels)}}
}

// shared returns the events of a module to which most ways lead down, or half as many.
func shared(m tree.Part, events int) []int32 {
	ways := make([]float64, m.Len())
	ways[m.Top] = 1
	for gate := m.Top; int(gate) >= m.Events; gate-- {
		_, children := m.Gate(gate)
		for _, c := range children {
			ways[c] += ways[gate]
		}
	}
	most := 0.0
	for e, n := range ways[:m.Events] {
		if int(m.Stands[e]) < events {
			most = max(most, n)
		}
	}
	var list []int32
	for e, n := range ways[:m.Events] {
		if int(m.Stands[e]) < events && 2*n >= most {
			list = append(list, m.Stands[e])
		}
	}
	return list
}

// A subset of the fixed events does what it mostly does not.
type subset struct {
	of     []int // places in the list, ascending
	chance float64
	all    float64 // of it and of those that follow it
}

// subsets has the likeliest on top.
type subsets []subset

// Len, Less, Swap, Push and Pop are those of [heap.Interface].
func (s subsets) Len() int           { return len(s) }
func (s subsets) Less(i, j int) bool { return s[i].chance > s[j].chance }
func (s subsets) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *subsets) Push(x any)        { *s = append(*s, x.(subset)) }

func (s *subsets) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

// explore looks at the states of the fixed events, given the probability where they all work.
//
// What is not looked at is summed as such, never as 1 less what was: that would be rounding alone, where all is rare.
func (c *condition) explore(least float64) Interval {
	slices.SortStableFunc(c.fixed, func(x, y int32) int { return cmp.Compare(c.odds(y), c.odds(x)) })
	mostly := c.mostly()
	if mostly < leastMostly {
		return Interval{least, 1}
	}
	tail := c.tail()
	open := &subsets{{nil, mostly, 1}}
	fails, skipped := 0.0, 0.0
	left, summed := 1.0, 1.0 // of what is open, and when that was summed last
	for open.Len() > 0 && c.spent <= mostLooked {
		next := (*open)[0].chance
		if next == 0 || max(next, left) <= closeBy*fails {
			break
		}
		p, hard := c.lookAt((*open)[0].of)
		if c.ctx.Err() != nil {
			break
		}
		x := heap.Pop(open).(subset)
		if len(hard) > 0 {
			skipped += x.chance
		} else {
			fails += float64(x.chance * p)
		}
		c.push(open, x, tail)
		if left -= x.chance; left < summed/2 { // before too many digits are lost
			left = open.sum()
			summed = left
		}
	}
	left = min(1, skipped+open.sum())
	return Interval{min(1, fails+float64(least*left)), min(1, fails+left)}
}

func (s subsets) sum() (all float64) {
	for _, x := range s {
		all += x.all
	}
	return all
}

// mostly returns the probability that each fixed event does what it mostly does.
func (c *condition) mostly() float64 {
	p := 1.0
	for _, e := range c.fixed {
		p *= max(c.q[e], 1-c.q[e])
	}
	return p
}

// tail returns by place, and for that after all, the odds that any of the fixed events from there on does what it mostly does not.
func (c *condition) tail() []float64 {
	tail, log := make([]float64, len(c.fixed)+1), 0.0
	for i := len(c.fixed) - 1; i >= 0; i-- {
		log += math.Log1p(c.odds(c.fixed[i]))
		tail[i] = math.Expm1(log)
	}
	return tail
}

// lookAt looks at the state of a subset.
func (c *condition) lookAt(of []int) (p float64, hard []int32) {
	for i, e := range c.fixed {
		c.state[e] = tree.Works
		if slices.Contains(of, i) != (c.q[e] > .5) {
			c.state[e] = tree.Failed
		}
	}
	return c.look()
}

// push adds the subsets that follow: with the event after the last, and with that instead of the last. So each comes once, and none
// before one that is likelier.
func (c *condition) push(open *subsets, x subset, tail []float64) {
	n := len(x.of)
	next := 0
	if n > 0 {
		next = x.of[n-1] + 1
	}
	if next == len(c.fixed) {
		return
	}
	odds := c.odds(c.fixed[next])
	if odds == 0 {
		return // nor do those after it
	}
	heap.Push(open, subset{append(x.of[:n:n], next), x.chance * odds, x.chance * tail[next]})
	if n > 0 {
		before := x.chance / c.odds(c.fixed[next-1])
		heap.Push(open, subset{append(x.of[:n-1:n-1], next), before * odds, before * tail[next]})
	}
}
