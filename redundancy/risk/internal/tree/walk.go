package tree

import "github.com/ridethrough/ridethrough/topology"

// open is the group of a node that no group has closed over.
const open int32 = -1

// A walk finds the strongly connected components of what a component needs: Tarjan 1972 (doi:10.1137/0201010), without
// recursion. The nodes are the components and, after them, what links ask for: owners that ask for as many of the same
// members point to one node. A group is closed after all groups that it points to.
type walk struct {
	t     *topology.Topology
	links []*topology.Link // of the nodes after the components
	found map[ask]int32    // which of these stands for what
	index []int32          // by node: when it was entered, from 1; 0 if it was not
	low   []int32          // by node: the earliest index it leads back to
	group []int32          // by node
	path  []visit          // from the root to where the walk is
	stack []int32          // entered, and in no group yet

	members []int32 // of the groups, one after the other,
	first   []int32 // which begin here; one more than there are groups
	closed  int     // groups
	entered int32   // nodes
}

// An ask is what a link asks for: so many members of a set.
type ask struct {
	set  int32
	need int
}

// A visit is a node on the path, and which of its successors comes next.
type visit struct {
	node int32
	next int
}

func newWalk(t *topology.Topology) *walk {
	n := t.Len()
	w := &walk{t: t, found: map[ask]int32{}, index: make([]int32, n), low: make([]int32, n), group: make([]int32, n), first: []int32{0}}
	for i := range w.group {
		w.group[i] = open
	}
	return w
}

// from visits all that a component reaches.
func (w *walk) from(root int32) {
	for w.enter(root); len(w.path) > 0; {
		at := &w.path[len(w.path)-1]
		node := at.node
		to, ok := w.successor(node, at.next)
		switch at.next++; {
		case !ok:
			w.leave()
		case w.index[to] == 0:
			w.enter(to)
		case w.group[to] == open: // a way back
			w.low[node] = min(w.low[node], w.index[to])
		}
	}
}

func (w *walk) enter(node int32) {
	w.entered++
	w.index[node], w.low[node] = w.entered, w.entered
	w.stack = append(w.stack, node)
	w.path = append(w.path, visit{node: node})
}

// leave goes back one step. A node from which no way leads further back closes a group: itself and all entered after it.
func (w *walk) leave() {
	node := w.path[len(w.path)-1].node
	w.path = w.path[:len(w.path)-1]
	if len(w.path) > 0 {
		before := w.path[len(w.path)-1].node
		w.low[before] = min(w.low[before], w.low[node])
	}
	if w.low[node] == w.index[node] {
		w.closeGroup(node)
	}
}

func (w *walk) closeGroup(root int32) {
	for done := false; !done; {
		last := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		w.group[last] = int32(w.closed)
		w.members = append(w.members, last)
		done = last == root
	}
	w.closed++
	w.first = append(w.first, int32(len(w.members)))
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
	if link := &links[i]; !link.Start && link.Need > 0 {
		return w.nodeOf(link), true
	}
	return node, true // itself: nothing new
}

// nodeOf returns the node of what a link asks for.
func (w *walk) nodeOf(link *topology.Link) int32 {
	key := ask{link.Set, link.Need}
	node, ok := w.found[key]
	if !ok {
		node = int32(len(w.index))
		w.found[key] = node
		w.links = append(w.links, link)
		w.index, w.low, w.group = append(w.index, 0), append(w.low, 0), append(w.group, open)
	}
	return node
}
