package cutset

import (
	"context"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
)

// What is told is as much as fits, and what is counted takes as many numbers at a time as was foreseen.
func TestTellableTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 14))
	less, alone := 0, 0
	for range 3000 {
		s, w, _ := bothWays(t, r, 9)
		all := count(s, All)
		size, words := r.IntN(6), int64(1+r.IntN(10))
		told, err := s.tellable(t.Context(), size, words)
		require.NoError(t, err)
		if told == s {
			require.True(t, s.words(t.Context(), min(s.Largest(), orAll(size))) <= words || s.Largest() <= 1 || size == 1)
			w.checkSets(t, told)
		} else {
			less++
			require.True(t, told.UpTo() == 1 || told.words(t.Context(), told.UpTo()) <= words)
			require.Greater(t, s.words(t.Context(), told.UpTo()+1), words)
			for size, n := range count(told, All) {
				require.LessOrEqual(t, size, told.UpTo())
				require.Zero(t, all[size].Cmp(n))
			}
			require.Empty(t, slices.Collect(told.Sets(told.UpTo()+1)))
		}
		if len(s.parts) == 1 {
			alone++
			for most := range 5 {
				require.Equal(t, naiveCells(s, most), s.cells(t.Context(), most))
			}
		}
	}
	require.Greater(t, less, 200)
	require.Greater(t, alone, 500)
}

func orAll(size int) int {
	if size == 0 {
		return All
	}
	return size
}

// naiveCells counts the numbers of the nodes so far to which one of those to come still leads, after each node.
func naiveCells(s *Solution, most int) int64 {
	c := counter{Solution: s, ctx: context.Background(), most: most, prime: primeBelow(1 << 62)}
	d := s.parts[0].family.Diagram
	at := make([]tally, len(d.Nodes))
	at[dd.One] = one(0)
	peak := 0
	for r := 2; r < len(at); r++ {
		n := d.Nodes[r]
		at[r] = c.join(at[n.Hi], one(1), at[n.Lo])
		live := len(at[r].number)
		for x := range r {
			if slices.ContainsFunc(d.Nodes[r:], func(n dd.Node) bool { return int(n.Lo) == x || int(n.Hi) == x }) {
				live += len(at[x].number)
			}
		}
		peak = max(peak, live)
	}
	return int64(peak)
}

// More groups than a float64 holds take as many bits as they have, not as many as there are events.
func TestCountMoreThanFloat(t *testing.T) {
	const pool, needed, single = 1040, 520, 50_000
	f := tree.New(pool + single)
	var members, top []int32
	for e := range int32(pool) {
		members = append(members, e)
	}
	for e := range int32(single) {
		top = append(top, pool+e)
	}
	f.Top = gate(t, f, 1, append(top, gate(t, f, needed, members...))...)
	s, err := Solve(t.Context(), f, Options{})
	require.NoError(t, err)
	want := new(big.Int).Binomial(pool, needed)
	bits := s.countBits(t.Context())
	require.GreaterOrEqual(t, bits, want.BitLen())
	require.LessOrEqual(t, bits, want.BitLen()+margin)
	got := count(s, All)
	require.Len(t, got, needed+1)
	require.Equal(t, int64(single), got[1].Int64())
	require.Zero(t, want.Cmp(got[needed]))
}
