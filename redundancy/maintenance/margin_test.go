package maintenance_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/maintenance"
	"github.com/ridethrough/ridethrough/topology"
)

// The weak one is overloaded first while nothing is out: with 7 and three of 20 at 24, it has 6, and 7 at 28.
func TestMarginCountsBefore(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "weak", Kind: "server", Capacity: 7},
		{Name: "strong-[1-3]", Kind: "server", Capacity: 20},
		{Name: "users", Demand: 24, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	a := check(t, spec, "weak", maintenance.Options{Family: cascade.Only()})
	require.True(t, a.Safe, a.String())
	require.InDelta(t, 7./6, a.Margin, 1e-8)
	require.Contains(t, a.String(), "holds (proven), up to 116.7 % of the load;")
}

// What need not hold may hold only at less than the load there is: then that is what the answer says.
func TestMarginOfWhatSurvives(t *testing.T) {
	spec := five(24, topology.Start{})
	spec.Components[0].Overload.Shed = true
	a := check(t, spec, "web-[1-2]", maintenance.Options{Family: cascade.Each("server"), Survive: true, Serve: .8})
	require.True(t, a.Safe, a.String())
	require.InDelta(t, 20./24, a.Margin, 1e-8)
	require.Contains(t, a.String(), `"each server" does not collapse (exact), it holds up to 83.33 % of the load while all of it is in one phase;`)
}

// Where nothing is up to anything, no figure says so.
func TestHeadlineOfNoMargin(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]maintenance.Answer{
		"the fleet holds (exact), with no load to spare; it takes no time.":           {Margin: 1},
		"the fleet holds (exact), at any load; it takes 5m.":                          {Margin: 1000, Takes: 5 * time.Minute},
		"the fleet holds (exact), up to 125 % of the load; it takes no time.":         {Margin: 1.25},
		"the fleet does not collapse (exact), it holds at no load; it takes no time.": {Asked: maintenance.Asked{Survive: true}},
	} {
		a.What, a.Safe, a.Certainty, a.Together, a.Family = topology.Names{"web-1"}, true, cascade.Exact, true, cascade.Only()
		require.Contains(t, a.String(), want)
	}
}
