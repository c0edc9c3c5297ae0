package restart

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Options of [Make]. The zero value has everything ready to be started at once, without limit.
type Options struct {
	Return   map[string]time.Duration // pattern: from when it can be started; missing is 0, negative never; of several the latest counts
	AtOnce   map[string]int           // pattern: most that may boot together, of what takes time to boot; missing is no limit, 0 is none
	Value    map[string]float64       // pattern: of a unit of a demand; missing is 1
	Waive    map[string]float64       // pattern: cost of starting one without one of its needs; missing is 1, negative impossible; of several the most
	Soonest  bool                     // the earliest finish, rather than the least unserved demand
	Grid     time.Duration            // admission changes at its multiples; 0 is a minute
	Effort   int                      // with Soonest: schedules that are tried, and as much of proving, at most; 0 is 1,000
	Progress func(cascade.Progress)   // called after each plan that is made, never concurrently
}

// Make plans the way back from what a scenario leaves, instant by instant: whatever has returned, and has what it needs ready, is
// powered on, that first which most waits for, or which boots sooner; what is ready enters rotation; and on the grid as much is
// admitted as can be, by value. Each of it is tried on the loads of the whole fleet, and done as far as AtOnce allows and nothing that runs or boots is
// overloaded by it, nor by what is to come by itself. A demand that cannot be held back is opened when all of it, with its surge,
// can be carried at once.
//
// Which of starting and serving goes first, whether all servers are used or those that carry the most, and whether users are
// admitted before anybody serves them, is settled by policies, each of which makes a plan, until enough work is done, about a second. What
// no policy finds is not found: more could be served, or sooner, unless the plan is Proven. Taken is the one that serves the most
// by value in the end, then with the least unserved demand, then the earliest full service; with Soonest that which starts the
// most, and finishes earliest. It has passed [Verify].
//
// LeastPossible and Earliest are bounds for plans that serve as much of each demand in the end, and that start what this one
// starts. They are those of a relaxation: each limit on starting is met alone, each demand is alone, what is ready carries the sum
// of what each carries, from the earliest time at which it could be, and no surge is counted that may decay while nobody is in
// rotation. Certainty is
//
//   - Proven if the objective meets its bound within 1e-9 of it, and nothing safe serves more by value, or starts more with
//     Soonest;
//   - Undetermined, for a Reason, if no plan that was made is safe, or none is at all: something comes up by itself, or is there
//     already, that overloads something;
//   - Bounded otherwise.
//
// Where not all can be served, admission ends within a millionth of the most that the order of starting leaves room for. Reason
// says what would be overloaded by all of it, in numbers. Repair says what dead component that does not return had better be
// repaired first: for each that could start, with the fewest others that it needs repaired too, a plan is made as for the rest,
// as far as a bounded work allows, and what serves more is kept.
//
// Full service is not the end: whatever else can be started then, or later, is powered on and put in rotation after it, as much at
// once as the limits allow, as far as that is safe and nobody is served less by it; so Finish is that of all that can run. What stays off,
// or out of rotation, of a plan that serves all is in Reason, with what would be overloaded by it. Of fleets of up to 20,000
// components, and of all others that are not of the common shape below, nothing is left off that could be brought back alone in the
// end, if a bounded work suffices to find out. Of these, steps are taken together, as far as a bounded work finds that they have
// slack: nothing is put off by more than the longest boot, no more goes unserved, and neither Full nor Finish is later.
//
// What waits for itself is in Deadlocks, and Break is the cheapest needs without which all that returns can start, but for what
// always needs, or draws on, something that does not; the plan itself breaks nothing. Needs only to start can be done without for
// good, on what does not return as well; others until all have started; supplies not at all. It is proven the cheapest where
// BreakBound is BreakCost.
//
// With Soonest a timetable comes first: boots are jobs, of which none can start before what it needs is ready, and which share the
// capacities that they draw on and the limits of AtOnce. Of Effort such schedules the best is kept to, as far as that is safe, and
// no plan finishes before what is proven of jobs that draw the least they can. For more than 20,000 components there is no timetable.
//
// Otherwise, if no bound has proven the best plan, and up to 512 components have to be started or put in rotation, a search through
// all plans follows, but for those that cannot be better: it finds a better one, or that there is none, if it ends within some forty
// thousand states. It counts components that nothing tells apart. It does not see the surges of demands that can be held back, and
// may take what warms up, or surges, for a bit better than it is: then it gives a bound.
//
// The error says what of the scenario or the options the topology does not have, or that ctx has ended; then it comes with the
// best plan known by then, if there is one.
//
// For each policy it takes time in proportion to the instants at which anything happens, and at each to the classes of components
// that nothing tells apart, times a few for each class that does not fit as a whole; and the replay to the topology. One demand that
// is spread equally over identical servers, and what powers them, is planned for in waves, without trying. Both are fast for a million
// servers, if they are of some thousand classes.
func Make(ctx context.Context, t *topology.Topology, s cascade.Scenario, o Options) (*Plan, error) {
	p := &Plan{Scenario: s, Return: o.Return, AtOnce: o.AtOnce, Value: o.Value, Soonest: o.Soonest, Grid: cmp.Or(o.Grid, time.Minute),
		Certainty: cascade.Undetermined}
	if p.Grid < 0 {
		return nil, fmt.Errorf("grid: %v: give a time above 0, or 0 for a minute", p.Grid)
	}
	if o.Effort < 0 {
		return nil, fmt.Errorf("effort: %d: give how many schedules are tried, or 0 for %d", o.Effort, efforts)
	}
	f, m, reason, err := survey(t, p)
	if err != nil {
		return nil, err
	}
	cost, err := waivers(t, o.Waive)
	if err != nil {
		return nil, err
	}
	best, _, err := f.makeWay(ctx, p, m, reason, o, maxWork)
	if best == nil {
		return nil, err
	}
	if err == nil && (reason != "" || f.t.Len() <= maxTried) {
		made := best
		best, err = newCompass(f, p, m).complete(ctx, made)
		if reason == "" && best != made && !fully(best) {
			best.Reason = f.missing(best, f.bounds())
		}
	}
	f.explain(ctx, best, cost)
	if err == nil {
		err = f.repairs(ctx, best, m)
	}
	return best, err
}

// makeWay makes plans, with about so much work once there is one, and returns the best, and the work spent. What is different from
// the common shape is in reason.
func (f *fleet) makeWay(ctx context.Context, p *Plan, m *meter, reason string, o Options, work int) (*Plan, int, error) {
	if reason != "" {
		x := newCompass(f, p, m).newExplorer(p, work)
		best, err := x.explore(ctx, o)
		return best, x.spent(work), err
	}
	best, err := f.choose(ctx, p, o.Progress)
	spent := len(policies) * f.t.Len()
	if err != nil || best.Certainty == cascade.Proven || f.t.Len() > maxTried || spent > work {
		return best, spent, err
	}
	best, more, err := f.tryHarder(ctx, p, m, best, o, work-spent)
	return best, spent + more, err
}

// maxTried is up to how many components a plan of the common shape that is not proven is held against those for any fleet.
const maxTried = 20_000

// tryHarder returns the better of a plan of the common shape and those for any fleet, with the better bounds of both.
func (f *fleet) tryHarder(ctx context.Context, p *Plan, m *meter, best *Plan, o Options, work int) (*Plan, int, error) {
	o.Progress = nil
	x := newCompass(f, p, m).newExplorer(p, work)
	err := x.tryAll(ctx, o)
	plan, explored := best, Plan{Certainty: cascade.Undetermined}
	if x.best != nil {
		explored = *x.best
	}
	if x.best != nil && (best.Certainty == cascade.Undetermined || x.better(x.best, best)) {
		plan = x.best
	}
	if err == nil && plan.Certainty == cascade.Undetermined && x.why != nil {
		plan.Reason = x.unsafe()
	}
	if err != nil || plan.Certainty == cascade.Undetermined {
		return plan, x.spent(work), err
	}
	b := f.bounds()
	f.judge(plan, b)
	one := *plan
	x.bounds.judge(plan)
	plan.inherit(&one)
	if explored.Certainty != cascade.Undetermined && plan.Served[0].Fraction >= explored.Served[0].Fraction*(1-topology.Tolerance) {
		plan.inherit(&explored)
	}
	plan.Reason = f.missing(plan, b)
	return plan, x.spent(work), nil
}

// inherit takes the better bounds of a plan that serves no more and is no better, the same perhaps, and what they prove.
func (p *Plan) inherit(o *Plan) {
	if o.Certainty == cascade.Proven {
		p.Certainty = cascade.Proven
	}
	p.LeastPossible = min(p.Unserved, max(p.LeastPossible, o.LeastPossible))
	p.Earliest = min(p.Finish, max(p.Earliest, o.Earliest))
}

// choose makes plans by several policies, and returns the best.
func (f *fleet) choose(ctx context.Context, p *Plan, progress func(cascade.Progress)) (*Plan, error) {
	b, began := f.bounds(), time.Now()
	var best *Plan
	var way *way // of the best
	var unsafe *Violation
	var known ways
	for i, policy := range policies {
		var plan *Plan
		w, err := f.plan(ctx, p, policy)
		if err == nil {
			plan, err = f.ahead(ctx, w.plan, best, &known)
		}
		switch {
		case errors.As(err, &unsafe): // the next one may not be
		case err != nil:
			return best, err
		case plan != nil:
			f.judge(plan, b)
			if best == nil || f.better(plan, best) {
				best, way = plan, w
			}
		}
		if progress != nil {
			progress(cascade.Progress{Done: float64(i + 1), Total: float64(len(policies)), Elapsed: time.Since(began)})
		}
		if best != nil && best.Certainty == cascade.Proven && best.Served[0].Fraction >= b.most()*(1-2*settle) {
			break
		}
	}
	if best == nil {
		p.Served, p.Reason = f.outcome.Served, fmt.Sprintf("none of the plans that were made is safe: %v", unsafe)
		return p, nil
	}
	best = f.goOn(ctx, best, way, b)
	best.Reason = f.missing(best, b)
	return best, ctx.Err()
}

// goOn returns a plan that goes on, as its way does, for what it has left off, or the same if that is not safe.
func (f *fleet) goOn(ctx context.Context, p *Plan, w *way, b *bounds) *Plan {
	made := *p
	rest, err := w.bringRest(ctx)
	if err != nil || len(rest) == 0 {
		return p
	}
	made.Steps = slices.Concat(p.Steps, rest)
	if f.measure(ctx, &made) != nil || !made.asGoodAs(p) {
		return p
	}
	f.judge(&made, b)
	return &made
}

// ahead replays a plan, and those that admit users earlier than it, if they seem better than the best, and returns the best of
// them; nil if there is none.
func (f *fleet) ahead(ctx context.Context, plan, best *Plan, known *ways) (found *Plan, err error) {
	if !known.add(plan.Steps) {
		return nil, nil
	}
	early := f.admitAhead(plan)
	if !f.hopeless(plan, best) {
		if err := f.measure(ctx, plan); err != nil {
			return nil, err
		}
		found, best = plan, plan
	}
	for _, ahead := range early {
		if !f.hopeless(ahead, best) && known.add(ahead.Steps) && f.measure(ctx, ahead) == nil && (best == nil || f.better(ahead, best)) {
			found, best = ahead, ahead
		}
	}
	return found, nil
}

// judge sets a plan's bounds, and how sure it is of the objective.
func (f *fleet) judge(p *Plan, b *bounds) {
	level := p.Served[0].Fraction
	least := b.least(level)
	if least > p.Unserved*(1+topology.Tolerance) {
		least = 0 // no bound is above what a plan does: claim nothing
	}
	p.LeastPossible = min(least, p.Unserved) // they round differently
	did := f.startedBy(p)
	p.Earliest = min(b.earliest(did), p.Finish)
	p.Certainty = cascade.Bounded
	most := level >= b.most()*(1-2*settle)
	if p.Soonest && b.all(did) && p.Finish == p.Earliest ||
		!p.Soonest && most && p.Unserved <= p.LeastPossible*(1+topology.Tolerance) {
		p.Certainty = cascade.Proven
	}
}

// better reports whether a plan is better than another for their objective.
func (f *fleet) better(a, b *Plan) bool {
	served := func(p *Plan) float64 { return levelOf(p.Served[0].Fraction) }
	if a.Soonest {
		return cmp.Or(f.startsMore(b, a), cmp.Compare(a.Finish, b.Finish), cmp.Compare(served(b), served(a)),
			cmp.Compare(a.Unserved, b.Unserved), len(a.Steps)-len(b.Steps)) < 0
	}
	first := cmp.Or(cmp.Compare(served(b), served(a)), cmp.Compare(a.Unserved, b.Unserved), cmp.Compare(a.Full, b.Full))
	if first != 0 {
		return first < 0
	}
	return cmp.Or(f.startsMore(b, a), cmp.Compare(a.Finish, b.Finish), len(a.Steps)-len(b.Steps)) < 0
}

// startsMore returns how many components more a plan starts than another.
func (f *fleet) startsMore(a, b *Plan) int {
	x, y := f.startedBy(a), f.startedBy(b)
	return x.servers + x.others - y.servers - y.others
}
