package sizes

import (
	"cmp"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// An intact is a fleet at one x while nothing is lost, and how its loads rise. Many scenarios are judged at one x, and most
// change little: they take down a few classes, and with them what is placed on pools of a few members. But they also change
// what each member of a large pool takes, and so what all of these place further down. Tiers of such a pool are hubs: every
// load is affine in what each unit of weight of a hub takes. So it is known beforehand how much that may rise before a class is
// overloaded, and only those are looked at that have less room.
type intact struct {
	question
	*course
	f        *Fleet
	was, now *state     // now is as was but while a scenario is looked at
	tiers    []portion  // by tier of all pools: by what it is split
	capacity []float64  // by class
	currents []*current // of true draws, and by nameplate if that counts
	changes
}

// A question is what was judged of scenarios.
type question struct {
	x         []int
	factor    float64
	nameplate bool
	times     int
}

// A course is what does not depend on x.
type course struct {
	class, pool []int32 // where in the order of steps each is, -1 if nowhere
	of          []int32 // by tier of all pools: its pool
	hub         []int32 // by tier of all pools: its number as a hub, -1 if it is none
	tier        []int   // by hub
	hubs        int
}

// A current is the loads of an intact fleet, and how they rise.
type current struct {
	byPlate bool
	load    []float64 // by class
	placed  []float64 // by pool
	each    []float64 // by tier: what each unit of weight takes
	unit    []float64 // by tier of no hub: of each unit that is placed
	rise    []float64 // by class and hub: of load, with what each unit of weight of the hub takes
	swell   []float64 // by pool and hub: of what is placed
	bound   []float64 // by class: up to so much load nothing is wrong
	alone   [][]room  // by hub: classes whose load rises with no other, least room first
	several []room    // classes whose load rises with more of them, by what part all may rise
	always  []int32   // classes that are above their bound at once

	// of a scenario
	over  []float64 // by hub: what each unit of weight takes more
	more  []float64 // by class: load besides what the hubs make
	extra []float64 // by pool: what is placed besides
}

// A room is how much a hub may rise before a class is above its bound.
type room struct {
	class int32
	rise  float64
}

const (
	often   = 8  // scenarios that are judged at one x before that is made an intact
	manyIn  = 16 // classes that make a pool a hub
	maxHubs = 16
)

// Where rounding may show, nothing is sure: a sum of which less than one in mostLost is left is added up anew, or not used; and
// no tier is relied on that takes less than a part of a load.
const (
	mostLost  = 4
	leastPart = 1e-4
)

// intactOf returns the intact fleet at x; nil if nothing can be told by it, or x is not asked for often.
func (f *Fleet) intactOf(s *Scenario, x []int, nameplate bool) *intact {
	q := &f.latest
	if q.factor != s.Factor || q.nameplate != nameplate || !slices.Equal(q.x, x) {
		f.latest, f.intact = question{x: slices.Clone(x), factor: s.Factor, nameplate: nameplate}, nil
	}
	if q.times++; q.times == often {
		if f.course == nil {
			f.course = f.newCourse(manyIn)
		}
		f.intact = f.newIntact(*q, f.course)
	}
	return f.intact
}

// newIntact returns the intact fleet of a question; nil if something is wrong with it at once, so that it tells nothing of
// scenarios.
func (f *Fleet) newIntact(q question, c *course) *intact {
	if c.hubs > maxHubs {
		return nil
	}
	nothing := &Scenario{Factor: q.factor}
	in := &intact{question: q, course: c, f: f, was: f.settle(nothing, q.x), now: f.settle(nothing, q.x), changes: f.noChanges(c)}
	if !in.allUp() {
		return nil
	}
	for k := range f.Classes {
		in.capacity = append(in.capacity, f.capacity(&f.Classes[k], q.x))
	}
	for i := range f.pools {
		for t := range f.pools[i].tiers {
			in.tiers = append(in.tiers, in.was.weigh(&f.pools[i], t))
		}
	}
	for _, byPlate := range []bool{false, true} {
		if byPlate && !(q.nameplate && f.reserves) {
			break
		}
		c := in.current(byPlate)
		if c == nil {
			return nil
		}
		in.currents = append(in.currents, c)
	}
	return in
}

func (in *intact) allUp() bool {
	for k := range in.f.Classes {
		if in.was.live[k] != in.f.Classes[k].count(in.x) {
			return false
		}
	}
	return true
}

// newCourse finds the hubs: waterfalls, in which no load is affine, and pools of many classes, as long as there are not too many.
func (f *Fleet) newCourse(many int) *course {
	c := &course{class: make([]int32, len(f.Classes)), pool: make([]int32, len(f.pools))}
	for _, to := range [][]int32{c.class, c.pool} {
		for i := range to {
			to[i] = -1
		}
	}
	for i, at := range f.order {
		if at < 0 {
			c.pool[^at] = int32(i)
		} else {
			c.class[at] = int32(i)
		}
	}
	for i := range f.pools {
		for range f.pools[i].tiers {
			c.hub, c.of = append(c.hub, -1), append(c.of, int32(i))
		}
	}
	for _, i := range f.bySize() {
		p := &f.pools[i]
		if p.share == topology.Waterfall || len(p.members()) >= many && c.hubs+len(p.tiers) <= maxHubs {
			for t := range p.tiers {
				c.hub[p.first+t] = int32(c.hubs)
				c.tier = append(c.tier, p.first+t)
				c.hubs++
			}
		}
	}
	return c
}

// bySize returns the waterfalls, then the other pools, those of more classes first.
func (f *Fleet) bySize() []int32 {
	order, size := make([]int32, len(f.pools)), make([]int, len(f.pools))
	for i := range f.pools {
		order[i], size[i] = int32(i), len(f.members(int32(i)))
		if f.pools[i].share == topology.Waterfall {
			size[i] = math.MaxInt
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(size[b], size[a]) })
	return order
}

// current computes the loads, and how they rise; nil if something is shed or goes nowhere at once.
func (in *intact) current(byPlate bool) *current {
	f, st := in.f, in.was
	st.flow(byPlate)
	c := &current{
		byPlate: byPlate, load: slices.Clone(st.load), placed: slices.Clone(st.placed),
		each: make([]float64, len(in.hub)), unit: make([]float64, len(in.hub)),
		rise: make([]float64, len(f.Classes)*in.hubs), swell: make([]float64, len(f.pools)*in.hubs),
		over: make([]float64, in.hubs), more: make([]float64, len(f.Classes)), extra: make([]float64, len(f.pools)),
	}
	for _, at := range f.order {
		if at >= 0 {
			in.risesBy(c, int32(at))
		} else if !in.risesIn(c, ^int32(at)) {
			return nil
		}
	}
	if !in.bounds(c) {
		return nil
	}
	in.sort(c)
	return c
}

// risesBy adds what a class places more on its pools as hubs rise.
func (in *intact) risesBy(c *current, k int32) {
	for _, l := range in.f.Classes[k].links {
		if l.pool < 0 || c.byPlate && l.plate {
			continue
		}
		to := in.by(c.swell, l.pool)
		for h, rise := range in.by(c.rise, k) {
			to[h] += float64(float64(l.rate*rise) * float64(in.was.turns[k]))
		}
	}
}

// by returns of a list by hub the part of one class or pool.
func (in *intact) by(list []float64, i int32) []float64 {
	return list[int(i)*in.hubs : (int(i)+1)*in.hubs]
}

// risesIn adds what the members of a pool take more; false if nobody takes what is placed.
func (in *intact) risesIn(c *current, pool int32) bool {
	f := in.f
	p := &f.pools[pool]
	swell, takes := in.by(c.swell, pool), false
	for t, q := range in.split(p, c.placed[pool]) {
		c.each[p.first+t] = q.each()
		takes = takes || q.over > 0
	}
	if !takes && (c.placed[pool] > 0 || slices.ContainsFunc(swell, func(rise float64) bool { return rise > 0 })) {
		return false
	}
	if in.hub[p.first] < 0 {
		for t, q := range in.split(p, 1) {
			c.unit[p.first+t] = q.each()
		}
	}
	for t := range p.tiers {
		for _, k := range p.tiers[t].classes {
			rise, w := in.by(c.rise, k), in.weight(p, t, k)
			if h := in.hub[p.first+t]; h >= 0 {
				rise[h] += w
				continue
			}
			for h := range rise {
				rise[h] += float64(float64(w*c.unit[p.first+t]) * swell[h])
			}
		}
	}
	return true
}

// split returns what the tiers of a pool take while nothing is lost. The result is good until the next call.
func (in *intact) split(p *pool, load float64) []portion {
	in.portions = append(in.portions[:0], in.tiers[p.first:p.first+len(p.tiers)]...)
	in.now.divide(p, load, in.portions)
	return in.portions
}

func (in *intact) weight(p *pool, tier int, k int32) float64 {
	if p.byCapacity() {
		return in.capacity[k]
	}
	return p.tiers[tier].weight
}

// bounds finds up to what load nothing is wrong with a class: somewhat below that at which it is overloaded, so that rounding
// does not tell. It reports whether what sheds does not at once, and all numbers are such as can be added to.
func (in *intact) bounds(c *current) bool {
	f := in.f
	c.bound = make([]float64, len(f.Classes))
	for k := range c.bound {
		c.bound[k] = math.Inf(1)
		if !finite(c.load[k]) || slices.ContainsFunc(in.by(c.rise, int32(k)), func(rise float64) bool { return !finite(rise) }) {
			return false
		}
	}
	for _, k := range f.limited {
		class := &f.Classes[k]
		reserved := in.nameplate && f.Reserved(k, in.x)
		if class.sheds || !class.lifted && reserved == c.byPlate {
			c.bound[k] = in.capacity[k] + float64(in.capacity[k]*(topology.Tolerance/2))
		}
		if in.was.live[k] > 0 && (class.sheds && c.load[k] > c.bound[k] || c.load[k] > 100*c.bound[k]) {
			return false
		}
	}
	return true
}

func finite(x float64) bool { return x-x == 0 }

// sort puts classes with a bound in the order in which they reach it.
func (in *intact) sort(c *current) {
	c.alone = make([][]room, in.hubs)
	for _, k := range in.f.limited {
		if in.was.live[k] == 0 || math.IsInf(c.bound[k], 1) {
			continue
		}
		hubs, on, all := 0, 0, 0.0
		for h, rise := range in.by(c.rise, k) {
			if rise > 0 {
				hubs, on = hubs+1, h
				all += float64(rise * c.each[in.tier[h]])
			}
		}
		switch left := c.bound[k] - c.load[k]; {
		case left < 0:
			c.always = append(c.always, k)
		case hubs == 1:
			c.alone[on] = append(c.alone[on], room{k, left / in.by(c.rise, k)[on]})
		case hubs > 1:
			c.several = append(c.several, room{k, left / all})
		}
	}
	for _, list := range append(c.alone, c.several) {
		slices.SortFunc(list, func(a, b room) int { return cmp.Or(cmp.Compare(a.rise, b.rise), cmp.Compare(a.class, b.class)) })
	}
}
