package strategy

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// rounding is how far, in parts of them, sums may differ by rounding alone: far less than [topology.Tolerance].
const rounding = 1e-12

// A task is what has to be carried, and what there is to carry it.
type task struct {
	server topology.Component
	load   float64 // in the server's unit
	demand string  // what places it
}

// taskOf takes from a topology what a pool of servers carries with nothing lost, and one of its servers.
func taskOf(t *topology.Topology, like string) (*task, error) {
	id, err := bought(t, like)
	if err != nil {
		return nil, err
	}
	members, err := poolOf(t, id)
	if err != nil {
		return nil, err
	}
	flow := t.Flow(topology.State{})
	if err := undamped(t, flow, members); err != nil {
		return nil, err
	}
	job := &task{server: t.Component(id)}
	job.load, job.demand = placed(t, flow, id)
	switch {
	case job.load == 0:
		return nil, fmt.Errorf("like: %s: its pool carries no load: give a demand to what draws on it", t.Name(id))
	case math.IsInf(job.load, 1):
		return nil, fmt.Errorf("like: %s: its pool carries more load than a number can hold", t.Name(id))
	}
	return job, nil
}

// bought returns the server that like names, the first of those that are alike.
func bought(t *topology.Topology, like string) (topology.ID, error) {
	ids, err := candidates(t, like)
	if err != nil {
		return 0, err
	}
	first := ids[0]
	for _, id := range ids[1:] {
		if !alike(t, first, id) {
			return 0, fmt.Errorf("like: %s and %s are not alike: name the one that would be bought", t.Name(first), t.Name(id))
		}
	}
	switch {
	case math.IsInf(t.Capacity(first), 1):
		return 0, fmt.Errorf("like: %s: it has no capacity: one would carry everything", t.Name(first))
	case t.Demand(first) > 0:
		return 0, fmt.Errorf("like: %s: it has a demand of its own: name a server that others draw on", t.Name(first))
	}
	return first, nil
}

// candidates returns the servers that like names, or those that demands draw on.
func candidates(t *topology.Topology, like string) ([]topology.ID, error) {
	if like != "" {
		ids, err := t.Select(like)
		if err == nil && len(ids) == 0 {
			err = fmt.Errorf("%s names nothing", like)
		}
		if err != nil {
			return nil, fmt.Errorf("like: %w", err)
		}
		return ids, nil
	}
	var found []topology.ID
	for _, p := range t.Pools() {
		if !slices.ContainsFunc(p.Owners, func(o topology.ID) bool { return t.Demand(o) > 0 }) {
			continue
		}
		if found != nil && !same(found, p.Members) {
			return nil, fmt.Errorf("like: demands draw on several pools, one with %s and one with %s: name a server that would be bought", t.Name(found[0]), t.Name(p.Members[0]))
		}
		found = p.Members
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("like: no demand draws on anything: name the server that would be bought")
	}
	return found, nil
}

// alike reports whether one server would be bought as well as the other.
func alike(t *topology.Topology, a, b topology.ID) bool {
	return t.Kind(a) == t.Kind(b) && t.Capacity(a) == t.Capacity(b) && t.Unit(a) == t.Unit(b) &&
		t.Overload(a) == t.Overload(b) && t.Start(a) == t.Start(b) && t.Unavailability(a) == t.Unavailability(b)
}

// poolOf returns the servers that share load with one: all of them the same load.
func poolOf(t *topology.Topology, id topology.ID) ([]topology.ID, error) {
	pools := t.PoolsOf(id)
	if len(pools) == 0 {
		return nil, fmt.Errorf("like: %s: nothing draws on it: name a server that carries load", t.Name(id))
	}
	members := t.Pools()[pools[0]].Members
	for _, k := range pools {
		p := &t.Pools()[k]
		if p.Share == topology.Each {
			return nil, fmt.Errorf("like: %s: each member of its pool gets all of the load: more of them carry no more", t.Name(id))
		}
		if !same(members, p.Members) {
			return nil, fmt.Errorf("like: %s is in several pools, of %s and of %s: name a server of one", t.Name(id), strings.Join(t.Names(members), ", "), strings.Join(t.Names(p.Members), ", "))
		}
	}
	for _, m := range members {
		if t.Demand(m) > 0 {
			return nil, fmt.Errorf("like: %s: %s of its pool has a demand of its own: give it to what draws on the pool", t.Name(id), t.Name(m))
		}
		for _, k := range t.PoolsOf(m) {
			if !slices.Contains(pools, k) {
				return nil, fmt.Errorf("like: %s: %s of its pool is in another pool as well: no one number tells what the pool carries", t.Name(id), t.Name(m))
			}
		}
	}
	return members, nil
}

// undamped makes sure that no load is rejected before it comes to the servers.
func undamped(t *topology.Topology, flow *topology.Flow, members []topology.ID) error {
	in := make(map[topology.ID]bool, len(members))
	for _, m := range members {
		in[m] = true
	}
	for id := range topology.ID(t.Len()) {
		if !in[id] && t.Overload(id).Shed && topology.Overloaded(flow.Load[id], t.Capacity(id)) {
			return fmt.Errorf("%s carries %s with nothing lost, and rejects what servers would have to carry: give it more capacity first",
				t.Name(id), topology.LoadOf(flow.Load[id], t.Capacity(id), t.Unit(id)))
		}
	}
	return nil
}

// placed returns what is placed on a server's pool, and the name of what places it; "demand" if that is not one component.
func placed(t *topology.Topology, flow *topology.Flow, id topology.ID) (load float64, by string) {
	pools := t.PoolsOf(id)
	for owner := range topology.ID(t.Len()) {
		for _, l := range t.Links(owner) {
			if l.Supply == nil || !slices.Contains(pools, l.Pool) {
				continue
			}
			load += l.Supply.Base + float64(l.Supply.Rate()*flow.Load[owner])
			if by != "" && by != t.Name(owner) {
				by = "demand"
			} else {
				by = t.Name(owner)
			}
		}
	}
	return load, by
}

// same reports whether two pools have the same members, in any order.
func same(a, b []topology.ID) bool {
	if slices.Equal(a, b) {
		return true
	}
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// least returns the least number of servers in each of so many blocks that together carry the load.
func (job *task) least(blocks int) int {
	servers := math.Ceil(job.load / job.server.Capacity / float64(blocks) * (1 - rounding))
	return int(min(max(servers, 1), topology.MaxComponents+1))
}
