package restart

import (
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// soonest finds the earliest time at which each component could be ready if nothing but returns, boots and needs held it
// back: from never downwards, until nothing changes.
func (f *fleet) soonest() {
	f.soon = make([]time.Duration, f.t.Len())
	boot := make([]time.Duration, f.t.Len())
	for id, status := range f.status {
		if status == topology.Down {
			f.soon[id] = never
			boot[id] = f.t.Component(topology.ID(id)).Start.Boot
		}
	}
	for changed := true; changed; {
		changed = false
		for id, status := range f.status {
			if status != topology.Down || f.back[id] < 0 {
				continue
			}
			at := f.startable(topology.ID(id))
			if at >= 0 {
				at = later(at, boot[id])
			}
			if at >= 0 && (f.soon[id] < 0 || at < f.soon[id]) {
				f.soon[id], changed = at, true
			}
		}
	}
}

// startable returns the time from which a component's links are met and it has returned; never is negative.
func (f *fleet) startable(id topology.ID) time.Duration {
	at := f.back[id]
	links := f.t.Links(id)
	for i := range links {
		met := f.metAt(&links[i])
		if at < 0 || met < 0 {
			return never
		}
		at = max(at, met)
	}
	return at
}

// metAt returns the time from which enough members of a link could be ready.
func (f *fleet) metAt(l *topology.Link) time.Duration {
	if l.Need == 0 {
		return 0
	}
	var times []time.Duration
	zero := 0
	for _, m := range l.Members {
		if f.soon[m] == 0 {
			if zero++; zero == l.Need {
				return 0
			}
		}
		if f.soon[m] >= 0 {
			times = append(times, f.soon[m])
		}
	}
	if len(times) < l.Need {
		return never
	}
	slices.Sort(times)
	return times[l.Need-1]
}
