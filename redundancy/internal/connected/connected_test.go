package connected

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Two nodes are of one group if each reaches the other, and a group closes after those that it reaches.
func TestWalkTwin(t *testing.T) {
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 23))
		n := 1 + r.IntN(9)
		to := make([][]int32, n)
		reaches := make([][]bool, n)
		for i := range to {
			reaches[i] = make([]bool, n)
			for range r.IntN(4) {
				to[i] = append(to[i], int32(r.IntN(n+1)-1)) // -1 does not count
			}
		}
		for i := range to {
			reach(to, i, reaches[i])
		}
		w := &Walk{}
		w.Grow(n)
		for root := range n {
			w.From(int32(root), func(node int32, i int) (int32, bool) {
				if i == len(to[node]) {
					return 0, false
				}
				return to[node][i], true
			})
		}
		seen := 0
		for g := range int32(w.Groups) {
			for _, m := range w.Members(g) {
				require.Equal(t, g, w.Group[m])
				seen++
			}
		}
		require.Equal(t, n, seen)
		for i := range n {
			for k := range n {
				require.Equal(t, reaches[i][k] && reaches[k][i], w.Group[i] == w.Group[k], "%v", to)
				if reaches[i][k] {
					require.LessOrEqual(t, w.Group[k], w.Group[i], "%v", to)
				}
			}
		}
	}
}

func reach(to [][]int32, from int, seen []bool) {
	if seen[from] {
		return
	}
	seen[from] = true
	for _, k := range to[from] {
		if k >= 0 {
			reach(to, int(k), seen)
		}
	}
}

// A path of a million nodes, which come as they are met.
func TestWalkGrows(t *testing.T) {
	const n = 1_000_000
	w := &Walk{}
	w.Grow(1)
	w.From(0, func(node int32, i int) (int32, bool) {
		if i > 0 || node == n-1 {
			return 0, false
		}
		w.Grow(1)
		return node + 1, true
	})
	require.Equal(t, n, w.Groups)
	require.Equal(t, n, w.Len())
	require.EqualValues(t, n-1, w.Group[0])
}
