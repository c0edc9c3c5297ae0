package restart

import (
	"math"
	"slices"
	"sort"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A bundle is groups that some limits cover alike. In N(t), of its servers started by t, the limits read
//
//	N(t) · boots − N(t−boot) · (boots − runs) ≤ room
//
// for those started after t−boot draw boots and the others runs; at once at most A is boots = 1, runs = 0, room = A. As N(t) may be the
// greater the greater N(t−boot) is, starting as much as can be as soon as it can has the most started at every time; and
// the bound of a bundle is at most the sum of those within it.
type bundle struct {
	groups []int // in order
	limits []waveLimit
	carry  []float64 // the most load behind it, by each component that limits it
	within []*bundle
	direct []int // groups in none of these

	times []time.Duration // at which
	most  []int           // so many, and no more, can have been started
}

type waveLimit struct{ boots, runs, room float64 }

// maxWaves bounds the work on a bound: what starts after so many times counts as started at once.
const maxWaves = 2_000_000

// waves returns how many servers, besides so many drained ones, can be ready by each time.
func (f *fleet) waves(drained int) []arrival {
	from := make([]time.Duration, len(f.groups))
	var times events
	for i, g := range f.groups {
		if from[i] = never; g.status == topology.Down {
			if from[i] = f.startable(g.ids[0]); from[i] >= 0 {
				times.add(event{at: from[i]})
			}
		}
	}
	root, all := f.bundles()
	var arrivals []arrival
	before := drained
	for work := 0; ; {
		at, ok := times.first()
		if !ok {
			return arrivals
		}
		times.pop()
		if next, more := times.first(); more && next == at {
			continue
		}
		if work += len(all); work > maxWaves {
			for _, b := range all {
				b.limits = nil
			}
		}
		grown := false
		for _, b := range all {
			grown = f.grow(b, from, at) || grown
		}
		if all := drained + root.by(at); all > before {
			arrivals = append(arrivals, arrival{later(at, f.start.Boot), all})
			before = all
		}
		if grown && f.start.Boot > 0 {
			times.add(event{at: later(at, f.start.Boot)})
		}
	}
}

// grow computes the bound of a bundle at a time, those within it first; it reports whether it has grown.
func (f *fleet) grow(b *bundle, from []time.Duration, at time.Duration) bool {
	n := 0
	for _, g := range b.direct {
		if from[g] >= 0 && from[g] <= at {
			n += len(f.groups[g].ids)
		}
	}
	for _, in := range b.within {
		if len(in.most) > 0 {
			n += in.most[len(in.most)-1]
		}
	}
	before := 0
	if len(b.most) > 0 {
		before = b.most[len(b.most)-1]
	}
	for _, l := range b.limits {
		limit := math.Inf(1)
		if f.start.Boot == 0 {
			if l.runs > 0 {
				limit = l.room / l.runs
			}
		} else if l.boots > 0 {
			limit = (l.room + float64(b.by(at-f.start.Boot))*(l.boots-l.runs)) / l.boots
		}
		if limit < float64(n) {
			n = max(0, int(limit*(1+topology.Tolerance)+topology.Tolerance))
		}
	}
	if n = max(n, before); n == before {
		return false
	}
	b.times, b.most = append(b.times, at), append(b.most, n)
	return true
}

// by returns the bound at a time.
func (b *bundle) by(at time.Duration) int {
	i := sort.Search(len(b.times), func(i int) bool { return b.times[i] > at })
	if i == 0 {
		return 0
	}
	return b.most[i-1]
}

// bundles returns the bundle of all groups, and all bundles, those within others first. Limits whose groups overlap with those of a
// smaller one, and are not among them, are left out: a bound may be loose.
func (f *fleet) bundles() (*bundle, []*bundle) {
	return f.nested(f.limitsOnGroups())
}

// nested puts bundles within one another, and all within a last one.
func (f *fleet) nested(found []*bundle) (*bundle, []*bundle) {
	root := &bundle{}
	for g := range f.groups {
		root.groups = append(root.groups, g)
	}
	found = append(found, root)
	slices.SortStableFunc(found, func(a, b *bundle) int { return len(a.groups) - len(b.groups) })
	owner := make([]*bundle, len(f.groups)) // the largest so far
	var all []*bundle
	for _, b := range found {
		b.nest(owner, &all)
	}
	return all[len(all)-1], all
}

// nest puts a bundle above those within it, or with the one of the same groups, or nowhere.
func (b *bundle) nest(owner []*bundle, all *[]*bundle) {
	counts := map[*bundle]int{}
	var order []*bundle
	var direct []int
	for _, g := range b.groups {
		if o := owner[g]; o == nil {
			direct = append(direct, g)
		} else if counts[o]++; counts[o] == 1 {
			order = append(order, o)
		}
	}
	for _, o := range order {
		if counts[o] < len(o.groups) {
			return // they overlap
		}
	}
	if len(order) == 1 && len(order[0].groups) == len(b.groups) {
		order[0].limits = append(order[0].limits, b.limits...)
		order[0].carry = append(order[0].carry, b.carry...)
		return
	}
	b.within, b.direct = order, direct
	for _, g := range b.groups {
		owner[g] = b
	}
	*all = append(*all, b)
}

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

// powerOnGroups returns the limits of what powers servers. What can ever take load is taken to do so, which makes every part of a
// load the smallest that it can be; of unlike groups the one that draws least counts.
func (f *fleet) powerOnGroups() []*bundle {
	w := newWiring(f.t, func(id topology.ID) bool { return f.soon[id] >= 0 })
	room := f.rooms(w)
	bundles := map[topology.ID]*bundle{}
	for id := range room {
		room[id] += f.t.Capacity(id) * topology.Tolerance // for counts, which jump
		bundles[id] = &bundle{limits: []waveLimit{{math.Inf(1), math.Inf(1), 0}}}
	}
	for i := range f.groups {
		g := &f.groups[i]
		draws, order := w.draws(g.links)
		for _, id := range order {
			b, d := bundles[id], draws[id]
			switch {
			case b == nil:
			case g.status != topology.Down:
				room[id] -= d.run * float64(len(g.ids))
			case d.boot > 0:
				b.groups = append(b.groups, i)
				l := &b.limits[0]
				l.boots, l.runs = min(l.boots, d.boot), min(l.runs, d.run)
			}
		}
	}
	var found []*bundle
	for _, id := range f.power {
		if b := bundles[id]; b != nil && len(b.groups) > 0 {
			b.limits[0].room = max(0, room[id])
			found = append(found, b)
		}
	}
	return found
}

// rooms returns the capacity of each component that has one and powers servers, less what is drawn by those that run already
// and are no servers.
func (f *fleet) rooms(w *wiring) map[topology.ID]float64 {
	room := map[topology.ID]float64{}
	for _, id := range f.power {
		if c := f.t.Capacity(id); !math.IsInf(c, 1) {
			room[id] = c
		}
	}
	for _, id := range f.power {
		if f.status[id] != topology.Up {
			continue
		}
		draws, _ := w.draws(f.t.Links(id))
		for on, d := range draws {
			if _, ok := room[on]; ok {
				room[on] -= d.run
			}
		}
	}
	return room
}
