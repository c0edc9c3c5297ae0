package calls

import (
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// An order is a topological order of a fleet's components and, after them, pools, in which load flows from lower to
// higher places. Calls are added one at a time: Pearce & Kelly 2006 (doi:10.1145/1187436.1210590).
type order struct {
	fleet   *topology.Topology
	place   []int32           // by node
	out, in map[int32][]int32 // calls, by node
	before  []int32           // by node: the one a search came from, + 1; 0 if it has not come by
	pools   []topology.Pool
	ahead   []int32 // memory of the searches
	back    []int32
}

// newOrder sorts a fleet by its supplies: Kahn's algorithm. Sources come first, so that what callers draw on stays clear
// of the places between them.
func newOrder(t *topology.Topology) *order {
	n := t.Len() + len(t.Pools())
	o := &order{
		fleet: t, pools: t.Pools(), place: make([]int32, n), before: make([]int32, n),
		out: map[int32][]int32{}, in: map[int32][]int32{},
	}
	left, queue := make([]int32, n), make([]int32, 0, n)
	for node := range int32(n) {
		o.eachBefore(node, func(int32) { left[node]++ })
		if left[node] == 0 {
			queue = append(queue, node)
		}
	}
	for i := 0; i < len(queue); i++ {
		o.place[queue[i]] = int32(i)
		o.eachAfter(queue[i], func(to int32) {
			if left[to]--; left[to] == 0 {
				queue = append(queue, to)
			}
		})
	}
	return o
}

// eachAfter yields what a node passes load to: the pools of a component and those it calls, the members of a pool.
func (o *order) eachAfter(node int32, yield func(int32)) {
	n := int32(o.fleet.Len())
	if node >= n {
		for _, m := range o.pools[node-n].Members {
			yield(int32(m))
		}
		return
	}
	for _, l := range o.fleet.Links(topology.ID(node)) {
		if l.Pool >= 0 {
			yield(n + l.Pool)
		}
	}
	for _, to := range o.out[node] {
		yield(to)
	}
}

// eachBefore yields what passes load to a node.
func (o *order) eachBefore(node int32, yield func(int32)) {
	n := int32(o.fleet.Len())
	if node >= n {
		for _, owner := range o.pools[node-n].Owners {
			yield(int32(owner))
		}
		return
	}
	for _, pool := range o.fleet.PoolsOf(topology.ID(node)) {
		yield(n + pool)
	}
	for _, from := range o.in[node] {
		yield(from)
	}
}

// add puts in a call. If load comes to the caller from what it calls, it does not, and returns a shortest way of
// components from what is called to the caller.
func (o *order) add(caller, called topology.ID) []topology.ID {
	from, to := int32(caller), int32(called)
	if low, high := o.place[to], o.place[from]; low < high {
		o.ahead = o.search(o.ahead[:0], to, from, o.eachAfter, func(node int32) bool { return o.place[node] <= high })
		if o.before[from] != 0 {
			way := o.wayBack(from, to)
			o.forget(o.ahead)
			return way
		}
		o.back = o.search(o.back[:0], from, -1, o.eachBefore, func(node int32) bool { return o.place[node] >= low })
		o.forget(o.ahead)
		o.forget(o.back)
		o.reorder(o.back, o.ahead)
	}
	o.out[from] = append(o.out[from], to)
	o.in[to] = append(o.in[to], from)
	return nil
}

// search appends the nodes that each leads to from a start and that are within limits, breadth first, until it comes by
// a goal.
func (o *order) search(found []int32, start, goal int32, each func(int32, func(int32)), within func(int32) bool) []int32 {
	found = append(found, start)
	o.before[start] = start + 1
	for i := 0; i < len(found) && (goal < 0 || o.before[goal] == 0); i++ {
		each(found[i], func(node int32) {
			if o.before[node] == 0 && within(node) {
				o.before[node] = found[i] + 1
				found = append(found, node)
			}
		})
	}
	return found
}

func (o *order) forget(nodes []int32) {
	for _, node := range nodes {
		o.before[node] = 0
	}
}

// wayBack returns the components on the way by which a search from start came to a node, start first.
func (o *order) wayBack(node, start int32) []topology.ID {
	way := []topology.ID{topology.ID(node)}
	for node != start {
		if node = o.before[node] - 1; int(node) < o.fleet.Len() {
			way = append(way, topology.ID(node))
		}
	}
	slices.Reverse(way)
	return way
}

// reorder gives the places of two sets of nodes to those of the first, and then to those of the second.
func (o *order) reorder(first, second []int32) {
	byPlace := func(a, b int32) int { return int(o.place[a] - o.place[b]) }
	slices.SortFunc(first, byPlace)
	slices.SortFunc(second, byPlace)
	nodes := append(first, second...)
	places := make([]int32, len(nodes))
	for i, node := range nodes {
		places[i] = o.place[node]
	}
	slices.Sort(places)
	for i, node := range nodes {
		o.place[node] = places[i]
	}
}
