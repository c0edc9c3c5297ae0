package restart

import (
	"context"
	"math"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// An exact search tries every way back of a small fleet of any kind, but for those that cannot be better: for the most served in
// the end by value, and of what serves that, for the least unserved demand. It leaves fleets alone of which some share is a
// waterfall, or goes by the capacity of what warms up: there less demand, or more capacity, is not always safer. Where it takes
// something for better than it is, what it finds is a bound, and a plan that meets it is proven all the same: surges of what can
// be held back count for nothing, and what is done between two ticks is done with the loads and capacities of the second.
//
// When things happen. The tick is the greatest common divisor of the grid, the returns and the boots. Where nothing surges or warms up,
// no plan is better than the best of those whose steps are at ticks: add the same part of a tick, θ, to all times of a plan, and
// round them down. Boots take as long as before, nothing starts before its return, and what followed another does not come before
// it. From a tick t on all is as it was just before t+1−θ, between the same two times of the grid; so it is safe, with the same
// admitted. On average over θ as much is unserved as was; so for some θ no more is. Where no step lets less be served, see
// findGentle, that is so for θ = 0, and nothing enters rotation later than it did.
//
// Ticks are enough, too, for what warms up in front: whose load is raised by nothing but its own rotation between two times of the grid.
// With θ = 0 it is as warm at each time as it was, and its load at a tick t is at most what it was then, or when it entered rotation.
//
// For what else warms up, or surges, there is a reason to wait for a part of a tick. Then ticks are halved: a slot of an even number
// is a tick, and the one after it stands for all that is done until the next tick, as things stand just before that. What has
// entered rotation between two ticks counts as warm as if it had been at the first; all else is as it is. What is served just
// before a tick counts for all of the time since the one before. So each plan has one in slots that is taken for no worse, and
// what is done at ticks alone is taken for what it is. Where a step may let less be served, all is taken for a tick warmer instead.
//
// Of the ticks, those count at which something ends, returns, or can be admitted, or something is under way that is worth waiting
// for. What is done at another tick may as well be done at the one before: the loads are those that it brought later, and safe. What it starts is ready sooner then; that does
// no harm but where what is ready takes load at once, or lets a demand come: only such a start has a reason to be between
// events. Where a member in rotation may serve less than others, that of rotating has one too. See findGentle.
//
// What is admitted. Of it nothing lasts but surges, so between two times of the grid it is best chosen by itself, for what starts
// and enters rotation in between: a linear program, whose dual prices bound it whatever floating point does.
//
// The end. What is unserved counts until what is served changes for the last time. An end is a tick from which on, without steps, it
// does not change, though boots may end; where something under way forbids that, it counts as an end for the bound only.
//
// States at one time of the grid are the same if their statuses and the ends of their boots, warm-ups and surges are, but for which
// of identical components have them; the cheapest stands for all. One is left alone if its unserved demand, with that of the outlook
// from then on, is no less than that of a plan that is known. The states that are looked at are counted, and bounded: what
// is open then bounds the rest.
type exact struct {
	*compass
	j       *journey // for loads
	tick    time.Duration
	slots   int  // of a tick: two if it is halved
	perGrid int  // slots
	last    int  // slot at which something returns
	rough   bool // something may be taken for better than it is
	finely  bool // steps are worth taking at any tick
	timely  bool // states at two times of the grid are never the same

	runners []runner
	of      []int32 // by ID: its runner; -1: its status does not change
	classes [][]int // runners that nothing tells apart
	limited []quorum
	gated   []int   // places in compass.asked that count, and of which a fraction can be admitted
	all     float64 // worth of all demands

	configs  map[string]*config
	buffer   []byte // of a key
	programs map[string]admission
	goal     float64 // worth that is to be served in the end,
	target   float64 // and what is taken for as much
	looks    int
	at       float64 // what part of an interval's choices is behind,
	width    float64 // and how much of them is in what is being looked at
	least    float64 // of plans that serve as much by value as that at hand: what the latest search found
}

// maxExactLooks bounds the states that are looked at, for some tenths of a second at most. A search that, by the part of the choices
// that is behind it, would take more than hopelessLooks of them is given up after the first few.
const (
	maxExactLooks = 40_000
	fewLooks      = 2_000
	hopelessLooks = 3 * maxExactLooks
)

// improve searches for a plan that is better than one that was made, or for a proof that there is none.
func (c *compass) improve(ctx context.Context, p *Plan, bounds *outlook) (*Plan, error) {
	x := c.newExact(p, bounds)
	if x == nil {
		return p, nil
	}
	p, most := x.serveMore(ctx, p, bounds)
	for better := true; better && !x.proves(p, most); {
		found := x.search(ctx, x.valueOf(p), p.Unserved, bounds)
		if err := ctx.Err(); err != nil {
			return p, err
		}
		plan := x.planOf(ctx, p, found.end)
		if better = plan != nil && c.better(plan, p); better {
			bounds.judge(plan)
			p = plan
		}
		x.bound(p, found)
	}
	if x.proves(p, most) {
		p.Certainty = cascade.Proven
	}
	return p, nil
}

// bound gives a plan the bound of the latest search, if it serves as much as was searched for.
func (x *exact) bound(p *Plan, f finding) {
	x.least = 0
	if x.valueOf(p) >= x.target {
		x.least = f.least
		p.LeastPossible = min(p.Unserved, max(p.LeastPossible, f.least))
	}
}

// proves reports whether a plan serves the most, and leaves no more unserved than its bound.
func (x *exact) proves(p *Plan, most float64) bool {
	return x.valueOf(p) >= most*(1-2*settle) && p.Unserved <= x.least*(1+topology.Tolerance)
}

// serveMore looks for a plan that serves more in the end; it returns the best, and the most that any may serve.
func (x *exact) serveMore(ctx context.Context, p *Plan, bounds *outlook) (*Plan, float64) {
	served := -1. // no plan is known
	if p.Certainty != cascade.Undetermined {
		served = x.valueOf(p)
	}
	if served >= x.all*(1-2*settle) {
		return p, served
	}
	top := x.top()
	if top <= served*(1+2*settle) && served >= 0 {
		return p, served
	}
	most, may := x.reach(ctx)
	if most > served*(1+2*settle) {
		found := x.search(ctx, most, math.Inf(1), bounds)
		if plan := x.planOf(ctx, p, found.end); plan != nil && (served < 0 || x.better(plan, p)) {
			bounds.judge(plan)
			x.bound(plan, found)
			p = plan
		}
	}
	return p, min(top, may)
}

// rescue searches for a plan where none that was made is safe; it reports whether it is sure that there is none.
func (c *compass) rescue(ctx context.Context, p *Plan, bounds *outlook) (best *Plan, none bool) {
	x := c.newExact(p, bounds)
	if x == nil {
		return nil, false
	}
	if _, may := x.reach(ctx); may < 0 {
		return nil, true
	}
	if best, _ = x.serveMore(ctx, p, bounds); best.Certainty == cascade.Undetermined {
		return nil, false
	}
	return best, false
}

// valueOf returns the worth of what a plan serves in the end.
func (x *exact) valueOf(p *Plan) (sum float64) {
	for i := range x.asked {
		for _, s := range p.Served {
			if s.Demand == x.t.Name(x.asked[i].id) {
				sum += float64(x.worth[i] * s.Fraction)
			}
		}
	}
	return sum
}
