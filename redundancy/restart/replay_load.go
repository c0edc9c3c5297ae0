package restart

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// open lets demands come whose components have come up.
func (r *replay) open() {
	for i := range r.demands {
		d := &r.demands[i]
		if status := r.state.Status[d.id]; d.open || status == topology.Down || status == topology.Booting {
			continue
		}
		if d.gated || r.ready.carried(d.id) {
			d.opens(r.now)
		}
	}
}

// load sets demands and capacities to those of a time.
func (r *replay) load(at time.Duration) {
	for i := range r.demands {
		r.state.Demand[r.demands[i].id] = r.demands[i].now(at)
	}
	r.warm(at)
}

// coldest stands for none of a capacity: what has none, and takes a share by capacity of it, is overloaded as soon as it has
// the least bit.
const coldest = 1e-9

// warms reports whether a component enters rotation with less than all of its capacity.
func warms(t *topology.Topology, id topology.ID) bool {
	start := t.Start(id)
	return start.WarmUp > 0 && start.Cold < 1 && !math.IsInf(t.Capacity(id), 1)
}

// warmth returns the part of its capacity that a component has some time after it has entered rotation.
func warmth(start topology.Start, age time.Duration) float64 {
	if age >= start.WarmUp {
		return 1
	}
	return start.Cold + float64((1-start.Cold)*(float64(age)/float64(start.WarmUp)))
}

// warm sets the capacities to those of a time, and forgets what is warm by now.
func (r *replay) warm(at time.Duration) {
	r.warming = slices.DeleteFunc(r.warming, func(w warming) bool {
		r.state.Capacity[w.id] = r.t.Capacity(w.id) * max(coldest, warmth(w.start, at-w.since))
		return r.now-w.since >= w.start.WarmUp
	})
}

// overload returns the first component that is overloaded; nil if none is.
func (r *replay) overload(step int) *Violation {
	for id, status := range r.state.Status {
		if status != topology.Down && topology.Overloaded(r.flow.Load[id], r.state.Capacity[id]) {
			id := topology.ID(id)
			return &Violation{Step: step, At: r.now, Reason: Overload, Failure: cascade.Failure{
				Component: r.t.Name(id), At: r.now, Cause: cascade.Tripped,
				Load: r.flow.Load[id], Capacity: r.state.Capacity[id], Unit: r.t.Unit(id),
			}}
		}
	}
	return nil
}

// crowd returns the first pattern of which too many boot; nil if none.
func (r *replay) crowd() *Violation {
	for _, l := range r.limits {
		if l.booting > l.most {
			return r.violation(r.next-1, TooMany, l.pattern, "would boot %d at once: at most %d may", l.booting, l.most)
		}
	}
	return nil
}

func (r *replay) violation(step int, reason Reason, component, format string, args ...any) *Violation {
	return &Violation{Step: step, At: r.now, Reason: reason, Detail: fmt.Sprintf(format, args...),
		Failure: cascade.Failure{Component: component, At: r.now}}
}
