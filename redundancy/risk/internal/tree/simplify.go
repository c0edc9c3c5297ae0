package tree

import (
	"context"
	"encoding/binary"
	"slices"
)

const (
	searched = 100 // gates of more children are not searched for what absorbs them, so that the time stays in proportion
	rounds   = 100
	looked   = 1 << 12 // nodes between two looks at the context
)

// Simplify returns a tree over the same basic events that fails in the same states, with no more gates:
//
//   - a gate of one child is its child; an OR with no other parent than an OR becomes part of it, and so do ANDs;
//   - a child of an OR or an AND that stands there twice stands there once (in other gates it counts twice);
//   - absorption: x or (x and y) is x, and x and (x or y) is x;
//   - gates that ask for the same of the same children are one;
//   - what decides an OR or an AND by itself is a constant in the rest of it.
//
// It is repeated until nothing changes, up to a number of rounds that is hardly ever needed. A round takes time in
// proportion to the children, up to a logarithm. The error is the context's.
func Simplify(ctx context.Context, t *Tree) (*Tree, error) {
	for range rounds {
		p, err := propagated(ctx, t)
		if err != nil {
			return nil, err
		}
		s := simplified(ctx, p)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if s.Len() == t.Len() && len(s.child) == len(t.child) {
			return s, nil
		}
		t = s
	}
	return t, nil
}

// A rewriter makes a simpler tree, children first.
type rewriter struct {
	from, to *Tree
	joins    []bool           // by gate of from: whether it becomes part of its parent
	node     []int32          // of to, by node of from
	known    map[string]int32 // gates of to, by what they ask for of which children
	seen     []int32          // by node of to: the last list in which it stood
	lists    int32            // number of lists
	list     []int32          // of the gate that is being made
	stack    []int32          // nodes of from yet to be listed
	key      []byte
}

// simplified does all of it but for constants. When the context ends, what it returns means nothing.
func simplified(ctx context.Context, t *Tree) *Tree {
	r := &rewriter{from: t, to: New(t.Events), joins: t.joins(), node: make([]int32, t.Len()), known: map[string]int32{}}
	r.seen = make([]int32, t.Len())
	reached := t.Reached()
	for node := range int32(t.Len()) {
		if node%looked == 0 && ctx.Err() != nil {
			return r.to
		}
		if t.IsEvent(node) {
			r.node[node] = node
		} else if reached[node] && !r.joins[node] {
			r.node[node] = r.rewrite(node)
		}
	}
	if t.Top != None {
		r.to.Top = r.node[t.Top]
	}
	return r.to.trimmed()
}

// rewrite returns the node that stands for a gate.
func (r *rewriter) rewrite(gate int32) int32 {
	least, children := r.from.Gate(gate)
	r.list = r.list[:0]
	if s := sortOf(least, len(children)); s != other {
		r.gather(children)
		r.absorb(s)
		least = s.least(len(r.list))
	} else {
		for _, c := range children {
			r.list = append(r.list, r.node[c])
		}
	}
	if len(r.list) == 1 {
		return r.list[0]
	}
	return r.intern(int32(least))
}

// gather lists the children of an OR or an AND, each once, and those of the gates that become part of it instead of these.
func (r *rewriter) gather(children []int32) {
	r.lists++
	r.stack = r.stack[:0]
	r.push(children)
	for len(r.stack) > 0 {
		c := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		if r.joins[c] {
			_, inner := r.from.Gate(c)
			r.push(inner)
		} else {
			r.append(r.node[c])
		}
	}
}

// push puts children on the stack, the first on top.
func (r *rewriter) push(children []int32) {
	for _, c := range slices.Backward(children) {
		r.stack = append(r.stack, c)
	}
}

func (r *rewriter) append(node int32) {
	if r.seen[node] != r.lists {
		r.seen[node] = r.lists
		r.list = append(r.list, node)
	}
}

// absorb takes gates of the other sort off the list of which a child is listed as well.
func (r *rewriter) absorb(s sort) {
	kept := r.list[:0]
	for _, node := range r.list {
		if r.to.sort(node) != s.opposite() || !r.listed(node) {
			kept = append(kept, node)
		}
	}
	r.list = kept
}

// listed reports whether a child of a gate is listed.
func (r *rewriter) listed(gate int32) bool {
	_, children := r.to.Gate(gate)
	return len(children) <= searched && slices.ContainsFunc(children, func(c int32) bool { return r.seen[c] == r.lists })
}

// intern returns the gate of the list, which is the same for the same children.
func (r *rewriter) intern(least int32) int32 {
	sorted := slices.Clone(r.list)
	slices.Sort(sorted)
	r.key = binary.LittleEndian.AppendUint32(r.key[:0], uint32(least))
	for _, c := range sorted {
		r.key = binary.LittleEndian.AppendUint32(r.key, uint32(c))
	}
	gate, ok := r.known[string(r.key)]
	if !ok {
		gate = r.to.add(least, r.list)
		r.known[string(r.key)] = gate
	}
	return gate
}

// joins reports for each gate whether it has one parent and is an OR as that is, or an AND.
func (t *Tree) joins() []bool {
	parents, joins, reached := t.Parents(), make([]bool, t.Len()), t.Reached()
	for gate := int32(t.Events); int(gate) < t.Len(); gate++ {
		s := t.sort(gate)
		if s == other || !reached[gate] {
			continue
		}
		_, children := t.Gate(gate)
		for _, c := range children {
			joins[c] = parents[c] == 1 && t.sort(c) == s
		}
	}
	return joins
}

// sort returns the sort of a node; other if it is an event.
func (t *Tree) sort(node int32) sort {
	if t.IsEvent(node) {
		return other
	}
	least, children := t.Gate(node)
	return sortOf(least, len(children))
}

// A sort of gate: OR, AND, or neither of these.
type sort int8

const (
	other sort = iota
	or
	and
)

func sortOf(least, children int) sort {
	switch least {
	case 1:
		return or
	case children:
		return and
	}
	return other
}

// least returns how many of so many children must fail.
func (s sort) least(children int) int {
	if s == or {
		return 1
	}
	return children
}

func (s sort) opposite() sort { return or + and - s }

// trimmed returns the tree without the gates that the top does not reach.
func (t *Tree) trimmed() *Tree {
	reached, node, s := t.Reached(), make([]int32, t.Len()), New(t.Events)
	var list []int32
	for n := range int32(t.Len()) {
		if t.IsEvent(n) {
			node[n] = n
			continue
		}
		if !reached[n] {
			continue
		}
		least, children := t.Gate(n)
		list = list[:0]
		for _, c := range children {
			list = append(list, node[c])
		}
		node[n] = s.add(int32(least), list)
	}
	if t.Top != None {
		s.Top = node[t.Top]
	}
	return s
}
