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

// A Present is how far a plan has come.
type Present struct {
	At       time.Duration            // what was to be done before is done; what is from then on is open
	Failed   topology.Names           // what was started, or should be, and does not come up
	Return   map[string]time.Duration // pattern: from when it can be started, for what is down at At, as far as that is news; negative is never
	Progress func(cascade.Progress)   // as in [Options]
}

// Resume plans the way back from where a plan has come to. The result is a whole plan: what was done before the present, as it
// was, and then what is best from there: what boots goes on booting, what warms up goes on warming, and what was admitted stays until
// something else is. It has passed [Verify] as a whole.
//
// What was done is what a replay does before that time, with boots as long as they should be: steps with conditions stand there
// without, at the times at which they were taken, with what they acted on. What boots longer than it should, give as Failed,
// with the time in Return from which it will be worth another start. What has failed, and what could not start without
// it, stands in no step before the present, as if nobody had touched it; it is started again from its time in Return, or
// never. Whatever is still down at the present returns as the plan has it, or as Return says.
//
// The rest is made as [Make] makes it for any fleet, and the plan as it was going on is kept if that is better. Its bounds are
// those of all plans from the beginning, for what returns as is known now.
//
// The error is that of [Verify] if the steps before the present are not safe, says what of the present the topology does not
// have or what is impossible, or is that of ctx.
func (p *Plan) Resume(ctx context.Context, t *topology.Topology, now Present) (*Plan, error) {
	if now.At < 0 {
		return nil, fmt.Errorf("present: %v: give a time after the end of the cascade, from 0 on", now.At)
	}
	past, err := p.past(ctx, t, now)
	if err != nil {
		return nil, err
	}
	like := p.blank()
	like.Return, like.Grid = past.back, cmp.Or(p.Grid, time.Minute)
	f, m, _, err := survey(t, like)
	if err != nil {
		return nil, err
	}
	c := newCompass(f, like, m)
	c.done, c.until = past.done, now.At
	x := c.newExplorer(like, maxWork)
	made, err := x.explore(ctx, Options{Progress: now.Progress})
	if err != nil {
		return made, err
	}
	if going := past.goesOn(ctx, c, like); going != nil && (made.Certainty == cascade.Undetermined || c.better(going, made)) {
		x.bounds.judge(going)
		going.Reason = c.shortfall(ctx, going)
		made = going
	}
	if made, err = c.complete(ctx, made); err != nil {
		return made, err
	}
	cost, err := waivers(t, nil)
	if err != nil {
		return nil, err
	}
	f.explain(ctx, made, cost)
	return made, nil
}

// before says of what goes wrong before the present that it does so without what has failed.
func (now Present) before(err error) error {
	var wrong *Violation
	if len(now.Failed) == 0 || !errors.As(err, &wrong) {
		return err
	}
	return fmt.Errorf("the plan until %s, without %s: %w", clock(now.At), list(now.Failed), err)
}

// A past is what was done of a plan.
type past struct {
	done []Step                   // before the present
	all  []Step                   // and what would be if it went on
	back map[string]time.Duration // from when what is down can be started, as is known now
}

// goesOn returns the plan as it would go on; nil if that is not safe.
func (p *past) goesOn(ctx context.Context, c *compass, like *Plan) *Plan {
	plan := *like
	plan.Steps = p.all
	if p.all == nil || c.measure(ctx, &plan) != nil {
		return nil
	}
	return &plan
}

// past replays a plan without what has failed.
func (p *Plan) past(ctx context.Context, t *topology.Topology, now Present) (*past, error) {
	failed, err := t.Select(now.Failed...)
	if err != nil {
		return nil, fmt.Errorf("failed: %w", err)
	}
	r, err := newReplay(t, p)
	if err != nil {
		return nil, err
	}
	for _, id := range failed {
		if r.state.Status[id] != topology.Down {
			return nil, fmt.Errorf("failed: %s: it runs when the cascade is over: have the scenario lose it", t.Name(id))
		}
	}
	if r, err = without(t, p, failed, r.plan.Steps); err != nil {
		return nil, err
	}
	then := r.fresh(nil)
	then.diary = &diary{}
	if err := then.playTo(ctx, now.At-1); err != nil {
		return nil, now.before(err)
	}
	found := &past{done: then.diary.steps}
	if found.back, err = then.news(p, now, failed); err != nil {
		return nil, err
	}
	if grid := cmp.Or(p.Grid, time.Minute); slices.ContainsFunc(found.done, func(s Step) bool { return s.Do == Admit && s.At%grid != 0 }) {
		return nil, fmt.Errorf("grid: something was admitted between the times of a grid of %v: give the plan a grid that has them", grid)
	}
	on := r.fresh(nil)
	on.diary = &diary{}
	if err := on.play(ctx); err == nil {
		found.all = on.diary.steps
	}
	return found, ctx.Err()
}

// without returns a replay of a plan in which no step touches some components.
func without(t *topology.Topology, p *Plan, failed []topology.ID, steps []Step) (*replay, error) {
	out := make([]bool, t.Len())
	for _, id := range failed {
		out[id] = true
	}
	plan := *p
	plan.Steps = nil
	for _, s := range steps {
		ids, err := t.Select(s.What...)
		if err == nil && (s.Do == PowerOn || s.Do == Rotate) {
			left := slices.DeleteFunc(slices.Clone(ids), func(id topology.ID) bool { return out[id] })
			if len(left) == 0 && len(ids) > 0 && !s.conditional() {
				continue
			}
			if len(left) < len(ids) && len(left) > 0 {
				s.What = t.Names(left)
			} else if len(left) == 0 {
				s.Do = GoOn
			}
		}
		plan.Steps = append(plan.Steps, s)
	}
	return newReplay(t, &plan)
}

// news returns from when what is down can be started, as is known now. What has been started was back by then.
func (r *replay) news(p *Plan, now Present, failed []topology.ID) (map[string]time.Duration, error) {
	says, err := returns(r.t, now.Return)
	if err != nil {
		return nil, err
	}
	heard := make([]bool, r.t.Len())
	for pattern := range now.Return {
		ids, _ := r.t.Select(pattern) // returns has looked it up
		for _, id := range ids {
			heard[id] = true
		}
	}
	at := slices.Clone(r.back)
	for _, id := range failed {
		at[id] = never
	}
	byTime := map[time.Duration][]topology.ID{}
	for id, status := range r.state.Status {
		if status == topology.Down && heard[id] {
			at[id] = says[id]
			if says[id] >= 0 {
				at[id] = max(says[id], now.At)
			}
		}
		if at[id] != 0 {
			byTime[at[id]] = append(byTime[at[id]], topology.ID(id))
		}
	}
	if len(byTime) == 0 {
		return p.Return, nil
	}
	back := map[string]time.Duration{}
	for at, ids := range byTime {
		for _, pattern := range r.t.Names(ids) {
			back[pattern] = at
		}
	}
	return back, nil
}

// retrace notes when the steps were taken with which journeys begin.
func (j *journey) retrace() {
	for _, s := range j.done {
		j.at(s.At)
	}
	if j.until > 0 {
		j.at(j.until)
	}
}

// repeat takes the steps of this instant with which journeys begin.
func (j *journey) repeat() {
	first := slices.IndexFunc(j.done, func(s Step) bool { return s.At >= j.now })
	if first < 0 {
		return
	}
	steps := j.done[first:]
	if end := slices.IndexFunc(steps, func(s Step) bool { return s.At > j.now }); end >= 0 {
		steps = steps[:end]
	}
	for _, s := range steps {
		ids, _ := j.t.Select(s.What...) // they have been replayed
		switch s.Do {
		case PowerOn:
			j.again(ids)
		case Rotate:
			j.turnAll(slices.DeleteFunc(ids, func(id topology.ID) bool { return j.state[id] != topology.Ready }))
		}
	}
	for _, s := range steps {
		ids, _ := j.t.Select(s.What...)
		for i := range j.demands {
			if d := &j.demands[i]; s.Do == Admit && slices.Contains(ids, d.id) {
				d.admit(s.Admit, j.now)
			}
		}
	}
	j.settle()
}

// again powers on components, those first that others need.
func (j *journey) again(ids []topology.ID) {
	for more := true; more; {
		more = false
		for _, id := range ids {
			if j.state[id] == topology.Down && j.met(id) {
				j.begin(id)
				j.powered = append(j.powered, id)
				more = true
			}
		}
	}
}
