package triage

import (
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// placed returns what the owners of a pool place there at least, and the most of it that may be lost.
func (r *relaxation) placed(at int32) (placed sum, lost float64) {
	p := &r.pools[at]
	for _, o := range p.owners {
		k := &r.classes[o.class]
		n := float64(len(k.ids))
		base := float64(n * o.base)
		if r.stays[o.class] >= 0 {
			placed.add(r.stays[o.class], base)
		} else {
			placed.fixed += base
		}
		r.poolMost[at] += base
		lost += base
		if k.ready {
			continue
		}
		placed.plus(r.load[o.class], o.rate)
		r.poolMost[at] += float64(o.rate * r.most[o.class])
		lost += float64(o.rate * r.lost[o.class])
	}
	return placed, lost
}

// refusable returns what is left of placed where a pool may be left without members.
func (r *relaxation) refusable(at int32) sum {
	p := &r.pools[at]
	var placed sum
	for _, o := range p.owners {
		k := &r.classes[o.class]
		if k.ready {
			continue
		}
		if d := r.demand[o.class]; d >= 0 {
			placed.add(r.fraction[d], float64(float64(len(k.ids))*o.base))
		}
		placed.plus(r.load[o.class], o.rate)
		placed.fixed -= float64(o.rate * r.lost[o.class])
	}
	return placed
}

// pool passes on what is placed in a pool.
func (r *relaxation) pool(at int32) {
	p := &r.pools[at]
	placed, lost := r.placed(at)
	loyal, fixed := r.kinds(p)
	for i := range p.tiers {
		for _, c := range p.tiers[i].members {
			n := 1.0
			if p.share == topology.Each {
				n = float64(len(r.classes[c].ids))
			}
			r.lost[c] += float64(n * lost)
		}
	}
	if fixed {
		r.known(at, placed)
		return
	}
	if !loyal {
		placed = r.refusable(at)
	}
	r.free(at, placed)
}

// kinds reports whether some member always takes load of a pool, and whether all do, by parts that do not depend on it.
func (r *relaxation) kinds(p *pool) (loyal, fixed bool) {
	fixed = p.share != topology.Waterfall
	for i := range p.tiers {
		t := &p.tiers[i]
		for _, c := range t.members {
			low, high := r.between(c)
			fixed = fixed && low == high
			loyal = loyal || low > 0 && r.weight(p, t, c) > 0
		}
	}
	return loyal, fixed && loyal
}

// between returns how many of a class are in rotation, at least and at most.
func (r *relaxation) between(c int32) (low, high int32) {
	return r.counts.low[c], r.counts.high[c]
}

// known splits a pool whose members all stay.
func (r *relaxation) known(at int32, placed sum) {
	p := &r.pools[at]
	by := make([]float64, len(p.tiers))
	r.left.divide(p, by, nil, nil)
	if len(placed.on) > 8 && r.poolMost[at] > 0 { // many would come to stand in many rows
		all := r.column(0)
		whole := sum{}
		whole.add(all, r.poolMost[at])
		whole.plus(placed, -1)
		r.row(whole)
		placed = sum{}
		placed.add(all, r.poolMost[at])
	}
	for i := range p.tiers {
		t := &p.tiers[i]
		for _, c := range t.members {
			k := &r.classes[c]
			if k.ready || r.left.on[c] == 0 {
				continue
			}
			part := float64(by[i]*r.weight(p, t, c)) * float64(r.left.on[c])
			r.load[c].plus(placed, part)
			r.one[c] += float64(float64(by[i]*r.weight(p, t, c)) * r.poolMost[at])
			r.most[c] += float64(part * r.poolMost[at])
		}
	}
}

// free lets the members of a pool take what they will.
func (r *relaxation) free(at int32, placed sum) {
	p, all, share := &r.pools[at], r.strength(at), r.shared(at, placed)
	taken := sum{}
	for i := range p.tiers {
		within := sum{fixed: all[i]}
		for _, c := range p.tiers[i].members {
			column, most := r.member(at, i, c)
			if most == 0 {
				continue
			}
			taken.add(column, most)
			within.add(column, -most)
			r.evenly(share, c, column, most)
			if k := &r.classes[c]; p.share == topology.Each && !k.server && !k.falls {
				every := sum{}
				every.add(column, most)
				every.plus(placed, -float64(len(k.ids)))
				r.row(every)
			}
		}
		if !math.IsInf(all[i], 1) {
			r.row(within)
		}
	}
	if together := all[len(p.tiers)]; !math.IsInf(together, 1) {
		within := sum{fixed: together}
		within.plus(taken, -1)
		r.row(within)
	}
	taken.plus(placed, -1)
	r.row(taken)
}

// member adds a column for what a class takes of a pool, in parts of the most that it could, which is 0 if it takes nothing.
func (r *relaxation) member(at int32, tier int, c int32) (column int, most float64) {
	p, k := &r.pools[at], &r.classes[c]
	if k.ready || r.weight(p, &p.tiers[tier], c) == 0 {
		return 0, 0
	}
	n := float64(len(k.ids))
	if most = r.poolMost[at]; p.share == topology.Each {
		most *= n
	}
	if k.limited() {
		most = min(most, float64(n*k.bearing()))
	}
	if most == 0 {
		return 0, 0
	}
	column = r.column(0)
	r.load[c].add(column, most)
	r.one[c] += r.poolMost[at]
	r.most[c] += most
	return column, most
}
