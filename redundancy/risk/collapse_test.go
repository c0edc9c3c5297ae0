package risk

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// loaded returns a small fleet of servers on boards, with users; some of it sheds, some needs a database of three.
func loaded(r *rand.Rand) topology.Spec {
	boards, servers := 2+r.IntN(2), 3+r.IntN(3)
	spec := topology.Spec{Components: []topology.Component{{Name: "db-[1-3]"}}}
	for i := range boards {
		spec.Components = append(spec.Components, topology.Component{Name: fmt.Sprint("board-", i), Capacity: float64(20 + r.IntN(100))})
	}
	for i := range servers {
		c := topology.Component{Name: fmt.Sprint("web-", i), Capacity: float64(5 + r.IntN(20)), Overload: topology.Overload{Shed: r.IntN(4) == 0}}
		c.Supplies = []topology.Supply{{Members: topology.Names{fmt.Sprint("board-", r.IntN(boards))}, Base: 5, PerUnit: 1}}
		if r.IntN(3) == 0 {
			c.Needs = topology.Names{"2 of db-[1-3]"}
		}
		spec.Components = append(spec.Components, c)
	}
	spec.Components = append(spec.Components, topology.Component{Name: "users", Demand: float64(10 + r.IntN(40)),
		Supplies: []topology.Supply{{Members: topology.Names{"web-*"}, Optional: r.IntN(4) == 0}}})
	spec.Components[len(spec.Components)-1].Supplies[0].Members = topology.Names{fmt.Sprintf("web-[0-%d]", servers-1)}
	rated(r, spec.Components[:len(spec.Components)-1])
	return spec
}

// Each set of losses is run, and held against the flow of a fleet in which nothing has a limit.
func TestCollapseTwin(t *testing.T) {
	overload, needs := 0, 0
	for seed := range uint64(250) {
		r := rand.New(rand.NewPCG(seed, 13))
		f := topology.Must(topology.New(loaded(r)))
		size := 1 + r.IntN(f.Len())
		got, err := Collapse(t.Context(), f, Options{Size: size})
		if intact, _ := cascade.Run(f, cascade.Scenario{}); intact.Verdict == cascade.Collapses {
			require.ErrorContains(t, err, "collapses with nothing lost")
			continue
		}
		require.NoError(t, err)
		want := everyCollapse(t, f, got.Size)
		require.ElementsMatch(t, want.ByOverload, names(got.ByOverload), "seed %d", seed)
		require.ElementsMatch(t, want.ByNeeds, names(got.ByNeeds), "seed %d", seed)
		near(t, want.all, got.Unavailability.Low)
		near(t, want.overload, got.Overload.Low)
		near(t, want.larger, got.Overload.High-got.Overload.Low)
		overload, needs = overload+len(want.ByOverload), needs+len(want.ByNeeds)
	}
	require.Greater(t, overload, 400)
	require.Greater(t, needs, 80)
}

func names(groups []Group) []string {
	all := []string{}
	for _, g := range groups {
		all = append(all, g.String())
	}
	return all
}

type collapses struct {
	ByOverload, ByNeeds   []string
	all, overload, larger float64
}

func everyCollapse(t *testing.T, f *topology.Topology, size int) *collapses {
	n := f.Len() - 1 // users come last, and do not fail
	found := &collapses{ByOverload: []string{}, ByNeeds: []string{}}
	bad := make([]bool, 1<<n)
	for state := 1; state < 1<<n; state++ {
		var s cascade.Scenario
		p := 1.0
		for i := range n {
			q := f.Unavailability(topology.ID(i))
			if state>>i&1 == 1 {
				s.Lose = append(s.Lose, f.Name(topology.ID(i)))
				p *= q
			} else {
				p *= 1 - q
			}
		}
		if len(s.Lose) > size {
			found.larger += p
			continue
		}
		out, err := cascade.Run(f, s)
		require.NoError(t, err)
		if bad[state] = out.Verdict == cascade.Collapses; !bad[state] {
			continue
		}
		found.all += p
		logic := lacking(f, s.Lose)
		if !logic {
			found.overload += p
		}
		minimal := true
		for part := (state - 1) & state; part > 0; part = (part - 1) & state {
			minimal = minimal && !bad[part]
		}
		if text := (Group{Components: s.Lose}).String(); minimal && logic {
			found.ByNeeds = append(found.ByNeeds, text)
		} else if minimal {
			found.ByOverload = append(found.ByOverload, text)
		}
	}
	return found
}

// lacking runs the fleet without capacities, but for one so large that it does not matter.
func lacking(f *topology.Topology, lost []string) bool {
	spec := f.Spec()
	for i := range spec.Components {
		if spec.Components[i].Capacity > 0 {
			spec.Components[i].Capacity = 1e12
		}
	}
	out, err := cascade.Run(topology.Must(topology.New(spec)), cascade.Lose(lost...))
	return err != nil || out.Verdict == cascade.Collapses
}
