package tree_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree/treetest"
	"github.com/ridethrough/ridethrough/topology"
)

func add(t *testing.T, f *tree.Tree, least int, children ...int32) int32 {
	gate, err := f.Add(least, children...)
	require.NoError(t, err)
	return gate
}

func simplify(t *testing.T, f *tree.Tree) *tree.Tree {
	s, err := tree.Simplify(context.Background(), f)
	require.NoError(t, err)
	return s
}

func split(t *testing.T, f *tree.Tree) []tree.Part {
	parts, err := tree.Split(context.Background(), f)
	require.NoError(t, err)
	return parts
}

func TestAddChecks(t *testing.T) {
	f := tree.New(2)
	for _, c := range []struct {
		least    int
		children []int32
		want     string
	}{
		{1, nil, "a gate asks for 1 of 0 children"},
		{0, []int32{0, 1}, "a gate asks for 0 of 2 children: give it a number from 1"},
		{3, []int32{0, 1}, "a gate asks for 3 of 2 children"},
		{1, []int32{0, 2}, "a gate has the child 2, of 2 nodes"},
		{1, []int32{-1}, "a gate has the child -1"},
	} {
		_, err := f.Add(c.least, c.children...)
		require.ErrorContains(t, err, c.want)
	}
	require.Equal(t, 2, f.Len())
	gate := add(t, f, 2, 0, 1)
	least, children := f.Gate(gate)
	require.Equal(t, 2, least)
	require.Equal(t, []int32{0, 1}, children)
}

func TestSimplify(t *testing.T) {
	f := tree.New(4)
	x := add(t, f, 1, 0)                      // one child
	y := add(t, f, 1, x, 1)                   // part of the OR above
	z := add(t, f, 2, y, 2)                   // absorbed by 2
	same := add(t, f, 1, 1, 0)                // as y
	f.Top = add(t, f, 1, y, z, 2, same, 2, 3) // 2 twice
	s := simplify(t, f)
	require.Equal(t, 5, s.Len())
	least, children := s.Gate(s.Top)
	require.Equal(t, 1, least)
	slices.Sort(children)
	require.Equal(t, []int32{0, 1, 2, 3}, children)

	require.Equal(t, tree.None, simplify(t, tree.New(3)).Top)
	f = tree.New(2)
	f.Top = 1
	require.Equal(t, int32(1), simplify(t, f).Top)
}

// A site that all need is a single point, and no longer keeps the servers in it together; an event that an AND has counts
// as failed in the rest of it; where the top comes in by another way, nothing changes.
func TestSimplifyDecides(t *testing.T) {
	f := tree.New(4)
	a, b, c := add(t, f, 1, 0, 1), add(t, f, 1, 0, 2), add(t, f, 1, 0, 3)
	f.Top = add(t, f, 1, 0, add(t, f, 2, a, b, c))
	s := simplify(t, f)
	least, children := s.Gate(4)
	require.Equal(t, 2, least)
	require.Equal(t, []int32{1, 2, 3}, children)
	require.Equal(t, 6, s.Len())

	f = tree.New(4)
	both := add(t, f, 2, 0, add(t, f, 1, 1, add(t, f, 2, 0, 2)))
	f.Top = add(t, f, 1, both, 3)
	s = simplify(t, f)
	least, children = s.Gate(4)
	require.Equal(t, 1, least)
	require.Equal(t, []int32{1, 2}, children)

	f = tree.New(4)
	inner := add(t, f, 2, 0, 2)
	f.Top = add(t, f, 1, add(t, f, 2, 0, add(t, f, 1, 1, inner)), add(t, f, 2, 3, inner))
	require.Equal(t, f.Len(), simplify(t, f).Len())
}

// A simpler tree fails in the same states, has no more nodes, and nothing more can be made simpler.
func TestSimplifyKeepsTheMeaning(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 4000 {
		f, _ := treetest.Random(r, 10)
		s := simplify(t, f)
		require.Equal(t, treetest.Table(f), treetest.Table(s))
		require.LessOrEqual(t, s.Len(), f.Len())
		require.Equal(t, s, simplify(t, s))
	}
}

// Parts put together fail in the same states, share nothing, and stand before those they stand in.
func TestSplitKeepsTheMeaning(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	several := 0
	for range 4000 {
		f, _ := treetest.Random(r, 10)
		parts := split(t, f)
		if len(parts) > 1 {
			several++
		}
		standsIn := map[int32]int{}
		for i, p := range parts {
			for _, s := range p.Stands {
				require.NotContains(t, standsIn, s)
				standsIn[s] = i
				require.Less(t, int(s), f.Events+i)
			}
		}
		require.Len(t, standsIn, reachedEvents(f)+len(parts)-1)
		for state, fails := range treetest.Table(f) {
			require.Equal(t, fails, together(parts, f.Events, treetest.Events(state)))
		}
	}
	require.Greater(t, several, 1000)
}

func reachedEvents(f *tree.Tree) int {
	n := 0
	for _, is := range f.Reached()[:f.Events] {
		if is {
			n++
		}
	}
	return n
}

// together reports whether the last part fails if these events of the whole do.
func together(parts []tree.Part, events int, failed []int32) bool {
	fails := make([]bool, events+len(parts))
	for _, e := range failed {
		fails[e] = true
	}
	for i, p := range parts {
		var local []int32
		for j, s := range p.Stands {
			if fails[s] {
				local = append(local, int32(j))
			}
		}
		fails[events+i] = p.Fails(local)[p.Top]
	}
	return fails[events+len(parts)-1]
}

// Events that share nothing with the rest of a gate become a module, whatever the rest is.
func TestSplitGroups(t *testing.T) {
	f := tree.New(6)
	x, y := add(t, f, 2, 0, 1), add(t, f, 2, 0, 2)
	f.Top = add(t, f, 1, x, 3, y, 4, 5)
	parts := split(t, f)
	require.Len(t, parts, 2)
	require.ElementsMatch(t, []int32{3, 4, 5}, parts[0].Stands)
	require.ElementsMatch(t, []int32{0, 1, 2, 6}, parts[1].Stands)
}

// Depth costs no stack.
func TestDeep(t *testing.T) {
	f := tree.New(200_001)
	f.Top = 0
	for e := range int32(200_000) {
		f.Top = add(t, f, 1+int(e%2), f.Top, e+1)
	}
	s := simplify(t, f)
	require.Equal(t, f.Len(), s.Len())
	require.Len(t, split(t, s), 200_000)
}

// What is left where some events are given fails in the states in which the tree does.
func TestGiven(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 2000 {
		f, _ := treetest.Random(r, 8)
		given := make([]tree.Given, f.Events)
		failed, works := 0, 0
		for e := range given {
			given[e] = tree.Given(r.IntN(3))
			switch given[e] {
			case tree.Failed:
				failed |= 1 << e
			case tree.Works:
				works |= 1 << e
			}
		}
		left, fails := f.Given(given)
		for state, whether := range treetest.Table(f) {
			if state&failed == failed && state&works == 0 {
				open := treetest.Events(state &^ failed)
				require.Equal(t, whether, fails || left.Top != tree.None && left.Fails(open)[left.Top])
			}
		}
	}
}

// Nothing is made of a tree once the context has ended.
func TestEnds(t *testing.T) {
	f := tree.New(3)
	f.Top = add(t, f, 2, 0, 1, 2)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := tree.Simplify(ctx, f)
	require.ErrorIs(t, err, context.Canceled)
	_, err = tree.Split(ctx, f)
	require.ErrorIs(t, err, context.Canceled)
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{{Name: "a"}}}))
	_, err = tree.Of(ctx, fleet, []topology.ID{0}, every)
	require.ErrorIs(t, err, context.Canceled)
}
