package topology

import (
	"slices"
	"strings"
)

// index notes which sets keep components up, and who is in them.
func (t *Topology) index() {
	t.keeps = make([][]int32, len(t.sets))
	for i, l := range t.links {
		if !l.Start && l.Need > 0 {
			t.keeps[l.set] = append(t.keeps[l.set], int32(i))
		}
	}
	var kept [][]ID
	for s, links := range t.keeps {
		slices.SortStableFunc(links, func(a, b int32) int { return t.links[b].Need - t.links[a].Need })
		kept = append(kept, nil)
		if len(links) > 0 {
			kept[s] = t.sets[s].members
		}
	}
	t.in, t.inEnd = invert(kept, t.Len())
}

// invert returns, by ID, the lists that contain it, flat, and where those of each ID end.
func invert(lists [][]ID, n int) (flat []int32, end []int) {
	end = make([]int, n)
	for _, list := range lists {
		for _, id := range list {
			end[id]++
		}
	}
	sum := 0
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
	b.t.index()
	group, told := b.groups(), map[int32]bool{}
	for i := range b.t.links {
		l := &b.t.links[i]
		if l.Start || l.Need == 0 || l.Need == len(l.Members) {
			continue
		}
		for _, m := range l.Members {
			if g := group[m]; g == group[l.Owner] && !told[g] {
				told[g] = true
				b.cycle(b.wayBack(m, l.Owner, group), NeedCycle, "needs",
					b.t.names[l.Owner]+" needs only "+count(l.Need, "member")+" of "+strings.Join(l.Names, ", ")+
						", so the cycle would hold itself up without any source: "+
						"model a tie as a component of its own, with the sources that feed it behind it")
			}
		}
	}
}

// groups numbers the strongly connected components of the graph in which owners point to the members that keep them
// up: Tarjan 1972 (doi:10.1137/0201010), without recursion. Sets are nodes too, after the components, so that a common
// set counts its members once.
func (b *builder) groups() []int32 {
	t := b.t
	n := t.Len() + len(t.sets)
	low, group := make([]int32, n), make([]int32, n) // low: 0 is not visited
	for i := range group {
		group[i] = -1
	}
	type frame struct {
		node, next int
	}
	var work []frame
	var open []int
	visited, groups := int32(0), int32(0)
	index := make([]int32, n)
	for root := range n {
		if index[root] != 0 {
			continue
		}
		work = append(work, frame{node: root})
		for len(work) > 0 {
			f := &work[len(work)-1]
			if f.next == 0 {
				visited++
				index[f.node], low[f.node] = visited, visited
				open = append(open, f.node)
			}
			if to, ok := b.successor(f.node, f.next); ok {
				f.next++
				if index[to] == 0 {
					work = append(work, frame{node: to})
				} else if group[to] < 0 {
					low[f.node] = min(low[f.node], index[to])
				}
				continue
			}
			node := f.node
			work = work[:len(work)-1]
			if len(work) > 0 {
				parent := work[len(work)-1].node
				low[parent] = min(low[parent], low[node])
			}
			if low[node] == index[node] {
				for {
					last := open[len(open)-1]
					open = open[:len(open)-1]
					group[last] = groups
					if last == node {
						break
					}
				}
				groups++
			}
		}
	}
	return group[:t.Len()]
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
	if l := links[i]; !l.Start && l.Need > 0 {
		return t.Len() + int(l.set), true
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
		for _, l := range b.t.Links(at) {
			if l.Start || l.Need == 0 {
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
