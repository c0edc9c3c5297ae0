package deadlock

import "github.com/ridethrough/ridethrough/redundancy/internal/connected"

// groups finds the strongly connected components of the graph in which nodes that are stuck point to those that they wait for. Sets are
// nodes too, after the others, so that a common set counts its members once.
func (w *walk) groups() *connected.Walk {
	c := &connected.Walk{}
	c.Grow(w.Nodes + len(w.Sets))
	for _, root := range w.stuck() {
		c.From(root, w.successor)
	}
	return c
}

// successor returns the i-th that a node or a set points to, negative if that does not count; not ok after the last.
func (w *walk) successor(node int32, i int) (to int32, ok bool) {
	w.work++
	if s := int(node) - w.Nodes; s >= 0 {
		members := w.Sets[s]
		if i >= len(members) {
			return 0, false
		}
		if w.runs[members[i]] {
			return -1, true
		}
		return members[i], true
	}
	needs := w.of.at(node)
	if i >= len(needs) {
		return 0, false
	}
	if !w.waits(needs[i]) {
		return -1, true
	}
	return int32(w.Nodes) + w.Needs[needs[i]].Set, true
}

// A part is nodes that wait for each other, as a graph of its own in which all others run.
type part struct {
	Graph
	needs []int32 // by need of its own: that of the whole
}

// parts splits what is stuck into nodes that wait for each other. Whatever is broken so that all can start, can be found in
// each part by itself: those that others wait for can go first.
func (w *walk) parts() []part {
	found := w.groups()
	nodes := group(found.Groups, w.Nodes, func(i int, put func(int32)) {
		if g := found.Group[i]; g != connected.None {
			put(g)
		}
	})
	own := make([]int32, w.Nodes) // numbers within a part
	known := make([]int32, len(w.Sets))
	var all []part
	for g := range int32(found.Groups) {
		members := nodes.at(g)
		if len(members) == 0 || len(members) == 1 && !w.waitsForItself(members[0]) {
			continue
		}
		if p := w.part(members, own, known); len(p.Needs) > 0 {
			all = append(all, p)
		}
	}
	return all
}

// waitsForItself reports whether a node would be stuck if all others ran.
func (w *walk) waitsForItself(node int32) bool {
	for _, i := range w.of.at(node) {
		if w.waits(i) && int(w.Needs[i].Of) > len(w.Sets[w.Needs[i].Set])-1 {
			return true
		}
	}
	return false
}

// part makes a graph of some nodes.
func (w *walk) part(members, own, known []int32) part {
	p := part{Graph: Graph{Nodes: len(members)}}
	set := func(s int32) int32 {
		if known[s] == 0 {
			p.Sets = append(p.Sets, nil)
			known[s] = int32(len(p.Sets))
		}
		return known[s] - 1
	}
	for k, node := range members {
		own[node] = int32(k)
		for _, s := range w.in.at(node) {
			within := &p.Sets[set(s)]
			*within = append(*within, int32(k))
		}
	}
	for _, node := range members {
		for _, i := range w.of.at(node) {
			need := w.Needs[i]
			if !w.waits(i) {
				continue
			}
			whole := len(w.Sets[need.Set])
			need.Owner, need.Set = own[node], set(need.Set)
			if need.Of -= int32(whole - len(p.Sets[need.Set])); need.Of > 0 {
				p.Needs, p.needs = append(p.Needs, need), append(p.needs, i)
			}
		}
	}
	for _, node := range members {
		for _, s := range w.in.at(node) {
			known[s] = 0
		}
		for _, i := range w.of.at(node) {
			known[w.Needs[i].Set] = 0
		}
	}
	return p
}
