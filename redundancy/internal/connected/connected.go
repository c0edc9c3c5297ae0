// Package connected finds the strongly connected components of a graph: Tarjan 1972 (doi:10.1137/0201010), without recursion, so
// that a path of any length is no matter.
package connected

import "slices"

// None is the component of a node that is in none yet.
const None int32 = -1

// A Walk goes through a graph of numbered nodes. A component, here a group, is closed after all groups that it points to.
type Walk struct {
	Group  []int32 // by node: its group, numbered from 0 as they close; [None] if the walk has not been there, or is under way
	Groups int     // that are closed

	members []int32 // of the groups, one after the other
	end     []int32 // by group: where its members end

	index []int32 // by node: when it was entered, from 1; 0 if it was not
	low   []int32 // by node: the earliest index it leads back to
	path  []visit // from the root to where the walk is
	open  []int32 // entered, and in no group yet, in order of index
	last  int32   // index
}

// A visit is a node on the path, and which of its successors comes next.
type visit struct {
	node int32
	next int
}

// Grow adds nodes, which may be done while the walk is under way.
func (w *Walk) Grow(nodes int) {
	w.index, w.low, w.Group = slices.Grow(w.index, nodes), slices.Grow(w.low, nodes), slices.Grow(w.Group, nodes)
	for range nodes {
		w.index, w.low, w.Group = append(w.index, 0), append(w.low, 0), append(w.Group, None)
	}
}

// Len returns the number of nodes.
func (w *Walk) Len() int { return len(w.Group) }

// Members returns the nodes of a group that is closed, last entered first. The result is shared.
func (w *Walk) Members(group int32) []int32 {
	from := int32(0)
	if group > 0 {
		from = w.end[group-1]
	}
	return w.members[from:w.end[group]]
}

// From visits all that a node reaches and the walk has not visited yet. Successor returns the i-th node that a node points to: not ok
// after the last, and negative if it does not count.
func (w *Walk) From(root int32, successor func(node int32, i int) (to int32, ok bool)) {
	if w.index[root] != 0 {
		return
	}
	for w.enter(root); len(w.path) > 0; {
		at := &w.path[len(w.path)-1]
		node := at.node
		to, ok := successor(node, at.next)
		switch at.next++; {
		case !ok:
			w.leave()
		case to < 0:
		case w.index[to] == 0:
			w.enter(to)
		case w.Group[to] == None: // a way back
			w.low[node] = min(w.low[node], w.index[to])
		}
	}
}

func (w *Walk) enter(node int32) {
	w.last++
	w.index[node], w.low[node] = w.last, w.last
	w.open = append(w.open, node)
	w.path = append(w.path, visit{node: node})
}

// leave goes back one step. A node from which no way leads further back closes a group: itself and all entered after it.
func (w *Walk) leave() {
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

func (w *Walk) closeGroup(root int32) {
	for done := false; !done; {
		last := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		w.Group[last] = int32(w.Groups)
		w.members = append(w.members, last)
		done = last == root
	}
	w.Groups++
	w.end = append(w.end, int32(len(w.members)))
}
