package restart

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// complete returns a plan that brings back what a plan leaves off, in steps that are joined where they can be. Its Reason says what
// stays off all the same.
func (c *compass) complete(ctx context.Context, p *Plan) (*Plan, error) {
	if p.Certainty == cascade.Undetermined {
		return p, nil
	}
	served := p.Served
	p, err := c.join(ctx, c.gather(ctx, c.bringRest(ctx, p)))
	if !slices.Equal(p.Served, served) {
		p.Reason = c.shortfall(ctx, p)
	}
	if why := c.stays(ctx, p); why != "" {
		said := *p
		said.Reason = strings.TrimPrefix(p.Reason+"; "+why, "; ")
		return &said, err
	}
	return p, err
}

// bringRest returns a plan that goes on once all is served that can be: it powers on, and puts in rotation, what else can be, as far
// as that is safe, and as long as no demand is served less by it. If there is none it returns the same.
func (c *compass) bringRest(ctx context.Context, p *Plan) *Plan {
	if off, out := c.leftOver(p); len(off)+len(out) == 0 {
		return p
	}
	after := *c
	sorted, _ := byTime(p)
	after.done, after.until = sorted.Steps, max(c.until, p.restFrom())
	made, err := after.journeyBy(ctx, p, policy{first: serve, rest: true}, &ways{})
	if err != nil || made == nil || !made.asGoodAs(p) {
		return p
	}
	return c.inPlaceOf(p, made)
}

// maxGathered bounds the replays for what is brought back one by one.
const maxGathered = 64

// gather brings back, one by one and tried by replays, what a journey leaves off because it leads to an impasse beside other things, or
// because hardly anything is left of some capacity. Of what nothing tells apart no other is tried where one has failed.
func (c *compass) gather(ctx context.Context, p *Plan) *Plan {
	failed := map[attempted]bool{}
	for range maxGathered {
		id, do, more := c.oneMore(p, failed)
		if !more || c.replayed > maxReplayed || ctx.Err() != nil {
			break
		}
		made := *p
		made.Steps = slices.Clone(p.Steps)
		made.act(c.t, c.settled(p), do, []topology.ID{id})
		if !c.isAsGood(ctx, &made, p) {
			failed[c.attempted(id, do)] = true
			continue
		}
		p = c.inPlaceOf(p, &made)
	}
	return p
}

// maxReplayed bounds the replays with which a plan is rounded off, in components times steps: some tenths of a second.
const maxReplayed = 5_000_000

// replaying returns what a replay of a plan costs, about.
func (c *compass) replaying(p *Plan) int { return (len(p.Steps) + 1) * c.t.Len() }

// isAsGood measures a plan, and reports whether it is safe and as good as another.
func (c *compass) isAsGood(ctx context.Context, p, as *Plan) bool {
	c.replayed += c.replaying(p)
	return c.measure(ctx, p) == nil && p.asGoodAs(as)
}

// attempted is what was done to one of a class, or to one that is in none.
type attempted struct {
	do    Action
	class int32
	id    topology.ID
}

func (c *compass) attempted(id topology.ID, do Action) attempted {
	if class := c.class[id]; class > 0 {
		return attempted{do, class, 0}
	}
	return attempted{do, 0, id}
}

// oneMore returns what else a plan may power on or put in rotation, if anything.
func (c *compass) oneMore(p *Plan, failed map[attempted]bool) (topology.ID, Action, bool) {
	off, out := c.leftOver(p)
	for _, id := range out {
		if !failed[c.attempted(id, Rotate)] {
			return id, Rotate, true
		}
	}
	for _, id := range off {
		if !failed[c.attempted(id, PowerOn)] {
			return id, PowerOn, true
		}
	}
	return 0, "", false
}

// settled returns a time at which all that a plan does is done: what it starts is ready and warm, and surges have decayed.
func (c *compass) settled(p *Plan) time.Duration {
	const decays = 28 // e^-28 is less than 1e-12
	at, warm := max(p.restFrom(), p.Finish, c.until), time.Duration(0)
	for id := range topology.ID(c.t.Len()) {
		if at = max(at, c.back[id]); warms(c.t, id) {
			warm = max(warm, c.t.Start(id).WarmUp)
		}
	}
	for i := range c.asked {
		if r := c.asked[i].reopen; r.Surge > 0 {
			warm = max(warm, min(r.Decay, math.MaxInt64/decays)*decays)
		}
	}
	return nextOn(p.Grid, later(at, warm))
}

// restFrom returns when a plan can go on for the rest: with the next time of the grid after full service, or with what is done later.
func (p *Plan) restFrom() time.Duration {
	last := p.Full
	for _, s := range p.Steps {
		last = max(last, s.At)
	}
	if last > 0 && last == p.Full {
		return nextOn(p.Grid, later(last, 1))
	}
	return last
}

// asGoodAs reports whether a measured plan serves no less of any demand in the end than another, and more of one, or is no worse until
// then, but for rounding.
func (p *Plan) asGoodAs(as *Plan) bool {
	const rounding = 1e-12
	more := false
	for i, s := range p.Served {
		if s.Fraction < as.Served[i].Fraction*(1-rounding) {
			return false
		}
		more = more || s.Fraction > as.Served[i].Fraction+settle
	}
	return more || p.Full <= as.Full && p.Unserved <= as.Unserved*(1+rounding)
}

// inPlaceOf returns a plan that goes on after another one does, or does the same in other steps, with the bounds of that one.
func (c *compass) inPlaceOf(p, made *Plan) *Plan {
	next := *p
	next.Steps, next.Unserved, next.Full, next.Finish, next.Served = made.Steps, made.Unserved, made.Full, made.Finish, made.Served
	next.LeastPossible = min(next.LeastPossible, next.Unserved)
	bounds := c.newCrowds()
	started := bounds.startedBy(&next)
	next.Earliest = min(next.Finish, max(p.Earliest, bounds.earliest(started)))
	if next.Soonest && next.Finish == next.Earliest && bounds.all(started) {
		next.Certainty = cascade.Proven
	}
	return &next
}

// leftOver returns what a plan leaves off though it could be started, and what it leaves ready and out of rotation.
func (c *compass) leftOver(p *Plan) (off, out []topology.ID) {
	status := slices.Clone(c.status)
	for _, id := range p.doing(c.t, PowerOn) {
		if status[id] = topology.Up; c.rotates[id] && c.status[id] != topology.Up {
			status[id] = topology.Ready
		}
	}
	for _, id := range p.doing(c.t, Rotate) {
		status[id] = topology.Up
	}
	for _, id := range c.order {
		if status[id] == topology.Down {
			off = append(off, id)
		}
	}
	for id, rotates := range c.rotates {
		if rotates && status[id] == topology.Ready {
			out = append(out, topology.ID(id))
		}
	}
	return off, out
}

// service returns what part of each demand is served now.
func (j *journey) service() []float64 {
	j.fits(j.now)
	j.tide.serve(&j.world)
	served := make([]float64, len(j.demands))
	for i := range j.demands {
		if d := &j.demands[i]; d.open {
			served[i] = d.fraction * j.tide.served[j.lot[d.id]]
		}
	}
	return served
}

// keeps reports whether no demand is served less than when the rest began, with the loads that were computed last.
func (j *journey) keeps() bool {
	j.tide.serve(&j.world)
	for i, least := range j.floor {
		if d := &j.demands[i]; d.fraction*j.tide.served[j.lot[d.id]] < least*(1-1e-12) {
			return false
		}
	}
	return true
}
