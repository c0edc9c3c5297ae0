package few

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree/treetest"
)

// setsOf lists the sets of a node, each as the bits of its events.
func setsOf(s Sets) []int {
	var all []int
	if s.Own != tree.None {
		all = append(all, 1<<s.Own)
	}
	for _, e := range s.Base.Ones {
		all = append(all, 1<<e)
	}
	for _, p := range s.Base.Twos {
		all = append(all, 1<<p[0]|1<<p[1])
	}
	return all
}

// The sets of every node are those that looking at every state finds; in order, and none twice.
func TestFindTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	found := 0
	for range 3000 {
		f, _ := treetest.Random(r, 8)
		size := 1 + r.IntN(2)
		sets, err := Find(context.Background(), f, size)
		require.NoError(t, err)
		for node := range int32(f.Len()) {
			f.Top = node
			var want []int
			for _, set := range treetest.Minimal(treetest.Table(f)) {
				if bits.OnesCount(uint(set)) <= size {
					want = append(want, set)
				}
			}
			got := setsOf(sets[node])
			require.ElementsMatch(t, want, got)
			found += len(got)
		}
	}
	require.Greater(t, found, 10_000)
}

func TestFindEnds(t *testing.T) {
	f := tree.New(2)
	f.Top, _ = f.Add(2, 0, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Find(ctx, f, 2)
	require.ErrorIs(t, err, context.Canceled)
}
