package engine

import (
	"cmp"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A reference is the state in which nothing is lost: bounds compare others with it.
type reference struct {
	load  []float64 // by group
	total []float64 // by pool
	level []float64 // by tier

	pools, groups [][]int32 // by depth
	watch         []watch   // groups that have a capacity, those first that bear the least,
	spare         float64   // and a factor that all but a few of them bear
	falls         [][]watch // by depth: waterfalls, those first that spill first
	lastFall      int32     // greatest depth of one; -1 if there is none
	dry           []int32   // pools of which no member takes load
}

// A watch is something to be looked at when loads may have grown by more than a factor.
type watch struct {
	factor float64
	at     int32
}

func leastFirst(a, b watch) int {
	return cmp.Or(cmp.Compare(a.factor, b.factor), cmp.Compare(a.at, b.at))
}

// refer computes the loads of the state in which nothing is lost.
func (c *compiler) refer() {
	r := &c.intact
	r.pools, r.groups, r.falls = make([][]int32, c.deep+1), make([][]int32, c.deep+1), make([][]watch, c.deep+1)
	for p := range c.pools {
		r.pools[c.pools[p].depth] = append(r.pools[c.pools[p].depth], int32(p))
	}
	for g := range c.groups {
		r.groups[c.groups[g].depth] = append(r.groups[c.groups[g].depth], int32(g))
	}
	r.lastFall = -1
	e := c.engine()
	e.pass()
	r.load, r.total, r.level = e.values.load, e.values.total, e.values.level
	for p := range c.pools {
		if e.values.dry[p] {
			r.dry = append(r.dry, int32(p))
		}
		if c.pools[p].share == topology.Waterfall {
			d := c.pools[p].depth
			r.falls[d], r.lastFall = append(r.falls[d], watch{c.spillsAt(int32(p)), int32(p)}), max(r.lastFall, d)
		}
	}
	for _, falls := range r.falls {
		slices.SortFunc(falls, leastFirst)
	}
	for g := range c.groups {
		if c.groups[g].limited {
			r.watch = append(r.watch, watch{e.weakest(int32(g)) / r.load[g], int32(g)})
		}
	}
	slices.SortFunc(r.watch, leastFirst)
	if r.spare = unlimited; len(r.watch) > 0 {
		r.spare = r.watch[min(few, len(r.watch)-1)].factor
	}
}

// spillsAt returns the factor by which the load on a waterfall may grow before what a tier takes grows by more.
func (c *compiler) spillsAt(p int32) float64 {
	q := &c.pools[p]
	first, last := int32(-1), int32(-1)
	for k := q.from; k < q.to; k++ {
		if c.weightOf(&c.start, &c.tiers[k]) > 0 {
			if first < 0 {
				first = k
			}
			last = k
		}
	}
	if first == last {
		return unlimited // all of it goes to one tier
	}
	return max(1, q.factor*c.weightOf(&c.start, &c.tiers[first])/c.intact.total[p])
}
