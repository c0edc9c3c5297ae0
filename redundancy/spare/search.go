package spare

import (
	"container/heap"
	"context"
	"math"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/topology"
)

const (
	maxBranches = 2_000  // of alternatives
	maxNodes    = 20_000 // of each program
)

// found is what a search found.
type found struct {
	best   []int
	cost   *big.Rat // of best
	bound  *big.Rat // nothing costs less; nil if nothing is known
	proven bool     // best costs bound; or there is no best, and none exists
	used   []bool   // by situation: the proof rests on it
}

// A choice is what a branch has decided of the alternatives.
type choice struct {
	least, most []int
	weak        []bool // by column: its weakness is counted with
	over        []mode // by overrun
	bound       *big.Rat
	made        int
}

// A mode is how an overrun is dealt with.
type mode uint8

const (
	open     mode = iota // not decided
	raised               // all that is reserved fits
	loadOnly             // nothing is added to it, and its true load fits
)

// A hunt is one search: over some of the situations, for the least of an objective.
type hunt struct {
	*model
	ctx     context.Context
	goal    []*big.Rat
	only    []int // situations
	in      []bool
	besides []integer.Row
	queue   queue
	found   *found
	made    int
}

// search finds the cheapest purchase with which some situations hold; all of them where only is nil.
func (m *model) search(ctx context.Context, only []int) *found {
	return m.least(ctx, only, m.cost, make([]int, len(m.most)), m.most, nil)
}

// least minimises an objective within bounds and with some rows besides.
func (m *model) least(ctx context.Context, only []int, goal []*big.Rat, least, most []int, besides []integer.Row) *found {
	h := &hunt{model: m, ctx: ctx, goal: goal, only: only, besides: besides, in: make([]bool, len(m.cases))}
	h.found = &found{used: make([]bool, len(m.cases))}
	if only == nil {
		for i := range m.cases {
			h.only = append(h.only, i)
		}
	}
	for _, i := range h.only {
		h.in[i] = true
	}
	h.push(&choice{least: least, most: most, weak: make([]bool, len(m.weak)), over: make([]mode, len(m.over))})
	h.run()
	return h.found
}

func (h *hunt) run() {
	f := h.found
	for branches := 0; len(h.queue) > 0; branches++ {
		c := h.queue[0]
		if f.best != nil && c.bound != nil && c.bound.Cmp(f.cost) >= 0 {
			break // and so is every other one: they are sorted by it
		}
		if branches == maxBranches || h.ctx.Err() != nil {
			f.bound = c.bound
			return
		}
		heap.Pop(&h.queue)
		if !h.expand(c) {
			f.bound = c.bound
			return
		}
	}
	f.bound, f.proven = f.cost, true
}

// expand solves the program of a branch; false if that could not be finished.
func (h *hunt) expand(c *choice) bool {
	rows, in := h.rows(c)
	for k, row := range rows {
		if beyond(row, c) {
			if in[k] >= 0 {
				h.found.used[in[k]] = true
			}
			return true
		}
	}
	r, err := integer.Solve(h.ctx, integer.Program{Cost: h.goal, Least: c.least, Most: c.most, Rows: rows}, maxNodes)
	for i, used := range r.Used {
		if used && in[i] >= 0 {
			h.found.used[in[i]] = true
		}
	}
	if r.Infeasible {
		return true
	}
	if r.Bound != nil && (c.bound == nil || r.Bound.Cmp(c.bound) > 0) {
		c.bound = r.Bound
	}
	if r.X != nil {
		if h.holds(r.X) {
			h.keep(r.X, r.Cost)
		} else if r.Proven() {
			h.split(c, r.X)
		}
	}
	return err == nil && r.Proven()
}

func (h *hunt) keep(x []int, cost *big.Rat) {
	if f := h.found; f.best == nil || cost.Cmp(f.cost) < 0 {
		f.best, f.cost = x, cost
	}
}

// rows returns the rows of a branch, and the situation that each belongs to.
func (h *hunt) rows(c *choice) (rows []integer.Row, in []int) {
	add := func(r rowOf) {
		if !math.IsInf(r.Least, -1) && r.Least > h.surely(r, c) {
			rows, in = append(rows, r.Row), append(in, r.in)
		}
	}
	for _, i := range h.only {
		x := h.cases[i]
		add(x.rotation(i, x.wanted(x.floor())))
		add(x.upright(i))
		for j, f := range x.column {
			if c.weak[j] && f.rotating {
				add(x.rotation(i, x.wanted(f.capacity)))
			}
		}
		for k := range x.limits {
			if l := &x.limits[k]; !l.over(0) && slices.Contains(l.draws, true) {
				add(l.plate(i))
			}
		}
	}
	for k, o := range h.over {
		switch {
		case !h.in[o.in]:
		case c.over[k] == raised:
			add(o.limit.plate(o.in))
		case c.over[k] == loadOnly:
			more := 0
			if o.limit.more >= 0 {
				more = c.most[o.limit.more]
			}
			x := h.cases[o.in]
			if wanted := o.limit.servers(x, more); x.load > 0 || wanted > 0 {
				add(x.rotation(o.in, wanted))
			}
			for j, draws := range o.limit.draws {
				if draws {
					add(rowOf{integer.Row{On: []int{j}, Of: []float64{-1}}, o.in})
				}
			}
		}
	}
	for _, r := range h.besides {
		rows, in = append(rows, r), append(in, -1)
	}
	return rows, in
}

// surely returns what the left side of a row is at least within the bounds of a branch.
func (h *hunt) surely(r rowOf, c *choice) float64 {
	sum := 0.0
	for i, j := range r.On {
		if r.Of[i] > 0 {
			sum += float64(r.Of[i] * float64(c.least[j]))
		} else {
			sum += float64(r.Of[i] * float64(c.most[j]))
		}
	}
	return sum
}

// beyond reports whether a row asks for more than the bounds of a branch allow, by far more than rounding.
func beyond(r integer.Row, c *choice) bool {
	sum, size := 0.0, math.Abs(r.Least)
	for i, j := range r.On {
		x := c.most[j]
		if r.Of[i] < 0 {
			x = c.least[j]
		}
		term := float64(r.Of[i] * float64(x))
		sum, size = sum+term, max(size, math.Abs(term))
	}
	return r.Least-sum > 1e-9*size
}

// holds reports whether every situation holds with a purchase, by the definition.
func (h *hunt) holds(x []int) bool {
	for _, i := range h.only {
		if !h.cases[i].holds(x) {
			return false
		}
	}
	return true
}

// holds reports whether a situation holds with x[j] of each column.
func (s *situation) holds(x []int) bool {
	up, n, weakest := s.up, s.n, s.weakest
	for j, f := range s.column {
		if f.up {
			up += x[j]
		}
		if f.rotating && x[j] > 0 {
			n += x[j]
			weakest = min(weakest, f.capacity)
		}
	}
	if s.asked && (up < s.need || n < s.wanted(weakest)) {
		return false
	}
	for k := range s.limits {
		if !s.limits[k].holds(s, n, x) {
			return false
		}
	}
	return true
}

// holds reports whether what is reserved fits; or, where nothing was added, what n servers in rotation truly draw.
func (l *limit) holds(s *situation, n int, x []int) bool {
	sum, drawn, more := l.reserved, false, 0
	for j, a := range l.column {
		if l.draws[j] && x[j] > 0 {
			sum, drawn = sum+float64(a*float64(x[j])), true
		}
	}
	if l.more >= 0 {
		more = x[l.more]
	}
	if !topology.Overloaded(sum, l.raised(more)) {
		return true
	}
	return !drawn && n >= l.servers(s, more)
}
