package maintenance

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// coldest stands for none of a capacity, as in package restart: what has none is overloaded by the least load, and takes next to
// nothing of a share by capacity.
const coldest = 1e-9

// warms reports whether a component comes back with less than its capacity.
func (q *question) warms(id topology.ID) bool {
	s := q.t.Start(id)
	return s.WarmUp > 0 && s.Cold < 1 && !math.IsInf(q.t.Capacity(id), 1)
}

// cold returns the capacity with which a component comes back.
func (q *question) cold(id topology.ID) float64 {
	if !q.warms(id) {
		return q.t.Capacity(id)
	}
	return q.t.Capacity(id) * max(coldest, q.t.Start(id).Cold)
}

// passes reports whether a component passes load on.
func (q *question) passes(id topology.ID) bool {
	return slices.ContainsFunc(q.t.Links(id), func(l topology.Link) bool { return l.Supply != nil })
}

// shifts reports whether a component takes a share by capacity, of members some of which pass load on.
func (q *question) shifts(id topology.ID) bool {
	return slices.ContainsFunc(q.t.PoolsOf(id), func(k int32) bool {
		p := &q.t.Pools()[k]
		return (p.Share == topology.Proportional || p.Share == topology.Waterfall) && slices.ContainsFunc(p.Members, q.passes)
	})
}

// moves reports whether loads may rise while a group warms up: a member of a share by capacity that warms up shares with
// some that pass load on. What is between cold and warm is then more than its ends.
func (g *group) moves(q *question) bool {
	return slices.ContainsFunc(g.wounded, func(id topology.ID) bool { return q.shifts(id) })
}

// findBelow finds what warms up below a share by capacity whose members warm up.
func (b *bound) findBelow(q *question) {
	if !b.moves(q) {
		return
	}
	var queue []topology.ID
	for _, id := range b.wounded {
		if q.shifts(id) {
			for _, k := range q.t.PoolsOf(id) {
				queue = append(queue, q.t.Pools()[k].Members...)
			}
		}
	}
	below := make([]bool, q.t.Len())
	for ; len(queue) > 0; queue = queue[1:] {
		for _, l := range q.t.Links(queue[0]) {
			if l.Supply == nil {
				continue
			}
			for _, m := range l.Members {
				if !below[m] {
					below[m] = true
					queue = append(queue, m)
				}
			}
		}
	}
	for _, id := range b.wounded {
		if below[id] {
			b.below = append(b.below, id)
		}
	}
}
