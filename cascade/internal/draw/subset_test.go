package draw_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade/internal/draw"
)

func source(seed, item uint64) *draw.Source {
	s := new(draw.Source)
	s.Seed(seed, item)
	return s
}

// Three of five servers, for the first items of seed 1.
func ExampleSubset() {
	servers := draw.NewSubset(5)
	pick := make([]int32, 3)
	var from draw.Source
	for item := range uint64(4) {
		from.Seed(1, item)
		servers.Draw(&from, pick)
		fmt.Println(pick)
	}
	// Output:
	// [4 2 3]
	// [4 0 2]
	// [2 4 3]
	// [3 1 0]
}

// slowDraw takes a position out of a list and moves the first to its place, so often.
func slowDraw(s *draw.Source, n, k int) []int32 {
	var list []int32
	for i := range n {
		list = append(list, int32(i))
	}
	pick := []int32{}
	take := func(at uint64) {
		pick = append(pick, list[at])
		list[at] = list[0]
		list = list[1:]
	}
	for len(pick) < k {
		left := uint64(len(list))
		if len(pick) == k-1 {
			take(uint64(s.Below(uint32(left))))
			continue
		}
		both := uint64(s.Below(uint32(left * (left - 1)))) // both at once
		take(both / (left - 1))
		take(both % (left - 1))
	}
	return pick
}

// Each draw is on the same kept permutation, the slow one on a new list: so none hangs on those before.
func TestDrawEqualsDrawingFromAList(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		n := r.IntN(40)
		s := draw.NewSubset(n)
		for range 30 {
			k, item := r.IntN(n+1), r.Uint64()
			pick := make([]int32, k)
			fast, slow := source(3, item), source(3, item)
			s.Draw(fast, pick)
			require.Equal(t, slowDraw(slow, n, k), pick)
			require.Equal(t, slow.Uint64(), fast.Uint64())
		}
	}
}

func TestEachSubsetIsEquallyLikely(t *testing.T) {
	const draws = 60_000
	s := draw.NewSubset(6)
	found := map[[3]int32]int{}
	for item := range uint64(draws) {
		var pick [3]int32
		s.Draw(source(4, item), pick[:])
		found[pick]++
	}
	require.Len(t, found, 6*5*4)
	for pick, n := range found {
		require.InDelta(t, draws/120, n, 4.5*math.Sqrt(draws/120), pick)
	}
}

func TestDrawAllocatesNothing(t *testing.T) {
	s, from, pick := draw.NewSubset(100), source(1, 1), make([]int32, 31)
	require.Zero(t, testing.AllocsPerRun(50, func() { s.Draw(from, pick) }))
}
