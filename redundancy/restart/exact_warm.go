package restart

import (
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/topology"
)

// findEarly finds what has to be taken for warmer than it is, so that no plan is better than those that a search looks at, and halves
// ticks if there are such and it helps.
func (x *exact) findEarly() {
	surges := slices.ContainsFunc(x.runners, func(m runner) bool { return m.decay > 0 })
	varies := surges
	for i := range x.runners {
		m := &x.runners[i]
		m.early = m.warm > 0 && (x.finely || surges || !x.inFront(m.id))
		x.rough, varies = x.rough || m.early, varies || m.early
	}
	if x.slots = 1; x.finely || !varies {
		return
	}
	x.slots = 2
	x.perGrid, x.last = 2*x.perGrid, 2*x.last
	for i := range x.runners {
		m := &x.runners[i]
		m.boot, m.warm, m.decay = 2*m.boot, 2*m.warm, 2*m.decay
		if m.back > 0 {
			m.back *= 2
		}
	}
}

// inFront reports whether the load of a component is raised between two times of the grid by nothing but its own rotation: only
// demands draw on it that no load is passed to, and that come at a tick, or when nobody can have warmed up yet.
func (x *exact) inFront(id topology.ID) bool {
	if x.t.Demand(id) > 0 {
		return false
	}
	for _, p := range x.t.PoolsOf(id) {
		for _, owner := range x.t.Pools()[p].Owners {
			if len(x.t.PoolsOf(owner)) > 0 || !slices.ContainsFunc(x.asked, func(d demand) bool {
				return d.id == owner && (d.open || x.comesFresh(owner))
			}) {
				return false
			}
		}
	}
	return true
}

// comesFresh reports whether a demand that is not there yet comes at a tick, or as soon as the first of those it draws on is ready.
func (x *exact) comesFresh(id topology.ID) bool {
	links := x.linksOf[id]
	if len(links) != 1 || links[0].Supply == nil {
		return false
	}
	s := links[0].Supply
	return s.Base == 0 && s.Inrush == 0 && (links[0].Need == 0 || links[0].Need == 1 && x.bootTime[id] == 0)
}

// coldness returns the least part of its capacity that a component has in rotation.
func (x *exact) coldness(id topology.ID) float64 {
	if x.status[id] == topology.Up || !warms(x.t, id) {
		return 1
	}
	return max(coldest, x.t.Start(id).Cold)
}

// age returns the most slots that may have passed where so many have been counted.
func (x *exact) age(slots, slot int, early bool) int {
	switch {
	case x.slots == 2:
		return slots + slot&1 + (slot-slots)&1
	case early:
		return slots + 1
	}
	return slots
}

// whole returns how many ticks have passed for sure.
func (x *exact) whole(slot int) int { return slot / x.slots }

// whenWarm returns phases once all is warm.
func whenWarm(p []phase) []phase {
	p = slices.Clone(p)
	for i, at := range p {
		p[i] = min(at, cold)
	}
	return p
}

// fitsBefore reports whether what is done between two ticks allows no more than if it were done at the first, where that does no harm:
// then it may as well be.
func (s *searching) fitsBefore(was, p []phase, slot int, c *config) bool {
	n := len(s.path)
	if n == 0 || s.path[n-1].tick != slot-1 || slices.Equal(was, p) {
		return false
	}
	before := slices.Clone(s.path[n-1].phases)
	for i, at := range p {
		if at == was[i] {
			continue
		}
		if before[i] = at; !s.runners[i].gentle && !at.rotated() {
			return false
		}
	}
	b := s.config(before, slot-1)
	return b.safe && slices.EqualFunc(b.rows, c.rows, sameRow)
}

func sameRow(a, b integer.Row) bool {
	return a.Least == b.Least && slices.Equal(a.On, b.On) && slices.Equal(a.Of, b.Of)
}
