package tipping

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// upward is a property that rises: a point has it if it is at or above one of a few.
type upward [][]int

func (u upward) has(x []int) bool {
	for _, from := range u {
		above := true
		for c := range x {
			above = above && x[c] >= from[c]
		}
		if above {
			return true
		}
	}
	return false
}

// least is the sum of the lowest of them.
func (u upward) least() int {
	least := sum(u[0])
	for _, from := range u {
		least = min(least, sum(from))
	}
	return least
}

func TestFewestIsTheLowestPoint(t *testing.T) {
	short := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 13))
		sizes := make([]int, 1+r.IntN(6))
		for c := range sizes {
			sizes[c] = 1 + r.IntN(6)
		}
		var u upward
		for range 1 + r.IntN(8) {
			from := make([]int, len(sizes))
			for c := range from {
				from[c] = r.IntN(sizes[c] + 1)
			}
			u = append(u, from)
		}
		x, least := (&lattice{sizes: sizes, steps: 1_000_000, has: u.has}).fewest()
		require.True(t, u.has(x))
		require.Equal(t, []int{u.least(), u.least()}, []int{sum(x), least})

		x, least = (&lattice{sizes: sizes, steps: r.IntN(60), has: u.has}).fewest()
		require.True(t, u.has(x))
		require.LessOrEqual(t, least, u.least())
		if least < sum(x) {
			short++
		}
	}
	require.Greater(t, short, 100)
	x, _ := (&lattice{sizes: []int{3, 4}, steps: 100, has: func([]int) bool { return false }}).fewest()
	require.Nil(t, x)
}

func TestCountsOfChoices(t *testing.T) {
	chains := [][]topology.ID{make([]topology.ID, 3), make([]topology.ID, 1), make([]topology.ID, 2)}
	c := newCounts(chains) // (1+x+x²+x³)(1+x)(1+x+x²)
	want := []float64{1, 3, 5, 6, 5, 3, 1}
	for k, n := range want {
		require.Equal(t, n, c.of(k), k)
	}
	require.Equal(t, 24.0, c.all())
	require.Equal(t, 0.0, c.of(7))
	many := newCounts(make([][]topology.ID, 0))
	for range 10_000 {
		many = many.with(1)
	}
	require.Equal(t, []float64{1, 10_000, 49_995_000}, []float64{many.of(0), many.of(9_999), many.of(2)})
	require.True(t, math.IsInf(many.of(5_000), 1))
}
