package restart_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// together is a server that draws 24, and 1/2 for each of its users, on boards of 26, 10 and 10, in equal parts. The first alone
// carries 4 of 12 users. With one of the others it draws 12 of each: too much for that one. With both it draws 10 of each for all
// users. These boot for 30 and 60 seconds, so that the third has to start half a minute before the second.
func together() *topology.Topology {
	return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-1", Kind: "board", Capacity: 26},
		{Name: "board-2", Kind: "board", Capacity: 10, Start: topology.Start{Boot: tick}},
		{Name: "board-3", Kind: "board", Capacity: 10, Start: topology.Start{Boot: minute}},
		{Name: "server", Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 24, PerUnit: .5}}},
		{Name: "users", Demand: 12, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
}

func TestMakeBootsThatEndTogether(t *testing.T) {
	p := plan(t, together(), cascade.Lose("board"), restart.Options{})
	require.Equal(t, []restart.Step{
		on(0, "board-[1,3]", "server"), in(0, "server"), admit(0, 1./3),
		on(tick, "board-2"),
		admit(minute, 1),
	}, p.Steps)
	require.Equal(t, cascade.Proven, p.Certainty)
	require.InDelta(t, 8, p.Unserved, 1e-9) // of 12 for a minute
}

// What is worth more is served first: of 10 that the server carries, 4 of the ones and 6 of the others.
func TestMakeServesByValueInTheEnd(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "server", Capacity: 10, Start: topology.Start{Boot: minute}},
		{Name: "many", Demand: 12, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		{Name: "few", Demand: 4, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	p := plan(t, fleet, cascade.Lose("server"), restart.Options{Value: map[string]float64{"few": 3}})
	require.Equal(t, cascade.Proven, p.Certainty)
	require.Equal(t, []cascade.Served{{Demand: "many", Fraction: .5}, {Demand: "few", Fraction: 1}}, p.Served)
	require.InDelta(t, 12+3*4, p.Unserved, 1e-9)
}

// A board that comes up beside one that works takes half of its load, and cannot: no plan starts it, and none serves more.
func TestMakeProvesThatMoreDoesNoGood(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-1", Kind: "board", Capacity: 20},
		{Name: "board-2", Kind: "board", Capacity: 5, Start: topology.Start{Boot: minute}},
		{Name: "server", Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 12, PerUnit: .5}}},
		{Name: "users", Demand: 20, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	p := plan(t, fleet, cascade.Scenario{Lose: topology.Names{"board"}}, restart.Options{})
	require.Equal(t, cascade.Proven, p.Certainty)
	require.InDelta(t, .8, p.Served[0].Fraction, 1e-9) // (20 − 12) / .5 of 20
	for _, s := range p.Steps {
		require.NotContains(t, s.What, "board-2")
	}
}

// Of two servers of 10 that shed, one is lost, and 20 that cannot be held back are on the other. Once the first is on again as soon as
// it is powered on, it takes its half at once; where it boots for a minute, nothing that is done in time helps.
func TestMakeProvesThatNothingIsSafe(t *testing.T) {
	for boot, safe := range map[time.Duration]bool{0: true, minute: false} {
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "s-[1-2]", Kind: "server", Capacity: 10, Overload: topology.Overload{Shed: true}, Start: topology.Start{Boot: boot}},
			{Name: "users", Demand: 20, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		}}))
		p := plan(t, fleet, cascade.Lose("s-1"), restart.Options{})
		if safe {
			require.Equal(t, cascade.Proven, p.Certainty)
			continue
		}
		require.Equal(t, cascade.Undetermined, p.Certainty)
		require.Equal(t, "no plan is safe; of the first that was made, at 0:00 what comes up by itself would overload something", p.Reason)
	}
}

// What rounding leaves of a part is not admitted.
func TestMakeAdmitsNothingTiny(t *testing.T) {
	for _, seed := range []uint64{562, 992} {
		d := plainDark(seed)
		p, err := restart.Make(context.Background(), d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		require.Equal(t, cascade.Proven, p.Certainty)
		for _, s := range p.Steps {
			require.False(t, s.Admit > 0 && s.Admit < 1e-9, "%d: %v", seed, p)
		}
	}
}

// The same fleet gives the same plan.
func TestSearchesAgree(t *testing.T) {
	for seed := range uint64(40) {
		d := plainDark(seed)
		var plans [2]string
		for i := range plans {
			p, err := restart.Make(context.Background(), d.fleet, d.scenario, d.options)
			require.NoError(t, err)
			data, err := json.Marshal(p)
			require.NoError(t, err)
			plans[i] = string(data)
		}
		require.Equal(t, plans[0], plans[1])
	}
}

// Of 40 servers that nothing tells apart, 10 may boot at once, and two demands share what is in rotation: they are planned as counts.
func TestMakePlansIdenticalServersAsCounts(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s-[1-40]", Kind: "server", Capacity: 10, Start: topology.Start{Boot: minute}},
		{Name: "many", Demand: 300, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		{Name: "few", Demand: 100, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	p := plan(t, fleet, cascade.Lose("server"), restart.Options{AtOnce: map[string]int{"server": 10}})
	require.Equal(t, cascade.Proven, p.Certainty)
	require.InDelta(t, 400+300+200+100, p.Unserved, 1e-6) // each minute 100 more are served
}
