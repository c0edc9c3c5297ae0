package cascade

import (
	"slices"

	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// Monotone reports whether, for every scenario that loses some of these components and has no factor on the load,
// losing more never saves another component, and never lowers the load of a survivor that could be overloaded or that
// passes load on to one that could. Then the end does not depend on which component trips first. It reports false where
// it cannot tell. It speaks of who survives, not of how much is served: a member that sheds, or has lost what it draws
// on, rejects load that others would serve if it were down.
//
// The check: take each load edge from an owner to a member that could ever be overloaded, or that passes load on to one
// that could. The owner is not lost itself, does not trip, and goes down only through a supply that needs one of members
// among which this one is; for then the member is down already when its owner ceases to draw on it.
func Monotone(t *topology.Topology, lost ...topology.ID) bool {
	s := topology.State{Status: make([]topology.Status, t.Len()), Demand: make([]float64, t.Len())}
	for id := range s.Demand {
		s.Demand[id] = t.Demand(topology.ID(id))
	}
	c := t.Closure()
	for _, l := range c.Fail(lost...) {
		s.Status[l.ID] = topology.Unrelieved
	}
	b := neverRelieved(t, s, c)
	for id := range b.matters { // what sheds matters too: a loss elsewhere could spare it
		b.matters[id] = topology.Overloaded(b.load[id], t.Capacity(topology.ID(id)))
	}
	for _, id := range lost {
		b.leaves[id] = true
	}
	return b.orderless(t)
}

// timing reports whether the end of a cascade from a closed state may depend on which component trips first.
// What is down from the start stays down in every order, and draws on nothing.
func timing(t *topology.Topology, s topology.State) bool {
	c := t.Closure()
	var down []topology.ID
	for id, status := range s.Status {
		if status == topology.Down {
			down = append(down, topology.ID(id))
		}
	}
	c.Fail(down...)
	s.Status = slices.Clone(s.Status)
	return !neverRelieved(t, s, c).orderless(t)
}

// mayDepend reports whether the end of some scenario that loses some of these may depend on which component trips first.
// Here all of these are lost, and keep drawing: no scenario has higher loads, nor more down.
func mayDepend(t *topology.Topology, begin start, lost []topology.ID) bool {
	s, c, _ := start{drain: begin.drain, load: begin.load}.state(t)
	for _, l := range c.Fail(lost...) {
		s.Status[l.ID] = topology.Unrelieved
	}
	return !neverRelieved(t, s, c).orderless(t)
}

// A bound is what no order of failures exceeds.
type bound struct {
	closure *topology.Closure
	load    []float64
	status  []topology.Status // Down: from the start; Ready: out of rotation, be it up or not
	matters []bool            // it trips if its load comes to the bound, and takes load that others could spare it
	leaves  []bool            // it may cease to draw otherwise than because all that it draws on is down: it trips, or was lost
}

// neverRelieved follows the cascade in which the dead keep drawing, and grow as if each alone were up: the loads only
// rise, so every component that trips in some order trips here. What is out of rotation takes no load: it bears the same
// in every order, and dead goes on placing its base.
func neverRelieved(t *topology.Topology, s topology.State, c *topology.Closure) *bound {
	b := &bound{closure: c, status: s.Status, matters: make([]bool, t.Len()), leaves: make([]bool, t.Len())}
	flow := t.Flow(s)
	for {
		var tripped []topology.ID
		for id := range topology.ID(t.Len()) {
			if s.Status[id] == topology.Down || !topology.Overloaded(flow.Load[id], t.Capacity(id)) || !engine.Trips(t.Overload(id)) {
				continue
			}
			b.matters[id], b.leaves[id] = b.takes(id), true
			if !c.Down(id) {
				tripped = append(tripped, id)
			}
		}
		if len(tripped) == 0 {
			b.load = flow.Load
			return b
		}
		for _, l := range c.Fail(tripped...) {
			if s.Status[l.ID] == topology.Up {
				s.Status[l.ID] = topology.Unrelieved
			}
		}
		flow.Update(s)
	}
}

// orderless makes the check of [Monotone].
func (b *bound) orderless(t *topology.Topology) bool {
	b.matterUpwards(t)
	pool := make([]bool, len(t.Pools()))
	for i, p := range t.Pools() {
		pool[i] = slices.ContainsFunc(p.Members, func(m topology.ID) bool { return b.matters[m] })
	}
	for id := range topology.ID(t.Len()) {
		if b.status[id] == topology.Down {
			continue // it draws on nothing, whatever trips
		}
		for _, l := range t.Links(id) {
			if l.Pool >= 0 && pool[l.Pool] && (b.leaves[id] || b.fallsOtherwise(t, id, &l)) {
				return false
			}
		}
	}
	return true
}

// matterUpwards marks what passes load on to a component that matters: relief goes the same way.
func (b *bound) matterUpwards(t *topology.Topology) {
	var queue []topology.ID
	for id, m := range b.matters {
		if m {
			queue = append(queue, topology.ID(id))
		}
	}
	seen := make([]bool, len(t.Pools()))
	for ; len(queue) > 0; queue = queue[1:] {
		for _, p := range t.PoolsOf(queue[0]) {
			if seen[p] {
				continue
			}
			seen[p] = true
			for _, owner := range t.Pools()[p].Owners {
				if !b.matters[owner] && b.takes(owner) {
					b.matters[owner] = true
					queue = append(queue, owner)
				}
			}
		}
	}
}

// takes reports whether a component takes load that others may spare it, in some order.
func (b *bound) takes(id topology.ID) bool {
	return b.status[id] == topology.Up || b.status[id] == topology.Unrelieved
}

// fallsOtherwise reports whether an owner could go down while a member of one of its supplies that matters is up.
func (b *bound) fallsOtherwise(t *topology.Topology, owner topology.ID, supply *topology.Link) bool {
	for _, l := range t.Links(owner) {
		if l.Start || b.closure.Left(&l) >= l.Need {
			continue // it never fails
		}
		if l.Need > 1 || l.Pool != supply.Pool && !b.covers(l.Members, supply.Members) {
			return true
		}
	}
	return false
}

// covers reports whether every one of members that matters is among all.
func (b *bound) covers(all, members []topology.ID) bool {
	in := make(map[topology.ID]bool, len(all))
	for _, m := range all {
		in[m] = true
	}
	for _, m := range members {
		if b.matters[m] && !in[m] {
			return false
		}
	}
	return true
}
