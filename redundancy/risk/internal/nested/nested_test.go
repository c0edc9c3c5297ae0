package nested

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/dd"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree/treetest"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/zdd"
)

// random returns a pool of servers that fail of themselves, or with what they are on, or not; of which some stand in it twice.
func random(r *rand.Rand) (*tree.Tree, []float64) {
	for {
		boards, upper := r.IntN(4), r.IntN(3)
		servers := 2 + r.IntN(7)
		t := tree.New(boards + upper + servers)
		var members []int32
		for s := range servers {
			var events []int32
			if r.IntN(5) > 0 {
				events = append(events, int32(boards+upper+s))
			}
			if b := r.IntN(boards + 1); b < boards {
				events = append(events, int32(b))
				if u := b % (upper + 1); u < upper {
					events = append(events, int32(boards+u))
				}
			}
			if len(events) == 0 {
				continue
			}
			if len(events) > 1 && r.IntN(2) == 0 { // by way of a rack
				rack, _ := t.Add(1, events[1:]...)
				events = []int32{events[0], rack}
			}
			m, _ := t.Add(1, events...)
			if len(events) == 1 && r.IntN(2) == 0 {
				m = events[0]
			}
			members = append(members, m)
			if r.IntN(6) == 0 {
				members = append(members, m)
			}
		}
		if len(members) < 3 {
			continue
		}
		t.Top, _ = t.Add(2+r.IntN(len(members)-2), members...)
		q := make([]float64, t.Events)
		for e := range q {
			q[e] = []float64{r.Float64(), .01, 0, 1, 1e-200}[r.IntN(5)*r.IntN(2)]
		}
		return t, q
	}
}

// A pool says what looking at every state says.
func TestChanceTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 4000 {
		f, q := random(r)
		p, ok := Of(f)
		require.True(t, ok)
		table := treetest.Table(f)
		byPlace := make([]float64, len(p.Events))
		for i, e := range p.Events {
			byPlace[i] = q[e]
		}
		require.InDelta(t, treetest.Probability(table, q), p.Probability(t.Context(), byPlace), 1e-12)
		for i, b := range p.Birnbaum(t.Context(), byPlace) {
			e := p.Events[i]
			x := slices.Clone(q)
			x[e] = 1
			with := treetest.Probability(table, x)
			x[e] = 0
			require.InDelta(t, with-treetest.Probability(table, x), b, 1e-12)
		}
	}
}

// So do its cut sets, all of them and those up to a weight.
func TestSetsTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	found := 0
	for range 4000 {
		f, _ := random(r)
		p, _ := Of(f)
		weight := make([]int, len(p.Events))
		for i := range weight {
			weight[i] = 1 + r.IntN(3)*r.IntN(2)
		}
		most := []int{math.MaxInt, r.IntN(8)}[r.IntN(2)]
		d, err := p.Sets(t.Context(), weight, most, 1000)
		require.NoError(t, err)
		var want []int
		for _, set := range treetest.Minimal(treetest.Table(f)) {
			sum := 0
			for i, e := range p.Events {
				sum += weight[i] * (set >> e & 1)
			}
			if sum <= most {
				want = append(want, set)
			}
		}
		got := treetest.Sets(d, p.Events)
		require.ElementsMatch(t, want, got)
		found += len(got)
	}
	require.Greater(t, found, 10_000)
}

// What is no such pool is told apart.
func TestOf(t *testing.T) {
	for _, c := range []struct {
		least   int
		members [][]int32
		is      bool
	}{
		{2, [][]int32{{0}, {1}, {2}}, true},
		{2, [][]int32{{0, 3}, {1, 3}, {2}}, true},
		{2, [][]int32{{0, 3, 4}, {1, 3, 4}, {2}}, true},
		{2, [][]int32{{0, 3}, {1, 3, 4}, {2, 4}}, false},
		{1, [][]int32{{0}, {1}, {2}}, false},
		{3, [][]int32{{0}, {1}, {2}}, false},
	} {
		f := tree.New(5)
		var members []int32
		for _, events := range c.members {
			m, _ := f.Add(1, events...)
			members = append(members, m)
		}
		f.Top, _ = f.Add(c.least, members...)
		_, is := Of(f)
		require.Equal(t, c.is, is, c)
	}
	_, is := Of(tree.New(1))
	require.False(t, is)
	f := tree.New(4)
	inner, _ := f.Add(2, 0, 1)
	f.Top, _ = f.Add(2, inner, 2, 3)
	_, is = Of(f)
	require.False(t, is)
}

// Of very many events no more are gone through in depth than are chosen, and none if all that may be chosen take too few.
func TestSetsOfMany(t *testing.T) {
	const n = 300_000
	defer debug.SetMaxStack(debug.SetMaxStack(1 << 20))
	f := tree.New(n)
	var members []int32
	for e := range int32(n) {
		members = append(members, e)
	}
	f.Top, _ = f.Add(2, members...)
	p, _ := Of(f)
	ones := slices.Repeat([]int{1}, n)
	d, err := p.Sets(t.Context(), ones, 2, 1<<20)
	require.NoError(t, err)
	require.Equal(t, n*(n-1)/2.0, zdd.Sum(d, slices.Repeat([]float64{1}, n))[d.Root])
	d, err = p.Sets(t.Context(), ones, 1, 10) // not one state is opened
	require.NoError(t, err)
	require.Equal(t, dd.Zero, d.Root)
}

// What would be too large is left at once, and so is all of it when the context ends.
func TestLimits(t *testing.T) {
	f := tree.New(1000)
	var members []int32
	for e := range int32(1000) {
		members = append(members, e)
	}
	f.Top, _ = f.Add(300, members...)
	p, _ := Of(f)
	ones, q := make([]int, 1000), make([]float64, 1000)
	for i := range ones {
		ones[i], q[i] = 1, .3
	}
	_, err := p.Sets(t.Context(), ones, math.MaxInt, 1000)
	require.ErrorIs(t, err, dd.ErrFull)
	_, err = p.Sets(t.Context(), ones, 300, 100_000)
	require.ErrorIs(t, err, dd.ErrFull)
	d, err := p.Sets(t.Context(), ones, 299, 1000)
	require.NoError(t, err)
	require.Equal(t, dd.Zero, d.Root)
	require.InDelta(t, .5, p.Probability(t.Context(), q), .03)

	many := tree.New(mostChosen + 2)
	members = members[:0]
	for e := range int32(many.Events) {
		members = append(members, e)
	}
	many.Top, _ = many.Add(mostChosen+1, members...)
	deep, _ := Of(many)
	_, err = deep.Sets(t.Context(), slices.Repeat([]int{1}, many.Events), mostChosen+1, 1<<21)
	require.ErrorIs(t, err, dd.ErrFull)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = p.Sets(ctx, ones, math.MaxInt, 1_000_000)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, p.Probability(ctx, q))
}
