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
	require.Equal(t, "assumed: store: each of its callers is taken to cause an equal part of its demand: rates of calls would settle it", findings.String())
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
	// assumed: cart: each of its callers is taken to cause an equal part of its demand: rates of calls would settle it
	// front 4 [] [{[cart] 0 false  [] 0 0 0 1.5 0}]
	// cart 0 [] []
}

// join is Join without an error.
func join(t *testing.T, spec topology.Spec, all ...calls.Call) (topology.Spec, topology.Findings) {
	spec, findings, err := calls.Join(spec, all)
	require.NoError(t, err)
	return spec, findings
}

// The front needs one of two carts, and of their 6 and 2 it causes all: it draws on them 6:2 with 8/4 for each of its
// own, and when cart-1 is down the other takes all 8.
func TestJoinSomeOfSeveral(t *testing.T) {
	before := topology.Spec{Components: []topology.Component{
		{Name: "front", Demand: 4, Capacity: 4, Needs: topology.Names{"1 of cart-[1-2]", "db"}},
		{Name: "cart-1", Demand: 6, Capacity: 9},
		{Name: "cart-2", Demand: 2, Capacity: 9},
		{Name: "db", Capacity: 1},
	}}
	spec, _ := join(t, before, calls.Of(before)...)
	require.Equal(t, topology.Names{"1 of cart-[1-2]", "db"}, spec.Components[0].Needs)
	require.Equal(t, []topology.Supply{{Members: topology.Names{"cart-1", "cart-2"}, PerUnit: 2, Share: topology.Weighted, Weights: []float64{6, 2}, Optional: true}},
		spec.Components[0].Supplies)
	sameLoads(t, before, spec)
	f := fleet(t, spec).Flow(topology.State{Status: []topology.Status{topology.Up, topology.Down, topology.Up, topology.Up}})
	require.Equal(t, []float64{4, 0, 8, 0}, f.Load)

	before.Components[2].Unit = "W" // what is of another unit cannot take the load of the rest
	spec, _ = join(t, before, calls.Of(before)...)
	require.Equal(t, []topology.Supply{
		{Members: topology.Names{"cart-1"}, PerUnit: 1.5, Share: topology.Weighted, Weights: []float64{6}, Optional: true},
		{Members: topology.Names{"cart-2"}, PerUnit: .5, Share: topology.Weighted, Weights: []float64{2}, Optional: true},
	}, spec.Components[0].Supplies)
	sameLoads(t, before, spec)
}

// The front needs one of two stores, and calls one of them: the other takes its load when it is down, if that cannot go
// in a circle and both are of one unit.
func TestJoinStandby(t *testing.T) {
	before := topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 10, Supplies: draws("front")},
		{Name: "front", Capacity: 20, Needs: topology.Names{"1 of store-[1-2]"}},
		{Name: "store-1", Demand: 5, Capacity: 9}, {Name: "store-2", Capacity: 9},
	}}
	call := calls.Call{From: "front", To: "store-1", Rate: 1}
	spec, _ := join(t, before, call)
	require.Equal(t, []topology.Supply{{Members: topology.Names{"store-1", "store-2"}, PerUnit: .5, Share: topology.Tiered, Optional: true}}, spec.Components[1].Supplies)
	require.Equal(t, topology.Names{"1 of store-[1-2]"}, spec.Components[1].Needs)
	sameLoads(t, before, spec)
	f := fleet(t, spec).Flow(topology.State{Status: []topology.Status{topology.Up, topology.Up, topology.Down, topology.Up}})
	require.Equal(t, []float64{10, 10, 0, 5}, f.Load)
	require.Equal(t, 1., f.Served[0])

	alone := []topology.Supply{{Members: topology.Names{"store-1"}, PerUnit: .5, Share: topology.Weighted, Weights: []float64{5}, Optional: true}}
	before.Components[3].Unit = "W"
	spec, _ = join(t, before, call)
	require.Equal(t, alone, spec.Components[1].Supplies)
	before.Components[3] = topology.Component{Name: "store-2", Capacity: 9, Supplies: draws("front")}
	spec, _ = join(t, before, call)
	require.Equal(t, alone, spec.Components[1].Supplies)
	before.Components[1].Needs = topology.Names{"1 of [store-1,front]"}
	spec, _ = join(t, before, call)
	require.Equal(t, alone, spec.Components[1].Supplies)
}

// By hand: the front has 6 and causes 3 of the cart's 4, and the cart all of the store's 8, which is 2 for each of its
// own. At a front that sheds above 4 the cart has 1 + 3·4/6 = 3, and the store 6; without the front they have 1 and 2;
// a cart that sheds above 3 passes 6 on with nothing lost, of which it causes 8 all the same.
func TestJoinWhenLessIsServed(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "front", Demand: 6, Capacity: 6, Overload: topology.Overload{Shed: true}},
		{Name: "cart", Demand: 4, Capacity: 9}, {Name: "store", Demand: 8, Capacity: 9},
	}}
	all := []calls.Call{{From: "front", To: "cart", Rate: 3}, {To: "cart", Rate: 1}, {From: "cart", To: "store"}}
	after, _ := join(t, spec, all...)
	up, down := topology.Up, topology.Down
	inf := math.Inf(1)
	for _, c := range []struct {
		state topology.State
		want  []float64
	}{
		{topology.State{}, []float64{6, 4, 8}},
		{topology.State{Capacity: []float64{4, 9, 9}}, []float64{6, 3, 6}},
		{topology.State{Status: []topology.Status{down, up, up}}, []float64{6, 1, 2}},
		{topology.State{Demand: []float64{12, 1, 0}, Capacity: []float64{inf, 9, 9}}, []float64{12, 7, 14}},
	} {
		require.Equal(t, c.want, fleet(t, after).Flow(c.state).Load)
	}
	require.Equal(t, []string{"front", "cart", "store"}, down3(t, after, "store"), "a caller is up only while all that it calls is")
	require.Equal(t, []string{"front"}, down3(t, after, "front"))
	spec.Components[1].Capacity, spec.Components[1].Overload.Shed = 3, true
	after, _ = join(t, spec, all...)
	require.Equal(t, []float64{6, 4, 8}, fleet(t, after).Flow(topology.State{}).Load)
	require.Equal(t, []float64{6, 1, 8. / 3}, fleet(t, after).Flow(topology.State{Status: []topology.Status{down, up, up}}).Load)
}

// down3 returns which of the first three components are down without one of them.
func down3(t *testing.T, spec topology.Spec, lost string) (down []string) {
	f := fleet(t, spec)
	id, _ := f.Lookup(lost)
	closure := f.Closure()
	closure.Fail(id)
	for id := range topology.ID(3) {
		if closure.Down(id) {
			down = append(down, f.Name(id))
		}
	}
	return down
}

// What a supply asks for, no need asks for again; what none asks for, stays.
func TestJoinNeeds(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "a", Demand: 1, Capacity: 1}, {Name: "b", Demand: 1, Capacity: 1, Kind: "backend"}, {Name: "c", Capacity: 1}, {Name: "d-[1-3]", Demand: 1, Capacity: 1, Kind: "db"},
		{Name: "front", Demand: 1},
	}}
	var all []calls.Call
	for _, to := range []string{"a", "b", "c", "d-1", "d-3"} {
		all = append(all, calls.Call{From: "front", To: to})
	}
	for need, want := range map[string]topology.Names{
		"a":                 {"c"},
		"1 of a":            {"c"},
		"1  of  a":          {"c"},
		"[a,b,c]":           {"c"},
		"3 of [a,b,c]":      {"c"},
		"c":                 {"c"},
		"backend":           {"c"},
		"d-[1-3]":           {"d-2", "c"},
		"db":                {"d-2", "c"},
		"2 of db":           {"2 of db", "c"},
		"elsewhere":         {"elsewhere", "c"},
		"1 of elsewhere":    {"1 of elsewhere", "c"},
		`1 of [c,d\-2]`:     {`1 of [c,d\-2]`},
		"1 of [c,d-2]":      {"1 of [c,d-2]", "c"},
		"0 of a":            {"0 of a", "c"},
		"99999999999 of db": {"99999999999 of db", "c"},
	} {
		spec.Components[4].Needs = topology.Names{need}
		joined, findings := join(t, spec, all...)
		require.Equal(t, want, joined.Components[len(joined.Components)-1].Needs, need)
		require.Equal(t, "missing: c: no demand of its own is known, so callers place no load there: calls to it are needs only",
			findings[:1].String())
		require.Equal(t, topology.Names{need}, spec.Components[4].Needs, "the spec that was given stays as it is")
	}
}

// Demand, needs and supplies that components have from their kind change for those that call and are called, no others.
func TestJoinKinds(t *testing.T) {
	before := topology.Spec{
		Kinds: map[string]topology.Component{"service": {Demand: 6, Capacity: 12, Unit: "cores", Needs: topology.Names{"dns"}, Supplies: draws("node-{1}")}},
		Components: []topology.Component{
			{Name: "dns", Demand: 1, Unit: "cores"}, {Name: "node-[1-9]", Capacity: 50, Unit: "cores"}, {Name: "s-[1-3]", Kind: "service"}, {Name: "t-[1-2]", Kind: "service"},
		},
	}
	before.Components[0].Supplies = draws("node-9")
	spec, findings := join(t, before, calls.Call{From: "s-2", To: "s-1", Rate: 1}, calls.Call{From: "s-2", To: "dns", Rate: 1})
	require.Empty(t, findings)
	sameLoads(t, before, spec)
	after := fleet(t, spec)
	for name, want := range map[string]topology.Component{
		"s-1": {Needs: topology.Names{"dns"}, Supplies: draws("node-1")},
		"s-2": {Demand: 6, Supplies: append(draws("node-2"), topology.Supply{Members: topology.Names{"s-1"}, PerUnit: 1}, topology.Supply{Members: topology.Names{"dns"}, PerUnit: 1. / 6})},
		"s-3": {Demand: 6, Needs: topology.Names{"dns"}, Supplies: draws("node-3")},
		"t-2": {Demand: 6, Needs: topology.Names{"dns"}, Supplies: draws("node-2")},
	} {
		id, ok := after.Lookup(name)
		require.True(t, ok)
		got := after.Component(id)
		require.Equal(t, want.Demand, got.Demand, name)
		require.ElementsMatch(t, want.Needs, got.Needs, name)
		require.ElementsMatch(t, want.Supplies, got.Supplies, name)
		require.Equal(t, "cores", got.Unit)
	}
	require.Equal(t, "t-[1-2]", spec.Components[len(spec.Components)-1].Name, "what no call names stays together")
	require.Equal(t, 6., before.Kinds["service"].Demand)
}

// A caller that sheds passes on what it serves: of 10 it serves 8, with which it causes the 4 of the store.
func TestJoinShedding(t *testing.T) {
	before := topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 10, Supplies: draws("front")},
		{Name: "front", Capacity: 8, Overload: topology.Overload{Shed: true}},
		{Name: "store", Demand: 4, Capacity: 5},
	}}
	spec, findings := join(t, before, calls.Call{From: "front", To: "store", Rate: 1})
	require.Empty(t, findings)
	require.Equal(t, .5, spec.Components[1].Supplies[0].PerUnit)
	sameLoads(t, before, spec)
}

func TestJoinFindings(t *testing.T) {
	one := func(name string, demand float64) topology.Component {
		return topology.Component{Name: name, Demand: demand, Capacity: 100}
	}
	spec := topology.Spec{Components: []topology.Component{one("a", 1), one("b", 2), one("c", 3), one("idle", 0)}}
	for _, c := range []struct {
		calls []calls.Call
		want  string
	}{
		{nil, ""},
		{[]calls.Call{{From: "a", To: "a", Rate: 1}}, ""},
		{[]calls.Call{{From: "web", To: "redis", Rate: 1}, {From: "lb", To: "a", Rate: 1}},
			"missing: lb, redis, web: not in the fleet: as callers they count as users outside it, and calls to them are left out"},
		{[]calls.Call{{From: "idle", To: "a", Rate: 1}},
			"missing: idle: no load of it is known, so none follows from it: its calls are needs only, and what they cause stays with what is called"},
		{[]calls.Call{{From: "a", To: "b", Rate: 3}, {From: "b", To: "c", Rate: 2}, {From: "c", To: "a", Rate: 2.5}},
			"looks wrong: c, a, b: load cannot go in a circle, c → a → b → c: the calls from b to c (the fewest, 2 a second) are a need only, and what they cause stays c's own demand"},
		{[]calls.Call{{From: "c", To: "a"}, {From: "b", To: "c", Rate: 2}, {From: "a", To: "b", Rate: 3}},
			"looks wrong: a, b, c: load cannot go in a circle, a → b → c → a: the calls from c to a (whose rate is not known) are a need only, and what they cause stays a's own demand"},
		{[]calls.Call{{From: "b", To: "a"}, {From: "a", To: "b"}},
			"looks wrong: a, b: load cannot go in a circle, a → b → a: the calls from b to a (whose rate is not known) are a need only, and what they cause stays a's own demand\n" +
				"assumed: b: each of its callers is taken to cause an equal part of its demand: rates of calls would settle it"},
	} {
		after, findings := join(t, spec, c.calls...)
		require.Equal(t, c.want, findings.String())
		sameLoads(t, spec, after)
	}
}

// Where there are many circles, each is cut, and few are told at length.
func TestJoinManyCircles(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{{Name: "s[0-29]", Demand: 1, Capacity: 9}}}
	var all []calls.Call
	for i := range 30 {
		all = append(all, calls.Call{From: fmt.Sprintf("s%d", i), To: fmt.Sprintf("s%d", (i+1)%30)})
		if i > 0 {
			all = append(all, calls.Call{From: fmt.Sprintf("s%d", i), To: fmt.Sprintf("s%d", i-1)})
		}
	}
	after, findings := join(t, spec, all...)
	sameLoads(t, spec, after)
	require.Len(t, findings, 22)
	require.Equal(t, "looks wrong: s21 → s20, s22 → s21, s23 → s22 and 7 more: these close a circle, too, and are needs only: what they cause stays the own demand of what is called", findings[20].String())
	require.Contains(t, findings.String(), "s0 → s1 → ")
}

func TestJoinFaults(t *testing.T) {
	spec := shop()
	for want, all := range map[string][]calls.Call{
		"cart: rate: bad number: -1 calls a second from front: give 0 if it is not known, or a number from 1e-50 to 1e+50": {{From: "front", To: "cart", Rate: -1}},
		"ads: rate: bad number: NaN calls a second from outside the fleet: give 0 if it is not known, or a number from 1e-50 to 1e+50\n" +
			"cart: rate: bad number: +Inf calls a second from front: give 0 if it is not known, or a number from 1e-50 to 1e+50": {
			{From: "front", To: "cart", Rate: math.Inf(1)}, {To: "ads", Rate: math.NaN()}},
		"cart: rate: bad number: known for calls from front, and not for those from ads: give rates for all of its callers or for none": {
			{From: "front", To: "cart", Rate: 2}, {From: "ads", To: "cart"}, {From: "ads", To: "store"}},
		"not found: front calls nothing: name what it calls": {{From: "front"}},
	} {
		_, _, err := calls.Join(spec, all)
		require.EqualError(t, err, want)
	}

	spec.Components[1].Supplies = draws("nod")
	_, _, err := calls.Join(spec, []calls.Call{{From: "front", To: "cart"}})
	require.ErrorContains(t, err, `front: supplies[0].members: not found: no component and no kind is named "nod"`)
	spec.Components[1].Name = "front["
	_, _, err = calls.Join(spec, []calls.Call{{From: "front", To: "cart"}})
	require.ErrorContains(t, err, "front[: name: bad syntax")
}

func TestOf(t *testing.T) {
	spec := shop()
	require.Equal(t, []calls.Call{{From: "front", To: "cart"}, {From: "front", To: "ads"}, {From: "cart", To: "store"}}, calls.Of(spec))
	spec.Components[1].Needs = topology.Names{"node", "1 of [ads,front]", "elsewhere"}
	spec.Components[3].Demand = 0
	require.Equal(t, []calls.Call{{From: "front", To: "ads"}}, calls.Of(spec))
	spec.Components[0].Name = "["
	require.Empty(t, calls.Of(spec))
	require.Empty(t, calls.Of(topology.Spec{}))
}
