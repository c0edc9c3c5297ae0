// Package zdd holds families of sets in zero-suppressed decision diagrams: Minato 1993 (doi:10.1145/157485.164890).
//
// A node stands for the sets of Hi, each with the node's variable added, and those of Lo, which do not have it. Equal
// families are one node, so a diagram of a few thousand can hold 10^10 sets. All families here are minimal: no set
// contains another.
package zdd

import (
	"context"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
)

// A builder makes families.
type builder struct{ *dd.Store }

// node returns a family: the sets of hi with a variable, and those of lo.
func (b builder) node(level int32, lo, hi dd.Ref) dd.Ref {
	if hi == dd.Zero {
		return lo
	}
	return b.Make(level, lo, hi)
}

// Minimal returns the minimal solutions of a function that only grows with its variables, of which f is the binary
// diagram: the minimal cut sets (Rauzy 1993, doi:10.1016/0951-8320(93)90060-C). They are those of "without the variable",
// and those of "with it" that are not solutions without it. The diagram never has more than limit nodes. The error is
// [dd.ErrFull] or the context's.
func Minimal(ctx context.Context, f dd.Diagram, limit int) (dd.Diagram, error) {
	m := minimizer{builder{dd.NewStore(ctx, limit)}, f.Nodes}
	family := make([]dd.Ref, len(f.Nodes))
	family[dd.One] = dd.One
	for r := 2; r < len(family); r++ {
		n := f.Nodes[r]
		family[r] = m.node(n.Level, family[n.Lo], m.unsolved(family[n.Hi], n.Lo))
		if m.Err() != nil {
			return dd.Diagram{}, m.Err()
		}
	}
	return m.Diagram(family[f.Root]), nil
}

type minimizer struct {
	builder
	function []dd.Node
}

// unsolved returns the sets of a family that are not solutions of a function. No recursion is deeper than there are levels.
func (m *minimizer) unsolved(family, f dd.Ref) dd.Ref {
	switch {
	case family == dd.Zero || f == dd.One:
		return dd.Zero
	case family == dd.One || f == dd.Zero: // the empty set solves no function but the constant
		return family
	}
	if r, ok := m.Get(family, f, 0); ok {
		return r
	}
	n, at := m.Nodes[family], m.function[f]
	var r dd.Ref
	switch {
	case m.Err() != nil:
	case at.Level < n.Level:
		r = m.unsolved(family, at.Lo)
	case at.Level > n.Level:
		lo := m.unsolved(n.Lo, f)
		r = m.node(n.Level, lo, m.unsolved(n.Hi, f))
	default:
		lo := m.unsolved(n.Lo, at.Lo)
		r = m.node(n.Level, lo, m.unsolved(n.Hi, at.Hi))
	}
	m.Put(family, f, 0, r)
	return r
}
