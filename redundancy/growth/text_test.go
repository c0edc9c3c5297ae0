package growth_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/growth"
	"github.com/ridethrough/ridethrough/topology"
)

// A first tier that takes no more than its capacity is full long before the second is, and does not end it.
func TestFullIsWhatEndsIt(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "near", Capacity: 10},
		{Name: "far", Capacity: 30},
		{Name: "users", Demand: 20, Supplies: []topology.Supply{{Members: topology.Names{"near", "far"}, Share: topology.Waterfall}}},
	}}))
	got, err := growth.Safe(ctx, fleet, cascade.Only(), growth.Options{})
	require.NoError(t, err)
	require.Equal(t, `none:
  nothing lost: safe to 200 % of the load, where far is full with nothing lost (exact).
    near  1  now 100 %    keep within 100 %
    far   1  now 33.33 %  keep within 100 %`, got.String())
}

// A demand that spills to a tier that cannot serve it is at no capacity when that ends it: near takes a half, and far has
// lost its store.
func TestWhatIsAtNoCapacityEndsIt(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "store", Kind: "store"},
		{Name: "near", Kind: "web", Capacity: 10},
		{Name: "far", Kind: "web", Capacity: 30, Supplies: []topology.Supply{{Members: topology.Names{"store"}, Optional: true}}},
		{Name: "users", Demand: 4, Supplies: []topology.Supply{{Members: topology.Names{"near", "far"}, Share: topology.Waterfall, Limit: .5}}},
	}}))
	got, err := growth.Stranded(ctx, fleet, cascade.Each("store"), growth.Options{Of: []string{"near"}})
	require.NoError(t, err)
	require.Equal(t, `each store: safe to 125 % of the load, where it ends in store (exact).
  near: web  1  used 5 of 10  stranded 5 (50 %), all of it unclaimed  busiest near, at 50 % with nothing lost`, got.String())
	require.Empty(t, got.First.Full)
}

// Idle servers that draw more than a board has leave no load safe.
func TestFullAtNoLoad(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board", Capacity: 100, Unit: "W"},
		{Name: "s-[1-2]", Kind: "server", Capacity: 10, Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 60}}},
		{Name: "users", Demand: 4, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	got, err := growth.Safe(ctx, fleet, cascade.Each("server"), growth.Options{})
	require.NoError(t, err)
	require.Contains(t, got.String(), "nothing lost: no load is safe: board is full with nothing lost (exact).")
	forecast, err := growth.Forecast(ctx, fleet, cascade.Each("server"), growth.Options{Monthly: .03})
	require.NoError(t, err)
	require.Equal(t, `each server, 3 % a month: exact.
  nothing lost     0 % of the load    used up already  board is full
  s-1 and 1 alike  250 % of the load  in 30.9 months   s-2 is full
  no longer hold, of 2 scenarios: 0 now, 0 within 3 months, 0 within 6 months, 0 within 12 months, 0 within 24 months, 2 within 36 months`, forecast.String())
}

// Long names are cut, samples are said to be some.
func TestTexts(t *testing.T) {
	capacities := []float64{10, 11, 12, 13, 14, 15, 16, 17}
	long := cascade.Scenario{Name: strings.Repeat("fire ", 20), Lose: topology.Names{"s-a"}}
	got, err := growth.Forecast(ctx, pool(10, capacities...), cascade.Only(long), growth.Options{})
	require.NoError(t, err)
	require.Contains(t, got.String(), strings.Repeat("fire ", 11)+"fire…  ")
	o := growth.Options{Monthly: .03, Screening: cascade.Options{Cases: 10, Samples: 20}}
	got, err = growth.Forecast(ctx, pool(70, capacities...), cascade.Any(3, "server"), o)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(got.String(), "any 3 of server, 3 % a month: sampled, of 56 scenarios 20 were drawn: one that was not may go earlier.\n"), got)
	require.Contains(t, got.String(), "% now")
}

func TestUnmarshalFaults(t *testing.T) {
	for _, into := range []any{&growth.Outlook{}, &growth.Count{}, &growth.Deadline{}, &growth.Limit{}} {
		require.Error(t, json.Unmarshal([]byte(`[]`), into), fmt.Sprintf("%T", into))
	}
	require.Error(t, json.Unmarshal([]byte(`{"until": "soon"}`), &growth.Deadline{}))
	require.Error(t, json.Unmarshal([]byte(`{"from": "2026-02-30"}`), &growth.Outlook{}))
	require.Error(t, json.Unmarshal([]byte(`{"by": "x"}`), &growth.Count{}))
}

// Idle servers that draw just what a board has: it is full at no load, not overloaded.
func TestFullByWhatIsIdle(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board", Capacity: 120, Unit: "W"},
		{Name: "s-[1-2]", Kind: "server", Capacity: 10, Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 60, PerUnit: 1}}},
		{Name: "users", Demand: 4, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	got, err := growth.Safe(ctx, fleet, cascade.Only(), growth.Options{})
	require.NoError(t, err)
	require.Zero(t, got.States[0].First.Margin)
	require.Equal(t, "board", got.States[0].First.Full)
}
