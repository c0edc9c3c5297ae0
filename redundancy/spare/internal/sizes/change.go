package sizes

import (
	"math"
	"math/bits"
	"slices"
)

// changes are what a scenario changes of an intact fleet.
type changes struct {
	touched  []int32   // classes of which some are down, or not in rotation
	moved    []int32   // and those that take more or less besides what hubs make
	noted    []bool    // by class: it is one of touched
	shifted  []bool    // by class: it is one of moved
	filled   []int32   // pools on which more is placed, or less, besides what hubs make
	less     []float64 // by tier: weight that does not take any more
	fewer    []int32   // tiers with that
	due      []uint64  // steps to be done, as bits
	portions []portion
	left     int // classes that may be looked at
}

func (f *Fleet) noChanges(c *course) changes {
	n := len(f.Classes)
	return changes{noted: make([]bool, n), shifted: make([]bool, n), less: make([]float64, len(c.hub)), due: make([]uint64, len(f.order)/64+1)}
}

// judge is Judge in an intact fleet.
func (in *intact) judge(s *Scenario) (faults []Fault) {
	if served := in.lose(s); !served || !in.holds() {
		faults = in.now.faults(in.nameplate)
	}
	in.restore()
	return faults
}

// holds reports whether what is lost surely leaves a fleet that holds. It is not sure if something is wrong, or nearly so, or
// if too much changes; it takes time in proportion to what does.
func (in *intact) holds() bool {
	in.left = len(in.f.Classes)/8 + 64
	return !slices.ContainsFunc(in.currents, func(c *current) bool { return !in.carries(c) })
}

// lose takes down what a scenario does; false if that is a demand.
func (in *intact) lose(s *Scenario) bool {
	st, f := in.now, in.f
	st.s = s
	st.lose()
	for _, l := range s.lost {
		in.touch(l.of)
	}
	for _, l := range s.drained {
		in.touch(l.of)
	}
	for _, l := range s.copies {
		in.touch(f.Columns[l.of].class)
	}
	for _, columns := range [][]int{s.gone, s.idle} {
		for _, j := range columns {
			in.touch(f.Columns[j].class)
		}
	}
	for _, k := range in.touched {
		for _, i := range f.inSets[k] {
			st.met[i] -= st.out[k]
			st.short[i] += st.out[k]
		}
	}
	var down []int32
	for _, k := range in.touched {
		for _, i := range f.inSets[k] {
			down = st.unmet(i, down)
		}
	}
	served := true
	for _, k := range st.fall(down) {
		served = served && f.Classes[k].Demand == 0
		in.touch(k)
	}
	for _, k := range in.touched {
		in.weighLess(k)
	}
	return served
}

func (in *intact) touch(k int32) {
	if !in.noted[k] {
		in.noted[k] = true
		in.touched = append(in.touched, k)
	}
}

func (in *intact) weighLess(k int32) {
	n := in.was.turns[k] - in.now.turns[k]
	if n == 0 {
		return
	}
	for _, from := range in.f.Classes[k].in {
		p := &in.f.pools[from.pool]
		t := p.first + int(from.tier)
		if in.less[t] == 0 {
			in.fewer = append(in.fewer, int32(t))
		}
		in.less[t] += float64(in.weight(p, int(from.tier), k) * float64(n))
	}
}

// restore undoes what a scenario does.
func (in *intact) restore() {
	was, now := in.was, in.now
	for _, k := range in.touched {
		in.noted[k] = false
		now.up[k], now.live[k], now.turns[k], now.out[k] = was.up[k], was.live[k], was.turns[k], 0
		for _, i := range in.f.inSets[k] {
			now.met[i], now.short[i] = was.met[i], was.short[i]
		}
	}
	for _, t := range in.fewer {
		in.less[t] = 0
	}
	in.touched, in.fewer = in.touched[:0], in.fewer[:0]
}

// carries reports whether nothing is above its bound, and all that is placed is taken.
func (in *intact) carries(c *current) bool {
	clear(c.over)
	for _, k := range in.touched {
		in.await(in.class[k])
		for _, from := range in.f.Classes[k].in {
			in.await(in.pool[from.pool])
		}
	}
	for _, t := range in.tier {
		in.await(in.pool[in.of[t]])
	}
	sure := in.flow(c) && in.within(c)
	for _, k := range in.moved {
		in.shifted[k], c.more[k] = false, 0
	}
	for _, p := range in.filled {
		c.extra[p] = 0
	}
	clear(in.due)
	in.moved, in.filled = in.moved[:0], in.filled[:0]
	return sure
}

// await notes a step to be done, each after what comes before it.
func (in *intact) await(step int32) {
	if step >= 0 {
		in.due[step/64] |= 1 << (step % 64)
	}
}

// flow does the steps; false if it cannot be sure of one.
func (in *intact) flow(c *current) bool {
	for word := range in.due {
		for in.due[word] != 0 {
			bit := bits.TrailingZeros64(in.due[word])
			in.due[word] &^= 1 << bit
			switch at := in.f.order[64*word+bit]; {
			case at >= 0:
				in.place(c, int32(at))
			case !in.take(c, ^int32(at)):
				return false
			}
		}
	}
	return true
}

// at returns a value as the hubs make it.
func (in *intact) at(c *current, value float64, rises []float64) float64 {
	for h, rise := range rises {
		value += float64(rise * c.over[h])
	}
	return value
}

// place adds to pools what a class places more.
func (in *intact) place(c *current, k int32) {
	was, now := in.was, in.now
	load := in.at(c, c.load[k], in.by(c.rise, k))
	live, turns := float64(now.live[k]-was.live[k]), float64(now.turns[k]-was.turns[k])
	for _, l := range in.f.Classes[k].links {
		if l.pool < 0 {
			continue
		}
		var more float64
		if c.byPlate && l.plate {
			more = float64((l.base + float64(l.rate*in.capacity[k])) * live)
		} else {
			more = float64(l.base*live) + float64(l.rate*(float64(load*turns)+float64(c.more[k]*float64(now.turns[k]))))
		}
		if more != 0 {
			if c.extra[l.pool] == 0 {
				in.filled = append(in.filled, l.pool)
			}
			c.extra[l.pool] += more
			in.await(in.pool[l.pool])
		}
	}
}

// take splits what is placed on a pool. It is not sure if nobody takes it, or rounding may show.
func (in *intact) take(c *current, pool int32) bool {
	p := &in.f.pools[pool]
	as := in.at(c, c.placed[pool], in.by(c.swell, pool))
	load := as + c.extra[pool]
	if !(load >= max(as, c.placed[pool])/mostLost) {
		if in.left -= len(p.owners); in.left < 0 {
			return false
		}
		load = in.gather(c, p)
	}
	portions, ok := in.portion(p, load)
	if !ok {
		return false
	}
	for t := range portions {
		each, at := portions[t].each(), p.first+t
		if h := in.hub[at]; h >= 0 {
			if c.over[h] = each - c.each[at]; !(each >= c.each[at]/mostLost) {
				return false
			}
		} else if !in.give(c, p, t, each-float64(c.unit[at]*as)) {
			return false
		}
	}
	return true
}

// gather returns what is placed on a pool, added up anew; NaN if rounding may show in that too.
func (in *intact) gather(c *current, p *pool) (load float64) {
	for _, o := range p.owners {
		k := o.class
		l := &in.f.Classes[k].links[o.link]
		live, served := float64(in.now.live[k]), in.loadOf(c, k)
		if in.now.turns[k] > 0 && served < c.load[k]/100 {
			return math.NaN()
		}
		if c.byPlate && l.plate {
			load += float64((l.base + float64(l.rate*in.capacity[k])) * live)
		} else {
			load += float64(l.base*live) + float64(float64(l.rate*served)*float64(in.now.turns[k]))
		}
	}
	return load
}

// unasked reports whether all are down who could place load on a pool.
func (in *intact) unasked(p *pool) bool {
	return !slices.ContainsFunc(p.owners, func(o owner) bool { return in.now.live[o.class] > 0 })
}

// loadOf returns the load of each of a class.
func (in *intact) loadOf(c *current, k int32) float64 {
	return in.at(c, c.load[k], in.by(c.rise, k)) + c.more[k]
}

// portion splits a load among those who are left of a pool.
func (in *intact) portion(p *pool, load float64) (portions []portion, ok bool) {
	in.portions = append(in.portions[:0], in.tiers[p.first:p.first+len(p.tiers)]...)
	takes := false
	for t := range in.portions {
		q := &in.portions[t]
		if less := in.less[p.first+t]; less != 0 {
			if q.weights -= less; !(q.weights >= less/(mostLost-1)) {
				if in.left -= len(p.tiers[t].classes); in.left < 0 {
					return nil, false
				}
				q.weights = in.now.weigh(p, t).weights
			}
		}
		takes = takes || q.weights > 0
	}
	if !takes && !in.unasked(p) {
		return nil, false
	}
	in.now.divide(p, load, in.portions)
	for _, q := range in.portions {
		if q.amount > 0 && q.amount < float64(leastPart*load) {
			return nil, false
		}
	}
	return in.portions, true
}

// give adds to the members of a tier what each unit of weight takes more.
func (in *intact) give(c *current, p *pool, tier int, each float64) bool {
	if each == 0 {
		return true
	}
	classes := p.tiers[tier].classes
	if in.left -= len(classes); in.left < 0 {
		return false
	}
	for _, k := range classes {
		c.more[k] += float64(in.weight(p, tier, k) * each)
		if !in.shifted[k] {
			in.shifted[k] = true
			in.moved = append(in.moved, k)
		}
		in.await(in.class[k])
	}
	return true
}

// within reports whether no class is above its bound.
func (in *intact) within(c *current) bool {
	for _, list := range [][]int32{in.touched, in.moved, c.always} {
		for _, k := range list {
			if !in.bears(c, k) {
				return false
			}
		}
	}
	part := 0.0
	for h, over := range c.over {
		if over > 0 {
			part = max(part, over/c.each[in.tier[h]])
		}
		if !in.bear(c, c.alone[h], over) {
			return false
		}
	}
	return in.bear(c, c.several, part)
}

// bear looks at classes that have less room than is needed.
func (in *intact) bear(c *current, list []room, over float64) bool {
	for _, r := range list {
		if r.rise >= over && !math.IsInf(over, 1) {
			return true
		}
		if in.left--; in.left < 0 || !in.bears(c, r.class) {
			return false
		}
	}
	return true
}

// bears reports whether a class is not above its bound.
func (in *intact) bears(c *current, k int32) bool {
	switch {
	case in.now.live[k] == 0:
		return true
	case in.now.turns[k] == 0:
		return float64(in.factor*in.f.Classes[k].Demand) <= c.bound[k]
	default:
		return in.loadOf(c, k) <= c.bound[k]
	}
}
