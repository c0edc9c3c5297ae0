package sizes

import (
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// placed returns the load that is placed on a pool.
func (v *view) placed(pool int32) form {
	if known := v.pools[pool]; known != nil {
		return *known
	}
	sum := constant(0)
	parts := v.passed(pool, &sum)
	for _, part := range parts.order {
		sum = sum.plus(v.pass(pool, part, parts.of[part]), 1)
	}
	v.pools[pool] = &sum
	return sum
}

// A source is the tier of another pool from which load comes, at a rate.
type source struct {
	pool, tier int32
	rate       float64
	whole      bool // from all of the pool
}

// sources are what comes from each, by how much weight is passed on, in the order found.
type sources struct {
	order []source
	of    map[source]form
}

func (s *sources) add(from source, weight form) {
	known, ok := s.of[from]
	if !ok {
		s.order = append(s.order, from)
		known = constant(0)
	}
	s.of[from] = known.plus(weight, 1)
}

// passed adds to a sum what owners place by themselves, and returns from where they pass load on.
func (v *view) passed(pool int32, sum *form) sources {
	parts := sources{of: map[source]form{}}
	for _, o := range v.f.pools[pool].owners {
		k := o.class
		c := &v.f.Classes[k]
		l := c.links[o.link]
		live, turns := v.number(k, v.live(k)), v.number(k, v.turns(k))
		if v.plated && l.plate {
			*sum = sum.plus(constant(l.base).plus(v.capacity(k), l.rate).times(live, v.x), 1)
			continue
		}
		*sum = sum.plus(live, l.base)
		if l.rate == 0 {
			continue
		}
		*sum = sum.plus(turns, float64(float64(l.rate*v.s.Factor)*c.Demand))
		for _, in := range c.in {
			from := &v.f.pools[in.pool]
			if v.whole(flow{in.pool, pool, l.rate}) && v.takes(in.pool) {
				parts.add(source{pool: in.pool, rate: l.rate, whole: true}, turns)
			} else {
				parts.add(source{in.pool, in.tier, l.rate, false}, v.weight(from, int(in.tier), k).times(turns, v.x))
			}
		}
	}
	return parts
}

// pass returns what comes to a pool from one source.
func (v *view) pass(pool int32, from source, weight form) form {
	p := &v.f.pools[from.pool]
	if from.whole {
		placed := v.placed(from.pool)
		if p.share == topology.Each {
			return constant(0).plus(placed.times(weight, v.x), from.rate) // the weight counts each link
		}
		return constant(0).plus(placed, from.rate*float64(v.f.isWhole(flow{from.pool, pool, from.rate})))
	}
	part := v.taken(from.pool, from.tier).times(weight, v.x)
	if p.share != topology.Each {
		if placed := v.placed(from.pool); part.hi > placed.hi {
			part.hi = max(part.lo, placed.hi)
		}
	}
	return constant(0).plus(part, from.rate)
}

// whole reports whether all members of one pool pass its load on to another, none of them by nameplate.
func (v *view) whole(w flow) bool {
	if v.f.isWhole(w) == 0 {
		return false
	}
	if !v.plated {
		return true
	}
	plain, known := v.f.plain[w]
	if !known {
		plain = !slices.ContainsFunc(v.f.members(w.from), func(k int32) bool {
			return slices.ContainsFunc(v.f.Classes[k].links, func(l link) bool { return l.plate && l.pool == w.to })
		})
		v.f.plain[w] = plain
	}
	return plain
}

// takes reports whether a pool has a member that takes load wherever the scenario holds.
func (v *view) takes(pool int32) bool {
	p := &v.f.pools[pool]
	for t := range p.tiers {
		if v.surely(p, t) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(p.owners, func(o owner) bool { return v.needed[o.class] && v.f.Classes[o.class].Demand > 0 })
}
