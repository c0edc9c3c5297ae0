package cascade_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// The cases of a plan are its items: each ends as the shard of that one item says.
func TestCasesAreTheItemsOfAPlan(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-[1-3]", Kind: "board"},
		{Name: "a-[1-4]", Kind: "server", Capacity: 10, Needs: topology.Names{"board-1"}},
		{Name: "b-[1-3]", Kind: "server", Capacity: 12, Needs: topology.Names{"board-2"}},
		{Name: "c-[1-2]", Kind: "server", Capacity: 9, Needs: topology.Names{"board-3"}},
		{Name: "users", Demand: 60, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	for _, text := range []string{"any 2 of server", "each board + each server", "up to 3 of server; board-1 + drain b-1", "none"} {
		family, err := cascade.ParseFamily(text)
		require.NoError(t, err)
		plan, err := cascade.NewPlan(fleet, family, cascade.Options{})
		require.NoError(t, err)
		require.False(t, plan.Sampled())
		item := 0
		for scenario := range plan.Cases() {
			one, err := plan.Screen(context.Background(), item, int(plan.Items()))
			require.NoError(t, err)
			outcome, err := cascade.Run(fleet, scenario)
			require.NoError(t, err)
			require.Equal(t, outcome.Verdict != cascade.Holds, one.Failing.Sign() > 0, "%s, item %d: %s", text, item, scenario)
			item++
		}
		require.EqualValues(t, plan.Items(), item, text)
	}
}

// A sample is drawn from the family; whoever wants no more than some may stop.
func TestCasesOfSamples(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "a-[1-9]", Kind: "server", Capacity: 10},
		{Name: "b-[1-9]", Kind: "server", Capacity: 11},
		{Name: "users", Demand: 60, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	plan, err := cascade.NewPlan(fleet, cascade.Any(3, "server"), cascade.Options{Cases: 2, Samples: 5})
	require.NoError(t, err)
	require.True(t, plan.Sampled())
	n := 0
	for scenario := range plan.Cases() {
		ids, err := fleet.Select(scenario.Lose...)
		require.NoError(t, err)
		require.Len(t, ids, 3)
		if n++; n == 4 {
			break
		}
	}
	require.Equal(t, 4, n)
}
