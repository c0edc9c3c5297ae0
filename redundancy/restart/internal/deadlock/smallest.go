package deadlock

import (
	"cmp"
	"slices"
)

// A Deadlock is nodes none of which can start while all of them wait, even if all others run.
type Deadlock struct {
	Nodes []int32 // of a cycle each needs the next, and the last the first; else in order
	Cycle bool
	Least int // no deadlock has fewer nodes; 0: not determined
}

// Deadlocks returns deadlocks that have no node in common, at most so many, a smallest found first; more tells whether
// there are others. Needs that no more than their set could meet are left out.
func (g *Graph) Deadlocks(most int) (all []Deadlock, more bool) {
	w := newWalk(g)
	for i := range int32(len(g.Needs)) {
		if need := &g.Needs[i]; int(need.Of) > len(g.Sets[need.Set]) {
			w.without(i)
		}
	}
	for w.left > 0 && len(all) < most {
		var d Deadlock
		if len(all) == 0 {
			d.Nodes, d.Least = w.smallest()
		} else {
			d.Nodes = w.small()
		}
		d.Nodes, d.Cycle = w.inTurn(d.Nodes)
		all = append(all, d)
		w.force(d.Nodes...)
	}
	if len(all) > 1 {
		slices.SortStableFunc(all[1:], func(a, b Deadlock) int { return cmp.Compare(len(a.Nodes), len(b.Nodes)) })
	}
	return all, w.left > 0
}

// small returns a deadlock of which no part is one.
func (w *walk) small() []int32 {
	mark := len(w.trail)
	nodes := w.shrink(-1)
	w.undo(mark)
	return nodes
}

// smallest returns the smallest deadlock found, and how many nodes none has fewer of.
func (w *walk) smallest() (nodes []int32, least int) {
	nodes = w.small()
	cycle, sure := w.cycle(len(nodes))
	if cycle != nil {
		nodes = cycle
	}
	least = w.leastSize(len(nodes))
	if w.plain() {
		if sure {
			least = len(nodes)
		}
		return nodes, least
	}
	s := search{walk: w, budget: maxSearch}
	for ; least < len(nodes); least++ {
		found, done := s.upTo(least)
		if found != nil {
			return found, least
		}
		if !done {
			break
		}
	}
	return nodes, least
}

// spare returns how many nodes of a need's set it can do without, if all run.
func (w *walk) spare(i int32) int { return len(w.Sets[w.Needs[i].Set]) - int(w.Needs[i].Of) }

// plain reports whether each need that is not met waits for all of its set.
func (w *walk) plain() bool {
	for i := range int32(len(w.Needs)) {
		if w.waits(i) && w.spare(i) > 0 {
			return false
		}
	}
	return true
}

// leastSize returns the least size of which a deadlock could be by what each need takes, at most a size that one has.
func (w *walk) leastSize(most int) int {
	low, high := 1, most
	for low < high {
		mid := (low + high) / 2
		mark := len(w.trail)
		w.limit(mid)
		empty := w.left == 0
		if w.undo(mark); empty {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// limit starts the nodes that are in no deadlock of at most a size: each of their needs takes more to be kept from being met.
func (w *walk) limit(size int) {
	for before := -1; w.left != before; {
		before = w.left
		var out []int32
		for _, node := range w.stuck() {
			if !slices.ContainsFunc(w.of.at(node), func(i int32) bool { return w.waits(i) && w.takes(i) <= size }) {
				out = append(out, node)
			}
		}
		w.force(out...)
	}
}

// takes returns the size of the smallest deadlock in which the owner of a need could be because of it.
func (w *walk) takes(i int32) int {
	need := &w.Needs[i]
	if _, itself := slices.BinarySearch(w.in.at(need.Owner), need.Set); itself {
		return w.spare(i) + 1
	}
	return w.spare(i) + 2
}

// inTurn puts the nodes of a deadlock of which no part is one in the order in which each needs the next, if that is what it is.
func (w *walk) inTurn(nodes []int32) (inTurn []int32, cycle bool) {
	nodes = slices.Sorted(slices.Values(nodes))
	for at := nodes[0]; len(inTurn) < len(nodes); {
		inTurn = append(inTurn, at)
		next := w.next(at, nodes)
		if next < 0 {
			return nodes, false
		}
		if at = next; at == nodes[0] {
			break
		}
	}
	return inTurn, len(inTurn) == len(nodes)
}

// next returns the first of some nodes without which a node cannot start; -1 if there is none.
func (w *walk) next(node int32, nodes []int32) int32 {
	for _, i := range w.of.at(node) {
		if !w.waits(i) || w.spare(i) > 0 {
			continue
		}
		for _, m := range nodes {
			if _, in := slices.BinarySearch(w.in.at(m), w.Needs[i].Set); in {
				return m
			}
		}
	}
	return -1
}
