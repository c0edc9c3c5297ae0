package restart

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
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
	watch *watcher // nil: nobody watches

	now    time.Duration
	next   int // step
	events *queue.Queue[event]
	pause  pause
	luck   *luck               // how boots go; nil: as they should
	failed []bool              // by ID: it did not come up; nil: nothing did
	parsed []parsed            // by step, once it has been looked at
	taken  []taken             // steps, in order
	seen   func(time.Duration) // called after each instant; nil: nobody asks
	diary  *diary              // of what steps did; nil: nobody asks
	since  []time.Duration     // by ID: when it became ready; negative: not on the way; nil: nobody asks

	back       []time.Duration // by ID: from when it can be started
	rotates    []bool          // by ID: it waits to be put in rotation
	wanted     []bool          // by ID: it is to start as soon as it can
	warming    []warming
	shifting   []int32 // pools that share by capacity among members that draw on something
	waterfalls int     // pools
	coarse     bool    // between events only a few times are looked at, where bounds prove nothing,
	rough      bool    // and there was such a time
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
	if err := r.playTo(ctx, math.MaxInt64); err != nil {
		return err
	}
	return r.untaken()
}

// playTo replays all instants up to one, this included.
func (r *replay) playTo(ctx context.Context, last time.Duration) error {
	r.load(0)
	r.flow = r.t.Flow(r.state)
	before := r.overload(-1)
	r.watch.moment(r)
	for at, more := time.Duration(0), true; more && at <= last; at, more = r.upcoming() {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.watch.until(r, at)
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
		if r.seen != nil {
			r.seen(at)
		}
	}
	return nil
}

// untaken returns what is wrong with a step that was never reached.
func (r *replay) untaken() error {
	for i := r.next; i < len(r.plan.Steps); i++ {
		if _, v := r.find(i); v != nil {
			return v
		}
	}
	return nil
}

// upcoming returns when something happens next.
func (r *replay) upcoming() (time.Duration, bool) {
	e, more := r.events.First()
	if at, due := r.due(); due && (!more || at < e.at) {
		return max(r.now, at), true // take reports one before 0
	}
	return e.at, more
}

// instant lets happen what happens now, and looks at what that leaves.
func (r *replay) instant() error {
	changed := r.now == 0
	for e, more := r.events.First(); more && e.at <= r.now; e, more = r.events.First() {
		r.events.Pop()
		changed = r.happen(e) || changed
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
	r.watch.moment(r)
	if v := r.overload(r.next - 1); v != nil {
		return v
	}
	return nil
}

// happen ends a boot or a warm-up, or lets begin what needs no step; it reports whether anything may have more load then, or
// somebody wants to know. What only waits to be put in rotation once it has booted draws less than before, as does what has failed.
func (r *replay) happen(e event) bool {
	switch e.kind {
	case booted:
		for _, l := range r.limited[e.id] {
			r.limits[l].booting--
		}
		if r.luck.failing(e.id) {
			r.fail(e.id)
			return false
		}
		woken := r.runs(e.id)
		r.start(woken...)
		return len(woken) > 0 || !r.rotates[e.id] || r.t.Demand(e.id) > 0 || r.watch != nil
	case begins:
		r.start(e.id)
	}
	return e.kind != warmed
}

// start powers on those of the components that are wanted and can be started, and those that can then.
// The others wait.
func (r *replay) start(ids ...topology.ID) {
	for queue := slices.Clone(ids); len(queue) > 0; {
		id := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if !r.wanted[id] || r.state.Status[id] != topology.Down || r.back[id] > r.now || r.hasFailed(id) {
			continue
		}
		if l := r.ready.unmet(id); l != nil {
			r.ready.wait(id, l)
			continue
		}
		r.wanted[id] = false
		boot := r.luck.boot(id, r.t.Start(id).Boot)
		if boot == 0 && r.luck.failing(id) {
			r.fail(id)
			continue
		}
		if boot == 0 {
			queue = append(queue, r.runs(id)...)
			continue
		}
		r.state.Status[id] = topology.Booting
		for _, l := range r.limited[id] {
			r.limits[l].booting++
		}
		r.events.Push(event{later(r.now, boot), booted, id})
	}
}

// runs makes a component ready, and returns those that waited for that.
func (r *replay) runs(id topology.ID) []topology.ID {
	r.meter.finish = max(r.meter.finish, r.now)
	if r.since != nil {
		r.since[id] = r.now
	}
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
	if warms(r.t, id) {
		start := r.t.Start(id)
		r.warming = append(r.warming, warming{id, r.now, start})
		r.events.Push(event{later(r.now, start.WarmUp), warmed, id})
	}
}
