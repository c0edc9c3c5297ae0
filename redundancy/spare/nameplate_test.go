package spare_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// rows has 28 servers of 400 W by nameplate: 11,200 W on either UPS if the other is lost, and 12,000 W with two more.
func rows(ups float64) topology.Spec {
	server := func(row, names string) component {
		return component{Name: names, Kind: "gpu", Capacity: 100, Unit: "requests/s",
			Supplies: []topology.Supply{{Members: topology.Names{row}, Base: 200, PerUnit: 2}}}
	}
	return topology.Spec{Components: []component{
		{Name: "ups-[a,b]", Kind: "ups", Capacity: ups, Unit: "W"},
		{Name: "row-[1-4]", Kind: "row", Capacity: 4000, Unit: "W", Supplies: []topology.Supply{{Members: topology.Names{"ups"}}}},
		server("row-1", "gpu-1-[1-8]"), server("row-2", "gpu-2-[1-8]"), server("row-3", "gpu-3-[1-8]"), server("row-4", "gpu-4-[1-4]"),
		{Name: "users", Demand: 2200, Unit: "requests/s", Supplies: []topology.Supply{{Members: topology.Names{"gpu"}}}},
	}}
}

func TestWhatNameplatesKeepIsTold(t *testing.T) {
	p := minimum(t, rows(11_500), "each row; each ups", spare.Options{})
	require.Equal(t, "Nothing on offer helps (proven, with power reserved by nameplate): row-1 and ups-a cannot all hold with the capacity of ups-a, ups-b.\n"+
		"  row-1: gpu-2-1 would carry 110 of 100 requests/s, 2 more are needed\n"+
		"  ups-a and 1 alike: ups-b is at 11.2 of 11.5 kW by nameplate already", p.String())
	p = minimum(t, rows(11_500), "each row; each ups", spare.Options{Offers: []spare.Offer{{Like: "gpu-4-1", Cost: 30}, {For: "ups", By: 2000, Cost: 9}}})
	require.Contains(t, p.String(), "Buy 2 like gpu-4-1, on row-4; 1 × 2,000 W more for ups-a; 1 × 2,000 W more for ups-b: cost 78 (proven, with power reserved by nameplate).")
	require.Contains(t, p.String(), "\n  ups-a: ups-b is at 11.2 of 11.5 kW by nameplate already")
}

// Three times the load takes 66 servers, which two rows have no power for; a UPS that is not in the way is not blamed, though
// gpu-2-1, of which no more are offered, is overloaded.
func TestLimitsKeepNameplates(t *testing.T) {
	p := minimum(t, rows(1e6), "load 3", spare.Options{Offers: []spare.Offer{{Like: "gpu-1-1"}, {Like: "gpu-4-1"}}})
	require.True(t, p.Infeasible)
	require.Equal(t, topology.Names{"row-1", "row-4"}, p.Limits)
}

// Where all need only survive, what holds as it is has no part in a conflict.
func TestConflictOfSurvivalLeavesOutWhatHolds(t *testing.T) {
	p := minimum(t, rows(11_500), "each row; each ups", spare.Options{Survive: true, Offers: []spare.Offer{{For: "row", By: 1000, Most: 1}}})
	require.True(t, p.Infeasible)
	for _, b := range p.Binding {
		require.NotEqual(t, cascade.Scenario{}.String(), b.Scenario.String())
	}
	require.Contains(t, p.Reason, "be survived")
}
