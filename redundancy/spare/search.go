package spare

import (
	"cmp"
	"context"
	"math/big"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
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

// compare puts the branch with the least bound first, of equal ones the one made last.
func (c *choice) compare(other *choice) int {
	switch {
	case c.bound == nil && other.bound == nil:
	case c.bound == nil:
		return -1
	case other.bound == nil:
		return 1
	default:
		if order := c.bound.Cmp(other.bound); order != 0 {
			return order
		}
	}
	return cmp.Compare(other.made, c.made)
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
	goal    []*big.Rat
	only    []int // situations
	in      []bool
	besides []integer.Row
	open    *queue.Queue[*choice]
	found   *found
	made    int
}

// search finds the cheapest purchase with which some situations hold; all of them where only is nil.
func (m *model) search(ctx context.Context, only []int) *found {
	return m.least(ctx, only, m.cost, make([]int, len(m.most)), m.most, nil)
}

// least minimises an objective within bounds and with some rows besides.
func (m *model) least(ctx context.Context, only []int, goal []*big.Rat, least, most []int, besides []integer.Row) *found {
	h := &hunt{model: m, open: queue.New((*choice).compare), goal: goal, only: only, besides: besides, in: make([]bool, len(m.cases))}
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
	h.run(ctx)
	return h.found
}

func (h *hunt) push(c *choice) {
	h.made++
	c.made = h.made
	h.open.Push(c)
}

func (h *hunt) run(ctx context.Context) {
	f := h.found
	for branches := 0; ; branches++ {
		c, more := h.open.Pop()
		if !more {
			break
		}
		if f.best != nil && c.bound != nil && c.bound.Cmp(f.cost) >= 0 {
			break // and so is every other one: they are sorted by it
		}
		if branches == maxBranches || ctx.Err() != nil {
			f.bound = c.bound
			return
		}
		if !h.expand(ctx, c) {
			f.bound = c.bound
			return
		}
	}
	f.bound, f.proven = f.cost, true
}

// expand solves the program of a branch; false if that could not be finished.
func (h *hunt) expand(ctx context.Context, c *choice) bool {
	rows, in := h.rows(c)
	for k, row := range rows {
		if beyond(row, c) {
			if in[k] >= 0 {
				h.found.used[in[k]] = true
			}
			return true
		}
	}
	r, err := integer.Solve(ctx, integer.Program{Cost: h.goal, Least: c.least, Most: c.most, Rows: rows}, maxNodes)
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

// holds reports whether every situation holds with a purchase, by the definition.
func (h *hunt) holds(x []int) bool {
	for _, i := range h.only {
		if !h.cases[i].holds(x) {
			return false
		}
	}
	return true
}
