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

// An explorer makes journeys, and keeps the best plan.
type explorer struct {
	*compass
	like   *Plan
	bounds *outlook
	known  ways // that were tried
	best   *Plan
	why    error // what is wrong with the first that is not safe
	none   bool  // no plan is safe
}

// newExplorer is to do so much work, once it has a plan.
func (c *compass) newExplorer(like *Plan, work int) *explorer {
	c.work = maxWork - work
	return &explorer{compass: c, like: like, bounds: c.newOutlook()}
}

// spent returns how much work has been done of so much.
func (x *explorer) spent(work int) int { return x.work - maxWork + work }

// explore makes journeys by several policies, and returns the best plan.
func (x *explorer) explore(ctx context.Context, o Options) (*Plan, error) {
	err := x.tryAll(ctx, o)
	switch {
	case err != nil:
		return x.best, err
	case x.best == nil:
		x.like.Served, x.like.Reason = x.outcome.Served, x.unsafe()
		return x.like, nil
	}
	x.best.Reason = x.shortfall(ctx, x.best)
	return x.best, nil
}

// noPlan is how a Reason begins where a search has found that there is none.
const noPlan = "no plan is safe"

// unsafe says why there is no plan.
func (x *explorer) unsafe() string {
	if x.none {
		return fmt.Sprintf("%s; of the first that was made, %v", noPlan, x.why)
	}
	return fmt.Sprintf("none of the plans that were made is safe: %v", x.why)
}

// tryAll makes plans until one is proven, or all policies, or enough work, are done.
func (x *explorer) tryAll(ctx context.Context, o Options) error {
	if x.like.Soonest && !x.underway() {
		if err := x.keepTimetable(ctx, x.startable(), o.Effort); err != nil {
			return err
		}
	}
	began := time.Now()
	for i, policy := range journeys {
		if x.best != nil && (x.work > maxWork || x.best.Certainty == cascade.Proven && (!x.like.Soonest || fully(x.best))) {
			return nil
		}
		if x.pointless(policy) {
			continue
		}
		if x.best != nil {
			x.spend = maxWork
		}
		x.take(x.journeyBy(ctx, x.like, policy, &x.known))
		if x.spend = 0; ctx.Err() != nil {
			return ctx.Err()
		}
		if o.Progress != nil {
			o.Progress(cascade.Progress{Done: float64(i + 1), Total: float64(len(journeys)), Elapsed: time.Since(began)})
		}
	}
	return x.finish(ctx, o)
}

// finish does what policies alone cannot: a search to a proof, or the best timetable of what can be started together.
func (x *explorer) finish(ctx context.Context, o Options) (err error) {
	switch {
	case x.underway():
		return ctx.Err()
	case x.best == nil:
		x.best, x.none = x.rescue(ctx, x.like, x.bounds)
	case !x.like.Soonest:
		x.best, err = x.improve(ctx, x.best, x.bounds)
	}
	if !x.like.Soonest || x.best == nil {
		return cmp.Or(err, ctx.Err())
	}
	started := x.bounds.startedBy(x.best)
	if x.bounds.all(started) {
		return nil
	}
	err = x.keepTimetable(ctx, slices.DeleteFunc(x.startable(), func(id topology.ID) bool { return !started[id] }), o.Effort)
	x.bounds.judge(x.best)
	return err
}

// underway reports whether journeys go on from what has been done: searches and timetables would begin at 0.
func (x *explorer) underway() bool { return x.done != nil || x.until > 0 }

// startable returns what can be started, and what comes up by itself, in order of declaration.
func (c *compass) startable() []topology.ID {
	return slices.Sorted(slices.Values(slices.Concat(c.order, c.sources)))
}

// take keeps a plan if it is the best, or remembers why there is none.
func (x *explorer) take(plan *Plan, err error) {
	switch {
	case err != nil:
		x.why = cmp.Or(x.why, err)
	case plan != nil && (x.best == nil || x.better(plan, x.best)):
		x.best = plan
		x.bounds.judge(plan)
	}
}

// pointless reports whether a policy makes no difference to this fleet.
func (c *compass) pointless(p policy) bool {
	if p.enough || p.chosen && !p.lately && p.first != hold {
		j := c.newJourney(&Plan{}, p)
		j.choose()
		return !slices.Contains(j.chosen, false)
	}
	if p.quick {
		servers := slices.DeleteFunc(slices.Clone(c.order), func(id topology.ID) bool { return !c.rotates[id] })
		return !slices.ContainsFunc(servers, func(id topology.ID) bool { return c.bootTime[id] != c.bootTime[servers[0]] })
	}
	if p.apart {
		return !slices.ContainsFunc(c.asked, func(d demand) bool { return !d.gated && c.source[d.id] })
	}
	return p.ahead && !slices.ContainsFunc(c.asked, func(d demand) bool {
		return d.gated && (!p.waits || d.reopen.Surge > 0)
	})
}

// maxWork is how much work is enough to stop looking for a better plan, for about a second: lots whose loads are computed, components
// that are started or put in rotation, if only to try, and what replays cost.
const maxWork = 30_000_000

// errSpent is why a journey is given up: no work is left.
var errSpent = errors.New("no work is left")

// fully reports whether a plan serves everything in the end.
func fully(p *Plan) bool {
	return !slices.ContainsFunc(p.Served, func(s cascade.Served) bool { return s.Fraction < 1-2*settle })
}

// Ways are steps of plans that differ.
type ways [][]Step

// add reports whether these steps are new.
func (w *ways) add(steps []Step) bool {
	if slices.ContainsFunc(*w, func(known []Step) bool { return slices.EqualFunc(known, steps, Step.equal) }) {
		return false
	}
	*w = append(*w, steps)
	return true
}

func (s Step) equal(o Step) bool {
	return s.At == o.At && s.Do == o.Do && s.Admit == o.Admit && slices.Equal(s.What, o.What)
}

// maxTurns bounds the journeys by one policy that start over.
const maxTurns = 12

// journeyBy makes a plan by one policy; nil if it has the steps of one that is known. Where a journey ends in an impasse another
// one starts nothing of what led there; if nothing can be done about it, nothing is.
func (c *compass) journeyBy(ctx context.Context, like *Plan, by policy, known *ways) (*Plan, error) {
	var banned []bool
	var why error
	for range maxTurns {
		j := c.newJourney(like, by)
		j.banned = banned
		j.choose()
		stuck, err := j.travel(ctx)
		if err != nil {
			return nil, err
		}
		if stuck == nil {
			if !known.add(j.plan.Steps) {
				return nil, nil
			}
			c.work += c.replaying(j.plan)
			if err = c.measure(ctx, j.plan); err == nil {
				return j.plan, nil
			}
			var v *Violation
			if !errors.As(err, &v) {
				return nil, err
			}
			if why = err; by.patient {
				break
			}
			by.patient = true
			continue
		}
		why = fmt.Errorf("at %s what comes up by itself would overload something", clock(stuck.at))
		if banned == nil {
			banned = make([]bool, c.t.Len())
		}
		more := false
		for _, id := range stuck.why {
			more = more || !banned[id] && !c.source[id]
			banned[id] = true
		}
		if !more {
			break
		}
	}
	return nil, why
}

// choose settles which servers may enter rotation, what may start, and what is admitted ahead, as the policy asks for.
func (j *journey) choose() {
	if !j.policy.chosen && !j.enough && !j.ahead {
		return
	}
	j.attempt(func() bool {
		j.imagine()
		if j.policy.chosen || j.enough {
			j.leaveOut(j.pick())
		}
		if j.ahead {
			_, j.goal = j.warmMost()
		}
		return false
	})
}

// imagine makes everything ready and in rotation that ever can be.
func (j *journey) imagine() {
	for id, status := range j.state {
		if status == topology.Down && j.soon[id] >= 0 && (j.banned == nil || !j.banned[id]) {
			j.set(topology.ID(id), topology.Up)
		} else if status == topology.Ready && j.rotates[id] {
			j.set(topology.ID(id), topology.Up)
		}
	}
}

// pick returns what strongest finds, once for all journeys that leave nothing else out.
func (j *journey) pick() []bool {
	if picked := j.picked[j.enough]; picked != nil && j.banned == nil {
		return picked
	}
	picked := j.strongest()
	if j.banned == nil {
		j.picked[j.enough] = picked
	}
	return picked
}

// strongest finds how many of the strongest of each supply carry the most together in the end.
func (j *journey) strongest() []bool {
	off := topology.Ready
	if j.enough {
		off = topology.Down
	}
	best, picked := j.warmValue(), slices.Repeat([]bool{true}, j.t.Len())
	for i := range j.demands {
		for _, l := range j.linksOf[j.demands[i].id] {
			if l.Supply != nil {
				best = j.fewest(l.Members, off, best, picked)
			}
		}
	}
	return picked
}

// looks bounds the numbers of servers that are tried.
const looks = 24

// fewest sets those of the members aside without which more can be carried; with enough, those without which as much can.
func (j *journey) fewest(members []topology.ID, off topology.Status, best float64, picked []bool) float64 {
	var ids []topology.ID
	for _, id := range members {
		if j.status[id] != topology.Up && j.state[id] == topology.Up {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, j.byCapacity)
	keep := len(ids)
	try := func(n int) bool {
		j.work += len(ids)
		for i, id := range ids {
			if j.set(id, topology.Up); i >= n {
				j.set(id, off)
			}
		}
		value := j.warmValue()
		if value > best*(1+slack) || j.enough && n < keep && value >= best*(1-slack) {
			best, keep = max(best, value), n
			return true
		}
		return false
	}
	for i := looks - 1; i > 0; i-- {
		try(len(ids) * i / looks)
	}
	for step := len(ids) / looks; step > 0; step /= 2 {
		if !try(max(0, keep-step)) {
			try(min(len(ids), keep+step))
		}
	}
	if !j.enough {
		for n := 1; n < len(ids) && n < 2*looks; n++ {
			if j.t.Capacity(ids[n]) < j.t.Capacity(ids[n-1]) {
				try(n)
			}
		}
	}
	for i, id := range ids {
		if j.set(id, topology.Up); i >= keep {
			j.set(id, off)
			picked[id] = false
		}
	}
	return best
}

// leaveOut keeps what is not picked out of rotation, and with enough from starting.
func (j *journey) leaveOut(picked []bool) {
	j.chosen = picked
	off := topology.Ready
	if j.enough {
		j.needed, off = picked, topology.Down
	}
	for id := range picked {
		if !picked[id] {
			j.set(topology.ID(id), off)
		}
	}
}

// better reports whether a plan is better than another for their objective.
func (c *compass) better(a, b *Plan) bool {
	all := 0.0
	value := map[string]float64{}
	for i := range c.asked {
		value[c.t.Name(c.asked[i].id)] = c.worthOf(i)
		all += c.worthOf(i)
	}
	served := func(p *Plan) float64 {
		sum := 0.0
		for _, s := range p.Served {
			sum += float64(value[s.Demand] * s.Fraction)
		}
		return levelOf(sum / all)
	}
	if a.Soonest {
		return cmp.Or(c.started(b)-c.started(a), cmp.Compare(a.Finish, b.Finish), cmp.Compare(served(b), served(a)),
			cmp.Compare(a.Unserved, b.Unserved), len(a.Steps)-len(b.Steps)) < 0
	}
	return cmp.Or(cmp.Compare(served(b), served(a)), cmp.Compare(a.Unserved, b.Unserved), cmp.Compare(a.Full, b.Full),
		c.started(b)-c.started(a), cmp.Compare(a.Finish, b.Finish), len(a.Steps)-len(b.Steps)) < 0
}

// started returns how many components a plan powers on.
func (c *compass) started(p *Plan) int {
	n := 0
	for range p.doing(c.t, PowerOn) {
		n++
	}
	return n
}
