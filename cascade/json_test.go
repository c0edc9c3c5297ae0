package cascade_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// What is written is read back: times are text, and a margin without limit is null.
func TestOutcomeRoundTrips(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "feed-[a,b]", Kind: "feed", Capacity: 10, Overload: topology.Overload{Curve: topology.VI}},
		{Name: "rack", Demand: 12, Supplies: []topology.Supply{{Members: topology.Names{"feed"}}}},
	}}))
	for _, s := range []cascade.Scenario{cascade.Lose("feed-a"), cascade.Lose("rack"), {Load: 2}} {
		o, err := cascade.Run(fleet, s)
		require.NoError(t, err)
		text, err := json.Marshal(o)
		require.NoError(t, err)
		var back cascade.Outcome
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, o.Failures, back.Failures)
		require.Equal(t, o.Rounds, back.Rounds)
		require.Equal(t, o.Margin, back.Margin)
		again, err := json.Marshal(&back)
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	}
	o, err := cascade.Run(fleet, cascade.Lose("rack"))
	require.NoError(t, err)
	require.True(t, math.IsInf(o.Margin, 1))
}
