package restart

import (
	"context"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// planOf returns the best plan that does what leads to a leg, and perhaps goes on from there; nil if none of them is safe.
func (x *exact) planOf(ctx context.Context, like *Plan, end *leg) *Plan {
	if end == nil {
		return nil
	}
	var best *Plan
	ways := []retracing{{}, {goesOn: true}, {worthless: true}, {goesOn: true, worthless: true}}
	if x.rough {
		ways = append(ways, retracing{most: true}, retracing{goesOn: true, most: true})
	}
	for _, way := range ways {
		way.exact, way.journey = x, x.newJourney(like, policy{})
		plan := way.retrace(ctx, end)
		if plan == nil || x.measure(ctx, plan) != nil {
			continue
		}
		if best == nil || x.better(plan, best) {
			best = plan
		}
	}
	return best
}

// A retracing is a journey that does what a search has found.
type retracing struct {
	*exact
	*journey
	goesOn    bool // with what else can be done
	worthless bool // demands that count nothing are refused on the way
	most      bool // as much is admitted as can be, rather than what was found
}

// retrace makes the plan; nil if something would be overloaded.
func (r *retracing) retrace(ctx context.Context, end *leg) *Plan {
	var legs []*leg
	for s := end; s.from != nil; s = s.from {
		legs = append(legs, s)
	}
	p, tick := r.exact.begins(), -1
	for _, s := range slices.Backward(legs) {
		for i, m := range s.path {
			r.exact.advance(p, tick, m.tick)
			var fractions []float64
			if i == 0 {
				fractions = s.admitted
			}
			if !r.at(m.tick, p, m.phases, fractions) {
				return nil
			}
			p, tick = slices.Clone(m.phases), m.tick
		}
	}
	if r.goesOn {
		r.journey.at(r.now)
		if stuck, err := r.journey.travel(ctx); stuck != nil || err != nil {
			return nil
		}
	}
	return r.journey.plan
}

// at does at a tick what leads from some phases to others; it reports whether that is safe, as far as a search does not see it.
func (r *retracing) at(tick int, before, after []phase, fractions []float64) bool {
	j := r.journey
	j.now = r.timeOf(tick)
	j.arrive()
	var turns []topology.ID
	for i := range r.runners {
		m := &r.runners[i]
		if j.state[m.id] == topology.Down && after[i] != down && !m.source {
			j.begin(m.id)
			j.powered = append(j.powered, m.id)
		}
		if after[i].rotated() && !before[i].rotated() {
			turns = append(turns, m.id)
		}
	}
	j.settle()
	turns = slices.DeleteFunc(turns, func(id topology.ID) bool { return j.state[id] != topology.Ready })
	j.turnAll(turns)
	if r.most {
		if !j.admit() {
			return false
		}
	} else if fractions != nil {
		r.admitAll(fractions)
	}
	j.record()
	return true
}

// admitAll admits what has been found, and of what counts nothing perhaps nothing.
func (r *retracing) admitAll(fractions []float64) {
	for i := range r.demands {
		d := &r.demands[i]
		k := slices.Index(r.gated, i)
		f := d.fraction
		switch {
		case k >= 0:
			f = fractions[k]
		case d.gated && r.worthless:
			f = 0
		}
		switch {
		case f > 1-snap:
			f = 1
		case f < snap:
			f = 0
		}
		if math.Abs(f-d.fraction) > rounds {
			d.admit(f, r.now)
		}
	}
}
