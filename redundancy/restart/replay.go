package restart

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A replay is a plan under way.
type replay struct {
	t     *topology.Topology
	plan  *Plan // its steps in order of time,
	order []int // and where each stands in the plan that was given
	state topology.State
	flow  *topology.Flow
	ready *readiness
	meter *meter

	now    time.Duration
	next   int // step
	events events

	back       []time.Duration // by ID: from when it can be started
	rotates    []bool          // by ID: it waits to be put in rotation
	wanted     []bool          // by ID: it is to start as soon as it can
	warming    []warming
	shifting   []int32 // pools that share by capacity among members that draw on something
	waterfalls int     // pools
	demands    []demand
	limits     []limit
	limited    [][]int32 // by ID
}

// A warming component has entered rotation and not yet all of its capacity.
type warming struct {
	id    topology.ID
	since time.Duration
	start topology.Start
}

func newReplay(t *topology.Topology, p *Plan) (*replay, error) {
	if p.Grid < 0 {
		return nil, fmt.Errorf("grid: %v: give a time above 0, or 0 for none", p.Grid)
	}
	outcome, err := cascade.Run(t, p.Scenario)
	if err != nil {
		return nil, err
	}
	plan, order := byTime(p)
	r := &replay{t: t, plan: plan, order: order, ready: newReadiness(t), meter: newMeter(outcome)}
	if r.back, err = returns(t, p.Return); err != nil {
		return nil, err
	}
	if r.limits, err = limits(t, p.AtOnce); err != nil {
		return nil, err
	}
	r.limited = make([][]int32, t.Len())
	for i, l := range r.limits {
		for _, id := range l.ids {
			r.limited[id] = append(r.limited[id], int32(i))
		}
	}
	if r.state, err = begin(t, outcome); err != nil {
		return nil, err
	}
	r.prepare(p.Scenario.Load)
	return r, nil
}

// begin returns the state in which a cascade ends.
func begin(t *topology.Topology, outcome *cascade.Outcome) (topology.State, error) {
	n := t.Len()
	s := topology.State{Status: make([]topology.Status, n), Demand: make([]float64, n), Capacity: make([]float64, n)}
	drained, err := t.Select(outcome.Scenario.Drain...)
	if err != nil {
		return s, err
	}
	for id := range s.Capacity {
		s.Capacity[id] = t.Capacity(topology.ID(id))
	}
	for _, id := range drained {
		s.Status[id] = topology.Ready
	}
	for _, f := range outcome.Failures {
		if id, ok := t.Lookup(f.Component); ok {
			s.Status[id] = topology.Down
		}
	}
	return s, nil
}

// prepare finds the demands, who waits for rotation, and who comes up without a step.
func (r *replay) prepare(load float64) {
	if load == 0 {
		load = 1
	}
	r.rotates, r.wanted = make([]bool, r.t.Len()), make([]bool, r.t.Len())
	for id, status := range r.state.Status {
		id := topology.ID(id)
		if status != topology.Down {
			r.ready.runs(id)
		}
		if status == topology.Up {
			r.ready.turns(id)
		}
		if r.t.Demand(id) == 0 {
			continue
		}
		c := r.t.Component(id)
		d := demand{id: id, full: load * c.Demand, gated: c.Gated, reopen: c.Reopen, admitted: 1, open: status != topology.Down}
		if c.Gated && !d.open {
			d.admitted = 0
		}
		r.demands = append(r.demands, d)
		for _, l := range r.t.Links(id) {
			if l.Supply != nil {
				for _, m := range l.Members {
					r.rotates[m] = true
				}
			}
		}
		if len(r.t.PoolsOf(id)) == 0 && status == topology.Down && r.back[id] >= 0 {
			r.wanted[id] = true
			r.events.add(event{r.back[id], begins, id})
		}
	}
	for i, p := range r.t.Pools() {
		if p.Share == topology.Waterfall {
			r.waterfalls++
		}
		if (p.Share == topology.Proportional || p.Share == topology.Waterfall) && slices.ContainsFunc(p.Members, r.draws) {
			r.shifting = append(r.shifting, int32(i))
		}
	}
}

// draws reports whether a component passes load on.
func (r *replay) draws(id topology.ID) bool {
	return slices.ContainsFunc(r.t.Links(id), func(l topology.Link) bool { return l.Supply != nil })
}

// byTime returns the plan with its steps in order of time, those of one instant as they stand, and where each stood.
func byTime(p *Plan) (*Plan, []int) {
	sorted, order := *p, make([]int, len(p.Steps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p.Steps[i].At, p.Steps[j].At) })
	sorted.Steps = make([]Step, len(order))
	for i, from := range order {
		sorted.Steps[i] = p.Steps[from]
	}
	return &sorted, order
}

// run replays the plan; a violation names the step as the plan numbers it.
func (r *replay) run(ctx context.Context) error {
	err := r.play(ctx)
	if v := (*Violation)(nil); errors.As(err, &v) && v.Step >= 0 {
		v.Step = r.order[v.Step]
	}
	return err
}

// play replays instant after instant until nothing is left to happen.
func (r *replay) play(ctx context.Context) error {
	r.load(0)
	r.flow = r.t.Flow(r.state)
	before := r.overload(-1)
	for at, more := time.Duration(0), true; more; at, more = r.upcoming() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.between(ctx, at); err != nil {
			return err
		}
		r.meter.pass(at)
		r.now = at
		err := r.instant()
		var v *Violation
		if errors.As(err, &v) && v.Reason == Overload && at == 0 && before != nil {
			return before
		}
		if err != nil {
			return err
		}
		r.meter.read(r, at)
	}
	return nil
}

// upcoming returns when something happens next.
func (r *replay) upcoming() (time.Duration, bool) {
	at, more := r.events.first()
	if r.next < len(r.plan.Steps) && (!more || r.plan.Steps[r.next].At < at) {
		at, more = max(r.now, r.plan.Steps[r.next].At), true // take reports one before 0
	}
	return at, more
}

// instant lets happen what happens now, and looks at what that leaves.
func (r *replay) instant() error {
	changed := r.now == 0
	for {
		at, ok := r.events.first()
		if !ok || at > r.now {
			break
		}
		e := r.events.pop()
		changed = changed || e.kind != warmed
		r.happen(e)
	}
	first := r.next
	if v := r.take(); v != nil {
		return v
	}
	r.open()
	r.load(r.now)
	if !changed && first == r.next {
		return nil // capacities have grown, nothing else
	}
	if v := r.crowd(); v != nil {
		return v
	}
	r.flow.Update(r.state)
	if v := r.overload(r.next - 1); v != nil {
		return v
	}
	return nil
}

// happen ends a boot or a warm-up, or lets begin what needs no step.
func (r *replay) happen(e event) {
	switch e.kind {
	case booted:
		for _, l := range r.limited[e.id] {
			r.limits[l].booting--
		}
		r.start(r.runs(e.id)...)
	case begins:
		r.start(e.id)
	}
}

// start powers on those of the components that are wanted and can be started, and those that can then.
// The others wait.
func (r *replay) start(ids ...topology.ID) {
	for queue := slices.Clone(ids); len(queue) > 0; {
		id := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if !r.wanted[id] || r.state.Status[id] != topology.Down || r.back[id] > r.now {
			continue
		}
		if l := r.ready.unmet(id); l != nil {
			r.ready.wait(id, l)
			continue
		}
		r.wanted[id] = false
		boot := r.t.Component(id).Start.Boot
		if boot == 0 {
			queue = append(queue, r.runs(id)...)
			continue
		}
		r.state.Status[id] = topology.Booting
		for _, l := range r.limited[id] {
			r.limits[l].booting++
		}
		r.events.add(event{later(r.now, boot), booted, id})
	}
}

// runs makes a component ready, and returns those that waited for that.
func (r *replay) runs(id topology.ID) []topology.ID {
	r.meter.finish = max(r.meter.finish, r.now)
	r.state.Status[id] = topology.Ready
	if !r.rotates[id] {
		r.rotate(id)
	}
	return r.ready.runs(id)
}

// rotate puts a component that is ready in rotation.
func (r *replay) rotate(id topology.ID) {
	r.state.Status[id] = topology.Up
	r.ready.turns(id)
	if math.IsInf(r.t.Capacity(id), 1) {
		return
	}
	if start := r.t.Component(id).Start; start.WarmUp > 0 && start.Cold < 1 {
		r.warming = append(r.warming, warming{id, r.now, start})
		r.events.add(event{later(r.now, start.WarmUp), warmed, id})
	}
}
