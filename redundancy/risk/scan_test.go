package risk

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

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
		points, err := Scan(t.Context(), f, "", Options{Failing: names})
		require.NoError(t, err)
		all, err := selected(f, "")
		require.NoError(t, err)
		want := everyPoint(f, may, all)
		require.Equal(t, want, written(t, f, points), "seed %d", seed)
		found += len(want)
	}
	require.Greater(t, found, 10_000)
}
