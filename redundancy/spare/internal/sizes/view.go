package sizes

import (
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// A view is what is known of the loads of a scenario in a box, under the assumption that the scenario holds: then no load
// is above a capacity, so nothing is shed, and all that a demand must have is up.
type view struct {
	f      *Fleet
	s      *Scenario
	box    Box
	x      []int // of the box: where what is known should be sharpest
	plated bool

	most   *state   // at the largest sizes: what is down is down everywhere
	sure   []bool   // up everywhere
	needed []bool   // up wherever the scenario holds
	lives  []int    // of those there are, how many are up if any is, and not lost by number
	rotate []int    // and of these, how many in rotation
	pools  []*form  // memo: what is placed on each
	each   []*form  // memo: by tier of all pools, what each unit of weight takes
	shares []*share // memo: and what the tier takes, over what weight
}

// A share is what a tier takes, and the weight over which that is split.
type share struct {
	amount form
	over   mass
}

func (f *Fleet) view(s *Scenario, box Box, x []int, plated bool) *view {
	v := &view{f: f, s: s, box: box, x: x, plated: plated}
	v.most = f.between(s, box.Most, box.Least)
	least := f.between(s, box.Least, box.Most)
	v.need()
	v.sure = make([]bool, len(f.Classes))
	for k := range v.sure {
		v.sure[k] = v.most.up[k] && (least.up[k] || v.needed[k])
	}
	v.count()
	v.pools, v.each, v.shares = make([]*form, len(f.pools)), make([]*form, f.tiers()), make([]*share, f.tiers())
	return v
}

// need finds what must be up for every demand that is asked for to be.
func (v *view) need() {
	f := v.f
	v.needed = make([]bool, len(f.Classes))
	var queue []int32
	note := func(k int32) {
		if !v.needed[k] {
			v.needed[k] = true
			queue = append(queue, k)
		}
	}
	for _, k := range f.demands {
		if v.most.asked(k) {
			note(k)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, l := range f.Classes[queue[0]].links {
			if l.need == 0 {
				continue
			}
			for _, m := range f.sets[l.set].classes {
				if l.all && f.Classes[m].count(v.box.Least) > 0 || !l.all && v.most.met[l.set]-v.most.live[m] < l.need {
					note(m)
				}
			}
		}
	}
}

// count finds how many of each class are up if it is, but for whole columns, and how many of these in rotation.
func (v *view) count() {
	f, s := v.f, v.s
	v.lives, v.rotate = make([]int, len(f.Classes)), make([]int, len(f.Classes))
	for k := range f.Classes {
		v.lives[k], v.rotate[k] = f.Classes[k].Size, f.Classes[k].Size
	}
	for _, l := range s.lost {
		v.lives[l.of] -= l.n
		v.rotate[l.of] -= l.n
	}
	for _, l := range s.copies {
		k := f.Columns[l.of].class
		v.lives[k] -= l.n
		v.rotate[k] -= l.n
	}
	for _, l := range s.drained {
		v.rotate[l.of] -= l.n
	}
}

// live returns how many of a class are up if it is, turns how many of these are in rotation.
func (v *view) live(k int32) affine {
	a := affine{c: float64(v.lives[k])}
	for _, j := range v.f.Classes[k].Columns {
		if !contains(v.s.gone, j) {
			a.term = append(a.term, term{int32(j), 1})
		}
	}
	return a
}

func (v *view) turns(k int32) affine {
	a := affine{c: float64(v.rotate[k])}
	for _, j := range v.f.Classes[k].Columns {
		if !contains(v.s.gone, j) && !contains(v.s.idle, j) {
			a.term = append(a.term, term{int32(j), 1})
		}
	}
	return a
}

// number returns the form of a count: nothing that is sure of a class that may be down.
func (v *view) number(k int32, n affine) form {
	switch {
	case !v.most.up[k]:
		return constant(0)
	case !v.sure[k]:
		return form{hi: max(0, n.most(v.box))}
	default:
		return form{max(0, n.least(v.box)), max(0, n.most(v.box)), n}
	}
}

// capacity returns the capacity of each of a class.
func (v *view) capacity(k int32) form {
	c := &v.f.Classes[k]
	if len(c.raises) == 0 {
		return constant(c.Capacity)
	}
	a := affine{c: c.Capacity}
	for _, j := range c.raises {
		a.term = append(a.term, term{int32(j), v.f.Columns[j].By})
	}
	return form{a.least(v.box), a.most(v.box), a}
}

// weight returns the weight of each of a class in a tier.
func (v *view) weight(p *pool, tier int, k int32) form {
	if p.byCapacity() {
		return v.capacity(k)
	}
	return constant(p.tiers[tier].weight)
}

// A mass is the weight of a tier, or of a pool, that takes load: at most all.
type mass struct {
	all    affine
	lo, hi float64
}

func (v *view) mass(p *pool, tiers ...int) mass {
	var m mass
	lightest, all := math.Inf(1), newSum(len(v.f.Columns))
	for _, t := range tiers {
		for _, k := range p.tiers[t].classes {
			if !v.most.up[k] {
				continue
			}
			w, n := v.weight(p, t, k), v.turns(k)
			if w.hi == 0 || n.most(v.box) <= 0 {
				continue
			}
			var part affine
			if w.fixed() {
				part = n.times(w.lo)
			} else {
				part = w.under.times(n.c) // what is raised is one of its class
			}
			all.add(part)
			if v.sure[k] {
				m.lo += max(0, part.least(v.box))
			}
			lightest = min(lightest, w.lo)
		}
	}
	m.all = all.affine()
	m.hi = m.all.most(v.box)
	if m.lo = max(m.lo, lightest); m.hi <= 0 || m.lo > m.hi {
		m.lo = m.hi
	}
	return m
}

// taken returns what each unit of weight of a tier takes.
func (v *view) taken(pool, tier int32) form {
	at := v.f.pools[pool].first + int(tier)
	if known := v.each[at]; known != nil {
		return *known
	}
	amount, over := v.amount(pool, int(tier))
	taken := constant(0)
	if over.hi > 0 {
		taken = amount.times(inverse(over.all, over.lo, over.hi, v.x), v.x)
	}
	if v.f.pools[pool].share == topology.Each {
		taken = amount
	}
	v.each[at] = &taken
	return taken
}

// amount returns what a tier takes, and over what weight it is split.
func (v *view) amount(pool int32, tier int) (form, mass) {
	p := &v.f.pools[pool]
	known := v.shares[p.first+tier]
	if known == nil {
		known = &share{}
		known.amount, known.over = v.share(pool, tier)
		v.shares[p.first+tier] = known
	}
	return known.amount, known.over
}

func (v *view) share(pool int32, tier int) (form, mass) {
	p := &v.f.pools[pool]
	placed := v.placed(pool)
	switch p.share {
	case topology.Tiered:
		return v.healthy(p, tier, placed)
	case topology.Waterfall:
		return v.spilled(p, tier, placed)
	default:
		return placed, v.mass(p, everyTier(p)...)
	}
}

func everyTier(p *pool) []int {
	tiers := make([]int, len(p.tiers))
	for t := range tiers {
		tiers[t] = t
	}
	return tiers
}

// load returns the load of each of a class in rotation.
func (v *view) load(k int32) form {
	c := &v.f.Classes[k]
	load := constant(float64(v.s.Factor * c.Demand))
	if v.turns(k).most(v.box) <= 0 {
		return load
	}
	for _, in := range c.in {
		w := v.weight(&v.f.pools[in.pool], int(in.tier), k)
		load = load.plus(v.taken(in.pool, in.tier).times(w, v.x), 1)
	}
	return load
}
