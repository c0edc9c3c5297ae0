package deadlock

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// A hunt looks for the cheapest needs to break: as a set of needs that has one of each cut, where cuts are added as sets are found
// that are not enough (implicit hitting sets, Moreno-Centeno and Karp 2013, doi:10.1287/opre.1120.1139).
type hunt struct {
	*walk
	goal    int32 // the node to start; negative: all
	cuts    [][]int32
	best    []int32
	cost    *big.Rat // of best
	bound   *big.Rat
	columns []int32 // needs that are in cuts, in order
	limit   int     // of work
	effort  int     // of programs solved
}

const (
	maxCut     = 100_000_000 // work at looking for cuts: some tenths of a second
	maxEffort  = 2_000_000   // coefficients times nodes of all programs: about a second
	maxNodes   = 200         // for each program,
	rootEffort = 4           // the first of which takes as long as so many
)

func newHunt(w *walk, goal int32) *hunt {
	return &hunt{walk: w, goal: goal, bound: new(big.Rat)}
}

// run finds them; false if none suffice.
func (h *hunt) run(ctx context.Context) bool {
	if h.starts(nil) {
		h.cost = new(big.Rat)
		return true
	}
	if !h.greedy() {
		return false
	}
	h.limit = h.work + maxCut
	h.extend(nil)
	h.pack()
	for h.cost.Cmp(h.bound) > 0 && h.work < h.limit && h.effort < maxEffort {
		needs, ok := h.hit(ctx)
		if !ok {
			break
		}
		h.extend(needs)
	}
	h.swap()
	slices.Sort(h.best)
	return true
}

// starts reports whether what is to start does without some needs.
func (h *hunt) starts(needs []int32) bool {
	mark := len(h.trail)
	h.without(needs...)
	ok := h.done()
	h.undo(mark)
	return ok
}

func (h *hunt) done() bool { return h.left == 0 || h.goal >= 0 && h.runs[h.goal] }

// extend adds cuts that needs leave out, breaking the cheapest of each, until what is to start does; what it had to break for
// that suffices, and is kept if it is the cheapest known. It may stop before, where that takes long.
func (h *hunt) extend(needs []int32) {
	mark := len(h.trail)
	defer h.undo(mark)
	h.without(needs...)
	enough := slices.Clone(needs)
	for !h.done() {
		if h.work > h.limit {
			return
		}
		inner := len(h.trail)
		cut := h.cut(h.shrink(h.goal))
		h.undo(inner)
		slices.SortFunc(cut, h.byCost)
		h.cuts = append(h.cuts, cut)
		h.without(cut[0])
		enough = append(enough, cut[0])
	}
	h.undo(mark)
	h.keep(enough)
}

// pack bounds the cost by cuts that have no need in common: the shortest first.
func (h *hunt) pack() {
	used, sum := map[int32]bool{}, new(big.Rat)
	cuts := slices.Clone(h.cuts)
	slices.SortStableFunc(cuts, func(a, b []int32) int { return len(a) - len(b) })
	for _, cut := range cuts {
		if slices.ContainsFunc(cut, func(i int32) bool { return used[i] }) {
			continue
		}
		for _, i := range cut {
			used[i] = true
		}
		sum.Add(sum, rat(h.Needs[cut[0]].Cost))
	}
	if sum.Cmp(h.bound) > 0 {
		h.bound = sum
	}
}

// byCost puts the cheapest first, and those that come last before others.
func (h *hunt) byCost(a, b int32) int {
	last := func(i int32) int {
		if h.Needs[i].Last {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(h.Needs[a].Cost, h.Needs[b].Cost), last(a)-last(b), int(a-b))
}

// keep takes needs that suffice, without those that are not needed, the dearest first, if they are the cheapest so far.
func (h *hunt) keep(needs []int32) {
	slices.SortFunc(needs, h.byCost)
	for k := len(needs) - 1; k >= 0 && h.work < h.limit; k-- {
		if rest := slices.Delete(slices.Clone(needs), k, k+1); h.starts(rest) {
			needs = rest
		}
	}
	if cost := h.price(needs); h.best == nil || cost.Cmp(h.cost) < 0 {
		h.best, h.cost = needs, cost
	}
}

func (h *hunt) price(needs []int32) *big.Rat {
	sum := new(big.Rat)
	for _, i := range needs {
		sum.Add(sum, rat(h.Needs[i].Cost))
	}
	return sum
}

// hit returns the cheapest needs that have one of each cut, and raises the bound to what they cost; not ok if they suffice, or
// if they are not found.
func (h *hunt) hit(ctx context.Context) (needs []int32, ok bool) {
	p := h.program()
	size := len(p.Rows) * len(p.Cost)
	r, err := integer.Solve(ctx, p, min(maxNodes, (maxEffort-h.effort)/size+1))
	h.effort += size * (r.Nodes + rootEffort)
	if r.Bound != nil && r.Bound.Cmp(h.bound) > 0 {
		h.bound = r.Bound
		if h.bound.Cmp(h.cost) >= 0 {
			h.bound = h.cost
			return nil, false
		}
	}
	if err != nil || r.X == nil {
		return nil, false
	}
	for k, x := range r.X {
		if x > 0 {
			needs = append(needs, h.columns[k])
		}
	}
	if h.starts(needs) {
		h.keep(needs)
		return nil, false
	}
	return needs, true
}

// program asks for one need of each cut.
func (h *hunt) program() integer.Program {
	h.columns = slices.Concat(h.cuts...)
	slices.Sort(h.columns)
	h.columns = slices.Compact(h.columns)
	p := integer.Program{}
	for _, i := range h.columns {
		p.Cost, p.Most = append(p.Cost, rat(h.Needs[i].Cost)), append(p.Most, 1)
	}
	for _, cut := range h.cuts {
		row := integer.Row{Least: 1}
		for _, i := range cut {
			k, _ := slices.BinarySearch(h.columns, i)
			row.On, row.Of = append(row.On, k), append(row.Of, 1)
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// swap puts others of the same cost in the place of needs that come last, where they suffice as well.
func (h *hunt) swap() {
	for k, i := range h.best {
		if !h.Needs[i].Last {
			continue
		}
		for _, other := range h.columnsLike(i) {
			if h.work > h.limit {
				return
			}
			tried := slices.Clone(h.best)
			tried[k] = other
			if h.starts(tried) {
				h.best = tried
				break
			}
		}
	}
}

// columnsLike returns the needs of some cut that cost what one does and do not come last.
func (h *hunt) columnsLike(i int32) []int32 {
	var alike []int32
	for _, j := range slices.Concat(h.cuts...) {
		if !h.Needs[j].Last && h.Needs[j].Cost == h.Needs[i].Cost && !slices.Contains(h.best, j) {
			alike = append(alike, j)
		}
	}
	slices.Sort(alike)
	return slices.Compact(alike)
}
