package risk

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

const (
	meshedTop   = "20 of module-[00-29]"
	twoSidedTop = "4500 of server-[0-5]-[0001-1000]"
)

// meshed returns modules on three of nine supplies each, at random, of which so many are needed.
func meshed(t *testing.T) *topology.Topology {
	failing := topology.Failing{Unavailability: .02}
	r := rand.New(rand.NewPCG(3, 3))
	all := []topology.Component{{Name: "supply-[1-9]", Failing: failing}}
	for i := range 30 {
		p := r.Perm(9)
		needs := fmt.Sprintf("1 of supply-[%d,%d,%d]", 1+p[0], 1+p[1], 1+p[2])
		all = append(all, topology.Component{Name: fmt.Sprintf("module-%02d", i), Failing: failing, Needs: topology.Names{needs}})
	}
	f, err := topology.New(topology.Spec{Components: all})
	require.NoError(t, err)
	return f
}

// Of which size groups are told makes no difference to the probability, even where a glance does not suffice for that.
func TestSizeLimitsGroupsOnly(t *testing.T) {
	f := meshed(t)
	all, err := Analyze(t.Context(), f, meshedTop, Options{})
	require.NoError(t, err)
	require.Equal(t, cascade.Exact, all.Certainty)
	for _, size := range []int{1, 6} {
		a, err := Analyze(t.Context(), f, meshedTop, Options{Size: size})
		require.NoError(t, err)
		require.Equal(t, cascade.Exact, a.Certainty)
		require.InEpsilon(t, all.Unavailability.High, a.Unavailability.High, 1e-9)
		require.Equal(t, size, a.UpTo)
		for n, count := range a.Count {
			require.Zero(t, all.Count[n].Cmp(count))
		}
	}
}

// When the context ends while the probability is worked out, groups are known by then, and bounds.
func TestSizeEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	steps := 0
	a, err := Analyze(ctx, meshed(t), meshedTop, Options{Size: 4, Progress: func(p cascade.Progress) {
		if steps++; p.Done > p.Total-.1 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 4, a.UpTo)
	require.Equal(t, cascade.Bounded, a.Certainty)
	require.Less(t, a.Unavailability.High, .9)
}

// twoSided returns pools of servers with feeds from two sides, too many for a diagram.
func twoSided(t *testing.T) *topology.Topology {
	failing := topology.Failing{Unavailability: 1e-3}
	all := []topology.Component{{Name: "feed-[1-6]", Failing: failing}}
	for i := range 6 {
		needs := topology.Names{fmt.Sprintf("1 of feed-[%d,%d]", 1+i, 1+(i+1)%6)}
		all = append(all, topology.Component{Name: fmt.Sprintf("server-%d-[0001-1000]", i), Failing: failing, Needs: needs})
	}
	f, err := topology.New(topology.Spec{Components: all})
	require.NoError(t, err)
	return f
}

// Where groups of the size that is asked for are too many, those of a smaller one are told, as with none given.
func TestSizeTooLarge(t *testing.T) {
	f := twoSided(t)
	free, err := Analyze(t.Context(), f, twoSidedTop, Options{})
	require.NoError(t, err)
	require.Equal(t, 2, free.UpTo)
	a, err := Analyze(t.Context(), f, twoSidedTop, Options{Size: 3})
	require.NoError(t, err)
	require.Equal(t, 2, a.UpTo)
	require.Equal(t, free.Count, a.Count)
	require.LessOrEqual(t, a.Unavailability.Low, free.Unavailability.High)
	require.GreaterOrEqual(t, a.Unavailability.High, free.Unavailability.Low)
}

// The error says that there are too few nodes, and what to do.
func TestTooFewNodes(t *testing.T) {
	for _, o := range []Options{{Nodes: 3}, {Nodes: 3, Size: 1}, {Nodes: 3, Size: 4}} {
		a, err := Analyze(t.Context(), meshed(t), meshedTop, o)
		require.EqualError(t, err, "nodes 3: they do not suffice for the groups of one: give more, or 0 for 2^24")
		require.Nil(t, a)
	}
}
