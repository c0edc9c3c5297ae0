package bdd

import (
	"context"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// A Side is from which side a diagram bounds a function.
type Side bool

// The sides.
const (
	Below Side = false // it holds only where the function does
	Above Side = true  // it holds wherever the function does
)

// Bound returns a diagram that bounds a tree from a side, where that of the tree itself is too large. Whenever a function has
// come to more than keep nodes, those that add least to the probability, given by level, become constant: false, or true.
// All gates grow with their children, so a bound of these gives a bound of the gate.
//
// The diagram never has more than limit nodes at a time. The error is [dd.ErrFull] or the context's.
func Bound(ctx context.Context, t *tree.Tree, order []int32, q []float64, side Side, keep, limit int) (dd.Diagram, error) {
	b := bounder{builder: builder{dd.NewStore(ctx, limit)}, q: q, side: side, keep: keep}
	return (&dd.Builder{Store: b.Store, Choose: b.choose}).Build(t, b.variables(t, order))
}

type bounder struct {
	builder
	q      []float64
	side   Side
	keep   int
	number []dd.Ref // by node: that in the diagram taken out last; 0 between
}

// choose bounds "with if f, else without": where f is bounded too, what holds by mistake is a bound as well, for with holds
// wherever without does.
func (b *bounder) choose(f, with, without dd.Ref) dd.Ref {
	r := b.ite(f, with, without)
	if int(r) <= b.keep || b.Err() != nil { // no more nodes than the number of the first
		return r
	}
	d := b.out(r)
	if len(d.Nodes) <= b.keep {
		return r
	}
	loss := b.losses(d)
	return b.reduce(d, loss, largest(loss, b.keep))
}

// out returns the diagram of a function apart from the store, in time that does not depend on what else is there.
func (b *bounder) out(root dd.Ref) dd.Diagram {
	for len(b.number) < len(b.Nodes) {
		b.number = append(b.number, 0)
	}
	found := []dd.Ref{dd.Zero, dd.One, root}
	b.number[dd.Zero], b.number[dd.One], b.number[root] = 1, 1, 1
	for i := 2; i < len(found); i++ {
		n := b.Nodes[found[i]]
		for _, c := range [...]dd.Ref{n.Lo, n.Hi} {
			if b.number[c] == 0 {
				b.number[c] = 1
				found = append(found, c)
			}
		}
	}
	slices.Sort(found) // those below before those above
	nodes := make([]dd.Node, len(found))
	for i, r := range found {
		b.number[r] = dd.Ref(i)
		n := b.Nodes[r]
		nodes[i] = dd.Node{Level: n.Level, Lo: b.number[n.Lo], Hi: b.number[n.Hi]}
	}
	for _, r := range found {
		b.number[r] = 0
	}
	return dd.Diagram{Nodes: nodes, Root: dd.Ref(len(nodes) - 1)}
}

// losses returns by node how much probability it costs at most to make it constant.
func (b *bounder) losses(d dd.Diagram) []float64 {
	p := Probability(d, b.q)
	loss := make([]float64, len(p)) // at first, the probability of all ways to the node
	loss[d.Root] = 1
	for r := len(p) - 1; r > 1; r-- {
		n := d.Nodes[r]
		loss[n.Hi] += float64(b.q[n.Level] * loss[r])
		loss[n.Lo] += float64((1 - b.q[n.Level]) * loss[r])
		if b.side == Above {
			loss[r] *= 1 - p[r]
		} else {
			loss[r] *= p[r]
		}
	}
	return loss
}

// largest returns the least of so many of the largest numbers after the first two.
func largest(loss []float64, keep int) float64 {
	has := slices.Clone(loss[2:])
	slices.Sort(has)
	return max(has[max(0, len(has)-keep)], math.SmallestNonzeroFloat64)
}

// reduce returns the function of a diagram with all nodes made constant whose loss is less than a number.
func (b *bounder) reduce(d dd.Diagram, loss []float64, least float64) dd.Ref {
	constant := dd.Zero
	if b.side == Above {
		constant = dd.One
	}
	to := make([]dd.Ref, len(d.Nodes))
	to[dd.One] = dd.One
	for r := 2; r < len(to); r++ {
		n := d.Nodes[r]
		switch lo, hi := to[n.Lo], to[n.Hi]; {
		case loss[r] < least:
			to[r] = constant
		case lo == hi:
			to[r] = lo
		default:
			to[r] = b.Make(n.Level, lo, hi)
		}
	}
	return to[d.Root]
}
