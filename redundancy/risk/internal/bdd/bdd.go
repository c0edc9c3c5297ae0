// Package bdd makes binary decision diagrams of fault trees: Bryant 1986 (doi:10.1109/TC.1986.1676819), Rauzy 1993
// (doi:10.1016/0951-8320(93)90060-C).
//
// A node of a diagram asks for a basic event, by its place in an order of them, and leads to what is left of the function
// if the event fails, or does not; equal functions are one node. So probabilities follow in one pass over the nodes, with
// all sharing of events between the branches of the tree taken into account. How many nodes there are is decided by the
// order.
package bdd

import (
	"context"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// Build returns the diagram of a tree, with the events at the levels of their places in order, which holds all that the
// top reaches. It never has more than limit nodes at a time. The error is [dd.ErrFull] or the context's.
func Build(ctx context.Context, t *tree.Tree, order []int32, limit int) (dd.Diagram, error) {
	b := builder{dd.NewStore(ctx, limit)}
	return (&dd.Builder{Store: b.Store, Choose: b.ite}).Build(t, b.variables(t, order))
}

type builder struct{ *dd.Store }

// variables returns the functions of the events.
func (b builder) variables(t *tree.Tree, order []int32) []dd.Ref {
	events := make([]dd.Ref, t.Events)
	for level, event := range order {
		events[event] = b.Make(int32(level), dd.Zero, dd.One)
	}
	return events
}

// ite returns the function "g if f, else h". No recursion is deeper than there are levels.
func (b builder) ite(f, g, h dd.Ref) dd.Ref {
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
func (b builder) cofactors(f dd.Ref, level int32) (lo, hi dd.Ref) {
	if n := &b.Nodes[f]; n.Level == level {
		return n.Lo, n.Hi
	}
	return f, f
}
