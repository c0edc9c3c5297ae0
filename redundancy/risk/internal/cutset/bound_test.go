package cutset

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree/treetest"
)

func bounds(ctx context.Context, f *tree.Tree, q []float64, o Options) (Interval, error) {
	s, err := Glance(context.Background(), f, o)
	if err != nil {
		return Interval{}, err
	}
	return s.Bounds(ctx, q, o)
}

// Bounds hold, whatever may be kept; what is small is exact.
func TestBoundsTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 2000 {
		f, q := treetest.Random(r, 10)
		want := treetest.Probability(treetest.Table(f), q)
		for _, nodes := range []int{8, 16, 0} {
			x, err := bounds(context.Background(), f, q, Options{Nodes: nodes})
			require.NoError(t, err)
			requireBounds(t, want, x)
			if nodes == 0 {
				require.InDelta(t, x.Low, x.High, 1e-12*want)
			}
		}
	}
}

// A published tree that is too large for what it may have: the bounds hold what is known, and are close.
func TestBoundsAralia(t *testing.T) {
	f, _ := readTree(t, "edfpa14r")
	x, err := bounds(context.Background(), f, percent(f.Events), Options{Nodes: 40_000})
	require.NoError(t, err)
	require.Less(t, x.Low, .0209976577834)
	require.Greater(t, x.High, .0209976577834)
	require.Less(t, x.High-x.Low, .01)

	small, _ := readTree(t, "baobab1") // of few nodes at a time, some bounds are better than none
	x, err = bounds(context.Background(), small, percent(small.Events), Options{Nodes: 8000})
	require.NoError(t, err)
	require.LessOrEqual(t, x.Low, .000101708077838)
	require.GreaterOrEqual(t, x.High, .000101708077838)
	require.Less(t, x.High-x.Low, .001)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	x, err = bounds(ctx, f, percent(f.Events), Options{Nodes: 40_000})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, Interval{0, 1}, x)
}

func TestBoundsOfNothing(t *testing.T) {
	x, err := bounds(context.Background(), tree.New(1), []float64{1}, Options{})
	require.NoError(t, err)
	require.Equal(t, Interval{}, x)
}
