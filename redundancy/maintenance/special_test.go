package maintenance_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/maintenance"
	"github.com/ridethrough/ridethrough/topology"
)

var none = maintenance.Options{Family: cascade.Only()}

// What boots draws half of its 30 W from each of two feeds, one of which is taken out with it and back already: 15 of 12 W.
func TestInrushOnWhatIsBack(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "feed-1", Capacity: 12, Unit: "W"},
		{Name: "feed-2", Capacity: 40, Unit: "W"},
		{Name: "web-1", Kind: "server", Capacity: 100, Start: topology.Start{Boot: time.Minute},
			Supplies: []topology.Supply{{Members: topology.Names{"feed-[1-2]"}, Inrush: 30}}},
		{Name: "web-2", Kind: "server", Capacity: 100},
		{Name: "users", Demand: 0.5, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	spec.Components[2].Supplies[0].PerUnit = 1
	fleet := topology.Must(topology.New(spec))
	a, err := maintenance.Check(context.Background(), fleet, topology.Names{"feed-1", "web-1"}, none)
	require.NoError(t, err)
	require.False(t, a.Safe, a.String())
	require.Equal(t, maintenance.Booting, a.Smallest.Phase)
	require.InDelta(t, 15, a.Smallest.Load, 1e-9)
}

// What cannot boot, for its board is lost, places no in-rush: the UPS carries 8 of 10, not 13.
func TestNoInrushWithoutABoard(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "ups", Capacity: 10},
		{Name: "board-1"},
		{Name: "web-1", Kind: "server", Capacity: 100, Needs: topology.Names{"board-1"}, Start: topology.Start{Boot: time.Minute},
			Supplies: []topology.Supply{{Members: topology.Names{"ups"}, PerUnit: 1, Inrush: 5}}},
		{Name: "web-2", Kind: "server", Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"ups"}, PerUnit: 1}}},
		{Name: "users", Demand: 4, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	family := cascade.Only(cascade.Scenario{Lose: topology.Names{"board-1"}, Load: 2})
	a := check(t, spec, "web-1", maintenance.Options{Family: family})
	require.True(t, a.Safe, a.String())
	require.Equal(t, cascade.Exact, a.Certainty)
	a = check(t, spec, "web-1", maintenance.Options{Family: cascade.Only(cascade.Scenario{Load: 2})})
	require.False(t, a.Safe, a.String())
	require.Equal(t, "booting, load 2: ups at 13 of 10", a.Smallest.String())
}

// Of four servers at 20, two may be out. Back at one instant they have 6 each, and bear 5; back alone, one would bear 6.67.
func TestColdTogether(t *testing.T) {
	spec := five(20, topology.Start{WarmUp: time.Minute, Cold: .6})
	spec.Components[0].Name = "web-[1-4]"
	fleet := topology.Must(topology.New(spec))
	for together, groups := range map[bool]int{true: 2, false: 4} {
		o := none
		o.Together = together
		r, err := maintenance.Roll(context.Background(), fleet, topology.Names{"server"}, o)
		require.NoError(t, err)
		require.Len(t, r.Groups, groups, r.String())
		require.Equal(t, groups, r.Bound)
		require.Equal(t, cascade.Proven, r.Certainty)
	}
}

// Two that are alike but for how cold they come back: without b, a bears too much, but not the other way round.
func TestAlikeButForTheStart(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "a", Kind: "server", Capacity: 10, Start: topology.Start{WarmUp: time.Minute, Cold: .5}},
		{Name: "b", Kind: "server", Capacity: 10, Start: topology.Start{WarmUp: time.Minute, Cold: .9}},
		{Name: "c", Kind: "spare", Capacity: 20},
		{Name: "users", Demand: 12, Supplies: []topology.Supply{{Members: topology.Names{"server", "spare"}}}},
	}}
	for _, together := range []bool{false, true} {
		a := check(t, spec, "server", maintenance.Options{Family: cascade.Each("server"), Together: together})
		require.False(t, a.Safe, a.String())
		require.Equal(t, "a", a.Smallest.Component, a.String())
	}
	spec.Components[0].Start.Cold = .9
	a := check(t, spec, "server", maintenance.Options{Family: cascade.Each("server"), Together: true})
	require.True(t, a.Safe, a.String())
}

// a is warm after a minute, b after ten: in between a takes most of the share, and draws more than its board bears, though not
// when both are cold, nor when both are warm. At one instant both are not determined, and so one group may be enough. In any
// order they are not safe: a bears too much without b.
func TestBetweenColdAndWarm(t *testing.T) {
	server := func(name, board string, warm time.Duration) topology.Component {
		return topology.Component{Name: name, Kind: "server", Capacity: 100, Start: topology.Start{WarmUp: warm, Cold: .1},
			Supplies: []topology.Supply{{Members: topology.Names{board}, PerUnit: 1}}}
	}
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-[a,b]", Kind: "board", Capacity: 45},
		server("a", "board-a", time.Minute), server("b", "board-b", 10*time.Minute),
		{Name: "c", Kind: "spare", Capacity: 100},
		{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"server", "spare"}, Share: topology.Proportional}}},
	}}))
	o, ctx := none, context.Background()
	a, err := maintenance.Check(ctx, fleet, topology.Names{"server"}, o)
	require.NoError(t, err)
	require.Equal(t, cascade.Exact, a.Certainty, a.String())
	require.Equal(t, maintenance.Mixed, a.Smallest.Phase)
	o.Together = true
	a, err = maintenance.Check(ctx, fleet, topology.Names{"server"}, o)
	require.NoError(t, err)
	require.False(t, a.Safe, a.String())
	require.Equal(t, cascade.Undetermined, a.Certainty, a.String())
	require.Contains(t, a.Reason, "while it warms up")
}

// Each of two feeds bears half of what boots, which the bound counts in full: up to five are proven, up to seven are looked at,
// from eight to ten it is not determined, and eleven are too many. So there are three groups, and two may be enough.
func TestNotDeterminedIsBounded(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "feed-[1-2]", Kind: "feed", Capacity: 101, Unit: "W"},
		{Name: "web-[01-20]", Kind: "server", Capacity: 100, Start: topology.Start{Boot: time.Minute},
			Supplies: []topology.Supply{{Members: topology.Names{"feed"}, Share: topology.Proportional, PerUnit: .001, Inrush: 20}}},
		{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	ctx := context.Background()
	for what, certainty := range map[string]cascade.Certainty{
		"web-[01-05]": cascade.Proven, "web-[01-07]": cascade.Exact, "web-[01-08]": cascade.Undetermined, "web-[01-11]": cascade.Exact,
	} {
		a, err := maintenance.Check(ctx, fleet, topology.Names{what}, none)
		require.NoError(t, err)
		require.Equal(t, certainty, a.Certainty, a.String())
		require.Equal(t, what < "web-[01-08]", a.Safe)
	}
	r, err := maintenance.Roll(ctx, fleet, topology.Names{"server"}, none)
	require.NoError(t, err)
	require.Len(t, r.Groups, 3, r.String())
	require.Equal(t, 2, r.Bound)
	require.Equal(t, cascade.Bounded, r.Certainty)
	require.NoError(t, maintenance.Verify(ctx, fleet, r, none))
	r.Groups[0].What, r.Groups[1].What, r.Groups[2].What = topology.Names{"web-[01-08]"}, topology.Names{"web-[09-14]"}, topology.Names{"web-[15-20]"}
	require.ErrorContains(t, maintenance.Verify(ctx, fleet, r, none), "group 1 is not known to be safe")
}

// A server cannot boot before its board has: the UPS bears the in-rush of either, not of both.
func TestOneBootsAfterTheOther(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "ups", Capacity: 10},
		{Name: "board", Start: topology.Start{Boot: time.Minute}, Supplies: []topology.Supply{{Members: topology.Names{"ups"}, PerUnit: .001, Inrush: 6}}},
		{Name: "web-1", Kind: "server", Capacity: 100, Needs: topology.Names{"board"}, Start: topology.Start{Boot: time.Minute},
			Supplies: []topology.Supply{{Members: topology.Names{"ups"}, PerUnit: .001, Inrush: 6}}},
		{Name: "web-2", Kind: "server", Capacity: 100},
		{Name: "users", Demand: 4, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	a := check(t, spec, "board", none)
	require.True(t, a.Safe, a.String())
	require.Equal(t, cascade.Exact, a.Certainty)
	require.Equal(t, 2*time.Minute, a.Takes)
	require.Equal(t, topology.Names{"web-1"}, a.Down)
	spec.Components[2].Needs = nil
	fleet := topology.Must(topology.New(spec))
	a, err := maintenance.Check(context.Background(), fleet, topology.Names{"board", "web-1"}, none)
	require.NoError(t, err)
	require.False(t, a.Safe, a.String())
	require.Equal(t, maintenance.Booting, a.Smallest.Phase)
}

// At 1.8 times the load what is back cold trips, and the others carry it: with Survive that is enough, and two of six may be out.
func TestSurviveCold(t *testing.T) {
	spec := five(20, topology.Start{WarmUp: time.Minute, Cold: .6})
	spec.Components[0].Name = "web-[1-6]"
	o := maintenance.Options{Family: cascade.Only(cascade.Scenario{Load: 1.8}), Survive: true}
	r, err := maintenance.Roll(context.Background(), topology.Must(topology.New(spec)), topology.Names{"server"}, o)
	require.NoError(t, err)
	require.Len(t, r.Groups, 3, r.String())
	require.Equal(t, cascade.Proven, r.Certainty)
	o.Survive = false
	r, err = maintenance.Roll(context.Background(), topology.Must(topology.New(spec)), topology.Names{"server"}, o)
	require.NoError(t, err)
	require.Len(t, r.Groups, 6, r.String())
	require.Equal(t, cascade.Proven, r.Certainty)
}

// The fullest need not be the first to be overloaded as load grows: the UPS is at 94 of 100 whatever is asked for, and the servers
// at 9 of 10.
func TestMarginIsOfLoad(t *testing.T) {
	spec := five(27, topology.Start{})
	spec.Components = append(spec.Components,
		topology.Component{Name: "ups-[1-2]", Capacity: 100},
		topology.Component{Name: "plant", Supplies: []topology.Supply{{Members: topology.Names{"ups-[1-2]"}, Base: 94}}},
	)
	a := check(t, spec, "web-1", maintenance.Options{Family: cascade.Only(cascade.Lose("web-2"), cascade.Lose("ups-1"))})
	require.True(t, a.Safe, a.String())
	require.Equal(t, "ups-2", a.Phases[0].Component)
	require.InDelta(t, 10/9., a.Margin, 1e-8)
}
