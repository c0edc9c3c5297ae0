package deadlock

// maxCycle bounds the work of looking for the shortest cycle: some tenths of a second.
const maxCycle = 20_000_000

// cycle returns a shortest cycle, of at most so many nodes, in which each cannot start without the next, nil if there is none;
// not sure if the work was bounded.
func (w *walk) cycle(most int) (nodes []int32, sure bool) {
	before := w.work
	b := breadth{walk: w, seen: make([]int32, w.Nodes), known: make([]int32, len(w.Sets)), from: make([]int32, w.Nodes), depth: make([]int, w.Nodes)}
	for _, root := range w.stuck() {
		if w.work-before > maxCycle {
			return nodes, false
		}
		if found := b.cycle(root, most); found != nil {
			nodes, most = found, len(found)-1
		}
	}
	return nodes, true
}

// A breadth is a search from one node after another.
type breadth struct {
	*walk
	seen, known []int32 // by node and by set: the latest root, plus 1, from which it was reached
	from        []int32 // by node: before it
	depth       []int   // by node: how many are on the way, with the root
}

// cycle returns a shortest cycle through a node and those after it, of at most so many; nil if there is none.
func (b *breadth) cycle(root int32, most int) []int32 {
	b.seen[root], b.depth[root] = root+1, 1
	for queue := []int32{root}; len(queue) > 0 && b.depth[queue[0]] <= most; queue = queue[1:] {
		at := queue[0]
		for _, i := range b.of.at(at) {
			s := b.Needs[i].Set
			if b.work++; !b.waits(i) || b.spare(i) > 0 || b.known[s] == root+1 {
				continue
			}
			b.known[s] = root + 1
			for _, m := range b.Sets[s] {
				b.work++
				if m == root {
					return b.back(at, root)
				}
				if m > root && !b.runs[m] && b.seen[m] != root+1 {
					b.seen[m], b.from[m], b.depth[m] = root+1, at, b.depth[at]+1
					queue = append(queue, m)
				}
			}
		}
	}
	return nil
}

// back returns the way on which a node was reached.
func (b *breadth) back(at, root int32) []int32 {
	nodes := []int32{at}
	for at != root {
		at = b.from[at]
		nodes = append(nodes, at)
	}
	return nodes
}
