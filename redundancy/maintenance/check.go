package maintenance

import (
	"context"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Check says whether what the patterns name may be taken out now, all of it as one group, and brought back: whether the fleet
// holds in each phase with nothing else lost, and each scenario of the family on top of it. A board is taken out with all
// that hangs on it.
//
// First it looks at the fleet as it is. If that does not hold, or some scenarios of the family fail already, nothing is safe, and
// Already says so; these are not blamed on what is taken out, and what is told of its phases is told of the others.
//
// The error names what the topology does not have. When ctx ends, it is ctx's.
func Check(ctx context.Context, t *topology.Topology, what topology.Names, o Options) (*Answer, error) {
	q, err := newQuestion(t, o)
	if err != nil {
		return nil, err
	}
	named, err := q.named(what)
	if err != nil {
		return nil, err
	}
	if err := q.begin(ctx); err != nil {
		return nil, err
	}
	g := q.group(named)
	a := &Answer{
		What: t.Names(named), Asked: Asked{Family: o.Family, Survive: o.Survive, Together: o.Together},
		Takes: g.takes, Already: q.already, Failing: q.failing, Reason: q.reason, Certainty: cascade.Exact,
	}
	a.Down = t.Names(slices.DeleteFunc(slices.Clone(g.down), func(id topology.ID) bool { _, ok := slices.BinarySearch(named, id); return ok }))
	if q.unknown {
		a.Certainty = cascade.Undetermined
		return a, nil
	}
	if q.broken {
		return a, nil
	}
	return a, q.answer(ctx, a, g)
}

// named finds what is taken out.
func (q *question) named(what topology.Names) ([]topology.ID, error) {
	if len(what) == 0 {
		return nil, fmt.Errorf("what: nothing is named: give names, kinds or labels of what is to be taken out")
	}
	ids, err := q.t.Select(what...)
	if err != nil {
		return nil, fmt.Errorf("what: %w", err)
	}
	return ids, nil
}

// answer looks at all phases of a group, and sums them up.
func (q *question) answer(ctx context.Context, a *Answer, g *group) error {
	cases, reason, err := q.cases(g.down)
	if err != nil || reason != "" {
		a.Certainty, a.Reason = cascade.Undetermined, reason
		return err
	}
	fewest, stages, worst := -1, g.stages(q), []int(nil)
	for _, s := range stages {
		seen, err := q.look(ctx, s, cases, false)
		if err != nil {
			return err
		}
		worst = append(worst, seen.at)
		a.Phases = append(a.Phases, q.strain(s, cases[seen.at], seen.worst))
		for _, f := range seen.failing {
			if n := len(cases[f.at].lose); fewest < 0 || n < fewest {
				strain := q.strain(s, cases[f.at], f.view)
				fewest, a.Smallest = n, &strain
			}
		}
	}
	if a.Margin, err = q.margin(ctx, stages, worst, cases); err != nil {
		return err
	}
	d, err := q.decide(ctx, g)
	if err != nil {
		return err
	}
	if a.Smallest == nil {
		a.Smallest = d.strain
	}
	if q.reason == "" {
		a.Reason = d.reason
	}
	a.Certainty, a.Safe = d.certainty, d.safe
	if q.reason != "" { // something fails already, that much is certain
		a.Certainty, a.Safe = cascade.Exact, false
	}
	return nil
}
