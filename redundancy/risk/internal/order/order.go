// Package order puts the basic events of a fault tree in orders in which its decision diagram may be small.
//
// To find the best order is NP-hard, and a poor one can cost a thousand times the nodes. So several are made, by rules that
// keep events together that stand together in the tree, to be tried one after the other.
package order

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// drawn is the number of walks that go by chance.
const drawn = 4

// Orders are orders of the events that the top of a tree reaches: walks through the tree, those first that were good most
// often for published trees, each as it is and as [force] improves it. They are made when they are asked for, and are
// always the same.
type Orders struct {
	tree *tree.Tree
	made [][]int32
}

// New returns the orders for a tree.
func New(t *tree.Tree) *Orders { return &Orders{tree: t} }

// Len returns how many orders there are. If the tree is one gate, one is as good as any.
func (o *Orders) Len() int {
	if o.tree.Len() <= o.tree.Events+1 {
		return 1
	}
	return 2 * (len(walks) + drawn)
}

// At returns the i-th order. When the context ends, what it returns means nothing.
func (o *Orders) At(ctx context.Context, i int) []int32 {
	for len(o.made) <= i {
		if n := len(o.made); n%2 == 0 {
			o.made = append(o.made, depthFirst(o.tree, rank(o.tree, n/2)))
		} else {
			o.made = append(o.made, force(ctx, o.tree, o.made[n-1]))
		}
	}
	return o.made[i]
}

// rank returns by node the number by which a walk goes: children with a low one come first.
func rank(t *tree.Tree, walk int) []float64 {
	if walk < len(walks) {
		return walks[walk](t)
	}
	return random(t, uint64(walk-len(walks)))
}

// The walks that go by a rule: most parents first, as written, least below first, most below first.
var walks = [...]func(*tree.Tree) []float64{popular, written, weights, negative}

func popular(t *tree.Tree) []float64 {
	rank := make([]float64, t.Len())
	for n, parents := range t.Parents() {
		rank[n] = -float64(parents)
	}
	return rank
}

func written(t *tree.Tree) []float64 { return make([]float64, t.Len()) }

func negative(t *tree.Tree) []float64 {
	rank := weights(t)
	for n := range rank {
		rank[n] = -rank[n]
	}
	return rank
}

// weights returns by node the number of ways down to events.
func weights(t *tree.Tree) []float64 {
	w := make([]float64, t.Len())
	for n := range int32(t.Len()) {
		if t.IsEvent(n) {
			w[n] = 1
			continue
		}
		_, children := t.Gate(n)
		for _, c := range children {
			w[n] += w[c]
		}
	}
	return w
}

func random(t *tree.Tree, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 0))
	w := make([]float64, t.Len())
	for n := range w {
		w[n] = r.Float64()
	}
	return w
}

// depthFirst returns the events that the top reaches in the order in which a walk meets them that goes depth first, through
// the children of a gate by rank, those of the same rank as they stand.
func depthFirst(t *tree.Tree, rank []float64) []int32 {
	if t.Top == tree.None {
		return nil
	}
	seen := make([]bool, t.Len())
	var order []int32
	for stack := []int32{t.Top}; len(stack) > 0; {
		node := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		switch {
		case seen[node]:
		case t.IsEvent(node):
			order = append(order, node)
		default:
			stack = push(stack, t, node, rank)
		}
		seen[node] = true
	}
	return order
}

// push puts the children of a gate on a stack, the first on top.
func push(stack []int32, t *tree.Tree, gate int32, rank []float64) []int32 {
	_, children := t.Gate(gate)
	from := len(stack)
	stack = append(stack, children...)
	slices.Reverse(stack[from:])
	slices.SortStableFunc(stack[from:], func(x, y int32) int { return cmp.Compare(rank[y], rank[x]) })
	return stack
}
