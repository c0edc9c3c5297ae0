package tipping

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
	steps   int                // choices that may be tried for one answer
	classes [2][][]topology.ID // by question, once asked for: of components alike but for capacity
	sorts   [][]topology.ID    // by tally: of components that nothing tells apart
	sizes   counts             // of the sorts
	told    *tally             // nil if there are more choices
}

const mostWork = 200_000_000 // choices that are tried, times the components of the fleet

func newFinder(t *topology.Topology, pattern string, ids []topology.ID, o cascade.Options, steps int) *finder {
	f := &finder{t: t, pattern: pattern, ids: ids, o: o, engine: cascade.NewEngine(t)}
	f.pool, _ = pool.Find(t)
	f.steps = min(steps, mostWork/t.Len()+1)
	return f
}

// alike returns the components class by class.
func (f *finder) alike(q question) [][]topology.ID {
	if f.classes[q] == nil {
		f.classes[q] = alike(q, f.t, f.ids)
	}
	return f.classes[q]
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

func (f *finder) limits(ctx context.Context, p *Point) error {
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
	return f.pool != nil && len(f.pool.Power) > 0 && newCounts(f.alike(holding)).all() <= float64(f.steps)
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
