// Package deadlock finds what can never start because it waits for itself: a smallest such set, and the cheapest needs to do
// without.
//
// Nodes start once all their needs are met: at least so many of a set of nodes run. Some nodes are a deadlock when
// each has a need that is not met though all others run: none of them can be the first. With needs for all of a set that is a
// cycle; with needs for some of it, as many as are left without enough.
package deadlock

// A Graph is who waits for whom. Nodes are numbered from 0.
type Graph struct {
	Nodes int
	Sets  [][]int32 // of nodes, each once, which needs name in common
	Needs []Need
}

// A Need is met when so many nodes of a set run. One that no more than the set could meet is met by nobody.
type Need struct {
	Owner, Set int32
	Of         int32
	Cost       float64 // of starting the owner without it; negative: that is not possible
	Last       bool    // of needs that cost the same rather another one is done without
}

// Stuck returns the nodes that can never start, in order.
func (g *Graph) Stuck() []int32 { return newWalk(g).stuck() }
