package restart

import (
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// ceiling returns the most load that servers, and what powers them, could ever carry, with all in rotation that ever can be.
//
// Each server carries at most what the weakest that must be there can, so those of a load T behind one component are at least
// T/capacity, and draw T · (rate + base/capacity) of it at least.
func (f *fleet) ceiling() float64 {
	each := f.capacity
	if f.survivors > 0 {
		each = f.weakest
	}
	w := f.leastDraws(nil)
	bundles, least, room := map[topology.ID]*bundle{}, map[topology.ID]float64{}, f.rooms(w)
	for id := range room {
		least[id], bundles[id] = math.Inf(1), &bundle{}
	}
	for i := range f.groups {
		for _, d := range w.draws(f.groups[i].links) {
			if b, one := bundles[d.on], d.rate+d.run/each; b != nil && one > 0 {
				b.groups = append(b.groups, i)
				least[d.on] = min(least[d.on], one)
			}
		}
	}
	var found []*bundle
	for _, id := range f.limiters() {
		if b := bundles[id]; b != nil && len(b.groups) > 0 {
			b.carry = []float64{max(0, room[id]) / least[id]}
			found = append(found, b)
		}
	}
	return f.carriedBy(found, each)
}

// carriedBy returns the most load that all servers carry, at most so much each and within what bundles carry.
func (f *fleet) carriedBy(found []*bundle, each float64) float64 {
	root, all := f.nested(found)
	carried := map[*bundle]float64{}
	for _, b := range all {
		sum := 0.0
		for _, g := range b.direct {
			if f.soon[f.groups[g].ids[0]] >= 0 {
				sum += float64(float64(len(f.groups[g].ids)) * each)
			}
		}
		for _, in := range b.within {
			sum += carried[in]
		}
		for _, most := range b.carry {
			sum = min(sum, most)
		}
		carried[b] = sum
	}
	return carried[root]
}

// enough returns how many servers that are down must start to carry all that is asked for, or all that could ever be carried.
func (f *fleet) enough() int {
	asked := min(f.base+float64(f.rate*f.demand), f.ceiling())
	ready := f.survivors
	for _, g := range f.groups {
		if g.status == topology.Ready {
			ready += len(g.ids)
		}
	}
	each := f.capacity
	if f.survivors > 0 {
		each = min(each, f.weakest)
	}
	if !(each > 0) || math.IsInf(asked, 1) {
		return f.t.Len()
	}
	return max(0, int(min(math.Ceil(asked/each*(1-topology.Tolerance)), float64(f.t.Len())))-ready)
}
