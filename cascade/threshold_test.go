package cascade_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A waterfall spills into b, which can serve nothing once c is gone: no load above what a takes holds.
func TestMarginOfWaterfallThatSpillsInVain(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 10, Supplies: []topology.Supply{{Members: topology.Names{"a", "b"}, Share: topology.Waterfall}}},
		{Name: "a", Capacity: 1}, {Name: "c", Capacity: 1000},
		{Name: "b", Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"c"}, Optional: true}}},
	}}))
	o := run(t, fleet, cascade.Lose("c"))
	require.Equal(t, cascade.Collapses, o.Verdict)
	require.InDelta(t, .1, o.Margin, 1e-8)
}

// Two overloads that end within 1e-9 of each other are one event; later ones are another.
func TestSimultaneous(t *testing.T) {
	for _, test := range []struct {
		tms    float64
		rounds int
	}{{1, 2}, {1 + .9e-9, 2}, {1 + 1.1e-9, 3}, {1 - .9e-9, 2}, {1 - 1.1e-9, 3}, {2, 3}} {
		var spec topology.Spec
		for i, tms := range []float64{1, test.tms} {
			spec.Components = append(spec.Components,
				topology.Component{Name: fmt.Sprint("breaker-", i), Capacity: 10, Overload: topology.Overload{Curve: topology.VI, TMS: tms}},
				topology.Component{Name: fmt.Sprint("load-", i), Demand: 20, Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprint("breaker-", i)}}}})
		}
		require.Len(t, run(t, topology.Must(topology.New(spec)), cascade.Scenario{}).Rounds, test.rounds, test.tms)
	}
}

// Wear adds up while the overload lasts. a trips after 10 s; until then b bears 1.5 times
// its capacity (27 s at VI), and then 3 times (6.75 s): 10 + (1 − 10/27)·6.75 = 14.25 s.
func TestWearAddsUp(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "a", Capacity: 10, Overload: topology.Overload{After: 10 * time.Second}},
		{Name: "b", Capacity: 10, Overload: topology.Overload{Curve: topology.VI}},
		{Name: "users", Demand: 30, Supplies: []topology.Supply{{Members: topology.Names{"a", "b"}}}},
	}}))
	o := run(t, fleet, cascade.Scenario{})
	require.Equal(t, 10*time.Second, o.Failures[0].At)
	require.Equal(t, 14_250*time.Millisecond, o.Failures[1].At)
	require.True(t, strings.HasPrefix(o.Failures[1].String(), "b tripped at 30 of 10"))
}

// Wear is lost when the overload ends: b is overloaded for 5 of its 10 s, until a trips and takes its own load along.
func TestWearIsLost(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "a", Capacity: 10, Demand: 20, Overload: topology.Overload{After: 5 * time.Second}, Supplies: []topology.Supply{{Members: topology.Names{"b"}}}},
		{Name: "b", Capacity: 10, Overload: topology.Overload{After: 10 * time.Second}},
	}}))
	o := run(t, fleet, cascade.Scenario{})
	require.Len(t, o.Failures, 1)
	require.Equal(t, 5*time.Second, o.Failures[0].At)
	require.True(t, o.Timing, "had b been faster, it would have tripped")
}

// Serving enough is a matter of the fraction asked for: at it, and not below it.
func TestJudge(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s", Capacity: 75, Overload: topology.Overload{Shed: true}},
		{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}},
	}}))
	o := run(t, fleet, cascade.Scenario{})
	require.Equal(t, cascade.Collapses, o.Verdict)
	require.Equal(t, []cascade.Served{{Demand: "users", Fraction: .75}}, o.Served)
	for serve, want := range map[float64]cascade.Verdict{1: cascade.Collapses, .75 + 1e-6: cascade.Collapses, .75: cascade.Degrades, .5: cascade.Degrades} {
		require.Equal(t, want, o.Judge(serve), serve)
	}
	require.Equal(t, cascade.Holds, run(t, fleet, cascade.Scenario{Load: .75}).Judge(1))
}

// Two tiers of two, health 1 at 2 of 2 live, and at exactly φ·1/2 = 1: with φ just below 2 a little spills to a standby of 1.
func TestTierHealthAtOne(t *testing.T) {
	for factor, want := range map[float64]cascade.Verdict{2: cascade.Holds, 2.1: cascade.Holds, 1.9: cascade.Holds, 1.8: cascade.Degrades} {
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "p-[1-2]", Capacity: 100},
			{Name: "standby", Capacity: 5, Overload: topology.Overload{After: time.Second}},
			{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"p-[1-2]", "standby"}, Share: topology.Tiered, Overprovision: factor}}},
		}}))
		require.Equal(t, want, run(t, fleet, cascade.Lose("p-2")).Verdict, factor)
	}
}

// A demand that the scenario takes down is not counted; one that goes down with what it needs is, at 0.
func TestDemandsThatCount(t *testing.T) {
	fleet := pool(10, 100)
	o := run(t, fleet, cascade.Lose("users"))
	require.Equal(t, cascade.Holds, o.Verdict)
	require.Empty(t, o.Served)
	o = run(t, fleet, cascade.Lose("s-1"))
	require.Equal(t, cascade.Collapses, o.Verdict)
	require.Equal(t, []cascade.Served{{Demand: "users"}}, o.Served)
}

// Other names, and another order of declaration, change no verdict, time, load or margin.
func TestNamesDoNotMatter(t *testing.T) {
	for seed := range uint64(cases(800)) {
		spec, fleet := randomFleet(seed)
		r := rand.New(rand.NewPCG(seed, 12))
		s := randomScenario(r, fleet)
		other := topology.Spec{}
		for _, i := range r.Perm(len(spec.Components)) {
			other.Components = append(other.Components, renamed(spec.Components[i]))
		}
		a := run(t, fleet, s)
		b := run(t, topology.Must(topology.New(other)), cascade.Scenario{Lose: renames(s.Lose), Drain: renames(s.Drain), Load: s.Load})
		where := func() string { return fmt.Sprintf("%q of %s\n%s\n%s", s, text(t, seed, spec), a, b) }
		require.Equal(t, a.Verdict, b.Verdict)
		require.Equal(t, a.Timing, b.Timing)
		if !same(min(a.Margin, 1e9), min(b.Margin, 1e9)) {
			require.Fail(t, "margins differ", where())
		}
		if strings.Join(renames(fallen(a)), " ") != strings.Join(fallen(b), " ") {
			require.Fail(t, "others fail", where())
		}
		require.Len(t, b.Rounds, len(a.Rounds))
		for k := range a.Rounds {
			require.InDelta(t, a.Rounds[k].At, b.Rounds[k].At, 1e-9*float64(a.Rounds[k].At)+1)
			require.True(t, same(a.Rounds[k].Use, b.Rounds[k].Use))
		}
	}
}

func renames(names topology.Names) (renamed topology.Names) {
	for _, name := range names {
		renamed = append(renamed, strings.ReplaceAll(name, "c-", "other-"))
	}
	return renamed
}

func renamed(c topology.Component) topology.Component {
	c.Name, c.Needs = renames(topology.Names{c.Name})[0], renames(c.Needs)
	supplies := c.Supplies
	c.Supplies = nil
	for _, s := range supplies {
		s.Members = renames(s.Members)
		c.Supplies = append(c.Supplies, s)
	}
	return c
}

// A waterfall fills a tier to its capacity, and by a rounding more: that is no overload, and load may grow until the last
// tier is full.
func TestMarginOfFilledTiers(t *testing.T) {
	for _, test := range []struct {
		a, b, demand float64
		supply       topology.Supply
		want         float64
	}{
		{7.7, 6, 1, topology.Supply{}, 13.7},
		{7.7, 6, 10, topology.Supply{}, 1.37},
		{.4, 5.7, 1, topology.Supply{Base: 2, PerUnit: 2}, 2.05},
	} {
		test.supply.Members, test.supply.Share = topology.Names{"a", "b"}, topology.Waterfall
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "a", Capacity: test.a}, {Name: "b", Capacity: test.b},
			{Name: "users", Demand: test.demand, Supplies: []topology.Supply{test.supply}},
		}}))
		require.InEpsilon(t, test.want, run(t, fleet, cascade.Scenario{}).Margin, 1e-12)
	}
}
