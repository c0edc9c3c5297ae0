package bare_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/bare"
)

// What needs name may not be there yet, and a demand may reach no capacity; what supplies name must be there.
func TestOf(t *testing.T) {
	spec := topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 5, Needs: topology.Names{"rack"}}},
		Components: []topology.Component{
			{Name: "web-[1-2]", Kind: "server"}, {Name: "cart", Demand: 3, Needs: topology.Names{"db"}},
			{Name: "users", Demand: 8, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}
	fleet, err := bare.Of(spec)
	require.NoError(t, err)
	require.Equal(t, []float64{4, 4, 3, 8}, fleet.Flow(topology.State{}).Load)
	require.Equal(t, 5., fleet.Capacity(0))
	spec.Components[2].Supplies[0].Members = topology.Names{"serv"}
	_, err = bare.Of(spec)
	require.ErrorContains(t, err, "serv")
}
