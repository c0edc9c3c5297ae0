package risk

import (
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/connected"
	"github.com/ridethrough/ridethrough/topology"
)

// An upstream is what some claims rest on: their members, what these need, and so on. Its nodes are the components and, after them,
// sets of members, so that what many owners name is looked at once.
type upstream struct {
	connected.Walk
	t     *topology.Topology
	links []*topology.Link // of the nodes after the components
	found []int32          // by set: which of these stands for it; 0 if none does yet
}

// upstreamOf walks as far as the context lets it.
func upstreamOf(ctx context.Context, t *topology.Topology, all []*claim) *upstream {
	u := &upstream{t: t}
	u.Grow(t.Len())
	steps, over := 0, false
	successor := func(node int32, i int) (int32, bool) {
		if steps++; steps%(1<<12) == 0 {
			over = ctx.Err() != nil
		}
		if over {
			return 0, false
		}
		return u.successor(node, i)
	}
	for _, c := range all {
		u.From(u.nodeOf(c.link), successor)
	}
	return u
}

// linkOf returns a link with the members that a node stands for; nil if it is a component.
func (u *upstream) linkOf(node int32) *topology.Link {
	if int(node) < u.t.Len() {
		return nil
	}
	return u.links[int(node)-u.t.Len()]
}

func (u *upstream) nodeOf(l *topology.Link) int32 {
	for int(l.Set) >= len(u.found) {
		u.found = append(u.found, 0)
	}
	if u.found[l.Set] == 0 { // which is a component
		u.found[l.Set] = int32(u.Len())
		u.links = append(u.links, l)
		u.Grow(1)
	}
	return u.found[l.Set]
}

// successor returns the i-th node that a node points to: of a component the links that keep it up, of a set its members.
func (u *upstream) successor(node int32, i int) (int32, bool) {
	if l := u.linkOf(node); l != nil {
		if i >= len(l.Members) {
			return 0, false
		}
		return int32(l.Members[i]), true
	}
	links := u.t.Links(topology.ID(node))
	if i >= len(links) {
		return 0, false
	}
	if l := &links[i]; l.Keeps() {
		return u.nodeOf(l), true
	}
	return -1, true
}

// nodes returns all nodes that were reached, owners before members but where they need each other.
func (u *upstream) nodes() []int32 {
	all := make([]int32, 0, u.Len())
	for g := int32(u.Groups) - 1; g >= 0; g-- {
		all = append(all, u.Members(g)...)
	}
	return all
}

// trees puts each component above one that its loss takes down at once: of several that from which most follow one another. Those that
// take down none of the rest are the roots.
func (u *upstream) trees() (roots []topology.ID, above [][]topology.ID) {
	height, below := make([]int32, u.Len()), slices.Repeat([]int32{connected.None}, u.Len())
	done := make([]bool, u.Len())
	above = make([][]topology.ID, u.t.Len())
	higher := func(node, than, owner int32) {
		if !done[node] && height[node] <= height[than] { // what is done may be below it: they need each other
			height[node], below[node] = height[than]+1, owner
		}
	}
	for _, node := range u.nodes() {
		done[node] = true
		if l := u.linkOf(node); l != nil {
			for i := 0; below[node] != connected.None && i < len(l.Members); i++ {
				higher(int32(l.Members[i]), node, below[node])
			}
			continue
		}
		if on := below[node]; on == connected.None {
			roots = append(roots, topology.ID(node))
		} else {
			above[on] = append(above[on], topology.ID(node))
		}
		links := u.t.Links(topology.ID(node))
		for i := range links {
			if l := &links[i]; l.Keeps() && l.Need == len(l.Members) {
				higher(u.nodeOf(l), node, node)
			}
		}
	}
	return roots, above
}
