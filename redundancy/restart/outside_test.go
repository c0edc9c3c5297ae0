package restart_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

func TestMakeOutsideTheShape(t *testing.T) {
	for name, change := range map[string]func(*topology.Spec){
		"two demands": func(s *topology.Spec) {
			s.Components = append(s.Components, topology.Component{Name: "batch", Demand: 1, Supplies: s.Components[5].Supplies})
		},
		"share":                func(s *topology.Spec) { s.Components[5].Supplies[0].Share = topology.Proportional },
		"unlike servers":       func(s *topology.Spec) { s.Components[1].Capacity = 120 },
		"servers need servers": func(s *topology.Spec) { s.Components[2].StartNeeds = topology.Names{"chat-001"} },
	} {
		t.Run(name, func(t *testing.T) {
			p := plan(t, hundred(change), cascade.Lose("board-1", "board-2"), restart.Options{})
			require.NotEqual(t, cascade.Undetermined, p.Certainty)
			require.NotEmpty(t, p.Steps)
			for _, s := range p.Served {
				require.Equal(t, 1., s.Fraction)
			}
			require.Equal(t, 0., p.Unserved)
		})
	}
}

func TestMakeDeadlock(t *testing.T) {
	// The directory needs the console to start, the console the storage, the storage the directory; the servers wait for it.
	fleet := hundred(func(s *topology.Spec) {
		kind(s, func(c *topology.Component) { c.StartNeeds = topology.Names{"directory"} })
		s.Components = append(s.Components,
			topology.Component{Name: "directory", StartNeeds: topology.Names{"console", "board-4"}, Needs: topology.Names{"board-1"}},
			topology.Component{Name: "console", StartNeeds: topology.Names{"storage"}, Needs: topology.Names{"board-1"}},
			topology.Component{Name: "storage", StartNeeds: topology.Names{"directory"}, Needs: topology.Names{"board-1"}},
		)
	})
	p := plan(t, fleet, cascade.Lose("board-1"), restart.Options{})
	require.Equal(t, []restart.Deadlock{{Members: topology.Names{"directory", "console", "storage"}, Size: 3, Cycle: true, Least: 3}}, p.Deadlocks)
	require.Contains(t, p.String(), "directory needs console needs storage needs directory")
	require.Equal(t, 0., p.Served[0].Fraction)
	// One of three sites is enough, and another one is not in the cycle: no deadlock.
	p = plan(t, hundred(nil), cascade.Lose("board-1"), restart.Options{})
	require.Empty(t, p.Deadlocks)
}

func TestMakeTooFewServers(t *testing.T) {
	// board-1 never returns: 70 servers are 87.5 %.
	p := plan(t, hundred(nil), cascade.Lose("board-1"), restart.Options{Return: map[string]time.Duration{"board-1": -1}})
	require.Equal(t, .875, p.Served[0].Fraction)
	require.Equal(t, cascade.Proven, p.Certainty)
	require.Contains(t, p.Reason, "87.5 % of users is served in the end")
	require.Contains(t, p.Reason, "the 70 servers that can start carry 7,000 requests/s: 80 would be needed")
}

func TestMakeSurvivorsAndDrained(t *testing.T) {
	// 40 % used: the other 70 hold. The 30 come back when their board does, and the drained 5 at once.
	fleet := hundred(func(s *topology.Spec) { s.Components[5].Demand = 4000 })
	p := plan(t, fleet, cascade.Scenario{Lose: topology.Names{"board-1"}, Drain: topology.Names{"chat-[031-035]"}}, restart.Options{Return: back26})
	require.Equal(t, []restart.Step{
		in(0, "chat-[031-035]"), on(26*minute, "board-1", "chat-[001-030]"), in(26*minute, "chat-[001-030]"),
	}, p.Steps)
	require.Equal(t, 0., p.Unserved)
	require.Equal(t, cascade.Proven, p.Certainty)
	// Nothing is lost: nothing to do.
	p = plan(t, fleet, cascade.Scenario{}, restart.Options{})
	require.Empty(t, p.Steps)
	require.Equal(t, cascade.Proven, p.Certainty)
}

func TestMakeDualFeeds(t *testing.T) {
	// Racks of ten servers of 500 W, 800 W while they boot, on two feeds each, all behind a UPS of 30 kW. The feeds take 3 kW each, so
	// of the 8 kW of a rack that boots they carry 6: seven servers boot, the rest after that.
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "ups", Capacity: 30_000, Unit: "W"},
		{Name: "feed-[a,b]-[1-4]", Kind: "feed", Capacity: 3_000, Supplies: []topology.Supply{{Members: []string{"ups"}}}},
		{Name: "s-[1-4]-[01-10]", Kind: "server", Capacity: 100, Start: topology.Start{Boot: minute},
			Supplies: []topology.Supply{{Members: []string{"feed-[a,b]-{1}"}, Base: 500, Inrush: 300}}},
		{Name: "users", Demand: 4000, Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
	}}))
	p := plan(t, fleet, cascade.Lose("ups"), restart.Options{})
	// 28 at first; then each rack has 3.5 kW of 6 kW and starts three more.
	require.Equal(t, .7, p.Steps[3].Admit)
	require.Equal(t, 2*minute, p.Finish)
	require.InDelta(t, 4000+1200, p.Unserved, 1e-6)
	require.Equal(t, cascade.Proven, p.Certainty)
	// A feed lost for good leaves its rack 3 kW on the other: three boot, one more, and then there is no room for 800 W.
	p = plan(t, fleet, cascade.Lose("ups", "feed-a-1"), restart.Options{Return: map[string]time.Duration{"feed-a-1": -1}})
	require.Equal(t, .875, p.Served[0].Fraction)
}

func TestMakeSoonest(t *testing.T) {
	// Traffic draws power: at 400 W and 4 W for each unit, ten servers at 90 draw 7.6 kW of 8 kW and leave no room for
	// the 1,000 W of another. Who wants to finish soonest starts all of them before anything is admitted.
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board", Capacity: 10_000, Unit: "W"},
		{Name: "s-[01-12]", Kind: "server", Capacity: 100, Start: topology.Start{Boot: 2 * minute},
			Supplies: []topology.Supply{{Members: []string{"board"}, Base: 400, PerUnit: 4, Inrush: 600}}},
		{Name: "users", Demand: 1100, Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
	}}))
	p := plan(t, fleet, cascade.Lose("board"), restart.Options{Soonest: true})
	require.Equal(t, 4*minute, p.Finish)
	require.Equal(t, 4*minute, p.Earliest)
	require.Equal(t, cascade.Proven, p.Certainty)
}

func TestMakePowerForTraffic(t *testing.T) {
	// A board of 8 kW; each server draws 400 W and 4 W for each unit of load, at 100 units 8 W for each. So no more than 1,000
	// units can be carried, and that by ten servers; all twelve would draw 4.8 kW and leave 3.2 kW for 800 units.
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board", Capacity: 8_000, Unit: "W"},
		{Name: "s-[01-12]", Kind: "server", Capacity: 100, Supplies: []topology.Supply{{Members: []string{"board"}, Base: 400, PerUnit: 4}}},
		{Name: "users", Demand: 1100, Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
	}}))
	p := plan(t, fleet, cascade.Lose("board"), restart.Options{})
	require.InDelta(t, 1000./1100, p.Served[0].Fraction, 1e-9)
	require.Equal(t, cascade.Proven, p.Certainty)
	require.Equal(t, on(0, "board", "s-[01-10]"), p.Steps[0])
}

func TestMakeFaults(t *testing.T) {
	ctx, fleet := context.Background(), hundred(nil)
	for _, o := range []restart.Options{
		{Return: map[string]time.Duration{"board-9": 1}}, {AtOnce: map[string]int{"sever": 1}}, {AtOnce: map[string]int{"server": -1}},
		{Value: map[string]float64{"user": 1}}, {Value: map[string]float64{"users": -1}}, {Grid: -1},
	} {
		_, err := restart.Make(ctx, fleet, cascade.Lose("board-1"), o)
		require.Error(t, err, "%+v", o)
	}
	_, err := restart.Make(ctx, fleet, cascade.Lose("bord-1"), restart.Options{})
	require.ErrorContains(t, err, "bord-1")
	require.Error(t, restart.Verify(ctx, fleet, &restart.Plan{Grid: -1}))
	over, stop := context.WithCancel(ctx)
	stop()
	_, err = restart.Make(over, fleet, cascade.Lose("board-1"), restart.Options{})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, restart.Verify(over, fleet, lost()), context.Canceled)
}

func TestMakeValue(t *testing.T) {
	p := plan(t, hundred(nil), cascade.Lose("board-1"), restart.Options{Return: back26, Value: map[string]float64{"users": 3}})
	require.InDelta(t, 3*26_000, p.Unserved, 1e-6)
	require.Equal(t, cascade.Proven, p.Certainty)
}

func FuzzPlan(f *testing.F) {
	made, err := restart.Make(context.Background(), hundred(nil), cascade.Lose("board-1"), restart.Options{Return: back26, AtOnce: map[string]int{"server": 40}})
	require.NoError(f, err)
	data, err := json.Marshal(made)
	require.NoError(f, err)
	f.Add(data)
	f.Add([]byte(`{"steps":[{"at":"2562047h47m16.854775807s","do":"power on","what":["board-[1-4]","server"]}],"return":{"board":"never"}}`))
	f.Add([]byte(`{"scenario":{"lose":"board-1","drain":["server"],"load":1e308},"grid":"1ns","steps":[{"at":"-1s","do":"admit","what":"users","admit":1e400}]}`))
	fleet := hundred(func(s *topology.Spec) {
		kind(s, func(c *topology.Component) { c.Start = topology.Start{Boot: minute, WarmUp: minute, Cold: .5} })
		s.Components[5].Reopen = topology.Reopen{Surge: 1, Decay: minute}
	})
	f.Fuzz(func(t *testing.T, data []byte) {
		var p restart.Plan
		if json.Unmarshal(data, &p) != nil {
			return
		}
		err := restart.Verify(context.Background(), fleet, &p)
		var v *restart.Violation
		if errors.As(err, &v) && v.Error() == "" {
			t.Fatal("a violation says nothing")
		}
		_ = p.String()
		again, err := json.Marshal(&p)
		require.NoError(t, err)
		var back restart.Plan
		require.NoError(t, json.Unmarshal(again, &back), string(again))
		third, err := json.Marshal(&back)
		require.NoError(t, err)
		require.Equal(t, string(again), string(third))
	})
}
