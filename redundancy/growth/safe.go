package growth

import (
	"context"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Guide is how busy a fleet may be kept. It prints as a table.
type Guide struct {
	Family cascade.Family `json:"family"`
	States []Level        `json:"states"` // with nothing out, then one for each of Options.Out
}

// A Level is how busy a fleet may be kept in one state.
type Level struct {
	Out       cascade.Scenario  `json:"out"` // what is out of rotation, or lost already
	Certainty cascade.Certainty `json:"certainty"`
	Reason    string            `json:"reason,omitempty"`
	First     Limit             `json:"first"` // what is the first to cease to hold as load grows: up to its margin all hold, the state itself too
	Uses      []Use             `json:"uses"`
}

// A Use is how busy some components are, and may be.
type Use struct {
	Of    string       `json:"of,omitempty"` // the pattern, or the name of the domain; "" for all of the kind
	Kind  string       `json:"kind"`         // or the name of one that has no kind
	Count int          `json:"count"`        // of them in rotation: of these the rest is told
	Now   Utilization  `json:"now"`
	Safe  *Utilization `json:"safe,omitempty"` // to keep below, or at: nil if no load is safe, or any
}

// A Utilization is load/capacity. Where members are not loaded alike the busiest is what a limit is about.
type Utilization struct {
	Mean float64 `json:"mean"` // all load by all capacity
	Most float64 `json:"most"` // of the busiest
}

// Safe tells how busy a fleet may be kept, so that every scenario of a family holds: the utilization of each kind, or of
// what Options.Of names, with nothing lost, at the most load that all scenarios bear. N equal servers of which any k may be
// lost come to (N−k)/N; of three zones, one of which may be lost, each to two thirds.
//
// It is said for all demands growing in the mix that they have. What does not grow with demand, such as power that idle
// servers draw, is in the figures, so they are no multiples of today's. For each of Options.Out it is said again, of what is
// left in rotation: with one zone drained, the two others may be kept at a half, lest one more is lost. A scenario drains
// components that take load ("zone=a", of servers): to drain what they need does nothing.
//
// The margin is that of the first scenario to go, found as by [Forecast]: where scenarios are sampled it may be too high.
// The error names what the topology does not have. When ctx ends, it returns the states done by then together with ctx's
// error.
func Safe(ctx context.Context, t *topology.Topology, f cascade.Family, o Options) (*Guide, error) {
	o, list, err := o.byGroup(t, f)
	if err != nil {
		return nil, err
	}
	g := &Guide{Family: f, States: []Level{}}
	for _, out := range slices.Concat([]cascade.Scenario{{}}, o.Out) {
		level, err := levelOf(ctx, t, f, out, o.Screening)
		if err == nil {
			err = level.use(t, list)
		}
		switch {
		case err != nil && ctx.Err() == nil:
			return nil, err
		case err != nil:
			return g, err
		}
		g.States = append(g.States, *level)
	}
	return g, nil
}

// levelOf finds the first to go of a family, with something out already.
func levelOf(ctx context.Context, t *topology.Topology, f cascade.Family, out cascade.Scenario, o cascade.Options) (*Level, error) {
	p := uniform(t)
	level := &Level{Out: out, Certainty: cascade.Undetermined, Reason: stopped}
	whole, err := fateOf(p, out)
	if err != nil {
		return nil, err
	}
	level.First = whole.Limit
	if level.First.Margin == 0 { // nothing can be worse
		level.Certainty, level.Reason = cascade.Exact, ""
		return level, nil
	}
	besides := f
	if out.String() != (cascade.Scenario{}).String() {
		besides = cascade.Product(cascade.Only(out), f)
	}
	s, err := newSearch(t, besides, p, o)
	if err != nil {
		return nil, err
	}
	fates, last, err := s.fates(ctx, whole.u)
	if err != nil {
		return level, err
	}
	level.Certainty, level.Reason = certainty(last.Screening)
	if len(fates) > 0 && fates[0].Margin < whole.Margin {
		level.First = fates[0].Limit
	}
	return level, nil
}

// use tells how busy components are, and may be, in a state.
func (l *Level) use(t *topology.Topology, list []group) error {
	st, err := newState(t, l.Out)
	if err != nil {
		return err
	}
	p := uniform(t)
	st.at(p, 0)
	for _, g := range list {
		u := Use{Of: g.of, Kind: g.kind}
		u.Count, u.Now = st.utilization(g.ids)
		l.Uses = append(l.Uses, u)
	}
	if l.First.Margin == 0 || math.IsInf(l.First.Margin, 1) {
		return nil
	}
	st.at(p, math.Log(l.First.Margin))
	for i, g := range list {
		if n, safe := st.utilization(g.ids); n > 0 {
			l.Uses[i].Safe = &safe
		}
	}
	return nil
}

// utilization returns how many of some components are in rotation, and how busy these are.
func (st *state) utilization(ids []topology.ID) (n int, u Utilization) {
	load, capacity := 0.0, 0.0
	for _, id := range ids {
		if st.status[id] != topology.Up {
			continue
		}
		n++
		load, capacity = load+st.flow.Load[id], capacity+st.t.Capacity(id)
		u.Most = max(u.Most, st.use(id))
	}
	if n > 0 {
		u.Mean = load / capacity
	}
	return n, u
}
