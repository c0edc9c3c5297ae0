package restart

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// Lots are the components of a fleet by what nothing tells apart: those of one lot draw on the same and share load alike, so that
// what is in rotation of it carries the same, but for shares by capacity while some are colder. What has a demand is a lot by itself.
// Lots are in order of the first of each.
type lots struct {
	lot      []int32         // by ID
	members  [][]topology.ID // by lot, in order of declaration
	most     []float64       // by lot: of each of them, warm
	finite   []int32         // lots with a capacity
	takers   [][]taker       // by pool
	downhill []int32         // lots that place load, and complements of pools, in the order in which load passes through them
}

// A taker is a lot whose members are those of a pool: all in one tier of it, or entry of a weighted share.
type taker struct{ lot, tier int32 }

// A lotKey tells lots apart: alike are numbers of what nothing tells apart but its tiers.
type lotKey struct {
	alike int32
	tiers string
}

// findLots finds the lots of components that are alike.
func findLots(t *topology.Topology, alike []int32) *lots {
	l := &lots{lot: make([]int32, t.Len()), takers: make([][]taker, len(t.Pools()))}
	tiers, known := tiersOf(t), map[lotKey]int32{}
	var sizes []int
	for id := range topology.ID(t.Len()) {
		key := lotKey{alike[id], tiers[id]}
		if t.Demand(id) > 0 {
			key.tiers = fmt.Sprint("alone ", id)
		}
		lot, ok := known[key]
		if !ok {
			lot = int32(len(sizes))
			known[key] = lot
			sizes = append(sizes, 0)
			l.most = append(l.most, t.Capacity(id))
			if !math.IsInf(t.Capacity(id), 1) {
				l.finite = append(l.finite, lot)
			}
		}
		l.lot[id] = lot
		sizes[lot]++
	}
	l.fill(t, sizes)
	l.findWay(t)
	return l
}

// tiersOf returns, of the members of pools with several tiers or entries, in which they are.
func tiersOf(t *topology.Topology) map[topology.ID]string {
	tiers := map[topology.ID]string{}
	for _, p := range t.Pools() {
		if len(p.Ends) == 1 {
			continue
		}
		from := 0
		for tier, end := range p.Ends {
			for _, m := range p.Members[from:end] {
				tiers[m] = string(binary.AppendUvarint([]byte(tiers[m]), uint64(tier)))
			}
			from = end
		}
	}
	return tiers
}

// fill lists the members of each lot, and the lots of each pool.
func (l *lots) fill(t *topology.Topology, sizes []int) {
	l.members = make([][]topology.ID, len(sizes))
	flat := make([]topology.ID, t.Len())
	for lot, n := range sizes {
		l.members[lot], flat = flat[:0:n], flat[n:]
	}
	for id, lot := range l.lot {
		l.members[lot] = append(l.members[lot], topology.ID(id))
	}
	for pool, p := range t.Pools() {
		tier := 0
		for i, m := range p.Members {
			for i == p.Ends[tier] {
				tier++
			}
			if lot := l.lot[m]; l.members[lot][0] == m {
				l.takers[pool] = append(l.takers[pool], taker{lot, int32(tier)})
			}
		}
	}
}

// edges returns the number of pools that each lot is in, and of links by which lots place load on each pool.
func (l *lots) edges(t *topology.Topology) (into, owners []int32) {
	into, owners = make([]int32, len(l.members)), make([]int32, len(t.Pools()))
	for _, takers := range l.takers {
		for _, to := range takers {
			into[to.lot]++
		}
	}
	for _, ids := range l.members {
		for _, link := range t.Links(ids[0]) {
			if link.Pool >= 0 {
				owners[link.Pool]++
			}
		}
	}
	return into, owners
}

// findWay sorts lots that place load, and the pools that they place it on, so that load flows from earlier ones to later ones.
func (l *lots) findWay(t *topology.Topology) {
	into, owners := l.edges(t)
	var ready []int32
	for lot, n := range into {
		if n == 0 {
			ready = append(ready, int32(lot))
		}
	}
	for done := 0; done < len(ready); done++ {
		lot, places := ready[done], false
		for _, link := range t.Links(l.members[lot][0]) {
			if link.Pool < 0 {
				continue
			}
			if !places {
				l.downhill = append(l.downhill, lot)
				places = true
			}
			if owners[link.Pool]--; owners[link.Pool] > 0 {
				continue
			}
			l.downhill = append(l.downhill, ^link.Pool)
			for _, to := range l.takers[link.Pool] {
				if into[to.lot]--; into[to.lot] == 0 {
					ready = append(ready, to.lot)
				}
			}
		}
	}
}
