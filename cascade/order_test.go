package cascade_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A switch x without a limit passes on what two servers draw, 5 each and all that they serve, to y, which bears 17. Users
// ask for 10: each server gets 5, s-1 bears 4, and y carries 5+5+10 = 20. If s-1 trips first, s-2 alone draws 5+10 = 15
// through x, and y holds. If y trips first, all fall. So relief that goes through what cannot be overloaded matters too.
func TestReliefPassesThroughWhatHasNoLimit(t *testing.T) {
	fleet := func(server, y time.Duration) *topology.Topology {
		draw := []topology.Supply{{Members: topology.Names{"x"}, Base: 5, PerUnit: 1}}
		return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "s-1", Capacity: 4, Overload: topology.Overload{After: server}, Supplies: draw},
			{Name: "s-2", Capacity: 20, Supplies: draw},
			{Name: "x", Supplies: []topology.Supply{{Members: topology.Names{"y"}}}},
			{Name: "y", Capacity: 17, Overload: topology.Overload{After: y}},
			{Name: "users", Demand: 10, Supplies: []topology.Supply{{Members: topology.Names{"s-[1-2]"}}}},
		}}))
	}
	first, err := cascade.Run(fleet(time.Second, time.Minute), cascade.Scenario{})
	require.NoError(t, err)
	require.Equal(t, cascade.Degrades, first.Verdict)
	last, err := cascade.Run(fleet(time.Minute, time.Second), cascade.Scenario{})
	require.NoError(t, err)
	require.Equal(t, cascade.Collapses, last.Verdict)
	require.True(t, first.Timing)
	require.True(t, last.Timing)
	require.False(t, cascade.Monotone(fleet(0, 0)))
}
