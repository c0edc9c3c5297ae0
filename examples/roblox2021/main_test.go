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

func TestRoblox(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	const golden = "testdata/roblox2021.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

// By hand: cold caches take .2/.8 of an ordinary day, and of players who ask for twice as much half of that, 12.5 %. Ten steps 26
// minutes apart leave 26·(.9 + .8 + … + .1) = 117 minutes unserved. With the tenth step T after the ninth the databases bear 1 +
// .1·(1 − x¹⁰)/(1 − x) of an ordinary day, x = e^(−T/15 min): 1.1475 for T = 17 min, 1.1525 for 16, and they carry 1.15.
func TestByHand(t *testing.T) {
	players := topology.Must(fleet())
	plan, err := restart.Make(t.Context(), players, cascade.Lose("cache"), restart.Options{})
	require.NoError(t, err)
	first, _, _ := sizes(plan)
	require.InDelta(t, .125, first, 1e-9)

	onRecord := steps(.1, apart)
	require.NoError(t, onRecord.Measure(t.Context(), players))
	require.InEpsilon(t, 117*demand, onRecord.Unserved, 1e-9)

	require.NoError(t, restart.Verify(t.Context(), players, steps(.1, 17*time.Minute)))
	var unsafe *restart.Violation
	require.ErrorAs(t, restart.Verify(t.Context(), players, steps(.1, 16*time.Minute)), &unsafe)
	require.Equal(t, 9*16*time.Minute, unsafe.At)
	require.Equal(t, "database", unsafe.Failure.Component)
}
