package redundancy

import (
	"context"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// A question is what is asked of a loss.
type question int

const (
	holding   question = iota // does the fleet hold?
	surviving                 // does it not collapse?
)

// A finder finds the tipping point of some components.
type finder struct {
	t       *topology.Topology
	pattern string
	ids     []topology.ID
	o       cascade.Options
	engine  *cascade.Engine
	pool    *pool.Pool         // nil if the fleet is none
	classes [2][][]topology.ID // by question: of components alike but for capacity
	sorts   [][]topology.ID    // of components that nothing tells apart
	sizes   counts             // of the sorts
	steps   int                // choices that may be tried for one answer
	told    *tally             // nil if there are more choices
}

const mostWork = 200_000_000 // choices that are tried, times the components of the fleet

func newFinder(t *topology.Topology, pattern string, ids []topology.ID, o cascade.Options, steps int) *finder {
	f := &finder{t: t, pattern: pattern, ids: ids, o: o, engine: cascade.NewEngine(t)}
	f.pool, _ = pool.Find(t)
	for q := range f.classes {
		f.classes[q] = alike(question(q), t, ids)
	}
	f.sorts = split(t, f.classes[surviving])
	f.sizes = newCounts(f.sorts)
	f.steps = min(steps, mostWork/t.Len()+1)
	return f
}

// well answers a question about what the engine has lost.
func (f *finder) well(q question) bool {
	if q == holding {
		return f.engine.Holds()
	}
	return f.engine.End().Served >= f.serve()-topology.Tolerance
}

func (f *finder) serve() float64 {
	if f.o.Serve == 0 {
		return 1
	}
	return f.o.Serve
}

// ask answers a question about the loss of some components.
func (f *finder) ask(q question, lost []topology.ID) bool {
	f.engine.Lose(lost...)
	defer f.engine.Undo()
	return f.well(q)
}

func (f *finder) limits(ctx context.Context, p *Tipping) error {
	if err := f.limit(ctx, holding, &p.Limit); err != nil {
		return err
	}
	if p.Certainty != cascade.Undetermined { // what holds survives
		p.Surviving.Any, p.Surviving.Some, p.Surviving.Lucky = p.Any, p.Some, p.Lucky
	}
	return f.limit(ctx, surviving, p.Surviving)
}

// limit finds a limit by the first way there is.
func (f *finder) limit(ctx context.Context, q question, l *Limit) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	a := &answer{finder: f, question: q, Limit: l}
	var err error
	switch {
	case q == holding && a.powered():
		err = a.count(ctx)
	case a.closed(ctx, &err):
	case f.told != nil:
		a.told()
	case q == surviving && f.monotone():
		a.search(ctx)
		err = ctx.Err()
	default:
		err = a.count(ctx)
	}
	a.conclude(err)
	return err
}

// powered reports whether the fleet is a pool with limits of power, and has but few choices: to try these takes less time
// than to work out what power bears.
func (f *finder) powered() bool {
	return f.pool != nil && len(f.pool.Power) > 0 && newCounts(f.classes[holding]).all() <= float64(f.steps)
}

// monotone reports whether losing more never saves a demand. Beside what [cascade.Monotone] asks for, who is up must serve
// all that it is asked for; and no demand may be lost by name, for then it would not count.
func (f *finder) monotone() bool {
	if !wholly(f.t) || slices.ContainsFunc(f.ids, func(id topology.ID) bool { return f.t.Demand(id) > 0 }) {
		return false
	}
	return cascade.Monotone(f.t, f.ids...)
}

// wholly reports whether every component that is up serves all that it is asked for: nothing sheds, and load always finds
// a member that takes it.
func wholly(t *topology.Topology) bool {
	for id := range topology.ID(t.Len()) {
		if t.Overload(id).Shed {
			return false
		}
		for _, l := range t.Links(id) {
			if l.Pool >= 0 && (l.Need == 0 || slices.Contains(l.Supply.Weights, 0)) {
				return false
			}
		}
	}
	return true
}

// An answer is a limit being found.
type answer struct {
	*finder
	question
	*Limit
	worst, lucky []topology.ID
	proven       bool // by bounds, not by looking at all choices
}

// conclude sets the certainty, and takes the answer back if a choice does not end as it says.
func (a *answer) conclude(err error) {
	if a.Any >= 0 && a.Any >= a.Some { // any so many may be lost, so these
		a.Some, a.lucky = a.Any, a.ids[:a.Any]
	}
	switch known := a.Any == a.AnyMost && a.Some == a.SomeMost; {
	case err != nil:
		a.Reason = outOfTime
	case known && a.proven:
		a.Certainty, a.Reason = cascade.Proven, ""
	case known:
		a.Certainty, a.Reason = cascade.Exact, ""
	}
	if a.worst != nil && a.AnyMost < len(a.ids) {
		a.Worst.Lose = a.t.Names(a.worst)
		a.expect(a.worst, false)
	}
	if a.lucky != nil {
		a.Lucky.Lose = a.t.Names(a.lucky)
		a.expect(a.lucky, true)
	}
}

func (a *answer) expect(lost []topology.ID, well bool) {
	if a.ask(a.question, lost) != well {
		a.Certainty, a.Reason = cascade.Undetermined, fmt.Sprintf("%v does not end as was worked out.", cascade.Scenario{Lose: a.t.Names(lost)})
	}
}

// closed asks the closed forms of one equally loaded pool, and reports whether there is one.
func (a *answer) closed(ctx context.Context, err *error) bool {
	if a.pool == nil {
		return false
	}
	if a.question == surviving {
		s := a.pool.SurvivalOf(a.ids)
		if s != nil && a.serve() > topology.Tolerance {
			*err = a.survive(ctx, s)
			return true
		}
		return false
	}
	losses := a.pool.LossesOf(a.ids)
	if losses != nil {
		*err = a.follow(ctx, losses)
	}
	return losses != nil
}

// follow asks how many may be lost of one pool so that it holds.
func (a *answer) follow(ctx context.Context, losses pool.Losses) error {
	for k := 0; k <= losses.Size(); k++ {
		if worst, breaks := losses.Breaking(k); breaks {
			a.worst, a.AnyMost = worst, k-1
			break
		}
		a.Any = k
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	lucky, bears, err := losses.Bearing(ctx)
	switch {
	case err != nil:
		a.Reason = err.Error() + "."
	case bears:
		a.lucky, a.Some, a.SomeMost = lucky, len(lucky), len(lucky)
	default:
		a.SomeMost = -1
	}
	return ctx.Err()
}

// survive asks how many may be lost of one pool so that it does not collapse.
func (a *answer) survive(ctx context.Context, s *pool.Survival) error {
	lost, least, known := s.Collapsing(ctx)
	a.Any = least - 1
	if known {
		a.worst, a.AnyMost = lost, len(lost)-1
	}
	a.Reason = "the search was not finished."
	if lucky, survives := s.Surviving(); survives {
		a.lucky, a.Some = lucky, len(lucky)
	}
	a.SomeMost = a.Some
	return ctx.Err()
}

// search finds the fewest that must be lost for a collapse, and the fewest that must be kept for none, where losing more
// never saves a demand: of each class the strongest are lost first, and kept.
func (a *answer) search(ctx context.Context) {
	strongest := sorted(a.t, a.classes[surviving], true)
	n := len(a.ids)
	grid := func(has func(x []int) bool) (x []int, least int) {
		l := &lattice{sizes: sizesOf(strongest), steps: a.steps}
		l.has = func(x []int) bool {
			if ctx.Err() != nil {
				l.steps = 0
			}
			return has(x)
		}
		return l.fewest()
	}
	lost, least := grid(func(x []int) bool { return !a.ask(surviving, firsts(strongest, x)) })
	if lost == nil {
		a.Any = n
	} else {
		a.Any, a.AnyMost, a.worst = max(a.Any, least-1), sum(lost)-1, firsts(strongest, lost)
	}
	kept, least := grid(func(x []int) bool { return a.ask(surviving, lasts(strongest, x)) })
	if a.SomeMost = -1; kept != nil {
		a.found(n-sum(kept), lasts(strongest, kept))
		a.SomeMost = n - least
	}
	a.proven, a.Reason = true, "the search was not finished."
}

func sizesOf(chains [][]topology.ID) []int {
	sizes := make([]int, len(chains))
	for c, chain := range chains {
		sizes[c] = len(chain)
	}
	return sizes
}

// firsts returns the first so many of each chain, in order of declaration.
func firsts(chains [][]topology.ID, x []int) []topology.ID {
	all := []topology.ID{}
	for c, chain := range chains {
		all = append(all, chain[:x[c]]...)
	}
	slices.Sort(all)
	return all
}

// lasts returns all but the first so many of each chain, in order of declaration.
func lasts(chains [][]topology.ID, x []int) []topology.ID {
	all := []topology.ID{}
	for c, chain := range chains {
		all = append(all, chain[x[c]:]...)
	}
	slices.Sort(all)
	return all
}

// found notes a choice of k that is well.
func (a *answer) found(k int, lost []topology.ID) {
	if k > a.Some {
		a.Some, a.lucky = k, lost
	}
}

// count tries all choices of none, of one, of two and so on until one is not well, and of all, of all but one and so on
// until one is: of components that nothing tells apart any, or if these choices are too many, of those alike but for
// capacity the strongest, and the weakest, which is enough for holding.
func (a *answer) count(ctx context.Context) error {
	chains := split(a.t, a.classes[a.question])
	worst, lucky := chains, chains
	if a.question == holding && newCounts(chains).all() > float64(a.steps) {
		worst, lucky = sorted(a.t, a.classes[holding], true), sorted(a.t, a.classes[holding], false)
	}
	if newCounts(worst).all() > float64(a.steps) {
		a.bound()
	}
	if err := a.rise(ctx, worst); err != nil {
		return err
	}
	return a.fall(ctx, lucky)
}

// bound narrows what is to be counted.
func (a *answer) bound() {
	a.proven = true
	a.Any = max(a.Any, a.floor())
	if roof := a.roof(); roof < a.SomeMost {
		a.SomeMost, a.AnyMost, a.worst = roof, roof, a.ids[:roof+1]
	}
}

// rise finds the fewest of which some choice is not well.
func (a *answer) rise(ctx context.Context, chains [][]topology.ID) error {
	w, many, left := newWalk(a.engine, chains), newCounts(chains), float64(a.steps)
	for ; a.Any < a.AnyMost; a.Any++ {
		k := a.Any + 1
		if left -= many.of(k); left < 0 {
			if a.guess(chains, false); a.Any < a.AnyMost {
				a.Reason = fmt.Sprintf("more than %d at once are too many choices to try.", a.Any)
			}
			return nil
		}
		var worst []topology.ID
		err := w.each(ctx, k, k, func(int) {
			if !a.well(a.question) {
				worst = earlier(w.lost(), worst)
			}
		})
		if err != nil {
			return err
		}
		if worst != nil {
			a.worst, a.AnyMost = worst, a.Any
			return nil
		}
	}
	return nil
}

// fall finds the most of which some choice is well.
func (a *answer) fall(ctx context.Context, chains [][]topology.ID) error {
	w, many, left := newWalk(a.engine, chains), newCounts(chains), float64(a.steps)
	for a.Some = max(a.Some, a.Any); a.SomeMost > a.Some; a.SomeMost-- {
		if left -= many.of(a.SomeMost); left < 0 {
			if a.guess(chains, true); a.Any == a.AnyMost {
				a.Reason = fmt.Sprintf("more than %d at once are too many choices to try.", a.Some)
			}
			return nil
		}
		var lucky []topology.ID
		err := w.each(ctx, a.SomeMost, a.SomeMost, func(k int) {
			if a.well(a.question) {
				lucky = earlier(w.lost(), lucky)
			}
		})
		if err != nil {
			return err
		}
		if lucky != nil {
			a.found(a.SomeMost, lucky)
			return nil
		}
	}
	return nil
}

// earlier returns which of two choices comes first in order of declaration; nil is none.
func earlier(a, b []topology.ID) []topology.ID {
	if b == nil || slices.Compare(a, b) < 0 {
		return a
	}
	return b
}

// guess narrows what could not be counted by choices that are likely to be the worst, or the luckiest: whole chains one
// after the other, from each of a few. Of a few numbers, halving what is between.
func (a *answer) guess(chains [][]topology.ID, well bool) {
	const tried = 16
	for i := range min(tried, len(chains)) {
		at := i * len(chains) / min(tried, len(chains))
		all := slices.Concat(slices.Concat(chains[at:]...), slices.Concat(chains[:at]...))
		try := func(k int) bool {
			lost := slices.Sorted(slices.Values(all[:k]))
			found := a.ask(a.question, lost) == well
			switch {
			case found && well:
				a.found(k, lost)
			case found && !well && k <= a.AnyMost:
				a.worst, a.AnyMost = lost, k-1
			}
			return found
		}
		for low, high := max(0, a.Any), min(len(all), max(0, a.SomeMost)+1); low <= high; {
			if k := low + (high-low)/2; try(k) == well {
				low = k + 1
			} else {
				high = k - 1
			}
		}
	}
}
