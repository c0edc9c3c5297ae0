package tree

import (
	"context"

	"github.com/ridethrough/ridethrough/redundancy/internal/connected"
	"github.com/ridethrough/ridethrough/topology"
)

// A walk goes through what components need. The nodes are the components and, after them, what links ask for: owners that ask for
// as many of the same members point to one node.
type walk struct {
	connected.Walk
	t     *topology.Topology
	links []*topology.Link // of the nodes after the components
	found map[ask]int32    // which of these stands for what
}

// An ask is what a link asks for: so many members of a set.
type ask struct {
	set  int32
	need int
}

func newWalk(t *topology.Topology) *walk {
	w := &walk{t: t, found: map[ask]int32{}}
	w.Grow(t.Len())
	return w
}

// linkOf returns the link that a node stands for; nil if it is a component.
func (w *walk) linkOf(node int32) *topology.Link {
	if int(node) < w.t.Len() {
		return nil
	}
	return w.links[int(node)-w.t.Len()]
}

// successor returns the i-th node that a node points to: of a component the links that keep it up, of a link its members.
func (w *walk) successor(node int32, i int) (int32, bool) {
	if link := w.linkOf(node); link != nil {
		if i >= len(link.Members) {
			return 0, false
		}
		return int32(link.Members[i]), true
	}
	links := w.t.Links(topology.ID(node))
	if i >= len(links) {
		return 0, false
	}
	if link := &links[i]; link.Keeps() {
		return w.nodeOf(link), true
	}
	return -1, true
}

// watched returns successor until the context ends, and then none.
func (w *walk) watched(ctx context.Context) func(node int32, i int) (int32, bool) {
	asked, over := 0, false
	return func(node int32, i int) (int32, bool) {
		if asked++; asked%looked == 0 {
			over = ctx.Err() != nil
		}
		if over {
			return 0, false
		}
		return w.successor(node, i)
	}
}

// nodeOf returns the node of what a link asks for.
func (w *walk) nodeOf(link *topology.Link) int32 {
	key := ask{link.Set, link.Need}
	node, ok := w.found[key]
	if !ok {
		node = int32(w.Len())
		w.found[key] = node
		w.links = append(w.links, link)
		w.Grow(1)
	}
	return node
}
