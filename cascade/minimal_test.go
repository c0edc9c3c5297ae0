package cascade_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// fails is the question that a smallest case answers.
func fails(fleet *topology.Topology, s cascade.Scenario, onlyHolds bool) bool {
	v := newPlot(fleet, s).plain().verdict()
	return v == cascade.Collapses || onlyHolds && v != cascade.Holds
}

// slowLeast returns whether a scenario fails and would not with any one of the components left that it loses.
func slowLeast(t *testing.T, fleet *topology.Topology, s cascade.Scenario, onlyHolds bool) bool {
	ids, err := fleet.Select(s.Lose...)
	require.NoError(t, err)
	if len(ids) == 0 || !fails(fleet, s, onlyHolds) {
		return false
	}
	for i := range ids {
		s.Lose = fleet.Names(slices.Delete(slices.Clone(ids), i, i+1))
		if fails(fleet, s, onlyHolds) {
			return false
		}
	}
	return true
}

var terms = regexp.MustCompile(`; | \+ `)

// The smallest are those by definition, all of them where they are few, each as often as it is alike.
func TestMinimalIsMinimal(t *testing.T) {
	found, many := 0, 0
	for seed := range uint64(cases(500)) {
		r := rand.New(rand.NewPCG(seed, 11))
		spec, fleet := likeFleet(r)
		f, name, sets := randomSets(r, likeGroups, false)
		if len(sets) > 300 || slices.ContainsFunc(terms.Split(name, -1), func(term string) bool { return likeGroups[term] != nil }) {
			continue // what no choice takes could be spared, and is not asked
		}
		onlyHolds := r.IntN(2) == 0
		most := []int{3, 1000}[r.IntN(2)]
		s := screen(t, fleet, f, cascade.Options{Worst: most, OnlyHolds: onlyHolds, Workers: 1 + r.IntN(3)})
		bySize := map[int]int{} // scenarios
		scenarios, err := f.All(fleet)
		require.NoError(t, err)
		for sc := range scenarios {
			if slowLeast(t, fleet, sc, onlyHolds) {
				ids, _ := fleet.Select(sc.Lose...)
				bySize[len(ids)]++
			}
		}
		for i, c := range s.Minimal {
			ids, err := fleet.Select(c.Scenario.Lose...)
			require.NoError(t, err)
			require.Len(t, ids, c.Lost)
			require.True(t, slowLeast(t, fleet, c.Scenario, onlyHolds), "%s of %s: %v", name, text(t, seed, spec), c)
			bySize[len(ids)] -= scenariosOf(c)
			found++
			if i > 0 {
				require.LessOrEqual(t, s.Minimal[i-1].Lost, c.Lost)
			}
		}
		if len(s.Minimal) < most {
			for size, n := range bySize {
				require.Zero(t, n, "%d of size %d are missing: %s of %s", n, size, name, text(t, seed, spec))
			}
		} else {
			many++
		}
	}
	require.Greater(t, found, cases(200))
	require.Greater(t, many, cases(500)/40)
}

func scenariosOf(c cascade.Case) int {
	if c.Alike == nil {
		return 1
	}
	return int(c.Alike.Int64())
}

// Of samples it is asked of the first ones, and those told are what they are said to be.
func TestMinimalOfSamples(t *testing.T) {
	fleet := pool(6_500, different(100)...)
	s := screen(t, fleet, cascade.UpTo(60, "server"), cascade.Options{Samples: 2_000, Worst: 50})
	for _, c := range s.Minimal {
		require.True(t, slowLeast(t, fleet, c.Scenario, false), c)
	}
	t.Log(len(s.Minimal), s.Collapsing)
}
