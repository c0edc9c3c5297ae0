package triage

import (
	"cmp"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// strengths returns the most that each tier of a pool takes, and last that all take together; +Inf where nothing is known.
func (f *fleet) strengths(at int32) []float64 {
	p := &f.pools[at]
	all := make([]float64, len(p.tiers)+1)
	for i := range all {
		all[i] = math.Inf(1)
	}
	switch p.share {
	case topology.Equal, topology.Tiered:
		for i := range p.tiers {
			all[i] = f.strength(p, p.tiers[i:i+1])
		}
	case topology.Weighted:
		all[len(p.tiers)] = f.strength(p, p.tiers)
	}
	return all
}

// A member is a class of a pool: a component of it gets weight · x, and so it carries x up to level.
type member struct {
	level, weight float64 // weight is of all of its components
}

// strength returns max over x of x · the weight of those that can carry it.
func (f *fleet) strength(p *pool, tiers []tier) float64 {
	var members []member
	for i := range tiers {
		for _, c := range tiers[i].members {
			k := &f.classes[c]
			w := f.weight(p, &tiers[i], c)
			if k.ready || w == 0 {
				continue
			}
			members = append(members, member{k.bearing() / w, w * float64(len(k.ids))})
		}
	}
	slices.SortStableFunc(members, func(a, b member) int { return cmp.Compare(b.level, a.level) })
	best, weight := 0.0, 0.0
	for _, m := range members {
		weight += m.weight
		best = max(best, float64(m.level*weight))
	}
	return best
}
