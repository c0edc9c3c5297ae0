package spare_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// Among 300 servers any 3 are lost: 4,455,100 scenarios, all alike, which are not to be listed one by one.
func TestMinimumCountsWhatIsAlike(t *testing.T) {
	s := topology.Spec{Components: []component{{Name: "s-[1-300]", Kind: "server", Capacity: 10}, demand(2985)}}
	at := time.Now()
	p := minimum(t, s, "any 3 of server", spare.Options{})
	require.Equal(t, 2.0, p.Cost, "%v", p) // 2,985 needs 299 of 10; 297 are left
	require.Equal(t, 4_455_100, p.Binding[0].Alike)
	require.Less(t, time.Since(at), 10*time.Second)
}

// However far it has come, a search that is out of time says so.
func TestMinimumTellsThatTimeIsUp(t *testing.T) {
	top, err := topology.New(topology.Spec{Components: []component{{Name: "s-[1-30]", Kind: "server", Capacity: 10, Failing: topology.Failing{Unavailability: .01}}, demand(285)}})
	require.NoError(t, err)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for family, o := range map[string]spare.Options{
		"any 2 of server":    {},
		"each server":        {Survive: true},
		"independent server": {Risk: 1e-9},
	} {
		f, err := cascade.ParseFamily(family)
		require.NoError(t, err)
		p, err := spare.Minimum(ended, top, f, o)
		require.ErrorIs(t, err, context.Canceled, family)
		require.Equal(t, cascade.Undetermined, p.Certainty, family)
	}
}

// A purchase of which no float64 tells the cost still has one that can be written down.
func TestMinimumCostIsANumber(t *testing.T) {
	s := topology.Spec{Components: []component{{Name: "s-[1-3]", Kind: "server", Capacity: 10}, demand(60)}}
	p := minimum(t, s, "each server", spare.Options{Offers: []spare.Offer{{Like: "s-1", Cost: 1e308}}})
	require.Equal(t, cascade.Proven, p.Certainty)
	require.LessOrEqual(t, p.Cost, math.MaxFloat64)
	require.Equal(t, p.Cost, p.Bound)
}

// With one of ten lost, nine of 10 are to carry 98. More for a single one of them would not do, so all ten are in the way.
func TestMinimumNamesAllThatIsInTheWay(t *testing.T) {
	s := topology.Spec{Components: []component{{Name: "s-[1-10]", Kind: "server", Capacity: 10}, demand(98)}}
	p := minimum(t, s, "each server", spare.Options{Offers: []spare.Offer{{For: "users", By: 1}}})
	require.True(t, p.Infeasible)
	require.Equal(t, topology.Names{"s-[1-10]"}, p.Limits)
}

// Nothing survives the loss of the only db, whatever is bought; a day on which nothing is lost is not to blame.
func TestSurvivingBlamesOnlyWhatFails(t *testing.T) {
	s := topology.Spec{Components: []component{{Name: "s-[1-10]", Kind: "server", Capacity: 10}, {Name: "db", Kind: "db"}, demand(90)}}
	s.Components[2].Needs = topology.Names{"db"}
	p := minimum(t, s, "each db", spare.Options{Survive: true, Offers: []spare.Offer{{Like: "s-1", Most: 1}}})
	require.True(t, p.Infeasible)
	require.Len(t, p.Binding, 1)
	require.Equal(t, topology.Names{"db"}, topology.Names(p.Binding[0].Scenario.Lose))
}

// A fraction to serve is of what survives, or is likely to: what holds serves all.
func TestServeNeedsSurviveOrRisk(t *testing.T) {
	s := topology.Spec{Components: []topology.Component{{Name: "s-[1-3]", Kind: "server", Capacity: 50},
		{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}}}}
	family, err := cascade.ParseFamily("each server")
	require.NoError(t, err)
	_, err = spare.Minimum(t.Context(), topology.Must(topology.New(s)), family, spare.Options{Serve: .9})
	require.EqualError(t, err, "serve 0.9: what holds serves all of every demand: give it with survive or risk")
}
