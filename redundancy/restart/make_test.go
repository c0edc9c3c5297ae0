package restart_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

var back26 = map[string]time.Duration{"board-1": 26 * minute}

func plan(t *testing.T, fleet *topology.Topology, s cascade.Scenario, o restart.Options) *restart.Plan {
	t.Helper()
	p, err := restart.Make(context.Background(), fleet, s, o)
	require.NoError(t, err)
	if len(p.Steps) > 0 {
		require.NoError(t, restart.Verify(context.Background(), fleet, p))
	}
	return p
}

func TestMakeHundred(t *testing.T) {
	// 70 servers carry 7,000 of 8,000 for 26 minutes: 26 · 1,000 unserved.
	p := plan(t, hundred(nil), cascade.Lose("board-1"), restart.Options{Return: back26})
	t.Log(p)
	require.Equal(t, []restart.Step{
		on(0, "chat-[031-100]"), in(0, "chat-[031-100]"), admit(0, .875),
		on(26*minute, "board-1", "chat-[001-030]"), in(26*minute, "chat-[001-030]"), admit(26*minute, 1),
	}, p.Steps)
	require.InDelta(t, 26_000, p.Unserved, 1e-6)
	require.InDelta(t, 26_000, p.LeastPossible, 1e-6)
	require.Equal(t, 26*minute, p.Full)
	require.Equal(t, 26*minute, p.Finish)
	require.Equal(t, 26*minute, p.Earliest)
	require.Equal(t, cascade.Proven, p.Certainty)
	require.Empty(t, p.Reason)
}

func ungated(s *topology.Spec) { s.Components[5].Gated = false }

func TestMakeHundredUngated(t *testing.T) {
	// Nobody before 26 minutes: 70 servers would be crushed; then all enter together.
	p := plan(t, hundred(ungated), cascade.Lose("board-1"), restart.Options{Return: back26})
	t.Log(p)
	require.Equal(t, 26.*8000, p.Unserved)
	require.Equal(t, cascade.Proven, p.Certainty)
	require.Equal(t, []restart.Step{
		on(0, "chat-[031-100]"), on(26*minute, "board-1", "chat-[001-030]"), in(26*minute, "chat-[001-100]"),
	}, p.Steps)
}

func TestMakeHundredUngatedCold(t *testing.T) {
	// Half cold, 100 servers carry 5,000 of the 8,000 that come at once: 160 would.
	cold := func(s *topology.Spec) {
		ungated(s)
		kind(s, func(c *topology.Component) { c.Start = topology.Start{Cold: .5, WarmUp: 10 * minute} })
	}
	p := plan(t, hundred(cold), cascade.Lose("board-1"), restart.Options{Return: back26})
	t.Log(p)
	require.Equal(t, []cascade.Served{{Demand: "users", Fraction: 0}}, p.Served)
	require.Contains(t, p.Reason, "160 would be needed")
}

func TestMakeHundredInTens(t *testing.T) {
	// Waves of ten, two minutes each: 10, 20, … 70 servers after 2, 4, … 14 minutes; 80 and more once board-1 is back.
	fleet := hundred(func(s *topology.Spec) { kind(s, func(c *topology.Component) { c.Start.Boot = 2 * minute }) })
	p := plan(t, fleet, cascade.Lose("board-1"), restart.Options{Return: back26, AtOnce: map[string]int{"server": 10}})
	t.Log(p)
	// 8,000 for 2 minutes, 7,000, 6,000, … 2,000 for 2 minutes each; 1,000 from 14 to 28 minutes.
	require.InDelta(t, 2*(8000+7000+6000+5000+4000+3000+2000)+14*1000, p.Unserved, 1e-6)
	require.Equal(t, cascade.Proven, p.Certainty)
	require.Equal(t, 28*minute, p.Full)
	require.Equal(t, 32*minute, p.Finish)
	require.Equal(t, 32*minute, p.Earliest)
}

// Servers that are ready between two times of the grid need not wait for the next: what is admitted while nobody is in
// rotation is served from when they enter. Of 6 requests/s nothing is served for 1.5 minutes, 9 in all; and with servers that
// carry 3/4 at first, of which two of three are ready at 3:00 and the grid is of two minutes: 6·3 + 6/4·1 = 19.5.
func TestAdmissionAheadOfTheFirstServers(t *testing.T) {
	for _, c := range []struct {
		server  topology.Component
		options restart.Options
		want    float64
	}{
		{topology.Component{Name: "s-[1-2]", Start: topology.Start{Boot: 90 * time.Second}}, restart.Options{}, 9},
		{topology.Component{Name: "s-[1-3]", Start: topology.Start{Boot: time.Minute, Cold: .75, WarmUp: time.Minute}},
			restart.Options{Grid: 2 * time.Minute, Return: map[string]time.Duration{"b": 2 * time.Minute, "s-3": 3 * time.Minute}}, 19.5},
	} {
		c.server.Kind, c.server.Capacity, c.server.Needs = "server", 3, topology.Names{"b"}
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "b"}, c.server,
			{Name: "users", Demand: 6, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		}}))
		p, err := restart.Make(t.Context(), fleet, cascade.Lose("b"), c.options)
		require.NoError(t, err)
		require.InDelta(t, c.want, p.Unserved, 1e-9)
		require.InDelta(t, c.want, p.LeastPossible, 1e-9)
		require.Equal(t, cascade.Proven, p.Certainty)
		require.NoError(t, restart.Verify(t.Context(), fleet, p))
	}
}

// The earliest finish is that of several plans; the one that serves the most in the end is asked for.
func TestSoonestServesTheMost(t *testing.T) {
	boot := topology.Start{Boot: 3 * time.Minute, WarmUp: time.Minute}
	draw := func(board string) []topology.Supply {
		return []topology.Supply{{Members: topology.Names{board}, Base: 2, Inrush: 3}}
	}
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "b-1", Capacity: 11}, {Name: "b-2", Capacity: 17, Start: topology.Start{Boot: time.Minute}},
		{Name: "s-1", Kind: "s", Capacity: 6, Supplies: draw("b-2"), Start: boot},
		{Name: "s-2", Kind: "s", Capacity: 6, StartNeeds: topology.Names{"b-2"}, Supplies: draw("b-1"), Start: boot},
		{Name: "s-3", Kind: "s", Capacity: 6, Supplies: draw("b-1"), Start: boot},
		{Name: "users", Demand: 19, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}, Reopen: topology.Reopen{Surge: .25, Decay: time.Minute}},
	}}))
	p, err := restart.Make(t.Context(), fleet, cascade.Lose("b-2", "s-1", "s-3"), restart.Options{
		Soonest: true, Return: map[string]time.Duration{"b-1": time.Minute, "b-2": 3 * time.Minute},
	})
	require.NoError(t, err)
	require.Equal(t, 7*time.Minute, p.Finish)
	require.InDelta(t, 18.0/19, p.Served[0].Fraction, 1e-6) // to a millionth
}

// A surge of ten times the demand, which decays in half a minute, takes half an hour at a gate behind which servers stand. Who lets
// users in before any server is in rotation has them all three minutes later.
func TestSurgeWhileNobodyIsInRotation(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s", Capacity: 100},
		{Name: "users", Demand: 95, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}, Reopen: topology.Reopen{Surge: 10, Decay: 30 * time.Second}},
	}}))
	p := plan(t, fleet, cascade.Lose("s"), restart.Options{})
	require.Equal(t, []restart.Step{on(0, "s"), admit(0, 1), in(3*minute, "s")}, p.Steps)
	require.Equal(t, 3*95., p.Unserved)
	require.Greater(t, p.LeastPossible, 95.)
	require.Equal(t, cascade.Bounded, p.Certainty)
}

// A feed of 10 W beside one of 1,000 W holds up whom both of them power; left off it limits nobody.
func TestNoProofThatAWeakFeedLimits(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "weak", Kind: "feed", Capacity: 10, Unit: "W"}, {Name: "strong", Kind: "feed", Capacity: 1000},
		{Name: "s-[1-10]", Kind: "s", Capacity: 10, Start: topology.Start{Boot: minute}, Supplies: []topology.Supply{{Members: topology.Names{"feed"}, Base: 2, Inrush: 8}}},
		{Name: "users", Demand: 100, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}},
	}}))
	p := plan(t, fleet, cascade.Lose("feed"), restart.Options{})
	without := *p
	without.Steps = []restart.Step{on(0, "strong", "s"), in(minute, "s"), admit(minute, 1)}
	require.NoError(t, without.Measure(t.Context(), fleet))
	t.Log(p)
	require.LessOrEqual(t, p.LeastPossible, without.Unserved)
	require.LessOrEqual(t, p.Earliest, without.Finish)
}

// A store of 10 has room for two of three servers that boot at 4 each, and yet all three boot at once while it is out of rotation: what
// they place there goes nowhere.
func TestNoProofThatWhatIsOutOfRotationLimits(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "store", Capacity: 10},
		{Name: "s-[1-3]", Kind: "s", Capacity: 20, Start: topology.Start{Boot: minute}, Supplies: []topology.Supply{{Members: topology.Names{"store"}, Base: 2, Inrush: 2}}},
		{Name: "users", Demand: 4, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"store"}}, {Members: topology.Names{"s"}}}},
	}}))
	p := plan(t, fleet, cascade.Lose("store"), restart.Options{Soonest: true})
	rival := *p
	rival.Steps = []restart.Step{on(0, "store", "s"), in(minute, "store", "s"), admit(minute, 1)}
	require.NoError(t, rival.Measure(t.Context(), fleet))
	require.Equal(t, minute, rival.Finish)
	require.LessOrEqual(t, p.Earliest, minute)
}

// Users who do without servers are admitted before these enter rotation: at one time there is one step of them.
func TestMakeAdmitsOnceAtATime(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s-[1-2]", Kind: "server", Capacity: 10, Start: topology.Start{Boot: tick}},
		{Name: "users", Demand: 19, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}, Optional: true}}},
	}}))
	p := plan(t, fleet, cascade.Lose("server"), restart.Options{Soonest: true})
	require.Equal(t, []restart.Step{on(0, "s-[1-2]"), admit(0, 1), in(tick, "s-[1-2]")}, p.Steps)
}

// Eight of 60 servers may boot together: 20 take 3 minutes, 20 take 4 and 20 take 5, and 48 carry all. Shortest first they are ready at
// 3, 6 (8 each), 9, 10, 13, 14, 17, 18, 22 and 23 minutes (4 each): 12 minutes on average of the first 48, and no order is better.
func TestShortBootsFirst(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 4800, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	for i, boot := range []time.Duration{4, 5, 3} {
		spec.Components = append(spec.Components, topology.Component{Name: string(rune('a'+i)) + "-[01-20]", Kind: "server", Capacity: 100,
			Start: topology.Start{Boot: boot * time.Minute}})
	}
	fleet := topology.Must(topology.New(spec))
	p, err := restart.Make(t.Context(), fleet, cascade.Lose("server"), restart.Options{AtOnce: map[string]int{"server": 8}})
	require.NoError(t, err)
	require.NoError(t, restart.Verify(t.Context(), fleet, p))
	require.InDelta(t, 12*4800, p.Unserved, 1e-6)
	require.Equal(t, 23*time.Minute, p.Full)
}

// Users need both servers. With the second, which takes no time to start, they are there at once, and so it has to enter rotation
// with its start.
func TestMakeStartsAndRotatesAtOnceWhatLetsUsersCome(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board", Start: topology.Start{Boot: minute}},
		{Name: "old", Kind: "server", Capacity: 10},
		{Name: "new", Kind: "server", Capacity: 10, StartNeeds: topology.Names{"old"}, Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 1}}},
		{Name: "users", Demand: 14, Supplies: []topology.Supply{{Members: topology.Names{"server"}, Need: 2, Share: topology.Proportional}}},
	}}))
	p := plan(t, fleet, cascade.Lose("board"), restart.Options{})
	require.Equal(t, []restart.Step{on(0, "board"), on(minute, "new"), in(minute, "new")}, p.Steps)
	require.Equal(t, cascade.Proven, p.Certainty)
}

// All users at once are too much for two cold servers. Those of the shop come as soon as one is ready, and warm it; only then the
// second starts, with which those of the office come.
func TestMakeStartsApartWhatLetsUsersCome(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s-[1-2]", Kind: "server", Capacity: 12, Start: topology.Start{Boot: minute, WarmUp: minute, Cold: .5}},
		{Name: "office", Demand: 10, Supplies: []topology.Supply{{Members: topology.Names{"server"}, Need: 2, Share: topology.Proportional}}},
		{Name: "shop", Demand: 4, Supplies: []topology.Supply{{Members: topology.Names{"server"}, Share: topology.Proportional}}},
	}}))
	p := plan(t, fleet, cascade.Lose("server"), restart.Options{})
	require.Equal(t, []cascade.Served{{Demand: "office", Fraction: 1}, {Demand: "shop", Fraction: 1}}, p.Served)
	require.Equal(t, []restart.Step{on(0, "s-1"), in(minute, "s-1"), on(2*minute, "s-2"), in(3*minute, "s-2")}, p.Steps)
}

// Servers that enter rotation with nothing of their capacity carry nothing at first, which is said as it is. Where users need both,
// one of them can be warm when they come.
func TestReasonOfServersWithoutAnyCapacityAtFirst(t *testing.T) {
	cold := topology.Start{Boot: minute, WarmUp: minute}
	fleet := func(need int, others float64) *topology.Topology {
		return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "db", Capacity: 100},
			{Name: "s-[1-2]", Kind: "server", Capacity: 10, Start: cold},
			{Name: "users", Demand: 10, Supplies: []topology.Supply{{Members: topology.Names{"server"}, Need: need}}},
			{Name: "others", Demand: others, Supplies: []topology.Supply{{Members: topology.Names{"db"}}}},
		}}))
	}
	p := plan(t, fleet(1, 1), cascade.Lose("server"), restart.Options{})
	require.Equal(t, "users is not served: it is not gated, and with all of it s-[1-2] would be overloaded, s-1 the most while it is cold: 5 of 0",
		p.Reason)
	p = plan(t, fleet(2, 1), cascade.Lose("server"), restart.Options{})
	require.Equal(t, "s-2 stays out of rotation: with it s-2 would be overloaded while it is cold: 5 of 0", p.Reason)
	require.Equal(t, 1., p.Served[0].Fraction)
	p = plan(t, fleet(2, 0), cascade.Lose("server"), restart.Options{})
	require.Equal(t, "s-2 stays out of rotation: with it s-2 would be overloaded while it is cold: 5 of 0", p.Reason)
	require.Equal(t, 1., p.Served[0].Fraction)
}
