package cutset

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

func gate(t *testing.T, f *tree.Tree, least int, children ...int32) int32 {
	g, err := f.Add(least, children...)
	require.NoError(t, err)
	return g
}

// Modules inside of each other, a hundred thousand deep: e0 and e1, or e2, and e3, or e4 …
func TestDeep(t *testing.T) {
	const n = 100_000
	f := tree.New(n + 1)
	f.Top = 0
	want := 0.0
	q := make([]float64, n+1)
	for e := range int32(n) {
		f.Top = gate(t, f, 2-int(e%2), f.Top, e+1)
		q[e+1] = 1e-5
		if want *= 1e-5; e%2 == 1 {
			want = 1e-5 + (1-1e-5)*want/1e-5
		}
	}
	s, err := Solve(context.Background(), f, Options{})
	require.NoError(t, err)
	require.Len(t, s.parts, n)
	require.InEpsilon(t, 1e-5, s.Probability(q), 1e-4)
	require.Equal(t, [][]int32{{n}}, slices.Collect(s.Sets(1)))
	require.Equal(t, int64(1), count(s, 2)[2].Int64())
	b := s.Birnbaum(q)
	require.InDelta(t, 1, b[n], 1e-4)
	for range s.Likeliest(q) {
		break
	}
}

// Wide gates: a hundred thousand of which each is a single point, and as many pairs.
func TestWide(t *testing.T) {
	const n = 100_000
	f := tree.New(2*n + 1)
	var children []int32
	for e := range int32(n) {
		children = append(children, e)
	}
	for e := int32(n); e < 2*n; e++ { // e and the next: no modules
		children = append(children, gate(t, f, 2, e, e+1))
	}
	f.Top = gate(t, f, 1, children...)
	s, err := Solve(context.Background(), f, Options{})
	require.NoError(t, err)
	require.Equal(t, int64(n), count(s, All)[1].Int64())
	require.Equal(t, int64(n), count(s, 2)[2].Int64())
	listed := 0
	for set := range s.Sets(2) {
		require.Equal(t, []int32{int32(n + listed), int32(n + listed + 1)}, set)
		listed++
	}
	require.Equal(t, n, listed)
}

// A hundred thousand single points, listed in a few passes.
func TestSinglePoints(t *testing.T) {
	const n = 100_000
	f := tree.New(n)
	var children []int32
	for e := range int32(n) {
		children = append(children, e)
	}
	f.Top = gate(t, f, 1, children...)
	s, err := Solve(t.Context(), f, Options{})
	require.NoError(t, err)
	began, listed := time.Now(), int32(0)
	for set := range s.Sets(1) {
		require.Equal(t, listed, set[0])
		listed++
	}
	require.EqualValues(t, n, listed)
	require.Less(t, time.Since(began), 20*time.Second) // a tenth of a second; one by one, it would take minutes
}
