package engine

import "github.com/ridethrough/ridethrough/topology"

// A Bound is what no order of trips ends worse than.
type Bound struct {
	Up        int  // components that are up in every order
	Served    bool // every demand that the scenario did not take down is served in full in every order
	Orderless bool // the end does not depend on which component trips first
}

// Bound follows the cascade in which the dead keep drawing, and returns to the state before it. What is down before draws
// on nothing. What goes down after becomes a ghost: it places all that it would place if it alone were up again. So loads
// only rise, and whatever trips in some order trips here.
//
// Where Served or Orderless is false, the bound cannot tell. Each round takes time in proportion to the program.
func (e *Engine) Bound() Bound {
	before := e.state.mark()
	e.beginGhosts()
	e.passGhosts()
	for e.tripUnrelieved() {
		e.passGhosts()
	}
	b := Bound{Up: e.Up(), Served: e.servedInEvery(), Orderless: e.orderless()}
	e.state.restore(before)
	return b // no value of the state between was asked for: those of the state before stay good
}

// ghosts are the members that went down since a bound began, and the loads with them.
type ghosts struct {
	live    []int32   // by class: members that were up then,
	weakest []float64 // and the least capacity of them
	owners  []int32   // by term: owners that were up then

	some  []bool    // by group: it has ghosts
	load  []float64 // by group: of each member that is up,
	ghost []float64 // and of each ghost
	total []float64 // by pool: the load placed on it
	dry   []bool    // by pool: no member takes load
	level []float64 // by tier: what its members take for each unit of weight
	alone []float64 // of one pool, with one ghost up again

	trips []bool // by class: some member trips, or would if it alone were up again
	order order
}

// beginGhosts makes what is up mortal: none is a ghost yet.
func (e *Engine) beginGhosts() {
	h := &e.ghosts
	if h.live == nil {
		h.make(e.program)
	}
	copy(h.live, e.ints[e.layout.live:])
	copy(h.owners, e.ints[e.layout.owners:])
	for k := range e.classes {
		h.weakest[k] = e.firstUp(int32(k), e.classes[k].size)
	}
	clear(h.some)
	clear(h.trips)
}

func (h *ghosts) make(p *program) {
	classes, groups, pools := len(p.classes), len(p.groups), len(p.pools)
	*h = ghosts{
		live: make([]int32, classes), weakest: make([]float64, classes), owners: make([]int32, len(p.term)),
		some: make([]bool, groups), load: make([]float64, groups), ghost: make([]float64, groups),
		total: make([]float64, pools), dry: make([]bool, pools),
		level: make([]float64, len(p.tiers)), alone: make([]float64, p.mostTiers()),
		trips: make([]bool, classes), order: p.newOrder(),
	}
}

// passGhosts computes all loads, owners before members.
func (e *Engine) passGhosts() {
	h := &e.ghosts
	for k, n := range h.live {
		if e.ints[e.layout.live+int32(k)] < n {
			h.some[e.classes[k].group] = true
		}
	}
	for d := range e.deep + 1 {
		for _, p := range e.intact.pools[d] {
			e.divideAmongAll(p)
		}
		for _, g := range e.intact.groups[d] {
			e.sumOfAll(g)
		}
	}
}

// divideAmongAll splits a pool's load, the sum of what its owners and their ghosts place on it.
func (e *Engine) divideAmongAll(p int32) {
	h, total := &e.ghosts, 0.0
	for _, i := range e.placed.of(p) {
		k, up := &e.term[i], e.ints[e.layout.owners+i]
		if up > 0 {
			total += float64(float64(up) * k.value(h.load[k.group]))
		}
		if dead := h.owners[i] - up; dead > 0 {
			total += float64(float64(dead) * k.value(h.ghost[k.group]))
		}
	}
	h.total[p] = total
	h.dry[p] = !e.split(&e.state, p, total, h.level[e.pools[p].from:e.pools[p].to])
}

// sumOfAll adds up what each member of a group takes, and each ghost.
func (e *Engine) sumOfAll(g int32) {
	h := &e.ghosts
	load, ghost := e.groups[g].demand, e.groups[g].demand
	for _, in := range e.incomes[g] {
		load += float64(in.weight * h.level[in.tier])
		if h.some[g] {
			ghost += float64(in.weight * e.alone(in))
		}
	}
	h.load[g], h.ghost[g] = load, ghost
}

// alone returns the level of a tier in which one ghost is up again.
func (e *Engine) alone(in income) float64 {
	p := e.tiers[in.tier].pool
	q := &e.pools[p]
	levels, at := e.ghosts.alone[:q.to-q.from], in.tier-q.from
	e.weigh(&e.state, p, levels)
	levels[at] += in.weight
	e.apportion(p, e.ghosts.total[p], levels)
	return levels[at]
}

// tripUnrelieved trips all that is overloaded, and closes; false if nothing trips.
func (e *Engine) tripUnrelieved() bool {
	up := e.Up()
	for k := range e.classes {
		if e.groups[e.classes[k].group].trips {
			e.tripClass(int32(k))
		}
	}
	tripped := e.Up() < up
	e.close()
	return tripped
}

// tripClass trips the members of a class that are overloaded, and notes whether they or a ghost are. The weakest of those
// that were up is the first to go down, so it is a ghost if there is one.
func (e *Engine) tripClass(k int32) {
	h, g, at := &e.ghosts, e.classes[k].group, e.layout.live+k
	up := e.ints[at]
	if up < h.live[k] && topology.Overloaded(h.ghost[g], h.weakest[k]) {
		h.trips[k] = true
	}
	if e.tripTo(k, e.overloaded(k, h.load[g])); e.ints[at] < up {
		h.trips[k] = true
	}
}

// servedInEvery reports whether every demand is up that the scenario did not take down, and nothing can reject load.
// What is up in some order is up here, or a ghost, and bears no more there.
func (e *Engine) servedInEvery() bool {
	if e.unmet > 0 {
		return false
	}
	for p, dry := range e.ghosts.dry {
		if dry && e.ghosts.total[p] > 0 {
			return false
		}
	}
	for k := range e.classes {
		if e.groups[e.classes[k].group].sheds && e.mayReject(int32(k)) {
			return false
		}
	}
	return true
}

// mayReject reports whether a member of a class that sheds is overloaded, or a ghost.
func (e *Engine) mayReject(k int32) bool {
	h, g, up := &e.ghosts, e.classes[k].group, e.ints[e.layout.live+k]
	limit := e.groups[g].capacity
	return up > 0 && topology.Overloaded(h.load[g], limit) || up < h.live[k] && topology.Overloaded(h.ghost[g], limit)
}
