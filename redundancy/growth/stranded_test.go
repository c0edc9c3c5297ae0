package growth_test

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/growth"
	"github.com/ridethrough/ridethrough/topology"
)

// slowPeaks returns the highest load of each component in any scenario, or with nothing lost.
func slowPeaks(t *testing.T, fleet *topology.Topology, f cascade.Family, factor float64) []float64 {
	t.Helper()
	peaks := make([]float64, fleet.Len())
	for _, s := range slices.Concat([]cascade.Scenario{{}}, scenarios(t, fleet, f)) {
		status, load := slowLoads(t, fleet, s, factor)
		for id := range status {
			if status[id] != topology.Down {
				peaks[id] = max(peaks[id], load[id])
			}
		}
	}
	return peaks
}

func TestStrandedIsTheRestOfEachWorstScenario(t *testing.T) {
	stranded, unclaimed := 0, 0
	for seed := range uint64(cases(300)) {
		r := rand.New(rand.NewPCG(seed, 5))
		fleet, f := randomFleet(r), randomFamily(t, r)
		got, err := growth.Stranded(ctx, fleet, f, growth.Options{Screening: cascade.Options{Workers: 1 + r.IntN(3)}})
		require.NoError(t, err)
		factor := slowFactor(t, fleet, f, cascade.Scenario{})
		require.InDelta(t, 1/(1+factor), 1/(1+got.First.Margin), 1e-9)
		if math.IsInf(factor, 1) {
			factor = 1
		}
		require.Equal(t, cascade.Exact, got.Certainty)
		require.Equal(t, int64(len(scenarios(t, fleet, f))+1), got.Looked)
		peaks, claimed := slowPeaks(t, fleet, f, factor), slowPeaks(t, shedding(t, fleet), f, 1e12)
		for _, e := range got.Entries {
			var capacity, used, free float64
			for id := range topology.ID(fleet.Len()) {
				if c := fleet.Capacity(id); fleet.Kind(id) == e.Kind && !math.IsInf(c, 1) {
					capacity += c
					used += min(c, peaks[id])
					free += max(0, c-max(claimed[id], peaks[id]))
				}
			}
			require.InDelta(t, capacity, e.Capacity, 1e-9)
			require.InDelta(t, used, e.Used, 1e-6, "seed %d: %v", seed, got)
			require.InDelta(t, capacity-used, e.Stranded, 1e-6)
			require.InDelta(t, free, e.Unclaimed, 1e-6, "seed %d: %v", seed, got)
			if factor > 0 {
				require.LessOrEqual(t, e.Most, 1+2e-9, "seed %d: %v", seed, got)
			}
			_, load := slowLoads(t, fleet, e.Worst, factor)
			id, _ := fleet.Lookup(e.Busiest)
			require.InDelta(t, load[id], e.Most*fleet.Capacity(id), 1e-6)
			if e.Stranded > 0 {
				stranded++
			}
			if e.Unclaimed > 0 {
				unclaimed++
			}
		}
	}
	require.Greater(t, min(stranded, unclaimed), 50)
}

// shedding is a fleet of which everything with a capacity passes on no more than that.
func shedding(t *testing.T, fleet *topology.Topology) *topology.Topology {
	spec, err := fleet.Spec().Expand()
	require.NoError(t, err)
	for i := range spec.Components {
		if spec.Components[i].Capacity > 0 {
			spec.Components[i].Overload = topology.Overload{Shed: true}
		}
	}
	return topology.Must(topology.New(spec))
}

// Four servers of 100 share 240, any one may be lost: three carry 300, so all are used to the last, and nothing is
// stranded: what is held free for a failure is used in that failure. A switch of 1,000 carries all of it, 300: 700 are
// stranded. Four servers could claim 400 of it, so 600 are unclaimed.
func TestStrandedIsNotWhatIsHeldForFailures(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "switch", Capacity: 1000},
		{Name: "s-[1-4]", Kind: "server", Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"switch"}}}},
		{Name: "users", Demand: 240, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	got, err := growth.Stranded(ctx, fleet, cascade.Each("server"), growth.Options{})
	require.NoError(t, err)
	require.Equal(t, `each server: safe to 125 % of the load, where s-2 is full in s-1 (exact).
  switch  1  used 300 of 1,000  stranded 700 (70 %), 600 of it unclaimed  busiest switch, at 30 % with nothing lost
  server  4  used 400 of 400    nothing stranded`, got.String())
	data, err := json.Marshal(got)
	require.NoError(t, err)
	var again growth.Ledger
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, got.String(), again.String())
}

// Of more scenarios than loads can be taken of, what was found is a bound.
func TestStrandedOfTooManyScenariosIsBounded(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "s-[001-400]", Kind: "server", Capacity: 100},
		{Name: "users", Demand: 240, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	fleet := topology.Must(topology.New(spec))
	late, cancel := context.WithCancel(ctx)
	n := 0
	got, err := growth.Stranded(late, fleet, cascade.Any(3, "server"), growth.Options{Screening: cascade.Options{Progress: func(p cascade.Progress) {
		if n++; p.Done > 100 && p.Total > 1000 {
			cancel()
		}
	}}})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, cascade.Bounded, got.Certainty)
	require.Contains(t, got.Reason, "of 10,586,800 scenarios the loads of ")
	require.Greater(t, got.Looked, int64(100))
	require.Len(t, got.Entries, 1)

	stopped, cancel := context.WithCancel(ctx)
	cancel()
	got, err = growth.Stranded(stopped, fleet, cascade.Any(3, "server"), growth.Options{})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, cascade.Undetermined, got.Certainty)
	_, err = growth.Stranded(ctx, fleet, cascade.Any(3, "rack"), growth.Options{})
	require.Error(t, err)
	_, err = growth.Stranded(ctx, fleet, cascade.Any(3, "server"), growth.Options{Of: []string{"users"}})
	require.Error(t, err)
}
