package tree

// Share returns a tree with one more basic event for each of some lists of them, which stands beside each of the list: these fail of
// themselves, or by what they have in common. Lists may be empty.
func (t *Tree) Share(lists [][]int32) *Tree {
	if len(lists) == 0 {
		return t
	}
	shared := New(t.Events + len(lists))
	beside := make([][]int32, t.Events)
	for i, list := range lists {
		for _, e := range list {
			beside[e] = append(beside[e], int32(t.Events+i))
		}
	}
	node := make([]int32, t.Len())
	for e := range node[:t.Events] {
		if node[e] = int32(e); len(beside[e]) > 0 {
			node[e] = shared.add(1, append([]int32{int32(e)}, beside[e]...))
		}
	}
	for gate := int32(t.Events); int(gate) < t.Len(); gate++ {
		least, children := t.Gate(gate)
		var to []int32
		for _, c := range children {
			to = append(to, node[c])
		}
		node[gate] = shared.add(int32(least), to)
	}
	if t.Top != None {
		shared.Top = node[t.Top]
	}
	return shared
}
