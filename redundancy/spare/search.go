package spare

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/sizes"
)

const (
	maxBranches = 5_000  // of one search
	maxAlone    = 300    // purchases of one search that are ruled out one by one
	maxPrograms = 20_000 // of all
	maxNodes    = 20_000 // of each program
	fewNodes    = 20     // of one whose solution may teach more
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
	alone   int // purchases ruled out one by one
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
	err    error    // that stopped it
}

// A branch is a box of purchases, and rows that these keep besides.
type branch struct {
	box   sizes.Box
	rules []*rule
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
	return &hunt{work: w, goal: goal, root: w.box(), open: queue.New((*branch).compare)}
}

// within searches a box.
func (h *hunt) within(ctx context.Context, box sizes.Box) found {
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
		if f.err = ctx.Err(); f.err != nil || branches == h.patience || h.alone > maxAlone || !h.expand(ctx, b) {
			f.bound = b.bound
			return
		}
	}
}

// expand looks into a branch; false if that could not be finished. A purchase that is near the cheapest teaches as well as
// that does; only where it teaches nothing more is the cheapest looked for.
func (h *hunt) expand(ctx context.Context, b *branch) bool {
	for nodes := fewNodes; ; {
		if h.programs++; h.programs > maxPrograms {
			return false
		}
		r := h.solve(ctx, b, nodes)
		last := r.Proven() || nodes == maxNodes
		switch {
		case r.Infeasible:
			return true
		case ctx.Err() != nil:
			h.found.err = ctx.Err()
			return false
		case r.X == nil && last:
			return false
		case r.X == nil:
			nodes = maxNodes
			continue
		case h.found.best != nil && b.bound.Cmp(h.found.cost) >= 0:
			return true
		case h.later(b):
			h.push(b)
			return true
		}
		h.found.last = r.X
		bad, err := h.test(ctx, r.X)
		if err != nil {
			h.found.err = err
			return false
		}
		if len(bad) == 0 {
			h.keep(r.X, r.Cost)
		}
		switch {
		case len(bad) > 0 && h.learn(b, bad, r.X):
			nodes = fewNodes
		case len(bad) > 0:
			h.split(b, bad, r.X)
			return true
		case last:
			return r.Proven()
		default:
			nodes = maxNodes
		}
	}
}

// later reports whether another branch may hold something cheaper.
func (h *hunt) later(b *branch) bool {
	first, more := h.open.First()
	return more && first.bound != nil && first.bound.Cmp(b.bound) < 0
}

func (h *hunt) keep(x []int, cost *big.Rat) {
	if f := &h.found; f.best == nil || cost.Cmp(f.cost) < 0 {
		f.best, f.cost = x, cost
	}
}

// solve finds the cheapest purchase of a branch that keeps all rows known, and notes what is proven. Rows of one column are
// bounds of it, so that columns which nothing else tells apart stay alike.
func (h *hunt) solve(ctx context.Context, b *branch, nodes int) integer.Result {
	p, of := h.program(b)
	for j := range p.Most {
		if p.Most[j] < p.Least[j] {
			return integer.Result{Infeasible: true}
		}
	}
	r, _ := integer.Solve(ctx, p, nodes)
	for i, used := range r.Used {
		if used && of[i] != nil {
			h.use(of[i])
		}
	}
	if r.Bound != nil && (b.bound == nil || r.Bound.Cmp(b.bound) > 0) {
		b.bound = r.Bound
	}
	return r
}

// program writes a branch down; of tells the rules of its rows.
func (h *hunt) program(b *branch) (p integer.Program, of []*rule) {
	p = integer.Program{Cost: h.goal, Least: slices.Clone(b.box.Least), Most: slices.Clone(b.box.Most)}
	for _, rules := range [][]*rule{h.rules, b.rules} {
		for _, r := range rules {
			switch {
			case !h.counts(r):
			case len(r.On) == 1:
				bound(&p, r)
				h.use(r)
			default:
				p.Rows, of = append(p.Rows, integer.Row{On: r.On, Of: r.Of, Least: r.Least}), append(of, r)
			}
		}
	}
	for _, row := range h.besides {
		p.Rows, of = append(p.Rows, row), append(of, nil)
	}
	return p, of
}

// counts reports whether a rule comes from a case that is asked about.
func (h *hunt) counts(r *rule) bool {
	return h.only == nil || slices.ContainsFunc(r.of, func(i int) bool { return contains(h.only, i) })
}

// bound narrows a column as a row asks for that has no other.
func bound(p *integer.Program, r *rule) {
	j, at := r.On[0], r.Least/r.Of[0]
	if r.Of[0] > 0 {
		p.Least[j] = max(p.Least[j], int(math.Ceil(min(at, maxBought+1))))
	} else {
		p.Most[j] = min(p.Most[j], int(math.Floor(max(at, -1))))
	}
}

// use notes that the proof rests on a rule.
func (h *hunt) use(r *rule) {
	for _, i := range r.of {
		for len(h.found.used) <= i {
			h.found.used = append(h.found.used, false)
		}
		h.found.used[i] = true
	}
}

// test returns what does not hold with a purchase: of the cases known, or else of the family.
func (h *hunt) test(ctx context.Context, x []int) ([]broken, error) {
	if !h.options.Survive {
		if bad := h.broken(x, h.only); len(bad) > 0 {
			return bad, nil
		}
	}
	if h.only != nil {
		return nil, nil
	}
	s, err := h.screen(ctx, x)
	if err != nil || s.holds {
		return nil, err
	}
	var bad []broken
	for _, c := range s.failing {
		i, err := h.note(s.fleet, x, c)
		if err != nil {
			return nil, err
		}
		if faults := h.fleet.Judge(h.cases[i], x, h.plates); len(faults) > 0 && len(bad) < maxBroken {
			bad = append(bad, broken{of: i, faults: faults})
		}
	}
	if len(bad) == 0 {
		bad = []broken{{of: -1}} // by less than rounding tells
	}
	return bad, nil
}

// learn makes rows of what does not hold, for all purchases if it can be, else for those of a branch; false if x keeps them.
func (h *hunt) learn(b *branch, bad []broken, x []int) (any bool) {
	for i := range bad {
		bad := &bad[i]
		if bad.of < 0 {
			continue
		}
		h.kept = h.kept || slices.ContainsFunc(bad.faults, func(f sizes.Fault) bool { return f.Plated })
		cuts := false
		for _, row := range h.rowsOf(bad, h.root, x) {
			if row.Cuts(x) {
				h.rule(row, bad.of)
				cuts = true
			}
		}
		if !cuts {
			for _, row := range h.rowsOf(bad, b.box, x) {
				if row.Cuts(x) {
					b.rules = append(slices.Clip(b.rules), &rule{row, []int{bad.of}})
					cuts = true
				}
			}
		}
		any = any || cuts
	}
	return any
}

// rowsOf returns what a broken case proves of all purchases of a box.
func (h *hunt) rowsOf(bad *broken, box sizes.Box, x []int) (rows []sizes.Row) {
	if h.options.Survive {
		rows, bad.alternatives = h.fleet.Carry(h.cases[bad.of], h.serve(), box, x)
	} else {
		rows, bad.alternatives = h.fleet.Rows(h.cases[bad.of], bad.faults, box, x)
	}
	return rows
}

// rule adds a row of a case to those that all purchases keep.
func (h *hunt) rule(row sizes.Row, of int) {
	key := fmt.Sprint(row)
	known := h.hasRule[key]
	if known == nil {
		known = &rule{Row: row}
		h.hasRule[key] = known
		h.rules = append(h.rules, known)
	}
	if !contains(known.of, of) {
		known.of = append(known.of, of)
	}
}

// split makes branches of one, so that more is known in each of what does not hold at x.
func (h *hunt) split(b *branch, bad []broken, x []int) {
	switch {
	case h.choose(b, bad, x):
	case h.options.Survive || bad[0].of < 0:
		h.without(b, x)
	default:
		j, at := h.fleet.Split(h.cases[bad[0].of], bad[0].faults[0], b.box, x)
		if j < 0 {
			return // no purchase of the box helps
		}
		few, many := b.clone(), b.clone()
		few.box.Most[j], many.box.Least[j] = at, at+1
		h.push(few)
		h.push(many)
	}
}

// choose makes a branch for each of some alternatives that x is none of; false if there are no such.
func (h *hunt) choose(b *branch, bad []broken, x []int) bool {
	for _, bad := range bad {
		for _, rows := range bad.alternatives {
			if slices.ContainsFunc(rows, func(r sizes.Row) bool { return !r.Cuts(x) }) {
				continue
			}
			for _, row := range rows {
				one := b.clone()
				one.rules = append(one.rules, &rule{row, []int{bad.of}})
				h.push(one)
			}
			return true
		}
	}
	return false
}

func (b *branch) clone() *branch {
	return &branch{sizes.Box{Least: slices.Clone(b.box.Least), Most: slices.Clone(b.box.Most)}, slices.Clip(b.rules), b.bound, 0}
}

// without makes the branches that have all of one but x.
func (h *hunt) without(b *branch, x []int) {
	h.alone++
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
