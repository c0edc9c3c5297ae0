package zdd_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/bdd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree/treetest"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/zdd"
)

func randomOrder(r *rand.Rand, f *tree.Tree) []int32 {
	order := make([]int32, f.Events)
	for i, e := range r.Perm(f.Events) {
		order[i] = int32(e)
	}
	return order
}

// Both ways to the minimal cut sets find those that looking at every state finds: all of them, and all up to a weight.
func TestMinimalCutSets(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 4000 {
		f, _ := treetest.Random(r, 10)
		order := randomOrder(r, f)
		want := treetest.Minimal(treetest.Table(f))
		b, err := bdd.Build(context.Background(), f, order, 1<<20)
		require.NoError(t, err)
		z, err := zdd.Minimal(context.Background(), b, 1<<20)
		require.NoError(t, err)
		require.ElementsMatch(t, want, treetest.Sets(z, order))

		weight := make([]int, f.Events)
		for level := range weight {
			weight[level] = 1 + r.IntN(3)*r.IntN(2)
		}
		checkLogSum(t, z, weight)

		most := r.IntN(12)
		z, err = zdd.UpTo(context.Background(), f, order, weight, most, 1<<20)
		require.NoError(t, err)
		require.ElementsMatch(t, upTo(want, order, weight, most), treetest.Sets(z, order))
	}
}

// checkLogSum requires that the sums of logarithms are the logarithms of sums.
func checkLogSum(t *testing.T, z dd.Diagram, weight []int) {
	plain, logs := make([]float64, len(weight)), make([]float64, len(weight))
	for i, w := range weight {
		plain[i], logs[i] = float64(w), math.Log2(float64(w))
	}
	sum := zdd.Sum(z, plain)
	for r, log := range zdd.LogSum(z, logs) {
		require.InDelta(t, sum[r], math.Exp2(log), 1e-12*sum[r])
	}
}

func upTo(all []int, order []int32, weight []int, most int) []int {
	var light []int
	for _, set := range all {
		sum := 0
		for level, e := range order {
			if set&(1<<e) != 0 {
				sum += weight[level]
			}
		}
		if sum <= most {
			light = append(light, set)
		}
	}
	return light
}

// Any ten of forty: more than can be listed, and all that is asked for.
func TestLimits(t *testing.T) {
	f := tree.New(40)
	order := randomOrder(rand.New(rand.NewPCG(1, 1)), f)
	f.Top, _ = f.Add(10, order...)
	ones := make([]int, 40)
	q := make([]float64, 40)
	for i := range ones {
		ones[i], q[i] = 1, 1
	}
	z, err := zdd.UpTo(context.Background(), f, order, ones, 10, 1<<14)
	require.NoError(t, err)
	require.Equal(t, 847660528.0, zdd.Sum(z, q)[z.Root])
	z, err = zdd.UpTo(context.Background(), f, order, ones, 9, 1<<14)
	require.NoError(t, err)
	require.Equal(t, dd.Zero, z.Root)
	_, err = zdd.UpTo(context.Background(), f, order, ones, 10, 100)
	require.ErrorIs(t, err, dd.ErrFull)

	b, err := bdd.Build(context.Background(), f, order, 1<<14)
	require.NoError(t, err)
	_, err = zdd.Minimal(context.Background(), b, 100)
	require.ErrorIs(t, err, dd.ErrFull)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = zdd.UpTo(ctx, f, order, ones, 10, 1<<14)
	require.ErrorIs(t, err, context.Canceled)
	_, err = zdd.Minimal(ctx, b, 1<<14)
	require.ErrorIs(t, err, context.Canceled)
}
