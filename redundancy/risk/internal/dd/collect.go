package dd

// Collect drops all nodes that the roots do not lead to, and numbers the others anew, in the same order; the roots are
// changed to their new numbers. All other numbers, and all results kept, are void.
func (s *Store) Collect(roots ...*Ref) {
	number := s.mark(roots)
	next := Ref(2)
	for r := 2; r < len(s.Nodes); r++ {
		if number[r] == 0 {
			continue
		}
		n := s.Nodes[r]
		s.Nodes[next] = Node{n.Level, number[n.Lo], number[n.Hi]}
		number[r] = next
		next++
	}
	s.Nodes = s.Nodes[:next]
	for _, root := range roots {
		*root = number[*root]
	}
	s.rehash(len(s.table))
	clear(s.cache)
}

// mark returns a number other than 0 for each node that the roots lead to, and for the terminals their own.
func (s *Store) mark(roots []*Ref) []Ref {
	marked := make([]Ref, len(s.Nodes))
	for _, root := range roots {
		marked[*root] = 1
	}
	for r := len(s.Nodes) - 1; r > 1; r-- {
		if marked[r] != 0 {
			marked[s.Nodes[r].Lo], marked[s.Nodes[r].Hi] = 1, 1
		}
	}
	marked[Zero], marked[One] = Zero, One
	return marked
}

// A Diagram is one function or one family of sets: its nodes, and where it begins. It does not change.
type Diagram struct {
	Nodes []Node // the terminals, then the others, each after those it leads to
	Root  Ref
}

// Diagram returns the diagram that begins at a node, apart from the store.
func (s *Store) Diagram(root Ref) Diagram {
	s.Collect(&root)
	return Diagram{append([]Node(nil), s.Nodes...), root}
}
