package topology_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// state is everything up but for the components that patterns name.
func state(t testing.TB, fleet *topology.Topology, status topology.Status, patterns ...string) topology.State {
	t.Helper()
	s := topology.State{Status: make([]topology.Status, fleet.Len())}
	ids, err := fleet.Select(patterns...)
	require.NoError(t, err)
	for _, id := range ids {
		s.Status[id] = status
	}
	return s
}

func value(t testing.TB, fleet *topology.Topology, of []float64, name string) float64 {
	t.Helper()
	id, ok := fleet.Lookup(name)
	require.True(t, ok, name)
	return of[id]
}

// Users with a demand of 120 draw on a, b and c with capacities of 10, 20 and 30.
func TestShares(t *testing.T) {
	abc := topology.Names{"a", "b", "c"}
	for _, test := range []struct {
		name   string
		supply topology.Supply
		down   []string
		want   []float64 // loads of a, b, c
	}{
		{"equal", topology.Supply{Members: abc}, nil, []float64{40, 40, 40}},
		{"equal, one down", topology.Supply{Members: abc}, []string{"a"}, []float64{0, 60, 60}},
		{"weighted", topology.Supply{Members: abc, Share: topology.Weighted, Weights: []float64{1, 2, 3}}, nil, []float64{20, 40, 60}},
		{"weighted, one down", topology.Supply{Members: abc, Share: topology.Weighted, Weights: []float64{1, 2, 3}}, []string{"c"}, []float64{40, 80, 0}},
		{"a weight is each member's", topology.Supply{Members: topology.Names{"[a,b]", "c"}, Share: topology.Weighted, Weights: []float64{1, 2}}, nil, []float64{30, 30, 60}},
		{"weight 0", topology.Supply{Members: abc, Share: topology.Weighted, Weights: []float64{1, 0, 3}}, []string{"c"}, []float64{120, 0, 0}},
		{"only weight 0 left", topology.Supply{Members: abc, Share: topology.Weighted, Weights: []float64{1, 0, 3}}, []string{"a", "c"}, []float64{0, 0, 0}},
		{"proportional", topology.Supply{Members: abc, Share: topology.Proportional}, nil, []float64{20, 40, 60}},
		{"proportional, one down", topology.Supply{Members: abc, Share: topology.Proportional}, []string{"b"}, []float64{30, 0, 90}},
		{"active/passive", topology.Supply{Members: abc, Share: topology.Tiered}, nil, []float64{120, 0, 0}},
		{"active/passive, active down", topology.Supply{Members: abc, Share: topology.Tiered}, []string{"a"}, []float64{0, 120, 0}},
		// Health of [a,b] with one of two: min(1, 1.4/2) = .7, of 1 without overprovision .5; of c 1.
		{"tiers of 1.4", topology.Supply{Members: topology.Names{"[a,b]", "c"}, Share: topology.Tiered}, []string{"b"}, []float64{84, 0, 36}},
		{"tiers of 1", topology.Supply{Members: topology.Names{"[a,b]", "c"}, Share: topology.Tiered, Overprovision: 1}, []string{"b"}, []float64{60, 0, 60}},
		{"tiers of 2 at health 1", topology.Supply{Members: topology.Names{"[a,b]", "c"}, Share: topology.Tiered, Overprovision: 2}, []string{"b"}, []float64{120, 0, 0}},
		{"tiers below health 1", topology.Supply{Members: topology.Names{"[a,b]", "c"}, Share: topology.Tiered, Overprovision: 1.5}, []string{"b", "c"}, []float64{120, 0, 0}},
		{"waterfall", topology.Supply{Members: abc, Share: topology.Waterfall}, nil, []float64{10, 20, 90}},
		{"waterfall to half", topology.Supply{Members: abc, Share: topology.Waterfall, Limit: .5}, nil, []float64{5, 10, 105}},
		{"waterfall, last down", topology.Supply{Members: abc, Share: topology.Waterfall}, []string{"c"}, []float64{10, 110, 0}},
		{"waterfall in proportion", topology.Supply{Members: topology.Names{"[a,c]", "b"}, Share: topology.Waterfall}, nil, []float64{10, 80, 30}},
		{"each", topology.Supply{Members: abc, Share: topology.Each}, []string{"b"}, []float64{120, 0, 120}},
		{"base and perUnit", topology.Supply{Members: abc, Base: 6, PerUnit: .1}, nil, []float64{6, 6, 6}},
		{"base alone", topology.Supply{Members: abc, Base: 6}, nil, []float64{2, 2, 2}},
		{"none", topology.Supply{Members: abc}, abc, []float64{0, 0, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
				{Name: "a", Capacity: 10}, {Name: "b", Capacity: 20}, {Name: "c", Capacity: 30},
				{Name: "users", Demand: 120, Capacity: 1000, Supplies: []topology.Supply{test.supply}},
			}}))
			flow := fleet.Flow(state(t, fleet, topology.Down, test.down...))
			sum := 0.0
			for i, name := range abc {
				got := value(t, fleet, flow.Load, name)
				require.InDelta(t, test.want[i], got, 1e-9, name)
				sum += got
			}
			served := 1.0
			if sum == 0 {
				served = 0
			}
			require.Equal(t, served, value(t, fleet, flow.Served, "users"))
		})
	}
}

// tiers is users with a demand of 100 who draw on tiers of hosts.
func tiers(factor float64, sizes ...int) *topology.Topology {
	users := topology.Component{Name: "users", Demand: 100, Supplies: []topology.Supply{{Share: topology.Tiered, Overprovision: factor}}}
	spec := topology.Spec{}
	for k, size := range sizes {
		tier := fmt.Sprintf("p%d-[1-%d]", k, size)
		spec.Components = append(spec.Components, topology.Component{Name: tier, Capacity: 1000})
		users.Supplies[0].Members = append(users.Supplies[0].Members, tier)
	}
	spec.Components = append(spec.Components, users)
	return topology.Must(topology.New(spec))
}

// tierLoads returns the load of each tier when only so many of its hosts are up.
func tierLoads(t *testing.T, fleet *topology.Topology, sizes, healthy []int) []float64 {
	var down []string
	for k, size := range sizes {
		if healthy[k] < size {
			down = append(down, fmt.Sprintf("p%d-[%d-%d]", k, healthy[k]+1, size))
		}
	}
	flow := fleet.Flow(state(t, fleet, topology.Down, down...))
	loads := make([]float64, len(sizes))
	for k, size := range sizes {
		for i := range size {
			loads[k] += value(t, fleet, flow.Load, fmt.Sprintf("p%d-%d", k, i+1))
		}
	}
	return loads
}

// Envoy's priorities, from its documentation and unit tests. Envoy truncates the health of a tier to whole percents; ours is
// exact. Where that makes a difference, both are given: with 71 of 100 healthy, 1.4 · 71 = 99.4.
func TestTieredAsInEnvoy(t *testing.T) {
	for _, test := range []struct{ healthy, envoy, exact []int }{ // exact is in tenths of a percent; nil as Envoy's
		{healthy: []int{100, 100}, envoy: []int{100, 0}},
		{healthy: []int{72, 72}, envoy: []int{100, 0}},
		{healthy: []int{71, 71}, envoy: []int{99, 1}, exact: []int{994, 6}},
		{healthy: []int{50, 50}, envoy: []int{70, 30}},
		{healthy: []int{25, 100}, envoy: []int{35, 65}},
		{healthy: []int{25, 25}, envoy: []int{50, 50}},
		{healthy: []int{71, 100}, envoy: []int{99, 1}, exact: []int{994, 6}},
		{healthy: []int{0, 100}, envoy: []int{0, 100}},
		{healthy: []int{71, 71, 100}, envoy: []int{99, 1, 0}, exact: []int{994, 6, 0}},
		{healthy: []int{25, 100, 100}, envoy: []int{35, 65, 0}},
		{healthy: []int{25, 25, 100}, envoy: []int{35, 35, 30}},
		{healthy: []int{50, 50, 100}, envoy: []int{70, 30, 0}},
	} {
		sizes := []int{100, 100, 100}[:len(test.healthy)]
		got := tierLoads(t, tiers(0, sizes...), sizes, test.healthy)
		for k := range got {
			want := float64(test.envoy[k])
			if test.exact != nil {
				want = float64(test.exact[k]) / 10
				require.Less(t, math.Abs(want-float64(test.envoy[k])), 1.0)
			}
			require.InDelta(t, want, got[k], 1e-9, test.healthy)
		}
	}
	for _, test := range []struct {
		factor         float64
		sizes, healthy []int
		want           []float64
	}{
		{1.4, []int{4, 4}, []int{2, 2}, []float64{70, 30}},
		{1, []int{4, 4}, []int{2, 2}, []float64{50, 50}},
		{1.4, []int{4, 2}, []int{1, 2}, []float64{35, 65}},
		{1.4, []int{2, 2, 2}, []int{1, 1, 1}, []float64{70, 30, 0}},
		{1.4, []int{4, 4, 4}, []int{1, 1, 1}, []float64{35, 35, 30}}, // the healths sum to 1.05
		{1.4, []int{5, 5, 5}, []int{0, 0, 4}, []float64{0, 0, 100}},
	} {
		require.InDeltaSlice(t, test.want, tierLoads(t, tiers(test.factor, test.sizes...), test.sizes, test.healthy), 1e-9)
	}
}

// AWS ELB with 2 targets in zone a and 8 in zone b: with cross-zone balancing 10 % each; without 25 % and 6.25 %.
func TestCrossZone(t *testing.T) {
	zones := topology.Component{Name: "zone-[a,b]", Supplies: []topology.Supply{{Members: topology.Names{"zone={1}"}}}}
	targets := []topology.Component{
		{Name: "a-[1-2]", Kind: "target", Capacity: 100, Labels: map[string]string{"zone": "a"}},
		{Name: "b-[1-8]", Kind: "target", Capacity: 100, Labels: map[string]string{"zone": "b"}},
	}
	for _, test := range []struct {
		to   string
		a, b float64
	}{{"target", 10, 10}, {"zone-[a,b]", 25, 6.25}} {
		users := topology.Component{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{test.to}}}}
		spec := topology.Spec{Components: append([]topology.Component{users}, targets...)}
		if test.to != "target" {
			spec.Components = append(spec.Components, zones)
		}
		fleet := topology.Must(topology.New(spec))
		flow := fleet.Flow(topology.State{})
		require.InDelta(t, test.a, value(t, fleet, flow.Load, "a-2"), 1e-12)
		require.InDelta(t, test.b, value(t, fleet, flow.Load, "b-8"), 1e-12)
	}
}

// What a status places, takes and serves: a draws on b with base 3, inrush 5 and perUnit 2, at a demand of 10.
func TestStatuses(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 10, Supplies: []topology.Supply{{Members: topology.Names{"a"}, Optional: true}}},
		{Name: "a", Supplies: []topology.Supply{{Members: topology.Names{"b"}, Base: 3, PerUnit: 2, Inrush: 5}}},
		{Name: "b", Capacity: 100},
	}}))
	for status, want := range map[topology.Status]struct{ b, served float64 }{
		topology.Up: {23, 1}, topology.Ready: {3, 0}, topology.Booting: {8, 0}, topology.Down: {0, 0}, topology.Unrelieved: {23, 0},
	} {
		flow := fleet.Flow(state(t, fleet, status, "a"))
		require.Equal(t, want.b, value(t, fleet, flow.Load, "b"), status)
		require.Equal(t, want.served, value(t, fleet, flow.Served, "users"), status)
	}
}

// A breaker passes 120 % on; a server that sheds at 100 passes 100 on, and its users are served 100/120.
func TestShedding(t *testing.T) {
	for _, shed := range []bool{false, true} {
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "users", Demand: 120, Supplies: []topology.Supply{{Members: topology.Names{"front"}}}},
			{Name: "front", Capacity: 100, Overload: topology.Overload{Shed: shed}, Supplies: []topology.Supply{{Members: topology.Names{"back"}}}},
			{Name: "back", Capacity: 50, Overload: topology.Overload{Shed: shed}},
		}}))
		flow := fleet.Flow(topology.State{})
		back, served := 120.0, 1.0
		if shed {
			back, served = 100, 100./120*50/100
		}
		require.Equal(t, back, value(t, fleet, flow.Load, "back"))
		require.InDelta(t, served, value(t, fleet, flow.Served, "users"), 1e-12)
	}
}

// Served is the product over supplies, the part of each member counting by its load; for each, the mean over members.
func TestServedFractions(t *testing.T) {
	shed := topology.Overload{Shed: true}
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "half", Capacity: 50, Overload: shed}, {Name: "quarter", Capacity: 25, Overload: shed}, {Name: "whole", Capacity: 100, Overload: shed},
		{Name: "parts", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"x-half", "x-whole"}, Share: topology.Weighted, Weights: []float64{3, 1}}}},
		{Name: "product", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"half"}}, {Members: topology.Names{"quarter"}}}},
		{Name: "x-half", Capacity: 37.5, Overload: shed}, {Name: "x-whole", Capacity: 100},
		{Name: "each", Demand: 10, Supplies: []topology.Supply{{Members: topology.Names{"y-half", "y-whole"}, Share: topology.Each}}},
		{Name: "y-half", Capacity: 5, Overload: shed}, {Name: "y-whole", Capacity: 10},
	}}))
	flow := fleet.Flow(topology.State{})
	require.InDelta(t, .25+.75/2, value(t, fleet, flow.Served, "parts"), 1e-12)
	require.InDelta(t, .5*.25, value(t, fleet, flow.Served, "product"), 1e-12)
	require.InDelta(t, .75, value(t, fleet, flow.Served, "each"), 1e-12)
}

// At its capacity a component is not overloaded, nor within the tolerance; above it is, and rejects.
func TestTolerance(t *testing.T) {
	for _, test := range []struct {
		times float64
		over  bool
	}{{1 - 1e-9, false}, {1, false}, {1 + .999e-9, false}, {1 + 1.001e-9, true}, {1 + 1e-6, true}} {
		for _, capacity := range []float64{1e-9, 1, 100, 1e12} {
			load := float64(capacity * test.times)
			require.Equal(t, test.over, topology.Overloaded(load, capacity), "%v of %v", load, capacity)
			fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
				{Name: "s", Capacity: capacity, Demand: load, Overload: topology.Overload{Shed: true}},
			}}))
			require.Equal(t, !test.over, fleet.Flow(topology.State{}).Served[0] == 1)
		}
	}
	require.False(t, topology.Overloaded(1e300, math.Inf(1)))
	require.False(t, topology.Overloaded(math.Inf(1), math.Inf(1)))
}

// While it warms up a server has less capacity: a proportional share spares it, an equal one does not.
func TestCurrentCapacity(t *testing.T) {
	for share, want := range map[topology.Share]float64{topology.Proportional: 20, topology.Equal: 60} {
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "s-[1-2]", Capacity: 100},
			{Name: "users", Demand: 120, Supplies: []topology.Supply{{Members: topology.Names{"s-[1-2]"}, Share: share}}},
		}}))
		flow := fleet.Flow(topology.State{Capacity: []float64{20, 100, math.Inf(1)}})
		require.InDelta(t, want, flow.Load[0], 1e-12)
		flow.Update(topology.State{Demand: []float64{0, 0, 60}})
		require.InDelta(t, 30, flow.Load[0], 1e-12)
	}
}

// Each supply fills its waterfall by itself, also if another of the same owner is like it.
func TestWaterfallsOfOneOwnerFillApart(t *testing.T) {
	supply := topology.Supply{Members: topology.Names{"a", "b"}, Share: topology.Waterfall}
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "[a,b]", Capacity: 10}, {Name: "users", Demand: 6, Supplies: []topology.Supply{supply, supply}},
	}}))
	require.Equal(t, []float64{12, 0, 6}, fleet.Flow(topology.State{}).Load)
}

// What Split finds of each unit of weight is what members take in a flow: a of 10, b and c of 20 and 30 in the next tier.
func TestSplit(t *testing.T) {
	for _, test := range []struct {
		share   topology.Share
		weights []float64 // of supplies
		all     []float64 // of those that take load, by tier
		each    []float64 // of a, b, c in its tier
	}{
		{topology.Equal, nil, []float64{3}, []float64{1, 1, 1}},
		{topology.Each, nil, []float64{3}, []float64{1, 1, 1}},
		{topology.Proportional, nil, []float64{60}, []float64{10, 20, 30}},
		{topology.Weighted, []float64{1, 2}, []float64{1, 4}, []float64{1, 2, 2}},
		{topology.Tiered, nil, []float64{1, 2}, []float64{1, 1, 1}},
		{topology.Waterfall, nil, []float64{10, 50}, []float64{10, 20, 30}},
	} {
		supply := topology.Supply{Members: topology.Names{"a", "[b,c]"}, Share: test.share, Weights: test.weights}
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "a", Capacity: 10}, {Name: "b", Capacity: 20}, {Name: "c", Capacity: 30},
			{Name: "users", Demand: 45, Supplies: []topology.Supply{supply}},
		}}))
		flow, pool := fleet.Flow(topology.State{}), &fleet.Pools()[0]
		perUnit := make([]float64, len(test.all))
		pool.Split(45, test.all, perUnit)
		tier := 0
		for i, m := range pool.Members {
			for i == pool.Ends[tier] {
				tier++
			}
			require.InDelta(t, flow.Load[m], perUnit[tier]*test.each[i], 1e-9, "%s of %s", fleet.Name(m), test.share)
		}
		none := make([]float64, len(test.all))
		pool.Split(45, none, perUnit)
		require.Equal(t, none, perUnit, "nobody takes it: %s", test.share)
	}
}
