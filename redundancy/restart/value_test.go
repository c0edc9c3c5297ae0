package restart_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// Figures are sums and products of values and costs: those that would make them infinite are refused.
func TestMakeRefusesValues(t *testing.T) {
	for _, x := range []float64{-1, 1e-60, 1e60, math.MaxFloat64, math.Inf(1), math.NaN()} {
		_, err := restart.Make(context.Background(), inrush(20e3), cascade.Lose("board"), restart.Options{Value: map[string]float64{"users": x}})
		require.ErrorContains(t, err, "value: users: ", x)
	}
	for _, x := range []float64{1e60, math.MaxFloat64, math.Inf(1), math.NaN()} {
		_, err := restart.Make(context.Background(), inrush(20e3), cascade.Lose("board"), restart.Options{Waive: map[string]float64{"server": x}})
		require.ErrorContains(t, err, "waive: server: ", x)
	}
	for _, x := range []float64{0, 1e-50, 1e50} {
		p, err := restart.Make(context.Background(), inrush(20e3), cascade.Lose("board"), restart.Options{Value: map[string]float64{"users": x}})
		require.NoError(t, err)
		require.False(t, math.IsNaN(p.Unserved) || math.IsInf(p.Unserved, 0))
	}
}

// What rounding leaves of a capacity is no room: where a base takes all of it, nothing is admitted, rather than next to nothing.
func TestMakeAdmitsNoRounding(t *testing.T) {
	half := minute / 2
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "server", Capacity: 10, Start: topology.Start{Boot: half}},
		{Name: "gateway-[1-2]", Kind: "gateway", Capacity: 20, Start: topology.Start{Boot: 3 * half},
			Supplies: []topology.Supply{{Members: topology.Names{"server"}, Base: 1, PerUnit: 1}}},
		{Name: "users-1", Demand: 43, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		{Name: "users-2", Demand: 42, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"gateway"}}}},
	}}))
	p := plan(t, fleet, cascade.Lose("gateway-1"), restart.Options{Soonest: true, Return: map[string]time.Duration{"gateway-1": half, "gateway-2": minute}})
	for _, s := range p.Served {
		require.True(t, s.Fraction == 0 || s.Fraction > 1e-9, p)
	}
}
