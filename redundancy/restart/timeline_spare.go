package restart

import (
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

const maxFinite = math.MaxFloat64

// A sufficiency finds how many of the components in rotation are enough.
//
// Let all pools with members that wait for rotation be equal, none of them be behind another, and no tier fill up by capacity. If
// any k of what is in rotation are missing, the members that are left take at most R/(R−k) times what they took, where R of the
// pool are in rotation; so does all behind them, since what a component places grows no faster than what it takes. So nothing
// behind these pools is overloaded that was used to at most (R−k)/R, and nothing else gets more.
type sufficiency struct {
	waits  []bool  // by ID: it waits for rotation
	sets   []int32 // of the pools with such members, each once
	behind []topology.ID
	known  bool // the above holds
}

func (e *sufficiency) prepare(r *replay) {
	t := r.t
	e.waits, e.known = r.rotates, r.waterfalls == 0
	thin := make([]bool, len(t.Pools()))
	var queue []topology.ID
	seen := make([]bool, t.Len())
	add := func(ids []topology.ID) {
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				queue = append(queue, id)
			}
		}
	}
	for i, p := range t.Pools() {
		for _, m := range p.Members {
			thin[i] = thin[i] || e.waits[m]
		}
		if thin[i] {
			e.known = e.known && p.Share == topology.Equal
			e.sets = append(e.sets, setOf(t, int32(i)))
			add(p.Members)
		}
	}
	visited := make([]bool, len(thin))
	for len(queue) > 0 {
		id := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		e.behind = append(e.behind, id)
		for _, l := range t.Links(id) {
			if l.Pool >= 0 && !visited[l.Pool] {
				visited[l.Pool] = true
				e.known = e.known && !thin[l.Pool]
				add(l.Members)
			}
		}
	}
}

// setOf returns the set that the members of a pool are.
func setOf(t *topology.Topology, pool int32) int32 {
	for _, l := range t.Links(t.Pools()[pool].Owners[0]) {
		if l.Pool == pool {
			return l.Set
		}
	}
	return -1 // no pool is without its owner's link
}

// of returns how many are in rotation, and how many of these are enough for what there is now.
func (e *sufficiency) of(r *replay) (rotation, enough int) {
	for id, waits := range e.waits {
		if waits && r.state.Status[id] == topology.Up {
			rotation++
		}
	}
	if !e.known || rotation == 0 {
		return rotation, rotation
	}
	used := 0.0
	for _, id := range e.behind {
		if load := r.flow.Load[id]; load > 0 && r.state.Status[id] != topology.Down {
			used = max(used, load/r.state.Capacity[id])
		}
	}
	spare := rotation
	for _, set := range e.sets {
		if n := r.ready.turning[set]; n > 0 {
			least := max(1, int(math.Ceil(min(1, used/(1+topology.Tolerance))*float64(n))))
			spare = min(spare, n-least)
		}
	}
	return rotation, rotation - spare
}
