package tipping

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A floor tells of a number k that the fleet holds whichever k are lost, without trying them. It bounds how many members
// of each set can be down, and from these each load. It reports false where it cannot tell.
type floor struct {
	*finder
	with map[topology.ID][]topology.ID // by component: those of the pattern with which it goes down
	tops map[int32][]int               // by set: how many of its members the worst one, the worst two and so on take down
	into [][]draw

	k      int
	placed []float64 // by pool: how much at most; NaN where it was not asked yet
}

// floor returns a number of which any may be lost so that the fleet holds; -1 if none is known.
func (f *finder) floor() int {
	if slices.ContainsFunc(f.ids, func(id topology.ID) bool { return f.t.Demand(id) > 0 }) {
		return -1
	}
	b := &floor{finder: f, with: f.downWith(), tops: map[int32][]int{}, into: newNameplate(f.t).into}
	low, high := -1, len(f.ids)+1
	for low+1 < high {
		if k := low + (high-low)/2; b.holds(k) {
			low = k
		} else {
			high = k
		}
	}
	return low
}

func (b *floor) holds(k int) bool {
	b.k, b.placed = k, slices.Repeat([]float64{math.NaN()}, len(b.into))
	for id := range topology.ID(b.t.Len()) {
		links := b.t.Links(id)
		for i := range links {
			if !b.keeps(&links[i]) {
				return false
			}
		}
		if topology.Overloaded(b.load(id), b.t.Capacity(id)) || k > 0 && b.t.Demand(id) > 0 && len(b.with[id]) > 0 {
			return false
		}
	}
	return true
}

// keeps reports whether a link takes its owner down only if the loss of one of the pattern does, and load always finds a
// member. For if that is so of all links, what goes down is what goes down with each of the lost: the first component that
// went down besides would need more members of a link than these leave.
func (b *floor) keeps(l *topology.Link) bool {
	if l.Start || b.k == 0 {
		return true
	}
	left := len(l.Members) - b.down(l)
	switch {
	case l.Pool >= 0 && slices.Contains(l.Supply.Weights, 0):
		return false
	case l.Need == len(l.Members):
		return true // each of them takes it down
	default:
		return left >= l.Need && (l.Pool < 0 || left > 0)
	}
}

// down returns how many members of a link can be down.
func (b *floor) down(l *topology.Link) int {
	top, ok := b.tops[l.Set]
	if !ok {
		takes := map[topology.ID]int{}
		for _, m := range l.Members {
			for _, id := range b.with[m] {
				takes[id]++
			}
		}
		for _, n := range takes {
			top = append(top, n)
		}
		slices.Sort(top)
		slices.Reverse(top)
		for i := 1; i < len(top); i++ {
			top[i] += top[i-1]
		}
		b.tops[l.Set] = top
	}
	if k := min(b.k, len(top)); k > 0 {
		return min(top[k-1], len(l.Members))
	}
	return 0
}

// load returns the most that a component can carry.
func (b *floor) load(id topology.ID) float64 {
	sum := b.t.Demand(id)
	for _, k := range b.t.PoolsOf(id) {
		part := b.in(k)
		if p := &b.t.Pools()[k]; p.Share == topology.Equal {
			part /= float64(max(1, len(p.Members)-b.down(b.into[k][0].Link)))
		}
		sum += part
	}
	return sum
}

// in returns the most that is placed in a pool. Owners that get all their load from one pool place no more together than
// that has.
func (b *floor) in(pool int32) float64 {
	if !math.IsNaN(b.placed[pool]) {
		return b.placed[pool]
	}
	type group struct {
		pool       int32
		rate, each float64
	}
	var groups []group
	sum := 0.0
	for _, l := range b.into[pool] {
		sum += l.Supply.Base
		rate := l.Supply.Rate()
		if rate == 0 {
			continue
		}
		each := float64(rate * min(b.load(l.owner), b.t.Capacity(l.owner)))
		from := b.t.PoolsOf(l.owner)
		if len(from) != 1 || b.t.Demand(l.owner) > 0 || b.t.Pools()[from[0]].Share == topology.Each {
			sum += each
			continue
		}
		i := slices.IndexFunc(groups, func(g group) bool { return g.pool == from[0] })
		if i < 0 {
			i, groups = len(groups), append(groups, group{pool: from[0]})
		}
		groups[i].rate, groups[i].each = max(groups[i].rate, rate), groups[i].each+each
	}
	for _, g := range groups {
		sum += min(g.each, float64(g.rate*b.in(g.pool)))
	}
	b.placed[pool] = sum
	return sum
}
