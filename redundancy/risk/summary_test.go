package risk

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

func TestSummary(t *testing.T) {
	of := func(unavailability float64, o Options) string {
		f, err := topology.New(topology.Spec{Components: []topology.Component{
			{Name: "board", Failing: topology.Failing{Unavailability: unavailability}},
			{Name: "feed-[a,b]", Needs: topology.Names{"board"}},
			{Name: "users", Demand: 1, Needs: topology.Names{"1 of feed-[a,b]"}, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
			{Name: "server", Capacity: 1},
		}})
		require.NoError(t, err)
		a, err := Analyze(t.Context(), f, "users", o)
		require.NoError(t, err)
		return a.Summary()
	}
	require.Equal(t, "users is down by needs alone with a probability of 0.001: 3 nines, 8h46m a year (exact); taken for perfect: feed-a, feed-b, server", of(.001, Options{}))
	require.Equal(t, "users is down by needs alone with a probability of 0.001: 3 nines, 8h46m a year (exact)", of(.001, Options{Failing: topology.Names{"board"}}))
	require.Equal(t, "How likely users is down is not determined: nothing of it has an unavailability", of(0, Options{}))
}
