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
