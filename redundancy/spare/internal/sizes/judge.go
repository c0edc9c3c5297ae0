package sizes

import (
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// A Fault is one reason for which a scenario does not hold.
type Fault struct {
	Class    int32
	Plated   bool    // it is overloaded as draws are counted by nameplate
	Load     float64 // of each of the class
	Capacity float64
	Unserved bool // a demand that is down, or of which some goes nowhere; else the class is overloaded
}

// A state is what a scenario leaves at one x, before anything trips.
type state struct {
	f      *Fleet
	s      *Scenario
	x      []int
	up     []bool // by class
	live   []int  // by class: members that are up, if it is
	turns  []int  // by class: of these, how many are in rotation
	met    []int  // by set: members that are up
	load   []float64
	placed []float64 // by pool
	lost   bool      // some load goes nowhere
}

// counts fills in how many of each class a scenario leaves, but for what goes down with them.
func (st *state) counts() {
	f, s := st.f, st.s
	for k := range f.Classes {
		n := f.Classes[k].count(st.x)
		st.up[k], st.live[k], st.turns[k] = true, n, n
	}
	for _, l := range s.lost {
		st.take(l.of, l.n, true)
	}
	for _, j := range s.gone {
		st.take(f.Columns[j].class, st.x[j], true)
	}
	for _, l := range s.copies {
		st.take(f.Columns[l.of].class, min(l.n, st.x[l.of]), true)
	}
	for _, l := range s.drained {
		st.take(l.of, l.n, false)
	}
	for _, j := range s.idle {
		if !contains(s.gone, j) {
			st.take(f.Columns[j].class, st.x[j], false)
		}
	}
}

func (st *state) take(class int32, n int, down bool) {
	if st.turns[class] -= n; down {
		st.live[class] -= n
	}
}

func contains(sorted []int, j int) bool {
	for _, i := range sorted {
		if i >= j {
			return i == j
		}
	}
	return false
}

// settle computes what is up and how many.
func (f *Fleet) settle(s *Scenario, x []int) *state {
	n := len(f.Classes)
	st := &state{f: f, s: s, x: x, up: make([]bool, n), live: make([]int, n), turns: make([]int, n), met: make([]int, len(f.sets))}
	st.counts()
	st.close()
	return st
}

// close takes down whatever needs too many of what is down.
func (st *state) close() {
	f := st.f
	for i := range f.sets {
		for _, k := range f.sets[i].classes {
			st.met[i] += st.live[k]
		}
	}
	var queue []int32
	for i := range f.sets {
		queue = st.unmet(int32(i), queue)
	}
	for ; len(queue) > 0; queue = queue[1:] {
		k := queue[0]
		for _, i := range f.inSets[k] {
			if st.met[i] -= st.live[k]; st.live[k] > 0 {
				queue = st.unmet(i, queue)
			}
		}
		st.live[k], st.turns[k] = 0, 0
	}
}

// unmet takes down the owners of a set that have too few of it.
func (st *state) unmet(set int32, queue []int32) []int32 {
	for _, k := range st.f.sets[set].owners {
		if !st.up[k] {
			continue
		}
		for _, l := range st.f.Classes[k].links {
			if l.need > 0 && l.set == set && st.met[set] < l.need {
				st.up[k] = false
				queue = append(queue, k)
				break
			}
		}
	}
	return queue
}

// flow computes the loads of a state, by nameplate where draws are counted so.
func (st *state) flow(plated bool) {
	f := st.f
	st.load, st.placed, st.lost = make([]float64, len(f.Classes)), make([]float64, len(f.pools)), false
	for k := range f.Classes {
		st.load[k] = float64(st.s.Factor * f.Classes[k].Demand)
	}
	for _, at := range f.order {
		if at < 0 {
			st.split(^int32(at))
		} else {
			st.place(int32(at), plated)
		}
	}
}

func (st *state) place(k int32, plated bool) {
	c := &st.f.Classes[k]
	if st.live[k] == 0 {
		return
	}
	served := st.load[k]
	capacity := st.f.capacity(c, st.x)
	if c.sheds && topology.Overloaded(served, capacity) {
		served = capacity
	}
	for _, l := range c.links {
		switch {
		case l.pool < 0:
		case plated && l.plate:
			st.placed[l.pool] += float64((l.base + float64(l.rate*capacity)) * float64(st.live[k]))
		default:
			st.placed[l.pool] += float64(l.base*float64(st.live[k])) + float64(float64(l.rate*served)*float64(st.turns[k]))
		}
	}
}

// A portion is what one tier of a pool takes: each of its members amount · weight / over.
type portion struct{ weights, amount, over float64 }

func (st *state) split(pool int32) {
	p := &st.f.pools[pool]
	portions := st.portions(p, st.placed[pool])
	takes := false
	for t, q := range portions {
		if q.over <= 0 {
			continue
		}
		takes = true
		for _, k := range p.tiers[t].classes {
			st.load[k] += q.amount * st.weight(p, t, k) / q.over
		}
	}
	st.lost = st.lost || !takes && st.placed[pool] > 0
}

func (st *state) weight(p *pool, tier int, k int32) float64 {
	if p.byCapacity() {
		return st.f.capacity(&st.f.Classes[k], st.x)
	}
	return p.tiers[tier].weight
}

func (st *state) portions(p *pool, load float64) []portion {
	all := 0.0
	portions := make([]portion, len(p.tiers))
	for t := range p.tiers {
		q := &portions[t]
		for _, k := range p.tiers[t].classes {
			if st.turns[k] > 0 {
				q.weights += float64(st.weight(p, t, k) * float64(st.turns[k]))
			}
		}
		all += q.weights
		q.amount, q.over = load, q.weights
	}
	switch p.share {
	case topology.Each:
		portions[0].amount = float64(load * portions[0].weights)
	case topology.Weighted:
		for t := range portions {
			portions[t].over = all
		}
	case topology.Tiered:
		for t, h := range st.health(p, portions) {
			portions[t].amount = float64(load * h)
		}
	case topology.Waterfall:
		spill(portions, load, p.factor)
	}
	return portions
}

// health returns what part of a tiered pool's load each tier takes.
func (st *state) health(p *pool, portions []portion) []float64 {
	parts, sum := make([]float64, len(portions)), 0.0
	for t := range portions {
		size := 0
		for _, k := range p.tiers[t].classes {
			size += st.f.Classes[k].count(st.x)
		}
		if size > 0 {
			parts[t] = min(1, p.factor*portions[t].weights/float64(size))
		}
		sum += parts[t]
	}
	left := 1.0
	for t := range parts {
		if 0 < sum && sum < 1 {
			parts[t] /= sum
		}
		parts[t] = min(parts[t], left)
		left -= parts[t]
	}
	return parts
}

// spill fills tiers to a part of their capacity, in order; the last that has any takes all that is left.
func spill(portions []portion, load, limit float64) {
	last := -1
	for t, q := range portions {
		if q.weights > 0 {
			last = t
		}
	}
	for t := range portions {
		q := &portions[t]
		switch {
		case t < last:
			q.amount = min(load, float64(limit*q.weights))
		case t == last:
			q.amount = load
		default:
			q.amount = 0
		}
		load -= q.amount
	}
}

// Judge returns why a scenario does not hold with x[j] of each column; nothing if it holds. By nameplate, a class that
// copies place load on counts with what is reserved of it.
func (f *Fleet) Judge(s *Scenario, x []int, nameplate bool) []Fault {
	if j, _ := s.Awaits(x); j >= 0 {
		return nil
	}
	st := f.settle(s, x)
	st.flow(false)
	faults := st.unserved()
	faults = st.overloads(faults, func(k int32) bool { return !nameplate || !f.Reserved(k, x) }, false)
	if nameplate && f.plates {
		st.flow(true)
		faults = st.overloads(faults, func(k int32) bool { return f.Reserved(k, x) }, true)
	}
	return faults
}

// Reserved reports whether a class counts by nameplate with x[j] of each column: copies place load on it, or its capacity is
// a weight of a share.
func (f *Fleet) Reserved(k int32, x []int) bool {
	if !f.Classes[k].excusable {
		return true
	}
	for _, j := range f.draws[k] {
		if x[j] > 0 {
			return true
		}
	}
	return false
}

func (st *state) overloads(faults []Fault, counts func(int32) bool, plated bool) []Fault {
	for k := range st.f.Classes {
		c := &st.f.Classes[k]
		if !c.Limited() || st.live[k] == 0 || !counts(int32(k)) {
			continue
		}
		load, capacity := st.load[k], st.f.capacity(c, st.x)
		if st.turns[k] == 0 {
			load = float64(st.s.Factor * c.Demand)
		}
		if topology.Overloaded(load, capacity) {
			faults = append(faults, Fault{Class: int32(k), Plated: plated, Load: load, Capacity: capacity})
		}
	}
	return faults
}

// unserved returns the demands that are not lost by name, and are down or not served in full for want of members.
func (st *state) unserved() (faults []Fault) {
	var served []float64
	if st.lost {
		served = st.serve()
	}
	for _, k := range st.f.demands {
		switch {
		case !st.asked(k):
		case !st.up[k], served != nil && served[k] < 1-1e-12:
			faults = append(faults, Fault{Class: k, Unserved: true, Load: float64(st.s.Factor * st.f.Classes[k].Demand), Capacity: math.Inf(1)})
		}
	}
	return faults
}

// asked reports whether some of a class with a demand are not lost by name.
func (st *state) asked(k int32) bool {
	c := &st.f.Classes[k]
	n := c.count(st.x)
	for _, l := range st.s.lost {
		if l.of == k {
			n -= l.n
		}
	}
	for _, j := range c.Columns {
		if contains(st.s.gone, j) {
			n -= st.x[j]
		}
	}
	for _, l := range st.s.copies {
		if st.f.Columns[l.of].class == k {
			n -= l.n
		}
	}
	return n > 0
}

// serve returns what part of its load each class serves, by what goes nowhere.
func (st *state) serve() []float64 {
	f := st.f
	served, fraction := make([]float64, len(f.Classes)), make([]float64, len(f.pools))
	for k := range served {
		if st.turns[k] > 0 {
			served[k] = 1
		}
	}
	for i := len(f.order) - 1; i >= 0; i-- {
		if at := f.order[i]; at < 0 {
			fraction[^at] = st.fraction(^int32(at), served)
		} else {
			for _, l := range f.Classes[at].links {
				if l.pool >= 0 {
					served[at] *= fraction[l.pool]
				}
			}
		}
	}
	return served
}

func (st *state) fraction(pool int32, served []float64) float64 {
	p := &st.f.pools[pool]
	sum, taken := 0.0, 0.0
	for t, q := range st.portions(p, st.placed[pool]) {
		if q.over <= 0 {
			continue
		}
		for _, k := range p.tiers[t].classes {
			share := float64(st.turns[k]) * (q.amount * st.weight(p, t, k) / q.over)
			sum += float64(share * served[k])
			taken += share
		}
	}
	switch {
	case taken > 0:
		return sum / taken
	case st.placed[pool] == 0:
		return 1
	default:
		return 0
	}
}
