package risk

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// everyPoint tries every component, and every two, with a closure that looks at everything until nothing changes.
func everyPoint(f *topology.Topology, may []topology.ID, owners []topology.ID) []string {
	var all []string
	single := map[[2]topology.ID]bool{} // component, owner
	for i, a := range may {
		for _, owner := range owners {
			if owner != a && naiveClosure(f, a)[owner] {
				single[[2]topology.ID{a, owner}] = true
				all = append(all, fmt.Sprint(f.Name(a), " ", f.Name(owner)))
			}
		}
		for _, b := range may[:i] {
			down := naiveClosure(f, a, b)
			for _, owner := range owners {
				if down[owner] && owner != a && owner != b && !naiveClosure(f, a)[owner] && !naiveClosure(f, b)[owner] {
					all = append(all, fmt.Sprint(f.Name(b), "+", f.Name(a), " ", f.Name(owner)))
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

func written(t testing.TB, f *topology.Topology, points Points) []string {
	var all []string
	for i, p := range points {
		takes, err := f.Select(p.Takes...)
		require.NoError(t, err)
		require.Len(t, takes, p.Count)
		if i > 0 {
			before := points[i-1]
			require.True(t, len(before.Group) < len(p.Group) || len(before.Group) == len(p.Group) && before.Count >= p.Count, "in order")
		}
		for _, id := range takes {
			all = append(all, strings.Join(p.Group, "+")+" "+f.Name(id))
		}
	}
	slices.Sort(all)
	return all
}

func TestScanTwin(t *testing.T) {
	found := 0
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 7))
		f, err := topology.New(topology.Spec{Components: random(r)})
		if err != nil {
			continue
		}
		var may []topology.ID
		var names topology.Names
		for id := range topology.ID(f.Len()) {
			if r.IntN(5) > 0 || id == 0 {
				may, names = append(may, id), append(names, f.Name(id))
			}
		}
		points, err := Scan(t.Context(), f, nil, Options{Failing: names})
		require.NoError(t, err)
		all, err := selected(f, nil)
		require.NoError(t, err)
		want := everyPoint(f, may, all)
		require.Equal(t, want, written(t, f, points), "seed %d", seed)
		found += len(want)
	}
	require.Greater(t, found, 10_000)
}

// pool returns users that need all but one of so many servers: any two take them down.
func pool(t testing.TB, servers int) *topology.Topology {
	return fleet(t, needs(fmt.Sprintf("srv-[1-%d]", servers)), needs("users", fmt.Sprintf("%d of srv-[1-%d]", servers-1, servers)))
}

// Two thousand servers have 1,999,000 pairs, which are told; one more has some more than are told.
func TestScanOfTooMany(t *testing.T) {
	points, err := Scan(t.Context(), pool(t, 300), topology.Names{"users"}, Options{})
	require.NoError(t, err)
	require.Len(t, points, 300*299/2)
	for _, servers := range []int{2_001, 20_000} {
		_, err := Scan(t.Context(), pool(t, servers), topology.Names{"users"}, Options{})
		require.ErrorIs(t, err, ErrTooMany)
		require.EqualError(t, err, "there are too many points of failure: ask for those of one, with Size 1, or about fewer components")
	}
	points, err = Scan(t.Context(), pool(t, 20_000), topology.Names{"users"}, Options{Size: 1})
	require.NoError(t, err)
	require.Empty(t, points)
}

// Each server of a chain takes all after it, whose names cannot be folded: the patterns are too many.
func TestScanOfTooManyPatterns(t *testing.T) {
	var chain []topology.Component
	for i := range 9_500 {
		c := needs(fmt.Sprintf("c%d%c", i*i, 'a'+i%26))
		if i > 0 {
			c.Needs = topology.Names{chain[i-1].Name}
		}
		chain = append(chain, c)
	}
	_, err := Scan(t.Context(), fleet(t, chain...), nil, Options{Size: 1})
	require.ErrorIs(t, err, ErrTooMany)
	require.ErrorContains(t, err, "points of failure: ask about fewer components")
}

func TestScanEndsWithTheContext(t *testing.T) {
	f := pool(t, 1_900)
	for _, after := range []time.Duration{0, 20 * time.Millisecond, 300 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		began := time.Now()
		_, err := Scan(ctx, f, topology.Names{"users"}, Options{})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Less(t, time.Since(began), after+time.Second) // on a machine that does other work
		cancel()
	}
}
