package restart

import (
	"context"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Verify replays a plan of any topology, as the package comment defines it, and returns the first thing that goes wrong as a
// *[Violation]; nil if the plan is safe. Of the plan it reads Scenario, Return, AtOnce, Grid and Steps, and trusts none
// of the figures. Other errors say what of Scenario, Return or AtOnce the topology does not have, or that ctx
// has ended.
//
// Safe is meant for all of time, not only for the instants of steps. Between two events, which are steps and the ends of
// boots and warm-ups, surges decay and capacities grow, so the beginning decides, unless load is shared by
// capacity: where members of a proportional or waterfall share warm up, what these draw on may see its load rise between
// events. There the time between is halved until bounds prove each part safe, down to 1/4096 of it or a
// millisecond; an overload that comes and goes within that is not found.
//
// Where several things go wrong at one instant, steps that are not allowed come first, in order, then overloads, in order
// of declaration. What is overloaded at 0 even without the steps of that instant is reported with step -1; steps at
// 0 that end such an overload make the plan safe.
//
// It takes time in proportion to the steps, and to the topology for each instant at which anything happens.
func Verify(ctx context.Context, t *topology.Topology, p *Plan) error {
	r, err := newReplay(t, p)
	if err != nil {
		return err
	}
	return r.run(ctx)
}

// Measure replays a plan and sets Asked, Unit, Unserved, Full, Finish and Served to what it does. Where Unserved or Finish has grown, what
// was Proven is Bounded from then on. The error is that of [Verify]; then nothing is set.
func (p *Plan) Measure(ctx context.Context, t *topology.Topology) error {
	r, err := newReplay(t, p)
	if err != nil {
		return err
	}
	return p.measure(ctx, r)
}

// measure is Measure by a replay that has not begun.
func (p *Plan) measure(ctx context.Context, r *replay) error {
	if err := r.meter.weigh(r.t, p.Value); err != nil {
		return err
	}
	if err := r.run(ctx); err != nil {
		return err
	}
	m := r.meter
	if p.Certainty == cascade.Proven && (m.unserved > p.Unserved*(1+topology.Tolerance) || m.finish > p.Finish) {
		p.Certainty = cascade.Bounded
	}
	p.Asked, p.Unit = m.asked(r)
	p.Unserved, p.Full, p.Finish, p.Served = m.unserved, m.full, m.finish, m.served()
	return nil
}
