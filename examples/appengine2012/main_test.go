package main

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func TestAppEngine(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	const golden = "testdata/appengine2012.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

// By hand: users of 1,600 have 20 − k routers of 100 left and spill 100·k − 400 onto 2,000 − 1,600 = 400 that are spare
// next door, which is at capacity for k = 8 and above it for k = 9. There 1,600·f − 1,100 + 1,600·f = 2,000 at f = 3,100/3,200.
func TestByHand(t *testing.T) {
	fleet := topology.Must(world())
	outcome, err := cascade.Run(fleet, cascade.Lose("router-1-[01-08]"))
	require.NoError(t, err)
	require.Equal(t, cascade.Holds, outcome.Verdict)

	outcome, err = cascade.Run(fleet, cascade.Lose("router-1-[01-09]"))
	require.NoError(t, err)
	require.Equal(t, cascade.Collapses, outcome.Verdict)
	require.InEpsilon(t, 3100.0/3200, outcome.Margin, 1e-12)
	require.Len(t, outcome.Rounds, 5) // one for the loss, and one for each datacentre
}

// By hand: 80 cold routers of 25 carry 31.25 % of 6,400, and all of it when they have warmed to 80, at 2 + 20·(.8 − .25)/.75 =
// 16.7 minutes, which is the 17th on the grid. Even steps to the 35th leave 2 + 33 − 33·34/2/34 minutes of all traffic unserved.
func TestRampByHand(t *testing.T) {
	fleet := topology.Must(pool())
	plan, err := restart.Make(t.Context(), fleet, cascade.Lose("router"), restart.Options{})
	require.NoError(t, err)
	require.Equal(t, cascade.Proven, plan.Certainty)
	require.Equal(t, 17*time.Minute, plan.Full)
	require.InDelta(t, .3125, plan.Steps[2].Admit, 1e-9)

	ramp := even(ended)
	require.NoError(t, ramp.Measure(t.Context(), fleet))
	require.InEpsilon(t, 18.5*6400, ramp.Unserved, 1e-9)

	var unsafe *restart.Violation
	require.ErrorAs(t, even(boot).Measure(t.Context(), fleet), &unsafe)
	require.Equal(t, restart.Overload, unsafe.Reason)
}
