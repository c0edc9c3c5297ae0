// Package cutset solves fault trees: minimal cut sets, their number, the exact probability of the top, and the part that
// each event has in it.
//
// A tree is made simpler, cut into modules (package tree), and each module becomes a binary decision diagram (package
// bdd), in the best of several orders of its events (package order); its minimal cut sets are read from that (package
// zdd). A module stands in the diagrams of those around it as one event. What is asked is answered by passes over the
// diagrams, and put together: a probability takes the place of a module, and so does a number of sets of each size.
package cutset

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/bdd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/order"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/zdd"
)

// NodeBytes is about how much memory a node takes while a diagram is made, with its tables.
const NodeBytes = 64

// Options say how far a solution may go. The zero value is right for most.
type Options struct {
	Nodes    int                   // most nodes that a diagram may have at a time; 0 is 2^24, 1 GiB
	Progress func(done, parts int) // called as modules are solved; nil is nobody
}

func (o Options) nodes() int {
	if o.Nodes == 0 {
		return 1 << 24
	}
	return o.Nodes
}

// All is the size up to which all minimal cut sets are in a solution that has all of them.
const All = math.MaxInt32 / 4

// An Unfinished is an error that says which module needs more nodes than it may have. It wraps [dd.ErrFull].
type Unfinished struct {
	Events, Gates int // of the module
	Nodes         int // that it may have
	Size          int // up to which cut sets were asked for, or [All]
}

// Error says so, and what can be done.
func (u *Unfinished) Error() string {
	size := "a size"
	if u.Size < All {
		size = fmt.Sprintf("a size less than %d", u.Size)
	}
	return fmt.Sprintf("a module of %d events and %d gates needs more than %d nodes in each order that was tried: "+
		"allow more, or ask for the cut sets up to %s", u.Events, u.Gates, u.Nodes, size)
}

// Unwrap returns [dd.ErrFull].
func (u *Unfinished) Unwrap() error { return dd.ErrFull }

// A Solution is a solved fault tree. It does not change, and is safe for concurrent use.
type Solution struct {
	events int
	parts  []part // modules, each after those that stand in it; the last is the whole; none if nothing can fail
	upTo   int    // all sets up to this size are there
}

// UpTo returns the size up to which the solution has all minimal cut sets: [All], or what was asked for of [UpTo].
func (s *Solution) UpTo() int { return s.upTo }

// A part is a solved module.
type part struct {
	stands   []int32    // by level: the event or, from the number of events on, the part
	function dd.Diagram // binary
	family   dd.Diagram // zero-suppressed: the minimal cut sets
	least    int        // size of the smallest of these
}

// Solve solves a tree. The error is an *[Unfinished] or the context's.
func Solve(ctx context.Context, t *tree.Tree, o Options) (*Solution, error) {
	return solveParts(t, o, func(_ *Solution, m tree.Part) (part, error) { return exact(ctx, m, o.nodes()) })
}

// solveParts solves the modules one by one.
func solveParts(t *tree.Tree, o Options, solve func(*Solution, tree.Part) (part, error)) (*Solution, error) {
	s := &Solution{events: t.Events, upTo: All}
	modules := tree.Split(tree.Simplify(t))
	for _, m := range modules {
		p, err := solve(s, m)
		if err != nil {
			return nil, err
		}
		p.least = smallest(p.family, s.least(p.stands))
		s.parts = append(s.parts, p)
		if o.Progress != nil {
			o.Progress(len(s.parts), len(modules))
		}
	}
	return s, nil
}

// exact solves a module.
func exact(ctx context.Context, m tree.Part, limit int) (part, error) {
	levels, f, err := function(ctx, m.Tree, limit)
	if err == nil {
		p := part{stands: stands(m, levels), function: f}
		if p.family, err = zdd.Minimal(ctx, f, limit); err == nil {
			return p, nil
		}
	}
	if errors.Is(err, dd.ErrFull) {
		err = &Unfinished{m.Events, m.Len() - m.Events, limit, All}
	}
	return part{}, err
}

// stands returns what stands at the levels of a module.
func stands(m tree.Part, levels []int32) []int32 {
	at := make([]int32, len(levels))
	for level, event := range levels {
		at[level] = m.Stands[event]
	}
	return at
}

// The nodes that orders may use: so many for each event in the first round and, where none will do, four times as many in the
// next. Up to a number all orders have their turn, and the smallest diagram is taken; above that the first. Where it takes
// minutes to fail, only the orders have their turn that were good most often.
const (
	firstRound = 8
	compared   = 1 << 16
	long       = 1 << 20
	trusted    = 4
)

// function returns the binary diagram of a module, and its events by level.
func function(ctx context.Context, t *tree.Tree, limit int) ([]int32, dd.Diagram, error) {
	orders := order.New(t)
	for nodes := min(firstNodes(t), limit); ; nodes = min(4*nodes, limit) {
		levels, f, err := round(ctx, t, orders, nodes)
		if !errors.Is(err, dd.ErrFull) || nodes == limit {
			return levels, f, err
		}
	}
}

func firstNodes(t *tree.Tree) int { return max(1<<12, firstRound*t.Events) }

// round lets orders have their turn with so many nodes.
func round(ctx context.Context, t *tree.Tree, orders *order.Orders, nodes int) (levels []int32, f dd.Diagram, err error) {
	err = dd.ErrFull
	for i := range turns(orders, nodes) {
		g, failed := bdd.Build(ctx, t, orders.At(i), nodes)
		switch {
		case ctx.Err() != nil:
			return nil, dd.Diagram{}, ctx.Err()
		case failed == nil && (levels == nil || len(g.Nodes) < len(f.Nodes)):
			levels, f, err = orders.At(i), g, nil
		}
		if levels != nil && nodes > compared {
			break
		}
	}
	return levels, f, err
}

// turns returns how many orders have their turn with so many nodes.
func turns(o *order.Orders, nodes int) int {
	if nodes > long {
		return min(trusted, o.Len())
	}
	return o.Len()
}
