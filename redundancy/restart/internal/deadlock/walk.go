package deadlock

import (
	"cmp"
	"slices"
)

// lists are lists of numbers, flat.
type lists struct{ flat, end []int32 }

func (l *lists) at(i int32) []int32 {
	from := int32(0)
	if i > 0 {
		from = l.end[i-1]
	}
	return l.flat[from:l.end[i]]
}

// group puts numbers from 0 in lists, in their order: key says in which ones each is.
func group(n, of int, keys func(i int, put func(list int32))) lists {
	l := lists{end: make([]int32, n)}
	for i := range of {
		keys(i, func(list int32) { l.end[list]++ })
	}
	sum := int32(0)
	for list, size := range l.end {
		l.end[list] = sum // until it is filled, where it begins
		sum += size
	}
	l.flat = make([]int32, sum)
	for i := range of {
		keys(i, func(list int32) {
			l.flat[l.end[list]] = int32(i)
			l.end[list]++
		})
	}
	return l
}

// A walk is nodes starting one after another. What it does can be undone.
type walk struct {
	*Graph
	of lists // by node: its needs
	in lists // by node: the sets that it is in
	by lists // by set: the needs for it, the smallest first

	runs    []bool
	broken  []bool  // by need: its owner does without
	unmet   []int32 // by node
	running []int32 // by set
	met     []int32 // by set: how many of its needs
	left    int     // nodes that do not run
	trail   []int32 // nodes that have started, and the complements of needs that were broken, in their order
	work    int     // members and needs looked at so far
}

// newWalk starts all that needs nothing, and what it lets start.
func newWalk(g *Graph) *walk {
	w := &walk{Graph: g, runs: make([]bool, g.Nodes), broken: make([]bool, len(g.Needs)), unmet: make([]int32, g.Nodes),
		running: make([]int32, len(g.Sets)), met: make([]int32, len(g.Sets)), left: g.Nodes}
	w.of = group(g.Nodes, len(g.Needs), func(i int, put func(int32)) { put(g.Needs[i].Owner) })
	w.by = group(len(g.Sets), len(g.Needs), func(i int, put func(int32)) { put(g.Needs[i].Set) })
	w.in = group(g.Nodes, len(g.Sets), func(s int, put func(int32)) {
		for _, m := range g.Sets[s] {
			put(m)
		}
	})
	for s := range int32(len(g.Sets)) {
		slices.SortStableFunc(w.by.at(s), func(a, b int32) int { return cmp.Compare(g.Needs[a].Of, g.Needs[b].Of) })
	}
	for _, need := range g.Needs {
		w.unmet[need.Owner]++
	}
	for node, unmet := range w.unmet {
		if unmet == 0 {
			w.start(int32(node))
		}
	}
	for s := range int32(len(g.Sets)) {
		w.meet(s)
	}
	w.spread(0)
	return w
}

// start notes that a node runs.
func (w *walk) start(node int32) {
	if !w.runs[node] {
		w.runs[node] = true
		w.left--
		w.trail = append(w.trail, node)
	}
}

// spread lets start what those on the trail let start, from a place on.
func (w *walk) spread(from int) {
	for ; from < len(w.trail); from++ {
		if w.trail[from] < 0 {
			continue
		}
		for _, s := range w.in.at(w.trail[from]) {
			w.work++
			w.running[s]++
			w.meet(s)
		}
	}
}

// meet notes which needs for a set are met.
func (w *walk) meet(s int32) {
	for by := w.by.at(s); int(w.met[s]) < len(by); w.met[s]++ {
		i := by[w.met[s]]
		if w.Needs[i].Of > w.running[s] {
			return
		}
		w.drop(i)
	}
}

// drop counts a need as one that its owner no longer waits for.
func (w *walk) drop(i int32) {
	w.work++
	if w.broken[i] {
		return
	}
	owner := w.Needs[i].Owner
	if w.unmet[owner]--; w.unmet[owner] == 0 {
		w.start(owner)
	}
}

// force starts nodes whatever they need.
func (w *walk) force(nodes ...int32) {
	from := len(w.trail)
	for _, node := range nodes {
		w.start(node)
	}
	w.spread(from)
}

// without breaks needs.
func (w *walk) without(needs ...int32) {
	from := len(w.trail)
	for _, i := range needs {
		if w.broken[i] {
			continue
		}
		w.trail = append(w.trail, ^i)
		if w.waits(i) {
			w.drop(i)
		}
		w.broken[i] = true
	}
	w.spread(from)
}

// waits reports whether a need is neither met nor broken.
func (w *walk) waits(i int32) bool {
	return !w.broken[i] && w.Needs[i].Of > w.running[w.Needs[i].Set]
}

// undo goes back to where the trail was shorter.
func (w *walk) undo(mark int) {
	for len(w.trail) > mark {
		x := w.trail[len(w.trail)-1]
		w.trail = w.trail[:len(w.trail)-1]
		if x < 0 {
			if w.broken[^x] = false; w.waits(^x) {
				w.unmet[w.Needs[^x].Owner]++
			}
			continue
		}
		w.runs[x] = false
		w.left++
		for _, s := range w.in.at(x) {
			w.running[s]--
			w.miss(s)
		}
	}
}

// miss notes which needs for a set are no longer met.
func (w *walk) miss(s int32) {
	for by := w.by.at(s); w.met[s] > 0; w.met[s]-- {
		i := by[w.met[s]-1]
		if w.Needs[i].Of <= w.running[s] {
			return
		}
		w.work++
		if !w.broken[i] {
			w.unmet[w.Needs[i].Owner]++
		}
	}
}

// stuck returns the nodes that do not run, in order.
func (w *walk) stuck() []int32 {
	nodes := make([]int32, 0, w.left)
	for node, runs := range w.runs {
		if !runs {
			nodes = append(nodes, int32(node))
		}
	}
	return nodes
}
