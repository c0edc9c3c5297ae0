// Package order puts the basic events of a fault tree in orders in which its decision diagram may be small.
//
// To find the best order is NP-hard, and a poor one can cost a thousand times the nodes. So several are made, by rules that
// keep events together that stand together in the tree, to be tried one after the other.
package order

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// drawn is the number of orders drawn at random.
const drawn = 4

// All returns orders of the events that the top reaches: walks through the tree, those first that were good most often for
// published trees, each as it is and, where that changes it, as [force] improves it. They are always the same. If the tree
// is one gate, one order is as good as any.
func All(t *tree.Tree) [][]int32 {
	if t.Len() <= t.Events+1 {
		return [][]int32{depthFirst(t, make([]float64, t.Len()))}
	}
	var orders [][]int32
	for _, rank := range ranks(t) {
		walked := depthFirst(t, rank)
		orders = append(orders, walked)
		if forced := force(t, walked); !slices.Equal(forced, walked) {
			orders = append(orders, forced)
		}
	}
	return orders
}

// ranks returns the ranks by which walks go: for each, a number by node. Children with low ranks come first.
func ranks(t *tree.Tree) [][]float64 {
	popular, heavy := make([]float64, t.Len()), make([]float64, t.Len())
	light := weights(t)
	for n, parents := range t.Parents() {
		popular[n], heavy[n] = -float64(parents), -light[n]
	}
	ranks := [][]float64{popular, make([]float64, t.Len()), light, heavy} // the second: as written
	for seed := range uint64(drawn) {
		ranks = append(ranks, random(t, seed))
	}
	return ranks
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
