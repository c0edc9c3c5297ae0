package engine

import "slices"

// order is what the check of the order of trips works with.
type order struct {
	inPool rows // by pool: the classes of its members

	matters []bool  // by class: a member trips if its load comes to the bound, or passes load on to what does
	pool    []bool  // by pool: a member matters
	queue   []int32 // classes that matter
}

func (p *program) newOrder() order {
	o := order{
		matters: make([]bool, len(p.classes)), pool: make([]bool, len(p.pools)), queue: make([]int32, 0, len(p.classes)),
	}
	byPool := make([][]int32, len(p.pools))
	for k := range p.classes {
		for _, cell := range p.cells.of(int32(k)) {
			at := p.cell[cell].pool
			byPool[at] = append(byPool[at], int32(k))
		}
	}
	for _, classes := range byPool {
		o.inPool.add(classes...)
	}
	return o
}

// orderless reports whether the end does not depend on which component trips first, once a bound is reached. It makes the
// check of cascade.Monotone, by class: take each load edge from an owner to a member that trips, or that passes load on
// to one that does. The owner does not trip, and goes down only through a supply that needs one of members among which
// this one is.
func (e *Engine) orderless() bool {
	e.matterUpwards()
	h := &e.ghosts
	for k := range e.classes {
		if h.live[k] == 0 {
			continue // none draws on anything
		}
		for _, i := range e.terms.of(int32(k)) {
			p := e.term[i].pool
			if h.order.pool[p] && (h.trips[k] || e.fallsOtherwise(int32(k), p)) {
				return false
			}
		}
	}
	return true
}

// matterUpwards marks what trips, and what passes load on to it: relief goes the same way. What is out of rotation takes
// no load, so it has no cells.
func (e *Engine) matterUpwards() {
	o := &e.ghosts.order
	clear(o.pool)
	copy(o.matters, e.ghosts.trips)
	o.queue = o.queue[:0]
	for k, matters := range o.matters {
		if matters {
			o.queue = append(o.queue, int32(k))
		}
	}
	for i := 0; i < len(o.queue); i++ {
		for _, cell := range e.cells.of(o.queue[i]) {
			e.matterOn(e.cell[cell].pool)
		}
	}
}

// matterOn marks the owners of a pool that has a member that matters.
func (e *Engine) matterOn(p int32) {
	o := &e.ghosts.order
	if o.pool[p] {
		return
	}
	o.pool[p] = true
	for _, k := range e.owners.of(p) {
		if !o.matters[k] && e.ghosts.live[k] > 0 {
			o.matters[k] = true
			o.queue = append(o.queue, k)
		}
	}
}

// fallsOtherwise reports whether a class that places load on a pool could go down while a member of it that matters is up.
func (e *Engine) fallsOtherwise(k, p int32) bool {
	links := e.t.Links(e.first[k])
	for i := range links {
		l := &links[i]
		if !l.Keeps() || int(e.ints[e.layout.left+l.Set]) >= l.Need {
			continue // it never fails
		}
		if l.Need > 1 || l.Pool != p && !e.covers(l.Set, p) {
			return true
		}
	}
	return false
}

// covers reports whether every member of a pool that matters is in a set. All of a class are in it, or none.
func (e *Engine) covers(set, p int32) bool {
	o := &e.ghosts.order
	for _, k := range o.inPool.of(p) {
		if !o.matters[k] {
			continue
		}
		if _, in := slices.BinarySearch(e.sets.of(k), set); !in {
			return false
		}
	}
	return true
}
