package restart

import (
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/restart/internal/deadlock"
	"github.com/ridethrough/ridethrough/topology"
)

// A cone is what a component that does not return waits for, and what that waits for.
type cone struct {
	*fleet
	sets *readiness
	node []int32 // by ID: in the graph, from 1
	work int
}

func (f *fleet) newCone() *cone {
	c := &cone{fleet: f, sets: newReadiness(f.t), node: make([]int32, f.t.Len())}
	for id, at := range f.soon {
		if at >= 0 {
			for _, s := range c.sets.in[id] {
				c.sets.ready[s]++
			}
		}
	}
	return c
}

// key is the same for components that nothing tells apart.
func (c *cone) key(id topology.ID) string {
	key := append(c.likeness(id, 0, c.sets.in[id]), byte(count(c.t.Overload(id).Shed)))
	if c.t.Demand(id) > 0 {
		key = append(key, c.t.Name(id)...) // demands differ in more
	}
	return string(key)
}

// maxCones bounds the components looked at for what others need.
const maxCones = 5_000_000

// with returns the fewest components found that have to return for one that does not to start, with it; nil if it cannot.
func (c *cone) with(ctx context.Context, id topology.ID) []topology.ID {
	if !slices.ContainsFunc(c.t.Links(id), func(l topology.Link) bool { return !c.canBeMet(&l) }) {
		return []topology.ID{id}
	}
	if c.work > maxCones {
		return nil
	}
	g, ids := c.graph([]topology.ID{id})
	b, ok := g.CheapestFor(ctx, 0)
	if !ok {
		return nil
	}
	var group []topology.ID
	for _, i := range b.Needs {
		group = append(group, ids[g.Needs[i].Owner])
	}
	slices.Sort(group)
	return group
}

// opens returns how many components can start if some return, for each of the candidates.
func (c *cone) opens(all []candidate) []int {
	var roots []topology.ID
	for id := range topology.ID(c.t.Len()) {
		if c.soon[id] < 0 {
			roots = append(roots, id)
		}
	}
	g, ids := c.graph(roots)
	returns := make([]int32, c.t.Len()) // by ID: the need that it cannot start without because it does not return
	for i, need := range g.Needs {
		if need.Set == 0 {
			returns[ids[need.Owner]] = int32(i)
		}
	}
	lists := make([][]int32, len(all))
	for i := range all {
		for _, id := range all[i].ids {
			lists[i] = append(lists[i], returns[id])
		}
	}
	return g.Opens(lists)
}

// graph is who waits for whom behind some components, which are the first nodes. What does not return needs a member of an empty
// set besides, the first, and only that can be done without.
func (c *cone) graph(roots []topology.ID) (g *deadlock.Graph, ids []topology.ID) {
	g = &deadlock.Graph{Sets: [][]int32{nil}}
	sets := map[int32]int32{}
	reach := func(id topology.ID) int32 {
		if c.node[id] == 0 {
			ids = append(ids, id)
			c.node[id] = int32(len(ids))
		}
		return c.node[id] - 1
	}
	for _, id := range roots {
		reach(id)
	}
	for at := 0; at < len(ids); at++ {
		if c.back[ids[at]] < 0 {
			g.Needs = append(g.Needs, deadlock.Need{Owner: int32(at), Of: 1, Cost: 1})
		}
		links := c.t.Links(ids[at])
		for i := range links {
			l := &links[i]
			of := l.Need - c.sets.left(l)
			if of <= 0 {
				continue
			}
			set, ok := sets[l.Set]
			if !ok {
				set = int32(len(g.Sets))
				sets[l.Set] = set
				g.Sets = append(g.Sets, c.waits(l, reach))
			}
			g.Needs = append(g.Needs, deadlock.Need{Owner: int32(at), Set: set, Of: int32(of), Cost: -1})
		}
	}
	g.Nodes = len(ids)
	c.work += len(ids)
	for _, id := range ids {
		c.node[id] = 0
	}
	return g, ids
}

// waits returns the members of a link that cannot start, as nodes of a graph.
func (c *cone) waits(l *topology.Link, node func(topology.ID) int32) (members []int32) {
	for _, m := range l.Members {
		if c.work++; c.soon[m] < 0 {
			members = append(members, node(m))
		}
	}
	return members
}
