package tree

import "context"

// How far up the gates above a node are followed, at most, so that the time stays in proportion.
const followed = 100

// propagated returns a tree of the same meaning in which a node that decides a gate by itself is a constant further down.
//
// In "x or g" what g does while x fails makes no difference: there x may count as not failing. In "x and g" it may count as
// failing. That holds wherever the top reaches x only through the gate.
// The error is the context's.
func propagated(ctx context.Context, t *Tree) (*Tree, error) {
	if t.Top == None {
		return t, nil
	}
	p := propagator{from: t, to: New(t.Events), node: make([]int32, t.Len()), parents: t.Parents(), above: t.dominators()}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.mark()
	for n := range int32(t.Len()) {
		switch {
		case n%looked == 0 && ctx.Err() != nil:
			return nil, ctx.Err()
		case t.IsEvent(n):
			p.node[n] = n
		case p.parents[n] > 0 || n == t.Top:
			p.node[n] = p.rewrite(n)
		}
	}
	p.to.Top = p.node[t.Top]
	return p.to.trimmed(), ctx.Err()
}

// What stands for a node that has become constant.
const (
	never  int32 = -2 // does not fail
	always int32 = -3 // fails
)

type propagator struct {
	from, to *Tree
	node     []int32 // of to, by node of from; or a constant
	parents  []int32 // by node
	above    []int32 // by node: see dominators
	decides  map[edge]int32
	list     []int32
}

// An edge leads from a gate to a child.
type edge struct{ gate, child int32 }

// mark notes what children with several parents may count as below their ORs and ANDs.
func (p *propagator) mark() {
	p.decides = map[edge]int32{}
	for gate := int32(p.from.Events); int(gate) < p.from.Len(); gate++ {
		counts := never
		switch p.from.sort(gate) {
		case other:
			continue
		case and:
			counts = always
		}
		_, children := p.from.Gate(gate)
		for _, c := range children {
			if p.parents[c] > 1 {
				p.decides[edge{gate, c}] = counts
			}
		}
	}
}

// rewrite returns the node, or the constant, that stands for a gate.
func (p *propagator) rewrite(gate int32) int32 {
	least, children := p.from.Gate(gate)
	p.list = p.list[:0]
	for _, c := range children {
		switch to := p.at(gate, c); to {
		case always:
			least--
		case never:
		default:
			p.list = append(p.list, to)
		}
	}
	switch {
	case least <= 0:
		return always
	case len(p.list) < least:
		return never
	case len(p.list) == 1:
		return p.list[0]
	}
	return p.to.add(int32(least), p.list)
}

// at returns what a child is in a gate: a constant, if a gate above is decided by it.
func (p *propagator) at(gate, child int32) int32 {
	if p.parents[child] > 1 {
		for range followed {
			gate = p.above[gate]
			if gate == None {
				break
			}
			if counts, ok := p.decides[edge{gate, child}]; ok {
				return counts
			}
		}
	}
	return p.node[child]
}

// dominators returns for each node that the top reaches a gate that all ways to it lead through: the lowest, or another where
// that is far to seek; [None] for the top. Parents come before children, so one pass does it (Cooper, Harvey & Kennedy 2001).
func (t *Tree) dominators() []int32 {
	above, depth, reached := make([]int32, t.Len()), make([]int32, t.Len()), t.Reached()
	for n := range above {
		above[n] = None
	}
	seen := make([]bool, t.Len())
	for gate := t.Top; int(gate) >= t.Events; gate-- {
		if !reached[gate] {
			continue
		}
		if gate != t.Top {
			depth[gate] = depth[above[gate]] + 1
		}
		_, children := t.Gate(gate)
		for _, c := range children {
			if !seen[c] {
				seen[c], above[c] = true, gate
			} else {
				above[c] = t.meet(above[c], gate, above, depth)
			}
		}
	}
	return above
}

// meet returns a gate that dominates both, or is one of them: the lowest, or the top if that is far away.
func (t *Tree) meet(x, y int32, above, depth []int32) int32 {
	for range followed {
		switch {
		case x == y:
			return x
		case depth[x] > depth[y]:
			x = above[x]
		default:
			y = above[y]
		}
	}
	return t.Top
}
