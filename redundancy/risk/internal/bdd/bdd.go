// Package bdd makes binary decision diagrams of fault trees: Bryant 1986 (doi:10.1109/TC.1986.1676819), Rauzy 1993
// (doi:10.1016/0951-8320(93)90060-C).
//
// A node of a diagram asks for a basic event, by its place in an order of them, and leads to what is left of the function
// if the event fails, or does not; equal functions are one node. So probabilities follow in one pass over the nodes, with
// all sharing of events between the branches of the tree taken into account. How many nodes there are is decided by the
// order.
package bdd

import (
	"cmp"
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// Build returns the diagram of a tree, with the events at the levels of their places in order, which holds all that the
// top reaches. It never has more than limit nodes at a time. The error is [dd.ErrFull] or the context's.
func Build(ctx context.Context, t *tree.Tree, order []int32, limit int) (dd.Diagram, error) {
	b := newBuilder(ctx, t, order, limit)
	for gate := int32(t.Events); int(gate) < t.Len(); gate++ {
		b.add(gate)
		if b.Err() != nil {
			return dd.Diagram{}, b.Err()
		}
	}
	if t.Top == tree.None {
		return b.Diagram(dd.Zero), nil
	}
	return b.Diagram(b.node[t.Top]), nil
}

// A builder makes the functions of the gates, children first, and forgets those that no gate needs any longer.
type builder struct {
	*dd.Store
	tree    *tree.Tree
	node    []dd.Ref // by node of the tree
	waiting []int32  // by node: gates that have yet to use it; the top has one more
	last    int      // nodes that the latest collection left

	operands []operand
	row      []dd.Ref
}

// An operand is the function of a child, and how often it counts.
type operand struct {
	f     dd.Ref
	times int
}

func newBuilder(ctx context.Context, t *tree.Tree, order []int32, limit int) *builder {
	b := &builder{Store: dd.NewStore(ctx, limit), tree: t, node: make([]dd.Ref, t.Len()), waiting: make([]int32, t.Len()), last: 1 << 12}
	for level, event := range order {
		b.node[event] = b.Make(int32(level), dd.Zero, dd.One)
		b.waiting[event] = 1 // kept: there are few
	}
	for gate := int32(t.Events); int(gate) < t.Len(); gate++ {
		_, children := t.Gate(gate)
		for _, c := range children {
			b.waiting[c]++
		}
	}
	if t.Top != tree.None {
		b.waiting[t.Top]++
	}
	return b
}

// add makes the function of a gate.
func (b *builder) add(gate int32) {
	least, children := b.tree.Gate(gate)
	b.gather(children)
	b.node[gate] = b.atLeast(least)
	for _, c := range children {
		b.waiting[c]--
	}
	b.collect()
}

// gather lists the functions of children, those that begin lowest first: each step then only adds nodes above.
func (b *builder) gather(children []int32) {
	b.operands = b.operands[:0]
	for _, c := range children {
		b.operands = append(b.operands, operand{b.node[c], 1})
	}
	slices.SortFunc(b.operands, func(x, y operand) int {
		return cmp.Or(cmp.Compare(b.Level(y.f), b.Level(x.f)), cmp.Compare(x.f, y.f))
	})
	distinct := b.operands[:0]
	for _, o := range b.operands {
		if n := len(distinct); n > 0 && distinct[n-1].f == o.f {
			distinct[n-1].times++
		} else {
			distinct = append(distinct, o)
		}
	}
	b.operands = distinct
}

// atLeast returns the function that so many of the operands hold. Of the operands so far, row[j] is the function that j
// hold; one more operand f that counts w times makes it "row[j-w] if f, else row[j]". Only what can still matter is made.
func (b *builder) atLeast(least int) dd.Ref {
	b.row = append(b.row[:0], dd.One)
	for range least {
		b.row = append(b.row, dd.Zero)
	}
	done, left := 0, 0 // counts of the operands so far, and of those to come
	for _, o := range b.operands {
		left += o.times
	}
	for _, o := range b.operands {
		done, left = done+o.times, left-o.times
		for j := min(least, done); j >= max(1, least-left); j-- {
			b.row[j] = b.ite(o.f, b.row[max(0, j-o.times)], b.row[j])
		}
	}
	return b.row[least]
}

// collect drops what is no longer needed, once there are twice as many nodes as were needed the last time.
func (b *builder) collect() {
	if len(b.Nodes) < 2*b.last || b.Err() != nil {
		return
	}
	var roots []*dd.Ref
	for n := range b.node {
		if b.waiting[n] > 0 {
			roots = append(roots, &b.node[n])
		} else {
			b.node[n] = dd.Zero
		}
	}
	b.Collect(roots...)
	b.last = max(len(b.Nodes), 1<<12)
}

// ite returns the function "g if f, else h", of functions that only grow with their variables and of which g holds
// wherever h does. No recursion is deeper than there are levels.
func (b *builder) ite(f, g, h dd.Ref) dd.Ref {
	switch {
	case f == dd.One, g == h:
		return g
	case f == dd.Zero:
		return h
	case b.Err() != nil:
		return dd.Zero
	case f == g:
		g = dd.One // f or h
	case f == h:
		h = dd.Zero // f and g
	}
	if g == dd.One && h == dd.Zero {
		return f
	}
	if g == dd.One && f > h || h == dd.Zero && f > g { // either way round is one result
		f, g, h = swapped(f, g, h)
	}
	if r, ok := b.Get(f, g, h); ok {
		return r
	}
	level := min(b.Level(f), b.Level(g), b.Level(h))
	f0, f1 := b.cofactors(f, level)
	g0, g1 := b.cofactors(g, level)
	h0, h1 := b.cofactors(h, level)
	lo, hi := b.ite(f0, g0, h0), b.ite(f1, g1, h1)
	r := hi
	if lo != hi {
		r = b.Make(level, lo, hi)
	}
	b.Put(f, g, h, r)
	return r
}

// swapped turns "f or h" into "h or f", and "f and g" into "g and f".
func swapped(f, g, h dd.Ref) (_, _, _ dd.Ref) {
	if g == dd.One {
		return h, dd.One, f
	}
	return g, f, dd.Zero
}

// cofactors returns what a function is without, and with, the variable of a level that is not below its own.
func (b *builder) cofactors(f dd.Ref, level int32) (lo, hi dd.Ref) {
	if n := &b.Nodes[f]; n.Level == level {
		return n.Lo, n.Hi
	}
	return f, f
}
