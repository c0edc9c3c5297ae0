package bdd_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/bdd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree/treetest"
)

// randomOrder puts all events in some order.
func randomOrder(r *rand.Rand, f *tree.Tree) []int32 {
	order := make([]int32, f.Events)
	for i, e := range r.Perm(f.Events) {
		order[i] = int32(e)
	}
	return order
}

func holds(d dd.Diagram, order []int32, state int) bool {
	at := d.Root
	for at > dd.One {
		n := d.Nodes[at]
		if at = n.Lo; state&(1<<order[n.Level]) != 0 {
			at = n.Hi
		}
	}
	return at == dd.One
}

// Function, probability and derivatives are those found by looking at every state; nodes are unique and in order.
func TestBuild(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		f, q := treetest.Random(r, 10)
		order := randomOrder(r, f)
		d, err := bdd.Build(context.Background(), f, order, 1<<20)
		require.NoError(t, err)
		checkNodes(t, d)
		table := treetest.Table(f)
		for state, fails := range table {
			require.Equal(t, fails, holds(d, order, state))
		}
		checkProbability(t, d, order, table, q)
	}
}

func checkNodes(t *testing.T, d dd.Diagram) {
	seen := map[dd.Node]bool{}
	for i, n := range d.Nodes[2:] {
		require.False(t, seen[n])
		seen[n] = true
		require.NotEqual(t, n.Lo, n.Hi)
		require.Less(t, max(n.Lo, n.Hi), int32(i+2))
		require.Less(t, n.Level, min(d.Nodes[n.Lo].Level, d.Nodes[n.Hi].Level))
	}
}

func checkProbability(t *testing.T, d dd.Diagram, order []int32, table []bool, q []float64) {
	byLevel := make([]float64, len(order))
	for level, e := range order {
		byLevel[level] = q[e]
	}
	p := bdd.Probability(d, byLevel)
	require.InDelta(t, treetest.Probability(table, q), p[d.Root], 1e-12)
	birnbaum := bdd.Birnbaum(d, byLevel, p)
	for level, e := range order {
		was := q[e]
		q[e] = 1
		with := treetest.Probability(table, q)
		q[e] = 0
		require.InDelta(t, with-treetest.Probability(table, q), birnbaum[level], 1e-12)
		q[e] = was
	}
}

// The binomial distribution of 1000 alike, natively: as many nodes as there are counts to tell apart.
func TestManyOfMany(t *testing.T) {
	f := tree.New(1000)
	order := randomOrder(rand.New(rand.NewPCG(1, 1)), f)
	f.Top, _ = f.Add(500, order...)
	d, err := bdd.Build(context.Background(), f, order, 1<<20)
	require.NoError(t, err)
	require.Len(t, d.Nodes, 2+500*501)
	q := make([]float64, 1000)
	for e := range q {
		q[e] = .5
	}
	p := bdd.Probability(d, q)[d.Root]
	require.InEpsilon(t, .5+.02522501817836/2, p, 1e-9) // 1/2 + C(1000,500)/2^1001
}

// A limit or the end of the context ends it with the error that says so.
func TestBuildEnds(t *testing.T) {
	f := tree.New(40)
	order := randomOrder(rand.New(rand.NewPCG(1, 1)), f)
	f.Top, _ = f.Add(20, order...)
	d, err := bdd.Build(context.Background(), f, order, 1000)
	require.NoError(t, err)
	require.Len(t, d.Nodes, 2+20*21)
	_, err = bdd.Build(context.Background(), f, order, 200)
	require.ErrorIs(t, err, dd.ErrFull)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = bdd.Build(ctx, f, order, 1000)
	require.ErrorIs(t, err, context.Canceled)
}

// Bounds hold on their side in every state, whatever is kept; with enough of it they are exact.
func TestBound(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	exact, apart := 0, 0
	for range 4000 {
		f, q := treetest.Random(r, 10)
		order := randomOrder(r, f)
		keep := 1 + r.IntN(20)
		below, err := bdd.Bound(context.Background(), f, order, q, bdd.Below, keep, 1<<20)
		require.NoError(t, err)
		above, err := bdd.Bound(context.Background(), f, order, q, bdd.Above, keep, 1<<20)
		require.NoError(t, err)
		same := true
		for state, fails := range treetest.Table(f) {
			lo, hi := holds(below, order, state), holds(above, order, state)
			require.True(t, !lo || fails)
			require.True(t, !fails || hi)
			same = same && lo == hi
		}
		if same {
			exact++
		} else {
			apart++
		}
	}
	require.Greater(t, min(exact, apart), 300)
	_, err := bdd.Bound(context.Background(), tree.New(1), nil, nil, bdd.Above, 1, 0)
	require.NoError(t, err)
}
