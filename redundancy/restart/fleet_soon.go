package restart

import (
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/queue"
	"github.com/ridethrough/ridethrough/topology"
)

// soonest finds the earliest time at which each component could be powered on, and ready, if nothing but returns, boots and
// needs held it back: what a replay does, without steps, limits and loads.
func (f *fleet) soonest() {
	n := f.t.Len()
	f.bootTime, f.from, f.soon = make([]time.Duration, n), make([]time.Duration, n), make([]time.Duration, n)
	ready, events := newReadiness(f.t), queue.New(event.compare)
	for id, status := range f.status {
		id := topology.ID(id)
		if status != topology.Down {
			ready.runs(id)
			continue
		}
		f.bootTime[id], f.from[id], f.soon[id] = f.t.Start(id).Boot, never, never
		if f.back[id] >= 0 {
			events.Push(event{f.back[id], begins, id})
		}
	}
	for e, more := events.Pop(); more; e, more = events.Pop() {
		if e.kind == booted {
			for _, id := range ready.runs(e.id) {
				events.Push(event{e.at, begins, id})
			}
		} else if l := ready.unmet(e.id); l != nil {
			ready.wait(e.id, l)
		} else {
			f.begun = append(f.begun, e.id)
			f.from[e.id], f.soon[e.id] = e.at, later(e.at, f.bootTime[e.id])
			events.Push(event{f.soon[e.id], booted, e.id})
		}
	}
}
