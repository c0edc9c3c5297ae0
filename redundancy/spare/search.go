package spare

import (
	"context"
	"math"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/sizes"
)

const (
	maxBranches = 5_000      // of one search
	maxAlone    = 300        // purchases of one search that are ruled out one by one
	maxPrograms = 20_000     // of all
	maxKept     = 4          // purchases that were tried last
	maxHeld     = 20_000_000 // numbers in the boxes of branches that wait
)

// efforts is how many nodes of each program are looked at: the relaxation alone, a few, all it may take.
var efforts = [...]int{0, 20, 20_000}

// A hunt is one search: for the least of an objective with which some cases hold; all of the family if that is nil.
//
// Purchases are tried from the cheapest on: the cheapest that keeps the rows known so far, or one near it, is run. If some case
// does not hold with it, what that proves of all purchases in reach becomes a row, and so on; where it proves nothing of all, what is
// in reach is split. A purchase that holds, and keeps all rows at the least cost, is the cheapest.
type hunt struct {
	*work
	goal    []*big.Rat
	only    []int // in order
	besides []integer.Row
	root    sizes.Box
	open    *queue.Queue[*branch]
	made    int
	effort  int  // the least of efforts
	alone   int  // purchases ruled out one by one
	held    int  // numbers in the boxes of open
	full    bool // there is no room for more of these
	found   found
}

// found is what a search found.
type found struct {
	best   []int
	cost   *big.Rat // of best
	bound  *big.Rat // nothing costs less; nil if nothing is known
	proven bool     // best costs bound; or there is no best, and none exists
	used   []bool   // by case: the proof rests on it
	last   []int    // where it stopped, if it was not finished
	tried  [][]int  // the latest purchases with which something does not hold
	err    error    // that stopped it
}

// cases returns those that the proof rests on, in order.
func (f *found) cases() (all []int) {
	for i, used := range f.used {
		if used {
			all = append(all, i)
		}
	}
	return all
}

// search finds the cheapest purchase with which some cases hold; the whole family where only is nil.
func (w *work) search(ctx context.Context, only []int) found {
	h := w.hunt(w.costs())
	h.only = only
	return h.within(ctx, w.box())
}

func (w *work) costs() (all []*big.Rat) {
	for _, c := range w.columns {
		all = append(all, c.cost)
	}
	return all
}

// box is all that can be bought.
func (w *work) box() sizes.Box {
	b := sizes.Box{Least: make([]int, len(w.columns)), Most: make([]int, len(w.columns))}
	for j, c := range w.columns {
		b.Most[j] = c.most
	}
	return b
}

// hunt is a search for the least of an objective.
func (w *work) hunt(goal []*big.Rat) *hunt {
	return &hunt{work: w, goal: goal, effort: w.taught, root: w.box(), open: queue.New((*branch).compare)}
}

// within searches a box.
func (h *hunt) within(ctx context.Context, box sizes.Box) found {
	h.push(&branch{box: box})
	h.run(ctx)
	return h.found
}

func (h *hunt) run(ctx context.Context) {
	f := &h.found
	for branches := 0; ; branches++ {
		b, more := h.open.Pop()
		if !more || h.closed(b) {
			for _, other := range h.open.Items() {
				h.useAll(other.rests)
			}
			f.bound, f.proven = f.cost, true
			return
		}
		h.held -= 2 * len(h.columns)
		if f.err = ctx.Err(); f.err != nil || branches == h.patience || h.alone > maxAlone || h.full || !h.expand(ctx, b) {
			f.bound = h.least(b)
			return
		}
	}
}

// expand looks into a branch; false if that could not be finished. A purchase that is near the cheapest teaches as well as
// that does, so the cheapest is looked for only once one holds.
func (h *hunt) expand(ctx context.Context, b *branch) bool {
	for effort := h.effort; ; {
		nodes := efforts[effort]
		if h.programs++; h.programs > maxPrograms {
			return false
		}
		r := h.solve(ctx, b, nodes)
		last := r.Proven() || effort == len(efforts)-1
		switch {
		case r.Infeasible:
			return true
		case ctx.Err() != nil:
			h.found.err = ctx.Err()
			return false
		case r.X == nil && last:
			return false
		case r.X == nil:
			effort++
			continue
		case h.closed(b):
			return true
		case h.later(b):
			h.push(b)
			return true
		}
		h.found.last = r.X
		bad, err := h.test(ctx, r.X)
		if len(bad) > 0 {
			h.found.tried = append(h.found.tried[max(0, len(h.found.tried)-maxKept+1):], r.X)
		}
		switch {
		case err != nil:
			h.found.err = err
			return false
		case len(bad) > 0 && h.learn(ctx, b, bad, r.X):
			effort = h.effort
			continue
		case len(bad) > 0:
			h.split(b, bad, r.X)
			return true
		}
		h.taught, h.effort = 1, 1 // what is easily found holds by now
		h.better(r.X, r.Cost)
		if last {
			h.useAll(b.rests)
			return r.Proven()
		}
		effort++
	}
}

// closed reports whether a branch holds nothing cheaper than the best, and then notes what proves that.
func (h *hunt) closed(b *branch) bool {
	if h.found.best == nil || b.bound == nil || b.bound.Cmp(h.found.cost) < 0 {
		return false
	}
	h.useAll(b.rests)
	return true
}

// later reports whether another branch may hold something cheaper.
func (h *hunt) later(b *branch) bool {
	first, more := h.open.First()
	return more && first.bound != nil && b.bound != nil && first.bound.Cmp(b.bound) < 0
}

func (h *hunt) better(x []int, cost *big.Rat) {
	if f := &h.found; f.best == nil || cost.Cmp(f.cost) < 0 {
		f.best, f.cost = x, cost
	}
}

// solve finds the cheapest purchase of a branch that keeps all rows known, and notes what is proven of it.
func (h *hunt) solve(ctx context.Context, b *branch, nodes int) integer.Result {
	p, from := h.program(b)
	for j := range p.Most {
		if p.Most[j] < p.Least[j] {
			return integer.Result{Infeasible: true}
		}
	}
	r, _ := integer.Solve(ctx, p, nodes)
	switch {
	case r.Infeasible:
		h.useAll(usedOf(r, from))
	case r.Bound != nil && (b.bound == nil || r.Bound.Cmp(b.bound) > 0):
		b.bound, b.rests = r.Bound, usedOf(r, from)
	}
	return r
}

// usedOf returns the sources of what a result rests on.
func usedOf(r integer.Result, from []*source) (used []*source) {
	for i, s := range from {
		if s != nil && r.Used[i] {
			used = append(used, s)
		}
	}
	return used
}

// program writes a branch down; from tells where its rows come from, and then its alternatives: nil if from no case. Rows of
// one column are bounds of it, so that columns which nothing else tells apart stay alike.
func (h *hunt) program(b *branch) (p integer.Program, from []*source) {
	p = integer.Program{Cost: h.goal, Least: slices.Clone(b.box.Least), Most: slices.Clone(b.box.Most)}
	if h.found.best != nil {
		h.cheaper(&p)
	}
	for _, rules := range [][]*rule{h.rules, b.rules} {
		for _, r := range rules {
			switch {
			case !h.asks(r.of):
			case len(r.On) == 1:
				bound(&p, r)
				h.use(r.of)
			default:
				p.Rows, from = append(p.Rows, integer.Row{On: r.On, Of: r.Of, Least: r.Least}), append(from, &r.source)
			}
		}
	}
	for _, row := range h.besides {
		p.Rows, from = append(p.Rows, row), append(from, nil)
	}
	for _, e := range h.either {
		if h.asks(e.of) {
			p.Either, from = append(p.Either, e.rows), append(from, &e.source)
		}
	}
	return p, from
}

// cheaper narrows a program to what can cost no more than the best.
func (h *hunt) cheaper(p *integer.Program) {
	for _, c := range h.goal {
		if c.Sign() < 0 {
			return // the others may make up for one
		}
	}
	for j, c := range h.goal {
		if c.Sign() > 0 {
			p.Most[j] = min(p.Most[j], affordable(h.found.cost, c))
		}
	}
}

// asks reports whether any of some cases is asked about.
func (h *hunt) asks(of []int) bool {
	return h.only == nil || slices.ContainsFunc(of, func(i int) bool { return contains(h.only, i) })
}

// bound narrows a column as a row asks for that has no other.
func bound(p *integer.Program, r *rule) {
	j, at := r.On[0], r.Least/r.Of[0]
	if r.Of[0] > 0 {
		p.Least[j] = max(p.Least[j], int(math.Ceil(min(at, maxOffered+1))))
	} else {
		p.Most[j] = min(p.Most[j], int(math.Floor(max(at, -1))))
	}
}

func (h *hunt) useAll(all []*source) {
	for _, s := range all {
		h.use(s.of)
	}
}

// use notes that the proof rests on what some cases say.
func (h *hunt) use(of []int) {
	for _, i := range of {
		for len(h.found.used) <= i {
			h.found.used = append(h.found.used, false)
		}
		h.found.used[i] = true
	}
}
