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

var ctx = context.Background()

// slowLoads returns what a scenario leaves up, and the loads of it, at a factor of the demands.
func slowLoads(t *testing.T, fleet *topology.Topology, s cascade.Scenario, factor float64) ([]topology.Status, []float64) {
	t.Helper()
	lose, err := fleet.Select(s.Lose...)
	require.NoError(t, err)
	drain, err := fleet.Select(s.Drain...)
	require.NoError(t, err)
	closure := fleet.Closure()
	closure.Fail(lose...)
	state := topology.State{Status: make([]topology.Status, fleet.Len()), Demand: make([]float64, fleet.Len())}
	if s.Load > 0 {
		factor *= s.Load
	}
	for id := range topology.ID(fleet.Len()) {
		state.Demand[id] = factor * fleet.Demand(id)
		switch {
		case closure.Down(id):
			state.Status[id] = topology.Down
		case slices.Contains(drain, id):
			state.Status[id] = topology.Ready
		}
	}
	return state.Status, fleet.Flow(state).Load
}

// slowFactor is the least margin of a state and of each scenario of a family besides.
func slowFactor(t *testing.T, fleet *topology.Topology, f cascade.Family, out cascade.Scenario) float64 {
	t.Helper()
	least := slowMargin(t, fleet, out)
	for _, s := range scenarios(t, fleet, cascade.Product(cascade.Only(out), f)) {
		least = min(least, slowMargin(t, fleet, s))
	}
	return least
}

func TestSafeIsRunOneByOne(t *testing.T) {
	told, none := 0, 0
	for seed := range uint64(cases(120)) {
		r := rand.New(rand.NewPCG(seed, 4))
		fleet, f := randomFleet(r), randomFamily(t, r)
		outs := []cascade.Scenario{{}, {Drain: topology.Names{"web-0"}}, cascade.Lose("board-1"), {Drain: topology.Names{"store-0"}, Load: 1.25}}
		got, err := growth.Safe(ctx, fleet, f, growth.Options{Out: outs[1:]})
		require.NoError(t, err)
		for i, out := range outs {
			level := got.States[i]
			factor := slowFactor(t, fleet, f, out)
			require.InDelta(t, 1/(1+factor), 1/(1+level.First.Margin), 1e-9, "seed %d: %v", seed, got)
			require.InDelta(t, 1/(1+factor), 1/(1+slowMargin(t, fleet, level.First.Scenario)), 1e-9)
			for _, use := range level.Uses {
				most, sum, capacity := []float64{0, 0}, []float64{0, 0}, 0.0
				for at, x := range []float64{1, factor} {
					if math.IsInf(x, 1) {
						continue
					}
					status, load := slowLoads(t, fleet, out, x)
					capacity = 0
					for id := range topology.ID(fleet.Len()) {
						if fleet.Kind(id) == use.Kind && status[id] == topology.Up && !math.IsInf(fleet.Capacity(id), 1) {
							most[at] = max(most[at], load[id]/fleet.Capacity(id))
							sum[at] += load[id]
							capacity += fleet.Capacity(id)
						}
					}
				}
				if use.Count == 0 {
					continue
				}
				require.InDelta(t, most[0], use.Now.Most, 1e-9)
				require.InDelta(t, sum[0]/capacity, use.Now.Mean, 1e-9)
				if factor == 0 || math.IsInf(factor, 1) {
					require.Nil(t, use.Safe)
					none++
					continue
				}
				require.InDelta(t, most[1], use.Safe.Most, 1e-8)
				require.InDelta(t, sum[1]/capacity, use.Safe.Mean, 1e-8)
				told++
			}
		}
	}
	require.Greater(t, min(told, none), 100)
}

// pool is so many servers of a capacity that share a demand.
func pool(demand float64, capacities ...float64) *topology.Topology {
	spec := topology.Spec{}
	for i, c := range capacities {
		spec.Components = append(spec.Components, topology.Component{
			Name: "s-" + string(rune('a'+i)), Kind: "server", Capacity: c, Unit: "requests/s",
		})
	}
	spec.Components = append(spec.Components, topology.Component{
		Name: "users", Demand: demand, Supplies: []topology.Supply{{Members: topology.Names{"server"}, PerUnit: 1}},
	})
	return topology.Must(topology.New(spec))
}

// N equal servers, k of them lost: the N−k left carry what N did at (N−k)/N.
func TestSafeOfEqualServers(t *testing.T) {
	for n := 2; n <= 12; n++ {
		for k := 1; k < n; k++ {
			got, err := growth.Safe(ctx, pool(1, slices.Repeat([]float64{10}, n)...), cascade.Any(k, "server"), growth.Options{})
			require.NoError(t, err)
			want := float64(n-k) / float64(n)
			require.InDelta(t, want, got.States[0].Uses[0].Safe.Most, 1e-12)
			require.InDelta(t, want, got.States[0].Uses[0].Safe.Mean, 1e-12)
			require.Equal(t, cascade.Exact, got.States[0].Certainty)
		}
	}
}

// Servers of 10, 10 and 5 share equally. With a strong one lost each of two carries half: 5 at most, so 10 in all. With
// nothing lost that is 10/3 each: the weak one at 2/3, the strong ones at 1/3, and all at 10/25.
func TestSafeOfUnequalServers(t *testing.T) {
	got, err := growth.Safe(ctx, pool(6, 10, 10, 5), cascade.Each("server"), growth.Options{Of: []string{"server", "s-a"}})
	require.NoError(t, err)
	uses := got.States[0].Uses
	require.InDelta(t, 10./6, got.States[0].First.Margin, 1e-12)
	require.Equal(t, "s-c", got.States[0].First.Full)
	require.InDelta(t, 2./3, uses[0].Safe.Most, 1e-12)
	require.InDelta(t, .4, uses[0].Safe.Mean, 1e-12)
	require.InDelta(t, 1./3, uses[1].Safe.Most, 1e-12)
	require.Equal(t, "s-a", uses[1].Of)
	require.Equal(t, `each server:
  nothing lost: safe to 166.7 % of the load, where s-c is full in s-a (exact).
    server       3  now 24 %, the busiest 40 %  keep within 40 %, the busiest 66.67 %
    s-a: server  1  now 20 %                    keep within 33.33 %`, got.String())
}

// Two boards of 1,000 W feed ten servers by halves. Each draws 50 W idle and 1 W for each request/s. With one board lost
// 10·50 + load = 1,000, so 500 requests/s; with both up each board has half of that: 50 %. At 250 requests/s as it is, a
// board is at 37.5 %: twice the load is not twice the power.
func TestSafeIsNoMultipleWhereIdleServersDraw(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-[1-2]", Kind: "board", Capacity: 1000, Unit: "W"},
		{Name: "s-[0-9]", Kind: "server", Capacity: 200, Unit: "requests/s", Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 50, PerUnit: 1}}},
		{Name: "users", Demand: 250, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	got, err := growth.Safe(ctx, fleet, cascade.Each("board"), growth.Options{})
	require.NoError(t, err)
	require.InDelta(t, 2, got.States[0].First.Margin, 1e-12)
	require.InDelta(t, .375, got.States[0].Uses[0].Now.Most, 1e-12)
	require.InDelta(t, .5, got.States[0].Uses[0].Safe.Most, 1e-12)
	require.InDelta(t, .25, got.States[0].Uses[1].Safe.Most, 1e-12) // 500 of 2,000
}

// A scenario that cuts the users off leaves no load safe; components without a limit, any.
func TestSafeOfNoLoadAndOfAny(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board", Kind: "power"},
		{Name: "s-[1-2]", Kind: "server", Capacity: 10, Needs: topology.Names{"board"}},
		{Name: "users", Demand: 5, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	got, err := growth.Safe(ctx, fleet, cascade.Each("board"), growth.Options{})
	require.NoError(t, err)
	require.Equal(t, `each board:
  nothing lost: no load is safe: a demand is cut off in board (exact).
    server  2  now 25 %`, got.String())
	require.Nil(t, got.States[0].Uses[0].Safe)

	quiet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{{Name: "s-[1-2]", Kind: "server", Capacity: 10}}}))
	got, err = growth.Safe(ctx, quiet, cascade.Each("server"), growth.Options{})
	require.NoError(t, err)
	require.Equal(t, `each server:
  nothing lost: any load is safe (exact).
    server  2  now 0 %`, got.String())
	data, err := json.Marshal(got)
	require.NoError(t, err)
	var again growth.Guide
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, *got, again)
}

func TestSafeFaults(t *testing.T) {
	fleet := pool(5, 10, 10)
	for want, o := range map[string]growth.Options{
		`of "nobody": not found: no component and no kind is named "nobody"`:                            {Of: []string{"nobody"}},
		`of "users": neither it nor what goes down with it has a capacity`:                              {Of: []string{"users"}},
		`scenario "s-z": lose: not found: no component and no kind is named "s-z"; did you mean "s-a"?`: {Out: []cascade.Scenario{cascade.Lose("s-z")}},
		`workers: -1: give how many; 0 is as many as there are cores`:                                   {Screening: cascade.Options{Workers: -1}},
		`monthly: NaN: give the part by which it grows in a month, from -1 to 1: .03 for 3 %`:           {Monthly: math.NaN()},
		`scenario "load -1": load -1: give a factor from 1e-300 to 1e+50`:                               {Out: []cascade.Scenario{{Load: -1}}},
	} {
		got, err := growth.Safe(ctx, fleet, cascade.Each("server"), o)
		require.EqualError(t, err, want)
		require.Nil(t, got)
	}
	_, err := growth.Safe(ctx, fleet, cascade.Each("rack"), growth.Options{})
	require.EqualError(t, err, `scenarios "each rack": not found: no component and no kind is named "rack"`)
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	got, err := growth.Safe(stopped, fleet, cascade.Each("server"), growth.Options{})
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, got.States)
}
