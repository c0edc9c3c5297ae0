package cutset

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree/treetest"
)

// crossed returns a pool of servers on two boards each, which do not nest: one of them is enough, or both are needed.
func crossed(r *rand.Rand) (*tree.Tree, []float64) {
	boards, servers := 2+r.IntN(3), 3+r.IntN(4)
	f := tree.New(boards + servers)
	var members []int32
	for s := range servers {
		pair, _ := f.Add(1+r.IntN(2), int32(r.IntN(boards)), int32(r.IntN(boards)))
		m, _ := f.Add(1, int32(boards+s), pair)
		members = append(members, m)
	}
	f.Top, _ = f.Add(2+r.IntN(servers-2), members...)
	q := make([]float64, f.Events)
	for e := range q {
		q[e] = []float64{r.Float64(), .01, 0, 1}[r.IntN(4)*r.IntN(2)]
	}
	return f, q
}

// Looking at states of the boards finds what looking at every state finds.
func TestConditionedTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	fixed := 0
	for range 2000 {
		f, q := crossed(r)
		want := treetest.Probability(treetest.Table(f), q)
		c := &condition{ctx: context.Background(), tree: f, q: q, state: make([]tree.Given, f.Events), tried: func() {}, easy: 4}
		first, ok := c.choose()
		require.True(t, ok)
		fixed += len(c.fixed)
		c.spent = 0
		x := c.explore(first)
		require.LessOrEqual(t, x.Low, want+1e-12)
		require.GreaterOrEqual(t, x.High, want-1e-12)
		require.InDelta(t, x.Low, x.High, 1e-8)

		c = &condition{ctx: context.Background(), tree: f, q: q, state: make([]tree.Given, f.Events), tried: func() {}, easy: easyNodes}
		for e := range int32(f.Events) {
			c.fixed = append(c.fixed, e)
		}
		c.spent = mostLooked - f.Children()*r.IntN(8) // after some states, the rest is left open
		x = c.explore(0)
		require.LessOrEqual(t, x.Low, want+1e-12)
		require.GreaterOrEqual(t, x.High, want-1e-12)
	}
	require.Greater(t, fixed, 1000)
}

// The sets of one and of two, counted, are those that looking at every state finds.
func TestFewSetsTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 12))
	for range 2000 {
		f, _ := crossed(r)
		size := 1 + r.IntN(2)
		var stands []int32
		for e := range int32(f.Events) {
			stands = append(stands, e)
		}
		s := &Solution{events: f.Events, upTo: size}
		family, err := s.fewSets(context.Background(), tree.Part{Tree: f, Stands: stands}, size, 1000)
		require.NoError(t, err)
		s.parts = []part{{family: diagram{family, stands}}}
		var want [][]int32
		for _, set := range treetest.Minimal(treetest.Table(f)) {
			if n := bits.OnesCount(uint(set)); n <= size {
				want = append(want, treetest.Events(set))
			}
		}
		got := slices.AppendSeq(slices.Collect(s.Sets(1)), s.Sets(2))
		require.ElementsMatch(t, want, got)
	}
}
