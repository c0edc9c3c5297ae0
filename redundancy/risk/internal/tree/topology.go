package tree

import (
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/connected"
	"github.com/ridethrough/ridethrough/topology"
)

// A Forest is the fault trees of several components in one: what they have in common stands there once.
type Forest struct {
	*Tree                    // its top is not set
	Components []topology.ID // of each basic event, in order of declaration
	Node       []int32       // by component: what fails when it does; [None] if it cannot fail, or was not asked for
}

// Of returns the fault trees of components.
//
// A component fails if it fails of itself, or if fewer of the members of one of its needs or supplies are left than it
// asks for. Components that need all of each other in a cycle fail together, and are one gate. What is needed only to
// start, and optional supplies, take nothing down. There is a basic event for each component in reach that may fail of
// itself, whatever its chance.
//
// It takes time in proportion to the components of the topology and the links in reach. The error is [ErrTooLarge] or the context's.
func Of(ctx context.Context, t *topology.Topology, tops []topology.ID, mayFail func(topology.ID) bool) (*Forest, error) {
	w := newWalk(t)
	for _, top := range tops {
		w.From(int32(top), w.watched(ctx))
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b := blocks{walk: w, event: make([]int32, t.Len())}
	f := &Forest{Components: b.events(mayFail), Node: slices.Repeat([]int32{None}, t.Len())}
	b.tree = New(len(f.Components))
	b.node = make([]int32, w.Groups)
	for g := range b.node { // a group closes after those it reaches
		if g%looked == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := b.add(int32(g)); err != nil {
			return nil, err
		}
	}
	for _, top := range tops {
		f.Node[top] = b.node[w.Group[top]]
	}
	f.Tree = b.tree
	return f, nil
}

// blocks makes gates of the groups of a walk.
type blocks struct {
	*walk
	tree  *Tree
	event []int32 // by component; None if it cannot fail of itself
	node  []int32 // by group: its gate or event; None if it cannot fail

	children []int32 // of the gate that is being made
}

// events numbers the basic events.
func (b *blocks) events(mayFail func(topology.ID) bool) []topology.ID {
	var components []topology.ID
	for id := range b.event {
		b.event[id] = None
		if b.Group[id] != connected.None && mayFail(topology.ID(id)) {
			b.event[id] = int32(len(components))
			components = append(components, topology.ID(id))
		}
	}
	return components
}

// add makes the gate of a group: of a link by itself, or of components that fail together.
func (b *blocks) add(group int32) error {
	b.children = b.children[:0]
	least := 1
	for _, node := range b.Members(group) {
		if link := b.linkOf(node); link != nil {
			least = len(link.Members) - link.Need + 1
		} else if e := b.event[node]; e != None {
			b.children = append(b.children, e)
		}
		b.outside(node, group)
	}
	var err error
	b.node[group], err = b.gate(least)
	return err
}

// outside gathers what a node of a group points to outside of it, as far as it can fail.
func (b *blocks) outside(node, group int32) {
	for i := 0; ; i++ {
		to, ok := b.successor(node, i)
		if !ok {
			return
		}
		if to < 0 {
			continue
		}
		if g := b.Group[to]; g != group && b.node[g] != None {
			b.children = append(b.children, b.node[g])
		}
	}
}

// gate returns the node that fails when so many of the children do; None if there are too few that can.
func (b *blocks) gate(least int) (int32, error) {
	switch {
	case len(b.children) < least:
		return None, nil
	case len(b.children) == 1:
		return b.children[0], nil
	}
	return b.tree.Add(least, b.children...)
}
