package cutset

import (
	"context"
	"math"
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
		q[e] = []float64{r.Float64(), .01, 0, 1, 1e-7}[r.IntN(5)*r.IntN(2)]
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
		requireBounds(t, want, x)
		require.InDelta(t, x.Low, x.High, 1e-8*want)

		c = &condition{ctx: context.Background(), tree: f, q: q, state: make([]tree.Given, f.Events), tried: func() {}, easy: easyNodes}
		for e := range int32(f.Events) {
			c.fixed = append(c.fixed, e)
		}
		c.spent = mostLooked - f.Children()*r.IntN(8) // after some states, the rest is left open
		x = c.explore(0)
		requireBounds(t, want, x)
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

// A wide pool of servers on three of four feeds each, of which two sets of three take enough: what is worth a look is as rare as
// 10^-21, and the bounds hold it to its last digits.
func TestConditionedRare(t *testing.T) {
	const each = 60
	f := tree.New(4 + 4*each)
	var members []int32
	for k, feeds := range [][]int32{{0, 1, 2}, {0, 1, 3}, {1, 2, 3}, {0, 2, 3}} {
		all := gate(t, f, 3, feeds...)
		for i := range int32(each) {
			members = append(members, gate(t, f, 1, all, 4+int32(k)*each+i))
		}
	}
	f.Top = gate(t, f, 50, members...)
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		p := math.Pow(10, -4-4*r.Float64())
		q := slices.Repeat([]float64{1e-9}, f.Events)
		copy(q, []float64{p, p, p, p})
		want := 4*p*p*p*(1-p) + p*p*p*p // 50 servers that fail each of itself are nothing
		x, ok := conditioned(t.Context(), f, q, func() {})
		require.True(t, ok)
		requireBounds(t, want, x)
		require.InEpsilon(t, want, x.High, 1e-8)
	}
}

// More states than can be looked at, of which none is likely: the rest is left open.
func TestConditionedUnlikely(t *testing.T) {
	f := tree.New(1100)
	c := &condition{ctx: t.Context(), tree: f, q: slices.Repeat([]float64{.5}, f.Events), state: make([]tree.Given, f.Events), tried: func() {}}
	for e := range int32(f.Events) {
		c.fixed = append(c.fixed, e)
	}
	f.Top = gate(t, f, 2, c.fixed...)
	require.Equal(t, Interval{0, 1}, c.explore(0))

	c.fixed, f.Top = c.fixed[:40], gate(t, f, 1, c.fixed[:40]...)
	x := c.explore(0) // nearly all states fail, and are soon known to
	requireBounds(t, 1-math.Pow(.5, 40), x)
	require.Less(t, x.Low, .5)
}

// requireBounds requires that bounds hold a probability, up to rounding.
func requireBounds(t *testing.T, want float64, x Interval) {
	t.Helper()
	require.LessOrEqual(t, x.Low, x.High)
	require.LessOrEqual(t, x.Low, want*(1+1e-12))
	require.GreaterOrEqual(t, x.High, want*(1-1e-12))
}
