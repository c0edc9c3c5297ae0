package topology

import (
	"slices"
	"strings"
)

// A keep is a link, by its index, and the owner that it keeps up.
type keep struct {
	owner ID
	link  int32
}

// index notes which sets keep components up, and who is in them.
func (t *Topology) index() {
	t.keeps = t.keepers()
	kept := make([][]ID, len(t.sets))
	for s, keeps := range t.keeps {
		byNeed := func(a, b keep) int { return t.links[b.link].Need - t.links[a.link].Need }
		if !slices.IsSortedFunc(keeps, byNeed) {
			slices.SortStableFunc(keeps, byNeed)
		}
		if len(keeps) > 0 {
			kept[s] = t.sets[s].members
		}
	}
	t.in, t.inEnd = invert(kept, t.Len())
}

// keepers returns the keeps of each set, in order of their owners.
func (t *Topology) keepers() [][]keep {
	sizes := make([]int32, len(t.sets))
	for row, n := range t.rowSizes() {
		for _, l := range t.linksOf(int32(row)) {
			if l.Keeps() {
				sizes[l.Set] += n
			}
		}
	}
	keeps := carve[keep](sizes)
	t.eachKeep(func(set int32, k keep) { keeps[set] = append(keeps[set], k) })
	return keeps
}

func (t *Topology) eachKeep(yield func(set int32, k keep)) {
	for id, row := range t.row {
		from, to := span(t.rowEnd, row)
		for i := from; i < to; i++ {
			if l := &t.links[i]; l.Keeps() {
				yield(l.Set, keep{owner: ID(id), link: i})
			}
		}
	}
}

// invert returns, by ID, the lists that contain it, flat, and where those of each ID end.
func invert(lists [][]ID, n int) (flat, end []int32) {
	end = make([]int32, n)
	for _, list := range lists {
		for _, id := range list {
			end[id]++
		}
	}
	sum := int32(0)
	for id, size := range end {
		end[id] = sum // until it is filled, where its part begins
		sum += size
	}
	flat = make([]int32, sum)
	for i, list := range lists {
		for _, id := range list {
			flat[end[id]] = int32(i)
			end[id]++
		}
	}
	return flat, end
}

// setsOf returns the sets that keep something up and of which a component is a member.
func (t *Topology) setsOf(id ID) []int32 { return rowOf(t.in, t.inEnd, id) }

// checkNeeds reports cycles of needs through an "any of": two buses that feed each other would hold themselves up
// without any source. Cycles of "all of" are legal: their components run well once up, though none can start first.
func (b *builder) checkNeeds() {
	t := b.t
	t.index()
	if !b.mayNeedCycle() {
		return
	}
	group, told := b.groups(), map[int32]bool{}
	for owner := range ID(t.Len()) {
		links, g := t.Links(owner), group[owner]
		for i := range links {
			l := &links[i]
			if l.some() && group[t.Len()+int(l.Set)] == g && !told[g] {
				told[g] = true
				b.needCycle(owner, l, group)
			}
		}
	}
}

// mayNeedCycle reports whether some component, which itself keeps something up, needs only some members of a link; and not
// all that is kept up draws on what keeps it: round a cycle of these load would flow as well, and it does not.
func (b *builder) mayNeedCycle() bool {
	t := b.t
	if !b.cyclic && !slices.ContainsFunc(t.links, func(l Link) bool { return l.Keeps() && l.Pool < 0 }) {
		return false
	}
	for id, row := range t.row {
		if len(t.setsOf(ID(id))) > 0 && slices.ContainsFunc(t.linksOf(row), (Link).some) {
			return true
		}
	}
	return false
}

// some reports whether an owner is up while some members of a link are down.
func (l Link) some() bool { return l.Keeps() && l.Need < len(l.Members) }

// needCycle reports that an owner needs only some members of a link, of which one needs the owner.
func (b *builder) needCycle(owner ID, l *Link, group []int32) {
	in := slices.IndexFunc(l.Members, func(m ID) bool { return group[m] == group[owner] })
	b.cycle(b.wayBack(l.Members[in], owner, group), NeedCycle, "needs",
		b.t.Name(owner)+" needs only "+count(l.Need, "member")+" of "+strings.Join(l.Names, ", ")+
			", so the cycle would hold itself up without any source: "+
			"model a tie as a component of its own, with the sources that feed it behind it")
}

// groups numbers the strongly connected components of the graph in which owners point to the members that keep them
// up: Tarjan 1972 (doi:10.1137/0201010), without recursion. Sets are nodes too, after the components, so that a common
// set counts its members once.
func (b *builder) groups() []int32 {
	n := b.t.Len() + len(b.t.sets)
	w := tarjan{index: make([]int32, n), low: make([]int32, n), group: make([]int32, n)}
	for root := range n {
		if w.index[root] != 0 {
			continue
		}
		for w.enter(root); len(w.path) > 0; {
			at := &w.path[len(w.path)-1]
			to, ok := b.successor(at.node, at.next)
			switch at.next++; {
			case !ok:
				w.leave()
			case w.index[to] == 0:
				w.enter(to)
			case w.group[to] == 0: // still open: a way back
				w.low[at.node] = min(w.low[at.node], w.index[to])
			}
		}
	}
	return w.group
}

// A tarjan is a walk under way. Numbers begin at 1; 0 is none yet.
type tarjan struct {
	index, low, group []int32 // by node
	path              []visit // from the root to where the walk is
	open              []int   // nodes that have no group yet, in order of index
	visited, groups   int32
}

// A visit is a node on the path, and which of its successors comes next.
type visit struct{ node, next int }

func (w *tarjan) enter(node int) {
	w.visited++
	w.index[node], w.low[node] = w.visited, w.visited
	w.open = append(w.open, node)
	w.path = append(w.path, visit{node: node})
}

// leave goes back one step. A node from which no way leads further back closes a group: itself and all opened after it.
func (w *tarjan) leave() {
	node := w.path[len(w.path)-1].node
	w.path = w.path[:len(w.path)-1]
	if len(w.path) > 0 {
		before := w.path[len(w.path)-1].node
		w.low[before] = min(w.low[before], w.low[node])
	}
	if w.low[node] < w.index[node] {
		return
	}
	w.groups++
	for {
		last := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		if w.group[last] = w.groups; last == node {
			return
		}
	}
}

// successor returns the i-th node that a component or a set points to.
func (b *builder) successor(node, i int) (int, bool) {
	t := b.t
	if s := node - t.Len(); s >= 0 {
		if len(t.keeps[s]) == 0 || i >= len(t.sets[s].members) {
			return 0, false
		}
		return int(t.sets[s].members[i]), true
	}
	links := t.Links(ID(node))
	if i >= len(links) {
		return 0, false
	}
	if l := &links[i]; l.Keeps() {
		return t.Len() + int(l.Set), true
	}
	return node, true // itself: nothing new
}

// wayBack returns a shortest chain of needs from one component to another of the same group.
func (b *builder) wayBack(from, to ID, group []int32) []ID {
	before := map[ID]ID{from: -1}
	for queue := []ID{from}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if at == to {
			var chain []ID
			for ; at >= 0; at = before[at] {
				chain = append(chain, at)
			}
			slices.Reverse(chain)
			return chain
		}
		links := b.t.Links(at)
		for i := range links {
			l := &links[i]
			if !l.Keeps() {
				continue
			}
			for _, m := range l.Members {
				if _, ok := before[m]; !ok && group[m] == group[to] {
					before[m] = at
					queue = append(queue, m)
				}
			}
		}
	}
	return []ID{from}
}
