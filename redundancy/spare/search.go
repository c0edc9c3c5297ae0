package spare

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/sizes"
)

const (
	maxBranches = 5_000   // of one search
	maxPrograms = 20_000  // of all
	maxNodes    = 100_000 // of each program
)

// A hunt is one search: for the least of an objective with which some cases hold; all of the family if that is nil.
//
// Purchases are tried from the cheapest on: the cheapest that keeps the rows known so far is run. If some case does not hold with it,
// what that proves of all purchases in reach becomes a row, and so on; where it proves nothing of all, what is in reach is
// split in two. So the first purchase that holds is the cheapest.
type hunt struct {
	*work
	goal    []*big.Rat
	only    []int
	besides []integer.Row
	root    sizes.Box
	open    *queue.Queue[*branch]
	made    int
	found   found
}

// found is what a search found.
type found struct {
	best   []int
	cost   *big.Rat // of best
	bound  *big.Rat // nothing costs less; nil if nothing is known
	proven bool     // best costs bound; or there is no best, and none exists
	used   []bool   // by case: the proof rests on it
	err    error    // that stopped it
}

// A branch is a box of purchases, and rows that these keep besides.
type branch struct {
	box   sizes.Box
	rules []rule
	bound *big.Rat
	made  int
}

// compare puts the branch with the least bound first, of equal ones the one made last.
func (b *branch) compare(other *branch) int {
	switch {
	case b.bound == nil && other.bound == nil:
	case b.bound == nil:
		return -1
	case other.bound == nil:
		return 1
	default:
		if order := b.bound.Cmp(other.bound); order != 0 {
			return order
		}
	}
	return cmp.Compare(other.made, b.made)
}

// search finds the cheapest purchase with which some cases hold; the whole family where only is nil.
func (w *work) search(ctx context.Context, only []int) found {
	return w.least(ctx, only, w.costs(), w.box(), nil)
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

// least minimises an objective within a box and with some rows besides.
func (w *work) least(ctx context.Context, only []int, goal []*big.Rat, box sizes.Box, besides []integer.Row) found {
	h := &hunt{work: w, goal: goal, only: only, besides: besides, root: w.box(), open: queue.New((*branch).compare)}
	h.push(&branch{box: box})
	h.run(ctx)
	return h.found
}

func (h *hunt) push(b *branch) {
	h.made++
	b.made = h.made
	h.open.Push(b)
}

func (h *hunt) run(ctx context.Context) {
	f := &h.found
	for branches := 0; ; branches++ {
		b, more := h.open.Pop()
		if !more || f.best != nil && b.bound != nil && b.bound.Cmp(f.cost) >= 0 {
			f.bound, f.proven = f.cost, true
			return
		}
		if f.err = ctx.Err(); f.err != nil || branches == maxBranches || !h.expand(ctx, b) {
			f.bound = b.bound
			return
		}
	}
}

// expand looks into a branch; false if that could not be finished.
func (h *hunt) expand(ctx context.Context, b *branch) bool {
	for {
		if h.programs++; h.programs > maxPrograms {
			return false
		}
		r, of := h.solve(ctx, b)
		h.use(r, of)
		if r.Infeasible {
			return true
		}
		if r.Bound != nil && (b.bound == nil || r.Bound.Cmp(b.bound) > 0) {
			b.bound = r.Bound
		}
		if !r.Proven() {
			h.found.err = ctx.Err()
			return false
		}
		if h.found.best != nil && b.bound.Cmp(h.found.cost) >= 0 {
			return true
		}
		if first, more := h.open.First(); more && first.bound != nil && first.bound.Cmp(b.bound) < 0 {
			h.push(b) // others may be cheaper
			return true
		}
		bad, err := h.test(ctx, r.X)
		switch {
		case err != nil:
			h.found.err = err
			return false
		case len(bad) == 0:
			h.found.best, h.found.cost = r.X, r.Cost
			return true
		case h.learn(b, bad, r.X):
		default:
			h.split(b, bad, r.X)
			return true
		}
	}
}

// solve finds the cheapest purchase of a branch that keeps all rows known; of tells the cases of these.
func (h *hunt) solve(ctx context.Context, b *branch) (r integer.Result, of []int) {
	p := integer.Program{Cost: h.goal, Least: b.box.Least, Most: b.box.Most}
	add := func(row integer.Row, from int) { p.Rows, of = append(p.Rows, row), append(of, from) }
	for _, rules := range [][]rule{h.rules, b.rules} {
		for _, r := range rules {
			if h.only == nil || contains(h.only, r.of) {
				add(integer.Row{On: r.On, Of: r.Of, Least: r.Least}, r.of)
			}
		}
	}
	for _, row := range h.besides {
		add(row, -1)
	}
	r, _ = integer.Solve(ctx, p, maxNodes)
	return r, of
}

func (h *hunt) use(r integer.Result, of []int) {
	for i, used := range r.Used {
		if used && of[i] >= 0 {
			for len(h.found.used) <= of[i] {
				h.found.used = append(h.found.used, false)
			}
			h.found.used[of[i]] = true
		}
	}
}

// test returns what does not hold with a purchase: of the cases known, or else of the family.
func (h *hunt) test(ctx context.Context, x []int) ([]broken, error) {
	bad := h.broken(x, h.only)
	if len(bad) > 0 || h.only != nil {
		return bad, nil
	}
	s, err := h.screen(ctx, x)
	if err != nil || s.holds {
		return nil, err
	}
	before := len(h.cases)
	for _, c := range s.failing {
		if err := h.note(s.fleet, x, c); err != nil {
			return nil, err
		}
	}
	for i := before; i < len(h.cases); i++ {
		if faults := h.fleet.Judge(h.cases[i], x, h.plates); len(faults) > 0 {
			bad = append(bad, broken{i, faults})
		}
	}
	if len(bad) == 0 {
		bad = []broken{{of: -1}} // by less than rounding tells
	}
	return bad[:min(len(bad), maxBroken)], nil
}

// learn makes rows of what does not hold, for all purchases if it can be, else for those of a branch; false if x keeps them.
func (h *hunt) learn(b *branch, bad []broken, x []int) (any bool) {
	for _, bad := range bad {
		if bad.of < 0 {
			continue
		}
		h.kept = h.kept || slices.ContainsFunc(bad.faults, func(f sizes.Fault) bool { return f.Plated })
		s, cuts := h.cases[bad.of], false
		for _, row := range h.fleet.Rows(s, bad.faults, h.root, x) {
			if row.Cuts(x) {
				h.keep(rule{row, bad.of})
				cuts = true
			}
		}
		if !cuts {
			for _, row := range h.fleet.Rows(s, bad.faults, b.box, x) {
				if row.Cuts(x) {
					b.rules = append(slices.Clip(b.rules), rule{row, bad.of})
					cuts = true
				}
			}
		}
		any = any || cuts
	}
	return any
}

func (h *hunt) keep(r rule) {
	if key := fmt.Sprint(r); !h.hasRule[key] {
		h.hasRule[key] = true
		h.rules = append(h.rules, r)
	}
}

// split makes two branches of one, so that more is known of what does not hold at x in either.
func (h *hunt) split(b *branch, bad []broken, x []int) {
	if bad[0].of < 0 {
		h.without(b, x)
		return
	}
	j, at := h.fleet.Split(h.cases[bad[0].of], bad[0].faults[0], b.box, x)
	if j < 0 {
		return // the box is x alone
	}
	few, many := b.clone(), b.clone()
	few.box.Most[j], many.box.Least[j] = at, at+1
	h.push(few)
	h.push(many)
}

func (b *branch) clone() *branch {
	return &branch{sizes.Box{Least: slices.Clone(b.box.Least), Most: slices.Clone(b.box.Most)}, slices.Clip(b.rules), b.bound, 0}
}

// without makes the branches that have all of one but x.
func (h *hunt) without(b *branch, x []int) {
	rest := b.clone()
	for j, n := range x {
		if n > rest.box.Least[j] {
			below := rest.clone()
			below.box.Most[j] = n - 1
			h.push(below)
		}
		if n < rest.box.Most[j] {
			above := rest.clone()
			above.box.Least[j] = n + 1
			h.push(above)
		}
		rest.box.Least[j], rest.box.Most[j] = n, n
	}
}
