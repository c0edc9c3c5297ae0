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

// split makes the alternatives that x, which is best in a branch, does not respect.
func (h *hunt) split(c *choice, x []int) {
	if j := h.ignored(c, x); j >= 0 {
		without, with := c.clone(), c.clone()
		without.most[j] = 0
		with.least[j], with.weak[j] = max(1, with.least[j]), true
		h.push(without)
		h.push(with)
		return
	}
	for k, o := range h.over {
		s := h.cases[o.in]
		if !h.in[o.in] || o.limit.holds(s, s.rotating(x), x) {
			continue
		}
		if c.over[k] == open {
			up, as := c.clone(), c.clone()
			up.over[k], as.over[k] = raised, loadOnly
			if o.limit.more >= 0 {
				h.push(up)
			}
			h.push(as)
			return
		}
		if j := o.limit.more; c.over[k] == loadOnly && j >= 0 && x[j] < c.most[j] {
			few, more := c.clone(), c.clone()
			few.most[j], more.least[j] = x[j], x[j]+1
			h.push(few)
			h.push(more)
			return
		}
	}
	// x breaks nothing that is branched on, so it breaks a row by less than the tolerance tells: it is cut off by itself.
	h.cut(c, x)
}

// cut makes the branches that have all of c but x.
func (h *hunt) cut(c *choice, x []int) {
	rest := c.clone()
	for j, n := range x {
		if n > rest.least[j] {
			below := rest.clone()
			below.most[j] = n - 1
			h.push(below)
		}
		if n < rest.most[j] {
			above := rest.clone()
			above.least[j] = n + 1
			h.push(above)
		}
		rest.least[j], rest.most[j] = n, n
	}
}

// ignored returns a column that is bought and weaker than a situation counts with; -1 if there is none.
func (h *hunt) ignored(c *choice, x []int) int {
	for j, n := range x {
		if n == 0 || !h.weak[j] || c.weak[j] {
			continue
		}
		for _, i := range h.only {
			s := h.cases[i]
			if s.column[j].rotating && s.rotating(x) < s.wanted(s.column[j].capacity) {
				return j
			}
		}
	}
	return -1
}

func (s *situation) rotating(x []int) int {
	n := s.n
	for j, f := range s.column {
		if f.rotating {
			n += x[j]
		}
	}
	return n
}

func (c *choice) clone() *choice {
	return &choice{slices.Clone(c.least), slices.Clone(c.most), slices.Clone(c.weak), slices.Clone(c.over), c.bound, 0}
}

func (h *hunt) push(c *choice) {
	h.made++
	c.made = h.made
	heap.Push(&h.queue, c)
}

// favourFirst returns, of the purchases that cost what s.best does, the one that has most of the first column, of these
// the one that has most of the second, and so on: as far as the limits of the search reach.
func (m *model) favourFirst(ctx context.Context, s *found) []int {
	dear, ok := m.dearest(s.cost)
	if !ok {
		return s.best
	}
	x, least, most := s.best, make([]int, len(m.most)), slices.Clone(m.most)
	goal := make([]*big.Rat, len(m.most))
	for j := range goal {
		goal[j] = new(big.Rat)
	}
	for j := range x {
		if x[j] < most[j] {
			goal[j].SetInt64(-1)
			least[j] = x[j]
			better := m.least(ctx, nil, goal, least, most, []integer.Row{dear})
			if !better.proven || better.best == nil {
				return x
			}
			goal[j] = new(big.Rat)
			x = better.best
		}
		least[j], most[j] = x[j], x[j]
	}
	return x
}

// dearest is the row that asks for a cost of at most this; false if it takes more digits than a float64 has.
func (m *model) dearest(cost *big.Rat) (integer.Row, bool) {
	scale := new(big.Int).Set(cost.Denom())
	for _, c := range m.cost {
		gcd := new(big.Int).GCD(nil, nil, scale, c.Denom())
		scale.Mul(scale, new(big.Int).Quo(c.Denom(), gcd))
	}
	by := new(big.Rat).SetInt(scale)
	whole := func(c *big.Rat) (float64, bool) { return new(big.Rat).Mul(c, by).Float64() }
	limit, exact := whole(cost)
	row := integer.Row{Least: -limit}
	for j, c := range m.cost {
		v, ok := whole(c)
		exact = exact && ok
		row.On, row.Of = append(row.On, j), append(row.Of, -v)
	}
	return row, exact
}

// queue is a heap of branches: the least bound first, of equal ones the one made last.
type queue []*choice

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	if a.bound != nil && b.bound != nil {
		if c := a.bound.Cmp(b.bound); c != 0 {
			return c < 0
		}
	} else if (a.bound == nil) != (b.bound == nil) {
		return a.bound == nil
	}
	return a.made > b.made
}

// Push adds a branch, for container/heap.
func (q *queue) Push(c any) { *q = append(*q, c.(*choice)) }

// Pop takes the last one, for container/heap.
func (q *queue) Pop() any {
	old := *q
	c := old[len(old)-1]
	*q = old[:len(old)-1]
	return c
}
