package topology_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// Components that one pattern declares are what they would be if each were declared by itself.
func TestDeclaredTogetherOrApart(t *testing.T) {
	built := 0
	for seed := range uint64(cases(1500)) {
		spec := patterned(rand.New(rand.NewPCG(seed, 1)))
		together, err := topology.New(spec)
		if err != nil {
			continue
		}
		built++
		var each topology.Spec
		for id := range topology.ID(together.Len()) {
			each.Components = append(each.Components, together.Component(id))
		}
		apart, err := topology.New(each)
		require.NoError(t, err, text(t, seed, spec))
		for id := range topology.ID(together.Len()) {
			require.Equal(t, apart.Name(id), together.Name(id), text(t, seed, spec))
			require.Equal(t, apart.Links(id), together.Links(id), text(t, seed, spec))
		}
		require.Equal(t, apart.Pools(), together.Pools(), text(t, seed, spec))
	}
	require.Greater(t, built, cases(1500)/5)
}

// patterned returns a fleet of four patterns, whose lists refer to brackets in every way.
func patterned(r *rand.Rand) topology.Spec {
	one := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	supply := func(texts ...string) topology.Supply {
		s := topology.Supply{Members: topology.Names{one(texts...)}, Optional: r.IntN(4) == 0, Base: float64(r.IntN(3))}
		s.Share = topology.Share(one("", "waterfall", "waterfall", "tiered", "each", "proportional"))
		if r.IntN(2) == 0 {
			s.Members = append(s.Members, one(texts...))
			s.Share = topology.Share(one("", "each", "proportional"))
		}
		return s
	}
	supplies := func(texts ...string) (all []topology.Supply) {
		for range 1 + r.IntN(2) {
			all = append(all, supply(texts...))
		}
		return all
	}
	return topology.Spec{
		Kinds: map[string]topology.Component{"rack": {Labels: map[string]string{"row": one("1", "{1}")}}},
		Components: []topology.Component{
			{Name: one("feed-[1-3]-[a,b]", "feed-[3,1-2]-[b,a]"), Kind: "feed", Capacity: 90, Labels: map[string]string{"side": "{2}"}},
			{Name: "rack-[1-3]-[1-2]", Kind: "rack", Capacity: 30,
				Supplies: supplies("feed-{1}-[a,b]", "feed-{1}-a", "feed-{2}-a", "feed-{row}-b", "feed", "side=b")},
			{Name: one("s-[1-3]-[1-2]-[x,y]", "s-[2-3]-[2,1]-[1-3]"), Kind: "server", Capacity: 10,
				Labels:     map[string]string{"at": one("{2}", "{1}")},
				Needs:      topology.Names{one("rack-{1}-{2}", "1 of rack-{1}-[1-2]", "rack-1-1", "side=a")},
				StartNeeds: topology.Names{one("feed-{1}-a", "feed-{2}-a", "rack-{1}-{at}", "feed-{at}-b")},
				Supplies:   supplies("rack-{1}-{2}", "rack-3-{2}", "rack-{1}-[1-2]", "rack-1-1")},
			{Name: "users-[1-2]", Demand: 100, Supplies: supplies("server", "s-[2-3]-[1-2]-[x]", "rack-{1}-1", "server")},
		},
	}
}
