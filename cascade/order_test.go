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

// Of two pumps that bear 6 of a heat of 10, one is lost and the other trips, and s-2 falls with them. It is out of rotation:
// it places its base of 5 on the board until then, and never more, so the board bears its 8 whatever trips first. In
// rotation it would place 5 and half of 20.
func TestWhatIsOutOfRotationTakesNoLoad(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 20, Supplies: []topology.Supply{{Members: topology.Names{"s-[1-2]"}}}},
		{Name: "s-1", Capacity: 30},
		{Name: "s-2", Capacity: 30, Needs: topology.Names{"1 of pump-[a,b]"}, Supplies: []topology.Supply{
			{Members: topology.Names{"board"}, Base: 5, PerUnit: 1},
		}},
		{Name: "board", Capacity: 8},
		{Name: "heat", Demand: 10, Supplies: []topology.Supply{{Members: topology.Names{"pump-[a,b]"}}}},
		{Name: "pump-[a,b]", Capacity: 6},
	}}))
	o := run(t, fleet, cascade.Scenario{Lose: topology.Names{"pump-a"}, Drain: topology.Names{"s-2"}})
	require.Equal(t, []string{"heat", "pump-a", "pump-b", "s-2"}, fallen(o))
	require.False(t, o.Timing)
	o = run(t, fleet, cascade.Lose("pump-a"))
	require.True(t, o.Timing)
}

// A feed that bears 8 has a lamp of 10 on it, and trips. A server would draw on it as well, but is down from the start: it
// has nothing to relieve the feed of. Else it is up until psu-b trips at 2, which could be before the feed does.
func TestWhatIsDownFromTheStartRelievesNothing(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "lamp", Demand: 10, Supplies: []topology.Supply{{Members: topology.Names{"feed"}}}},
		{Name: "server", Needs: topology.Names{"psu-[a,b]"}, Supplies: []topology.Supply{{Members: topology.Names{"feed"}, Base: 5}}},
		{Name: "feed", Capacity: 8},
		{Name: "psu-a"},
		{Name: "heat", Demand: 2, Supplies: []topology.Supply{{Members: topology.Names{"psu-b"}}}},
		{Name: "psu-b", Capacity: 1},
	}}))
	require.False(t, run(t, fleet, cascade.Lose("psu-a")).Timing)
	require.True(t, run(t, fleet, cascade.Scenario{}).Timing)
}
