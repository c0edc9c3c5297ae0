package restart

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// What tidy leaves does the same whatever is ready: all ways in which six components can be are tried.
func TestTidyChangesNothing(t *testing.T) {
	t.Parallel()
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "web-[0-5]", Capacity: 1}, {Name: "users", Demand: 1, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"web-[0-5]"}}}},
	}}))
	before, after, weeded := 0, 0, 0
	for seed := range uint64(3_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		steps := anyLadder(fleet, r)
		tidied := tidy(fleet, slices.Clone(steps))
		before, after = before+len(steps), after+len(tidied)
		for i := range tidied {
			for _, s := range steps {
				weeded += count(s.Admit == tidied[i].Admit && len(s.If) > len(tidied[i].If))
			}
		}
		for ready := range 64 {
			require.Equal(t, lastOf(fleet, steps, ready), lastOf(fleet, tidied, ready), "seed %d, %b ready: %v\n%v", seed, ready, steps, tidied)
		}
		require.Equal(t, tidied, tidy(fleet, slices.Clone(tidied)), "seed %d", seed)
	}
	t.Logf("of %d rungs %d are left, %d with fewer conditions", before, after, weeded)
	require.Less(t, after, before*9/10)
	require.Greater(t, weeded, 500)
}

// anyLadder returns rungs that ask for any numbers of any sets.
func anyLadder(fleet *topology.Topology, r *rand.Rand) (steps []Step) {
	for i := range 2 + r.IntN(4) {
		s := Step{Do: Admit, What: topology.Names{"users"}, Admit: float64(i+1) / 8}
		for range r.IntN(4) {
			from := r.IntN(6)
			ids := []topology.ID{}
			for id := from; id < min(6, from+1+r.IntN(6)); id++ {
				ids = append(ids, topology.ID(id))
			}
			s.If = append(s.If, Condition{What: fleet.Names(ids), Ready: 1 + r.IntN(len(ids))})
		}
		steps = append(steps, s)
	}
	return steps
}

// lastOf returns what the last of some steps admits whose conditions hold; -1 if none does.
func lastOf(fleet *topology.Topology, steps []Step, ready int) float64 {
	admitted := -1.0
	for _, s := range steps {
		holds := func(c Condition) bool {
			ids, _ := fleet.Select(c.What...)
			n := 0
			for _, id := range ids {
				n += ready >> id & 1
			}
			return n >= c.Ready
		}
		if !slices.ContainsFunc(s.If, func(c Condition) bool { return !holds(c) }) {
			admitted = s.Admit
		}
	}
	return admitted
}
