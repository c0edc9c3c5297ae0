// Package spare finds the least capacity to add, or the least load to refuse, so that a fleet holds.
//
// [Minimum] is asked before an outage: the cheapest purchase with which every scenario of a family, and the fleet with
// nothing lost, holds: no component is overloaded and every demand is served in full. [Shed] is asked during one: the
// least load to refuse so that what is left holds, when servers may be taken out of rotation or switched off as well.
//
// Both answer exactly for the common shape: one demand, spread equally over one pool of servers of any capacities, on
// failure domains of any sizes, with or without components of limited power that the servers draw on. Outside it they
// say that the answer is not determined, and why.
//
// # What a minimum is a minimum of
//
// A fleet that holds need not hold with one server more where servers draw power: the new one may take more from a board
// than it takes off its neighbours. [Minimum] therefore reserves power by nameplate, as planners do: whatever is added
// to a board is admitted only while base + perUnit · capacity of all servers on it, old and new, stays within the
// board's capacity. A board that is above its nameplate already may stay so, as long as nothing is added to it and its
// true load stays within its capacity. The result is the cheapest of all purchases that respect this; one that does not
// may be cheaper, and would not be safe to add to.
package spare

import (
	"cmp"
	"context"
	"fmt"
	"math/big"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// maxScenarios is the most scenarios that Minimum plans for.
const maxScenarios = 1_000_000

// Options of [Minimum]. The zero value offers one more like every server of the pool, at cost 1; servers that are alike
// count once, the first declared standing for them.
type Options struct {
	Offers   []Offer
	Workers  int                    // for checking the plan; 0 is GOMAXPROCS; the result does not depend on it
	Progress func(cascade.Progress) // of checking the plan
}

// An Offer is what can be bought, Most times: one more component Like another, or By more capacity For one.
type Offer struct {
	Like  string         `json:"like,omitempty"`  // a server: one more of its capacity, needs and supplies, and a member where it is
	Needs topology.Names `json:"needs,omitempty"` // instead of its needs
	For   string         `json:"for,omitempty"`   // a pattern: offers it for each of its components that has a capacity
	By    float64        `json:"by,omitempty"`    // in their unit
	Cost  float64        `json:"cost,omitempty"`  // of one; 0 is 1
	Most  int            `json:"most,omitempty"`  // 0 is no limit
}

// Minimum finds the cheapest purchase with which every scenario of a family of at most a million, and the fleet with nothing lost, holds: see
// the package for what it is a minimum of. Of purchases that cost the same it takes the one that buys most of the offer
// declared first, then of the second, and so on.
//
// The plan has been checked: every scenario was run on the enlarged fleet. The error names what the topology does not
// have, or an offer that makes no sense. When ctx ends, it returns what is known by then together with ctx's error.
func Minimum(ctx context.Context, t *topology.Topology, f cascade.Family, o Options) (*Plan, error) {
	n, err := f.Count(t)
	if err != nil {
		return nil, err
	}
	p, outside := shape(t)
	columns, reason, err := columnsOf(t, p, o.Offers)
	if err != nil {
		return nil, err
	}
	if n.Cmp(big.NewInt(maxScenarios)) > 0 {
		return undetermined("there are %v scenarios, and at most %d are planned for", n, maxScenarios), nil
	}
	w := &work{t: t, pool: p, family: f, options: o, columns: columns}
	holds, _, err := w.check(ctx, t)
	if err != nil {
		return undetermined("the time was up"), err
	}
	if holds {
		return &Plan{Certainty: cascade.Exact, Fleet: t}, nil
	}
	if reason := cmp.Or(reason, outside); reason != "" {
		return undetermined("%s", reason), nil
	}
	return w.plan(ctx)
}

// work is one search for a minimum.
type work struct {
	t       *topology.Topology
	pool    *pool.Pool
	family  cascade.Family
	options Options
	columns []column
	cases   []*situation
	count   []int    // by case: scenarios with these consequences
	named   [][]same // by case: the first of these
	seen    int      // scenarios
}

// check runs every scenario on a fleet, and returns the first of the worst that does not hold.
func (w *work) check(ctx context.Context, t *topology.Topology) (holds bool, worst cascade.Scenario, err error) {
	s, err := cascade.Screen(ctx, t, w.family, cascade.Options{OnlyHolds: true, Worst: 1, Workers: w.options.Workers, Progress: w.options.Progress})
	if err != nil {
		return false, worst, err
	}
	if len(s.Worst) > 0 {
		worst = s.Worst[0].Scenario
	}
	return s.Holds(), worst, nil
}

func (w *work) plan(ctx context.Context) (*Plan, error) {
	if reason, err := w.look(ctx); reason != "" || err != nil {
		return undetermined("%s", reason), err
	}
	if reason := w.hopeless(); reason != "" {
		return &Plan{Certainty: cascade.Proven, Infeasible: true, Reason: reason}, nil
	}
	m := newModel(w.columns, w.cases)
	s := m.search(ctx, nil)
	if s.best == nil {
		return w.none(ctx, m, s), ctx.Err()
	}
	x := s.best
	if s.proven {
		x = m.favourFirst(ctx, s)
	}
	p := w.priced(m, s, x)
	if err := w.confirm(ctx, p, x); err != nil {
		return undetermined("the time was up before the plan was checked"), err
	}
	if p.Certainty == cascade.Proven {
		p.Binding = w.binding(ctx, m, s)
	}
	return p, ctx.Err()
}

// none is the plan where no purchase was found.
func (w *work) none(ctx context.Context, m *model, s *found) *Plan {
	if !s.proven || m.cut {
		return undetermined("no purchase was found within the limits of the search, and none was ruled out")
	}
	p := &Plan{Certainty: cascade.Proven, Infeasible: true, Reason: "the scenarios cannot all hold, whatever of the offers is bought."}
	for i := range w.cases {
		if alone := m.search(ctx, []int{i}); alone.proven && alone.best == nil {
			p.Reason = fmt.Sprintf("%s cannot hold, whatever of the offers is bought: %s.", w.cases[i].scenario, w.cases[i].shortage(w.t))
			p.Binding = w.bindings(i)
			break
		}
	}
	return p
}

// priced is the plan for a purchase.
func (w *work) priced(m *model, s *found, x []int) *Plan {
	p := &Plan{Certainty: cascade.Bounded, Nameplate: m.nameplate}
	cost := new(big.Rat)
	for j, n := range x {
		if n == 0 {
			continue
		}
		c := &w.columns[j]
		p.Buy = append(p.Buy, Purchase{Offer: c.offer, Count: n, On: c.on})
		cost.Add(cost, new(big.Rat).Mul(c.cost, big.NewRat(int64(n), 1)))
	}
	p.Cost, _ = cost.Float64()
	if s.bound != nil {
		p.Bound, _ = s.bound.Float64()
	}
	if s.proven {
		p.Certainty = cascade.Proven
	}
	return p
}

// confirm builds the enlarged fleet, and runs every scenario on it; a plan that does not pass is taken back.
func (w *work) confirm(ctx context.Context, p *Plan, x []int) error {
	fleet, err := enlarge(w.t, w.pool, w.columns, x)
	if err != nil {
		*p = *undetermined("the enlarged fleet cannot be built: %v", err)
		return nil
	}
	holds, worst, err := w.check(ctx, fleet)
	switch {
	case err != nil:
		return err
	case !holds:
		bound := p.Bound // the family of the enlarged fleet has all the scenarios that prove it
		*p = *undetermined("with the cheapest purchase for the fleet as it is, %s does not hold: the family takes from what is bought as well", worst)
		p.Bound = bound
	default:
		p.Fleet = fleet
	}
	return nil
}

// shape returns the pool of a topology, nil if there is none, and says why it is not one that this package answers for.
func shape(t *topology.Topology) (*pool.Pool, string) {
	p, reason := pool.Find(t)
	if p != nil {
		reason = p.Apart()
	}
	return p, reason
}
