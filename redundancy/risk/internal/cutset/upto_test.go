package cutset

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree/treetest"
)

func so(nodes int) func(*tree.Tree) int { return func(*tree.Tree) int { return nodes } }

func upTo(ctx context.Context, f *tree.Tree, size int, o Options, glance func(*tree.Tree) int) (*Solution, error) {
	s, err := solve(ctx, f, o, glance)
	if err != nil {
		return nil, err
	}
	return s.WithSets(ctx, size, o)
}

func glanceUpTo(ctx context.Context, f *tree.Tree, size int, o Options) (*Solution, error) {
	s, err := Glance(ctx, f, o)
	if err != nil {
		return nil, err
	}
	return s.WithSets(ctx, size, o)
}

// Without any binary diagram, or with those of small modules, all sets up to the size are there.
func TestUpToTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	partial := 0
	for range 3000 {
		f, _ := treetest.Random(r, 9)
		size := r.IntN(5)
		s, err := upTo(context.Background(), f, size, Options{}, so([]int{0, 8, 16}[r.IntN(3)]))
		require.NoError(t, err)
		if s.UpTo() == size {
			partial++
		}
		number := make([]int64, len(count(s, All)))
		var want, got [][]int32
		for _, set := range treetest.Minimal(treetest.Table(f)) {
			if n := bits.OnesCount(uint(set)); n <= s.UpTo() {
				want = append(want, treetest.Events(set))
				number[n]++
			}
		}
		for n, count := range count(s, All) {
			require.Equal(t, number[n], count.Int64())
			got = slices.AppendSeq(got, s.Sets(n))
		}
		require.ElementsMatch(t, want, got)
		require.Empty(t, slices.Collect(s.Sets(s.UpTo()+1)))
	}
	require.Greater(t, partial, 1000)
}

// weighted returns a gate of pairs that count for different numbers, each with an event of the pair before.
func weighted(t *testing.T, r *rand.Rand) (*tree.Tree, []float64) {
	const events = 14
	f := tree.New(events)
	var members []int32
	q := []float64{.5}
	for e := range int32(events - 1) {
		pair := gate(t, f, 2, e, e+1)
		for range 1 + r.IntN(9) {
			members = append(members, pair)
		}
		q = append(q, r.Float64())
	}
	f.Top = gate(t, f, len(members)/2, members...)
	return f, q
}

// Where the binary diagram fits and that of the sets does not, the probability is exact, and the sets are there up to a size.
func TestFunctionWithoutFamily(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 15))
	met := 0
	for range 60 {
		f, q := weighted(t, r)
		all, err := Solve(t.Context(), f, Options{})
		require.NoError(t, err)
		for nodes := 256; nodes <= 8192; nodes += nodes / 8 {
			s, err := Solve(t.Context(), f, Options{Nodes: nodes})
			require.NoError(t, err)
			if !s.Exact() || !slices.ContainsFunc(s.parts, func(p part) bool { return !p.whole && p.pool == nil }) {
				continue
			}
			met++
			require.Zero(t, s.UpTo())
			s, err = s.WithSets(t.Context(), 3, Options{})
			require.NoError(t, err)
			require.Equal(t, 3, s.UpTo())
			require.InDelta(t, all.Probability(q), s.Probability(q), 1e-12)
			for size := range 4 {
				require.Equal(t, slices.Collect(all.Sets(size)), slices.Collect(s.Sets(size)))
			}
		}
	}
	require.Positive(t, met)
}

// As many sets up to size 4 as are known of a published tree; and what cannot be had is said.
func TestUpToAralia(t *testing.T) {
	f, _ := readTree(t, "edfpa14r")
	s, err := upTo(context.Background(), f, 4, Options{}, so(1000))
	require.NoError(t, err)
	require.Equal(t, 4, s.UpTo())
	for size, want := range []int64{0, 1, 113, 889, 4229} {
		require.Equal(t, want, count(s, All)[size].Int64())
	}
	require.Len(t, count(s, All), 5)

	s, err = Solve(context.Background(), f, Options{Nodes: 1000})
	require.NoError(t, err)
	require.False(t, s.Exact())
	require.Zero(t, s.UpTo())
	_, err = glanceUpTo(context.Background(), f, 4, Options{Nodes: 1000})
	require.ErrorIs(t, err, dd.ErrFull)
}

func TestEnds(t *testing.T) {
	f, _ := readTree(t, "edfpa14r")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Solve(ctx, f, Options{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = glanceUpTo(ctx, f, 4, Options{})
	require.ErrorIs(t, err, context.Canceled)
}

// A tree that cannot fail, and one that is an event.
func TestTrivial(t *testing.T) {
	s, err := Solve(context.Background(), tree.New(2), Options{})
	require.NoError(t, err)
	require.Zero(t, s.Probability([]float64{.1, .2}))
	require.Nil(t, count(s, All))
	require.Empty(t, slices.Collect(s.Sets(1)))
	require.Equal(t, []float64{0, 0}, s.Birnbaum([]float64{.1, .2}))
	require.Zero(t, upperBound(s, []float64{.1, .2}))

	f := tree.New(2)
	f.Top = 1
	progress := 0
	s, err = Solve(context.Background(), f, Options{Progress: func(done, parts int) { progress += done * parts }})
	require.NoError(t, err)
	require.Equal(t, 1, progress)
	require.Equal(t, .2, s.Probability([]float64{.1, .2}))
	require.Equal(t, [][]int32{{1}}, slices.Collect(s.Sets(1)))
	require.Equal(t, All, s.UpTo())
}

// The largest of the published trees, which no tool is known to finish: there are twelve sets up to size 4.
func TestUpToNus(t *testing.T) {
	f, _ := readTree(t, "nus9601")
	size, want := 4, []int64{0, 0, 0, 10, 2}
	if testing.Short() {
		size, want = 3, want[:4]
	}
	s, err := glanceUpTo(context.Background(), f, size, Options{})
	require.NoError(t, err)
	require.Equal(t, size, s.UpTo())
	for n, count := range count(s, All) {
		require.Equal(t, want[n], count.Int64())
		for set := range s.Sets(n) {
			require.True(t, f.Fails(set)[f.Top])
			for i := range set {
				require.False(t, f.Fails(slices.Delete(slices.Clone(set), i, i+1))[f.Top])
			}
		}
	}
	require.Len(t, count(s, All), len(want))
}
