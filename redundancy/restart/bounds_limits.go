package restart

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// limitsOnGroups returns the limits of what boots at once, and of each component that powers servers.
func (f *fleet) limitsOnGroups() []*bundle {
	var found []*bundle
	for i, l := range f.limits {
		b := &bundle{limits: []waveLimit{{1, 0, float64(l.most)}}}
		for g := range f.groups {
			if f.groups[g].status == topology.Down && slices.Contains(f.groups[g].limits, int32(i)) {
				b.groups = append(b.groups, g)
			}
		}
		if len(b.groups) > 0 {
			found = append(found, b)
		}
	}
	return append(found, f.powerOnGroups()...)
}

// powerOnGroups returns the limits of what powers servers, by the least that these draw on it; of unlike groups the one that draws
// least counts.
func (f *fleet) powerOnGroups() []*bundle {
	w := f.leastDraws(nil)
	room := f.rooms(w)
	bundles := map[topology.ID]*bundle{}
	for id := range room {
		room[id] += float64(w.capacity(id) * topology.Tolerance) // for counts, which jump
		bundles[id] = &bundle{limits: []waveLimit{{math.Inf(1), math.Inf(1), 0}}}
	}
	for i := range f.groups {
		g := &f.groups[i]
		for _, d := range w.draws(g.links) {
			switch b := bundles[d.on]; {
			case b == nil:
			case g.status != topology.Down:
				room[d.on] -= float64(d.run * float64(len(g.ids)))
			case d.boot > 0:
				b.groups = append(b.groups, i)
				l := &b.limits[0]
				l.boots, l.runs = min(l.boots, d.boot), min(l.runs, d.run)
			}
		}
	}
	var found []*bundle
	for _, id := range f.limiters() {
		if b := bundles[id]; b != nil && len(b.groups) > 0 {
			b.limits[0].room = max(0, room[id])
			found = append(found, b)
		}
	}
	return found
}

// rooms returns the capacity of each component that has one and powers servers, less what is drawn by those that run already
// and are no servers.
func (f *fleet) rooms(w *leastDraws) map[topology.ID]float64 {
	room := map[topology.ID]float64{}
	for _, id := range f.limiters() {
		if c := w.capacity(id); !math.IsInf(c, 1) {
			room[id] = c
		}
	}
	for _, id := range f.power {
		if f.status[id] != topology.Up {
			continue
		}
		for _, d := range w.draws(f.t.Links(id)) {
			if _, ok := room[d.on]; ok {
				room[d.on] -= d.run
			}
		}
	}
	return room
}

// limiters returns what may limit servers: what powers them, and pools of it.
func (f *fleet) limiters() []topology.ID {
	all := slices.Clone(f.power)
	for i := range f.t.Pools() {
		if f.supply == nil || int32(i) != f.supply.Pool {
			all = append(all, topology.ID(f.t.Len()+i))
		}
	}
	return all
}
