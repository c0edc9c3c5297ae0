package restart

import (
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/topology"
)

// A luck is how boots go in one replay. Of a nil one they take as long as they should, and succeed.
type luck struct {
	takes []time.Duration // by ID
	fails []bool          // by ID
}

// boot returns how long a component boots that should boot so long.
func (l *luck) boot(id topology.ID, nominal time.Duration) time.Duration {
	if l == nil || l.takes == nil {
		return nominal
	}
	return l.takes[id]
}

// failing reports whether a component does not come up.
func (l *luck) failing(id topology.ID) bool { return l != nil && l.fails[id] }

// fail ends a boot without success: the component is down, and nobody tries again.
func (r *replay) fail(id topology.ID) {
	if r.failed == nil {
		r.failed = make([]bool, r.t.Len())
	}
	r.failed[id] = true
	r.state.Status[id] = topology.Down
}

func (r *replay) hasFailed(id topology.ID) bool { return r.failed != nil && r.failed[id] }

// fresh returns a replay from its beginning, with another luck. What does not change on the way they have in common, and what
// names have been looked up: they are not for concurrent use.
func (r *replay) fresh(l *luck) *replay {
	c := *r
	c.luck, c.failed, c.taken, c.warming = l, nil, nil, nil
	c.state = cloneState(r.state)
	ready := *r.ready
	ready.ready, ready.turning = slices.Clone(ready.ready), slices.Clone(ready.turning)
	ready.waiting = make([][]topology.ID, len(ready.waiting))
	c.ready = &ready
	meter := *r.meter
	c.meter = &meter
	c.meter.names = nil
	c.events = queue.New(event.compare)
	for _, e := range r.events.Items() {
		c.events.Push(e)
	}
	c.wanted, c.demands, c.limits = slices.Clone(r.wanted), slices.Clone(r.demands), slices.Clone(r.limits)
	return &c
}

func cloneState(s topology.State) topology.State {
	return topology.State{Status: slices.Clone(s.Status), Demand: slices.Clone(s.Demand), Capacity: slices.Clone(s.Capacity)}
}
