package cutset

import (
	"context"
	"math"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree/treetest"
)

// A twin is a tree solved by looking at every state.
type twin struct {
	table []bool
	sets  []int // minimal
	q     []float64
}

func bothWays(t *testing.T, r *rand.Rand, most int) (*Solution, twin, *tree.Tree) {
	f, q := treetest.Random(r, most)
	s, err := Solve(context.Background(), f, Options{})
	require.NoError(t, err)
	table := treetest.Table(f)
	return s, twin{table, treetest.Minimal(table), q}, f
}

// Everything that is said of random trees is what looking at every state says.
func TestTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	modular := 0
	for i := range 3000 {
		most := 9
		if i%30 == 0 {
			most = 14
		}
		s, w, _ := bothWays(t, r, most)
		if len(s.parts) > 1 {
			modular++
		}
		require.InDelta(t, treetest.Probability(w.table, w.q), s.Probability(w.q), 1e-12)
		w.checkBirnbaum(t, s)
		w.checkSums(t, s)
		w.checkSets(t, s)
		w.checkLikeliest(t, s)
	}
	require.Greater(t, modular, 200)
}

func (w twin) checkBirnbaum(t *testing.T, s *Solution) {
	for e, b := range s.Birnbaum(w.q) {
		q := slices.Clone(w.q)
		q[e] = 1
		with := treetest.Probability(w.table, q)
		q[e] = 0
		require.InDelta(t, with-treetest.Probability(w.table, q), b, 1e-12)
	}
}

func (w twin) checkSums(t *testing.T, s *Solution) {
	sum, none, with := 0.0, 1.0, make([]float64, len(w.q))
	for _, set := range w.sets {
		p := treetest.Chance(w.q, set, true)
		sum += p
		none *= 1 - p
		for _, e := range treetest.Events(set) {
			with[e] += p
		}
	}
	require.InDelta(t, sum, s.RareEvents(w.q), 1e-12*(1+sum))
	require.InDelta(t, 1-none, upperBound(s, w.q), 1e-12)
	require.InDeltaSlice(t, with, s.With(w.q), 1e-12*(1+sum))
}

// checkSets checks the sets of each size, their order and their number.
func (w twin) checkSets(t *testing.T, s *Solution) {
	count := count(s, All)
	for size := range len(w.q) + 2 {
		var want [][]int32
		for _, set := range w.sets {
			if bits.OnesCount(uint(set)) == size {
				want = append(want, treetest.Events(set))
			}
		}
		slices.SortFunc(want, slices.Compare)
		require.Equal(t, want, slices.Collect(s.Sets(size)))
		require.Equal(t, want, slices.Collect(s.sets(size, 1)))
		require.Equal(t, want, slices.Collect(s.sets(size, 4)))
		if size < len(count) {
			require.EqualValues(t, len(want), count[size].Int64())
		} else {
			require.Empty(t, want)
		}
	}
}

func (w twin) checkLikeliest(t *testing.T, s *Solution) {
	var found []int
	last := math.Inf(1)
	for events, p := range s.Likeliest(w.q) {
		set := 0
		for _, e := range events {
			set |= 1 << e
		}
		require.InDelta(t, treetest.Chance(w.q, set, true), p, 1e-15)
		require.LessOrEqual(t, p, last*(1+1e-12))
		last = p
		found = append(found, set)
	}
	var want []int
	for _, set := range w.sets {
		if treetest.Chance(w.q, set, true) > 0 {
			want = append(want, set)
		}
	}
	require.ElementsMatch(t, want, found)
}

// Each set makes the top fail, and no set without one of its events does: the definition, for sets of a published tree.
func TestSetsAreMinimalCutSets(t *testing.T) {
	f, _ := readTree(t, "edfpa15q")
	s, err := Solve(context.Background(), f, Options{})
	require.NoError(t, err)
	checked := 0
	for size := range 14 {
		for set := range s.Sets(size) {
			if checked++; checked%500 != 0 {
				continue
			}
			require.True(t, f.Fails(set)[f.Top])
			for i := range set {
				require.False(t, f.Fails(slices.Delete(slices.Clone(set), i, i+1))[f.Top])
			}
		}
	}
	require.Equal(t, 2910473, checked)
}

func count(s *Solution, most int) []*big.Int {
	c, _ := s.Count(context.Background(), most)
	return c
}

func upperBound(s *Solution, q []float64) float64 {
	p, _ := s.UpperBound(context.Background(), q)
	return p
}
