package spare_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

func shed(t *testing.T, s topology.Spec, scenario cascade.Scenario) *spare.Shedding {
	top, err := topology.New(s)
	require.NoError(t, err)
	e, err := spare.Shed(ctx, top, scenario, nil)
	require.NoError(t, err)
	return e
}

func demand(amount float64) component {
	return component{Name: "users", Demand: amount, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}}
}

// 70 servers of 100 are left for 8,000: 7,000 can be served, 87.5 %.
func TestShedHundred(t *testing.T) {
	e := shed(t, hundred(), cascade.Lose("board-1"))
	require.Equal(t, cascade.Exact, e.Certainty)
	require.InDelta(t, .875, e.Admit[0].Fraction, 1e-12)
	require.InDelta(t, 1000, e.Lost, 1e-9)
	require.InDelta(t, .125, e.Stay, 1e-12)
	require.Empty(t, e.Drain)
	require.Empty(t, e.Off)
	require.Equal(t, `board-1: refuse 12.5 % of users (exact).
  chat-031 is at 100 of 100 requests/s`, e.String())
}

// Nine of 10 and one of 1, a demand of 95: with all ten each takes 1, 10 in all, so 89.5 % is refused; without the weak
// one nine carry 90, and 5/95 = 5.3 % is.
func TestShedTakesTheWeakOut(t *testing.T) {
	s := topology.Spec{Components: []component{
		{Name: "s-1", Kind: "server", Capacity: 1}, {Name: "s-[2-10]", Kind: "server", Capacity: 10}, demand(95),
	}}
	e := shed(t, s, cascade.Scenario{})
	require.Equal(t, cascade.Exact, e.Certainty)
	require.InDelta(t, 85.0/95, e.Stay, 1e-12)
	require.InDelta(t, 90.0/95, e.Admit[0].Fraction, 1e-12)
	require.Equal(t, topology.Names{"s-1"}, e.Drain)
	require.Equal(t, "nothing lost: take s-1 out of rotation; refuse 5.263 % of users (exact); 89.47 % would have to be refused if every server stayed.\n  s-2 is at 10 of 10", e.String())
}

// pairs is 50 + 50 servers of 100, each drawing 100 W and 1 W for each unit of load from the two boards of its pair. At
// 8,000 a pair carries 50·100 + 4,000 = 9,000 W, a board 4,500 of 7,500 W: 60 %.
func pairs() topology.Spec {
	server := func(name, on string) component {
		return component{Name: name, Kind: "server", Capacity: 100, Unit: "requests/s",
			Supplies: []topology.Supply{{Members: topology.Names{on}, Base: 100, PerUnit: 1}}}
	}
	return topology.Spec{Components: []component{
		{Name: "board-[1,2][a,b]", Kind: "board", Capacity: 7500, Unit: "W"},
		server("s-[001-050]", "board-1[a,b]"), server("s-[051-100]", "board-2[a,b]"), demand(8000),
	}}
}

// One board of a pair is lost, and its twin at 9,000/7,500 = 120 %. If all stay, 50·100 + 50q ≤ 7,500 gives q = 50: of
// 8,000 5,000 can be served, 37.5 % is refused. With 11 of the pair switched off 89 are left at 8,000/89 = 89.9 each,
// and the board carries 39·(100 + 89.9) = 7,406 W, 98.7 %: nothing is refused. With 40 of them it would be
// 40·(100 + 8,000/90) = 7,556 W.
func TestSwitchingOffCostsNobodyAnything(t *testing.T) {
	e := shed(t, pairs(), cascade.Lose("board-1a"))
	require.Equal(t, cascade.Exact, e.Certainty)
	require.InDelta(t, .375, e.Stay, 1e-12)
	require.Equal(t, 1.0, e.Admit[0].Fraction)
	require.Zero(t, e.Lost)
	require.Equal(t, topology.Names{"s-[040-050]"}, e.Off)
	require.Empty(t, e.Drain)
	require.Equal(t, "board-1a: switch off s-[040-050] (exact); 37.5 % would have to be refused if every server stayed.", e.String())
}
