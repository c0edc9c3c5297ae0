package calls_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/calls"
)

// shop is three services that need one another in a row.
func shop() topology.Spec {
	return topology.Spec{Components: []topology.Component{
		{Name: "node", Capacity: 20, Unit: "cores"},
		{Name: "front", Demand: 4, Unit: "cores", Needs: topology.Names{"cart", "ads"}, Supplies: draws("node")},
		{Name: "cart", Demand: 6, Unit: "cores", Needs: topology.Names{"store"}, Supplies: draws("node")},
		{Name: "store", Demand: 3, Unit: "cores", Supplies: draws("node")},
		{Name: "ads", Demand: 1, Unit: "cores", Supplies: draws("node")},
	}}
}

func draws(members ...string) []topology.Supply { return []topology.Supply{{Members: members}} }

// Of the 6 cores of the cart, the front causes 30/40 = 4.5 with its own 4, and users outside 10/40 = 1.5; of the 3 of
// the store the cart causes all with its own 6; the ads get nothing from the calls.
func TestJoin(t *testing.T) {
	spec, findings, err := calls.Join(shop(), []calls.Call{
		{From: "front", To: "cart", Rate: 20}, {To: "cart", Rate: 10}, {From: "cart", To: "store"}, {From: "front", To: "cart", Rate: 10},
	})
	require.NoError(t, err)
	require.Equal(t, []topology.Component{
		{Name: "node", Capacity: 20, Unit: "cores"},
		{Name: "front", Demand: 4, Unit: "cores", Needs: topology.Names{"ads"},
			Supplies: append(draws("node"), topology.Supply{Members: topology.Names{"cart"}, PerUnit: 4.5 / 4})},
		{Name: "cart", Demand: 1.5, Unit: "cores", Supplies: append(draws("node"), topology.Supply{Members: topology.Names{"store"}, PerUnit: .5})},
		{Name: "store", Unit: "cores", Supplies: draws("node")},
		{Name: "ads", Demand: 1, Unit: "cores", Supplies: draws("node")},
	}, spec.Components)
	require.Equal(t, "assumed: store: demand: each caller is taken to cause an equal part of it, since no rates of calls are known: give these", findings.String())
	sameLoads(t, shop(), spec)
}

// sameLoads checks that a fleet has the loads of another with nothing lost.
func sameLoads(t require.TestingT, before, after topology.Spec) {
	a, b := fleet(t, before), fleet(t, after)
	la, lb := a.Flow(topology.State{}).Load, b.Flow(topology.State{}).Load
	for id, load := range la {
		require.Equal(t, a.Name(topology.ID(id)), b.Name(topology.ID(id)))
		require.InDelta(t, load, lb[id], 1e-9*math.Max(load, 1e-300), "%s", a.Name(topology.ID(id)))
	}
}

func fleet(t require.TestingT, spec topology.Spec) *topology.Topology {
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	return fleet
}

func ExampleJoin() {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "front", Demand: 4, Capacity: 8, Unit: "cores", Needs: topology.Names{"cart"}},
		{Name: "cart", Demand: 6, Capacity: 8, Unit: "cores"},
	}}
	spec, findings, err := calls.Join(spec, calls.Of(spec))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(findings)
	for _, c := range spec.Components {
		fmt.Println(c.Name, c.Demand, c.Needs, c.Supplies)
	}
	// Output:
	// assumed: cart: demand: each caller is taken to cause an equal part of it, since no rates of calls are known: give these
	// front 4 [] [{[cart] 0 false  [] 0 0 0 1.5 0}]
	// cart 0 [] []
}
