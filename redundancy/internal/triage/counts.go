package triage

import "github.com/ridethrough/ridethrough/topology"

// counts are how many of each class are in rotation at least, and at most.
type counts struct {
	low, high []int32
}

func (f *fleet) anyCounts() *counts {
	n := &counts{make([]int32, len(f.classes)), make([]int32, len(f.classes))}
	for c := range f.classes {
		k := &f.classes[c]
		if k.ready {
			continue
		}
		if n.high[c] = k.count(); !k.server && !k.falls {
			n.low[c] = k.count()
		}
	}
	return n
}

func (n *counts) clone() *counts {
	return &counts{append([]int32(nil), n.low...), append([]int32(nil), n.high...)}
}

// A sharing is a pool that gives each member in rotation the same for each unit of its weight: a column times most.
type sharing struct {
	pool   int32
	column int
	most   float64
}

// An evenShare is what a class gets of such a pool: column taken times most, if so many are in rotation as that is of what
// each gets.
type evenShare struct {
	class       int32
	taken, each int
	most, unit  float64
}

// shared adds a column for what a pool gives each, where counts are known; its column is -1 else.
//
// With counts, what a class of n in rotation gets is n times what each gets, so between low and high times that; and once
// one is in rotation, what each gets is within its capacity. So the narrower the counts are the truer is the program, and
// where they are settled it is that of look, but for needs and tiers.
func (r *relaxation) shared(at int32, placed sum) sharing {
	p := &r.pools[at]
	s := sharing{pool: at, column: -1}
	switch p.share {
	case topology.Equal, topology.Weighted, topology.Proportional, topology.Each:
	default:
		return s
	}
	if !r.parts {
		return s
	}
	for i := range p.tiers {
		for _, c := range p.tiers[i].members {
			if w := r.weight(p, &p.tiers[i], c); w > 0 && r.counts.high[c] > 0 {
				s.most = max(s.most, min(r.classes[c].bearing(), r.poolMost[at])/w)
			}
		}
	}
	if s.most == 0 {
		return s
	}
	s.column = r.column(0)
	if p.share == topology.Each {
		all := sum{}
		all.add(s.column, s.most)
		all.plus(placed, -1)
		r.row(all)
	}
	return s
}

// evenly keeps what a class gets between its counts times what each gets.
func (r *relaxation) evenly(s sharing, c int32, column int, most float64) {
	if !r.parts {
		return
	}
	if r.counts.high[c] == 0 {
		r.Up[column] = 0
		return
	}
	if s.column < 0 {
		return
	}
	p := &r.pools[s.pool]
	w := 0.0
	for _, in := range r.classes[c].in {
		if in.pool == s.pool {
			w = r.weight(p, &p.tiers[in.tier], c)
		}
	}
	unit := float64(w * s.most)
	r.shares = append(r.shares, evenShare{c, column, s.column, most, unit})
	r.even[c].add(s.column, unit)
	less, more := sum{}, sum{}
	less.add(s.column, float64(float64(r.counts.high[c])*unit))
	less.add(column, -most)
	r.row(less)
	more.add(column, most)
	more.add(s.column, -float64(float64(r.counts.low[c])*unit))
	r.row(more)
}

// each keeps what a class gets within the capacity of those in rotation and, once there is one, what each gets within its
// own; and so many of it up.
func (r *relaxation) each(c int32) {
	if !r.parts {
		return
	}
	k := &r.classes[c]
	if k.limited() {
		within := sum{fixed: float64(float64(r.counts.high[c]) * k.bearing())}
		within.plus(r.load[c], -1)
		r.row(within)
	}
	if r.counts.low[c] == 0 {
		return
	}
	if r.stays[c] >= 0 {
		up := sum{fixed: -float64(r.counts.low[c]) / float64(k.count())}
		up.add(r.stays[c], 1)
		r.row(up)
	}
	if k.limited() {
		within := sum{fixed: k.bearing()}
		within.plus(r.even[c], -1)
		r.row(within)
	}
}
