package tree

import "context"

// A Part is a module of a tree, as a tree of its own: it shares nothing with the rest of the whole.
type Part struct {
	*Tree          // its basic events are those of the whole, and modules in it
	Stands []int32 // by basic event of the part: the event of the whole or, from its number of events on, a part
}

// Split cuts a tree into its modules, each after those that stand in it; the last is the whole. There are none if the top
// is [None].
//
// Children of an OR or an AND that are modules, or events, with no other parent are first made a gate of their own,
// so that one basic event stands for all of them. It takes time in proportion to the children. The error is the context's.
func Split(ctx context.Context, t *Tree) ([]Part, error) {
	switch {
	case t.Top == None:
		return nil, ctx.Err()
	case t.IsEvent(t.Top):
		return []Part{{&Tree{Events: 1}, []int32{t.Top}}}, ctx.Err()
	}
	if t = grouped(t); ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s := splitter{whole: t, is: t.modules(), part: make([]int32, t.Len()), local: make([]int32, t.Len()), in: make([]int32, t.Len())}
	reached := t.Reached()
	for gate := int32(t.Events); int(gate) < t.Len(); gate++ {
		if gate%looked == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if reached[gate] && s.is[gate] {
			s.split(gate)
		}
	}
	return s.parts, ctx.Err()
}

type splitter struct {
	whole *Tree
	is    []bool // by node of the whole: whether it is a module
	parts []Part
	part  []int32 // by module: its part
	local []int32 // by node: its number in the part
	in    []int32 // by node: the part, from 1, for which local holds

	inside []int32 // gates of the part
	path   []visit
}

// split makes a part of a module.
func (s *splitter) split(top int32) {
	number := int32(len(s.parts)) + 1
	p := Part{}
	s.inside = s.inside[:0]
	s.visit(top, number, &p)
	p.Tree = New(len(p.Stands))
	for _, gate := range s.inside {
		s.copyGate(p.Tree, gate)
	}
	p.Top = s.local[top]
	s.part[top] = number - 1
	s.parts = append(s.parts, p)
}

// visit finds the basic events of the part, and lists its gates, each after its children.
func (s *splitter) visit(top, number int32, p *Part) {
	s.path = append(s.path[:0], visit{node: top})
	s.in[top] = number
	for len(s.path) > 0 {
		at := &s.path[len(s.path)-1]
		child, ok := s.whole.nth(at.node, at.next)
		at.next++
		switch {
		case !ok:
			s.inside = append(s.inside, at.node)
			s.path = s.path[:len(s.path)-1]
		case s.in[child] == number:
		case s.whole.IsEvent(child) || s.is[child]:
			s.in[child] = number
			s.local[child] = int32(len(p.Stands))
			p.Stands = append(p.Stands, s.stands(child))
		default:
			s.in[child] = number
			s.path = append(s.path, visit{node: child})
		}
	}
}

// stands returns what a basic event of a part stands for.
func (s *splitter) stands(node int32) int32 {
	if s.whole.IsEvent(node) {
		return node
	}
	return int32(s.whole.Events) + s.part[node]
}

func (s *splitter) copyGate(t *Tree, gate int32) {
	least, children := s.whole.Gate(gate)
	list := make([]int32, len(children))
	for i, c := range children {
		list[i] = s.local[c]
	}
	s.local[gate] = t.add(int32(least), list)
}

// grouped returns the tree in which the children of an OR or an AND that share nothing with the rest are one child.
func grouped(t *Tree) *Tree {
	alone := t.alone()
	g, node := New(t.Events), make([]int32, t.Len())
	for n := range int32(t.Len()) {
		if t.IsEvent(n) {
			node[n] = n
			continue
		}
		least, children := t.Gate(n)
		var private, shared []int32
		for _, c := range children {
			if alone[c] {
				private = append(private, node[c])
			} else {
				shared = append(shared, node[c])
			}
		}
		node[n] = g.addGroup(least, private, shared)
	}
	g.Top = node[t.Top]
	return g
}

// addGroup adds a gate, with the children that it shares with nothing as a gate of the same sort.
func (t *Tree) addGroup(least int, private, shared []int32) int32 {
	s := sortOf(least, len(private)+len(shared))
	if s != other && len(private) > 1 && len(shared) > 0 {
		group := t.add(int32(s.least(len(private))), private)
		private = []int32{group}
		least = s.least(1 + len(shared))
	}
	return t.add(int32(least), append(private, shared...))
}

// alone reports for each node whether it has one parent and is an event or a module.
func (t *Tree) alone() []bool {
	parents, alone := t.Parents(), t.modules()
	for n := range alone {
		alone[n] = (alone[n] || n < t.Events) && parents[n] == 1
	}
	return alone
}
