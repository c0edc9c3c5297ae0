package order

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree/treetest"
)

// Each order has each event that the top reaches once, and they are the same each time.
func TestOrders(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		f, _ := treetest.Random(r, 12)
		var want []int32
		for e, reached := range f.Reached()[:f.Events] {
			if reached {
				want = append(want, int32(e))
			}
		}
		orders := New(f)
		for i := range orders.Len() {
			require.ElementsMatch(t, want, orders.At(context.Background(), i))
			require.Equal(t, orders.At(context.Background(), i), New(f).At(context.Background(), i))
		}
	}
	require.Empty(t, New(tree.New(3)).At(context.Background(), 0))
	require.Equal(t, 1, New(tree.New(3)).Len())
}

// chain returns "e0 and e1, or e1 and e2, or …", its gates in a random order.
func chain(r *rand.Rand, events int) *tree.Tree {
	f := tree.New(events)
	var gates []int32
	for _, e := range r.Perm(events - 1) {
		gate, _ := f.Add(2, int32(e), int32(e+1))
		gates = append(gates, gate)
	}
	f.Top, _ = f.Add(1, gates...)
	return f
}

// A walk goes by rank, and force finds that neighbours of a chain belong together.
func TestWalkAndForce(t *testing.T) {
	f := chain(rand.New(rand.NewPCG(2, 2)), 5)
	rank := make([]float64, f.Len())
	for gate := f.Events; gate < f.Len(); gate++ {
		_, children := f.Gate(int32(gate))
		rank[gate] = float64(children[0])
	}
	require.Equal(t, []int32{0, 1, 2, 3, 4}, depthFirst(f, rank))

	f = chain(rand.New(rand.NewPCG(3, 3)), 30)
	walked := depthFirst(f, make([]float64, f.Len()))
	require.Less(t, apart(force(context.Background(), f, walked)), apart(walked)/2)
}

// apart adds up how far neighbours of a chain are from each other.
func apart(order []int32) int {
	sum := 0
	for e := range int32(len(order) - 1) {
		d := slices.Index(order, e) - slices.Index(order, e+1)
		sum += max(d, -d)
	}
	return sum
}
