package dd

import (
	"cmp"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// A Builder makes the diagrams of the gates of a tree, children first, and drops what no gate needs any longer.
type Builder struct {
	*Store
	// Choose returns what holds if f does and with does, or if without does; with holds wherever without does.
	Choose func(f, with, without Ref) Ref
	// Moved, if not nil, is called when the nodes have new numbers.
	Moved func()

	of       []Ref   // by node of the tree
	uses     []int32 // by node of the tree: how often it is yet to be used
	lowest   []int32 // by node of the tree: the lowest level of the events below it
	last     int     // nodes that the latest collection left
	operands []operand
	row      []Ref
}

// An operand is the diagram of a child, and how often it counts.
type operand struct {
	f      Ref
	times  int
	lowest int32
}

const few = 1 << 12 // nodes that are not worth a collection

// Build returns the diagram of a tree, given those of its basic events. The error is why the store failed.
func (b *Builder) Build(t *tree.Tree, events []Ref) (Diagram, error) {
	if t.Top == tree.None {
		return b.Diagram(Zero), b.err
	}
	b.start(t, events)
	for gate := int32(t.Events); int(gate) < t.Len() && b.err == nil; gate++ {
		b.add(t, gate)
	}
	if b.err != nil {
		return Diagram{}, b.err
	}
	return b.Diagram(b.of[t.Top]), nil
}

func (b *Builder) start(t *tree.Tree, events []Ref) {
	b.of, b.uses, b.last = make([]Ref, t.Len()), make([]int32, t.Len()), few
	b.lowest = make([]int32, t.Len())
	copy(b.of, events)
	for e, f := range events {
		if f > One {
			b.lowest[e] = b.Level(f)
		}
	}
	for gate := int32(t.Events); int(gate) < t.Len(); gate++ {
		_, children := t.Gate(gate)
		for _, c := range children {
			b.uses[c]++
			b.lowest[gate] = max(b.lowest[gate], b.lowest[c])
		}
	}
	b.uses[t.Top]++
}

func (b *Builder) add(t *tree.Tree, gate int32) {
	least, children := t.Gate(gate)
	b.gather(children)
	b.of[gate] = b.atLeast(least)
	for _, c := range children {
		b.uses[c]--
	}
	b.tidy()
}

// gather lists the diagrams of children, each once, those that reach lowest first: each step then leaves alone what is
// further down.
func (b *Builder) gather(children []int32) {
	b.operands = b.operands[:0]
	for _, c := range children {
		b.operands = append(b.operands, operand{b.of[c], 1, b.lowest[c]})
	}
	slices.SortFunc(b.operands, func(x, y operand) int {
		return cmp.Or(cmp.Compare(y.lowest, x.lowest), cmp.Compare(b.Level(y.f), b.Level(x.f)), cmp.Compare(x.f, y.f))
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

// atLeast returns what holds if so many of the operands do. Of the operands so far, row[j] is what holds if j do; one more
// operand f that counts w times makes it "row[j-w] if f, else row[j]". Only what can still matter is made.
func (b *Builder) atLeast(least int) Ref {
	b.row = append(b.row[:0], One)
	for range least {
		b.row = append(b.row, Zero)
	}
	done, left := 0, 0 // counts of the operands so far, and of those to come
	for _, o := range b.operands {
		left += o.times
	}
	for _, o := range b.operands {
		if !b.Look() {
			return Zero
		}
		done, left = done+o.times, left-o.times
		for j := min(least, done); j >= max(1, least-left); j-- {
			b.row[j] = b.Choose(o.f, b.row[max(0, j-o.times)], b.row[j])
		}
	}
	return b.row[least]
}

// tidy drops what is no longer needed, once there are twice as many nodes as were needed the last time.
func (b *Builder) tidy() {
	if len(b.Nodes) < 2*b.last || b.err != nil {
		return
	}
	var roots []*Ref
	for n := range b.of {
		if b.uses[n] > 0 {
			roots = append(roots, &b.of[n])
		} else {
			b.of[n] = Zero
		}
	}
	b.Collect(roots...)
	b.last = max(len(b.Nodes), few)
	if b.Moved != nil {
		b.Moved()
	}
}
