package tipping

import (
	"maps"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A nameplate is the most load that components can have while nothing is overloaded, whatever is lost.
type nameplate struct {
	t      *topology.Topology
	into   [][]draw  // by pool: what places load there
	placed []float64 // by pool: how much at most; NaN where it was not asked yet
}

// A draw is a link by which an owner places load.
type draw struct {
	owner topology.ID
	*topology.Link
}

func newNameplate(t *topology.Topology) *nameplate {
	n := &nameplate{t: t, into: make([][]draw, len(t.Pools()))}
	for id := range topology.ID(t.Len()) {
		links := t.Links(id)
		for i := range links {
			if l := &links[i]; l.Pool >= 0 {
				n.into[l.Pool] = append(n.into[l.Pool], draw{id, l})
			}
		}
	}
	n.placed = slices.Repeat([]float64{math.NaN()}, len(n.into))
	return n
}

// of returns the load of a component if it takes all that is placed in its pools.
func (n *nameplate) of(id topology.ID) float64 {
	sum := n.t.Demand(id)
	for _, k := range n.t.PoolsOf(id) {
		sum += n.in(k)
	}
	return sum
}

func (n *nameplate) in(pool int32) float64 {
	if !math.IsNaN(n.placed[pool]) {
		return n.placed[pool]
	}
	sum := 0.0
	for _, l := range n.into[pool] {
		sum += l.Supply.Base
		if rate := l.Supply.Rate(); rate > 0 {
			sum += float64(rate * min(n.of(l.owner), n.t.Capacity(l.owner)))
		}
	}
	n.placed[pool] = sum
	return sum
}

// roof returns how many may be lost at most so that all is well: what is left of a pool must have the capacity for what is
// served through it.
func (a *answer) roof() int {
	serve := a.serve()
	if a.question == holding {
		serve = 1
	}
	most := len(a.ids)
	var down map[topology.ID][]topology.ID
	for k, load := range leastLoads(a.t, a.ids, serve) {
		if load > 0 {
			if down == nil {
				down = a.downWith()
			}
			most = min(most, a.spared(a.t.Pools()[k].Members, load, down))
		}
	}
	return most
}

// leastLoads returns by pool the load that its members must take for all demands to be served to a fraction: what these
// place there themselves, or through a pool of which every member draws on this one.
func leastLoads(t *topology.Topology, lost []topology.ID, serve float64) []float64 {
	loads := make([]float64, len(t.Pools()))
	for id := range topology.ID(t.Len()) {
		if _, in := slices.BinarySearch(lost, id); in || t.Demand(id) == 0 {
			continue
		}
		for _, l := range t.Links(id) {
			if l.Pool >= 0 {
				loads[l.Pool] += float64(serve * float64(l.Supply.Rate()*t.Demand(id)))
			}
		}
	}
	var queue []int32
	for k, load := range loads {
		if t.Pools()[k].Share == topology.Each {
			loads[k] = 0 // every member may take all of it
		} else if load > 0 {
			queue = append(queue, int32(k))
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for k, rate := range drawnByAll(t, t.Pools()[queue[0]].Members) {
			if load := float64(rate * loads[queue[0]]); load > loads[k] && t.Pools()[k].Share != topology.Each {
				loads[k] = load
				queue = append(queue, k)
			}
		}
	}
	return loads
}

// drawnByAll returns the pools that all of these draw on, and how much at least of each unit of load.
func drawnByAll(t *topology.Topology, ids []topology.ID) map[int32]float64 {
	all := map[int32]float64{}
	for i, id := range ids {
		own := map[int32]float64{}
		for _, l := range t.Links(id) {
			if l.Pool >= 0 {
				own[l.Pool] += l.Supply.Rate()
			}
		}
		if i == 0 {
			all = own
		}
		for k := range all {
			all[k] = min(all[k], own[k])
		}
	}
	return all
}

// downWith returns by component those of the pattern with which it goes down.
func (f *finder) downWith() map[topology.ID][]topology.ID {
	with := map[topology.ID][]topology.ID{}
	c := f.t.Closure()
	for _, id := range f.ids {
		lost := c.Fail(id)
		for _, x := range lost {
			with[x.ID] = append(with[x.ID], id)
		}
		c.Undo(lost)
	}
	return with
}

// spared returns how many may be lost at most so that members keep the capacity for a load. What goes down with several is
// counted with each for its part: less than what goes down together.
func (f *finder) spared(members []topology.ID, load float64, with map[topology.ID][]topology.ID) int {
	left, takes := 0.0, map[topology.ID]float64{}
	for _, m := range members {
		capacity := f.t.Capacity(m)
		left += capacity
		for _, id := range with[m] {
			takes[id] += capacity / float64(len(with[m]))
		}
	}
	if math.IsInf(left, 1) {
		return len(f.ids)
	}
	const slack = 1e-6 // for sums that are rounded
	left = float64(left*(1+slack)) - load
	if left < 0 {
		return -1
	}
	k := len(f.ids) - len(takes) // these take nothing
	for _, part := range slices.Sorted(maps.Values(takes)) {
		if left -= part; left < 0 {
			break
		}
		k++
	}
	return k
}
