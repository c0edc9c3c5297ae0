package main

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func TestDualfeed(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	const golden = "testdata/dualfeed.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

// By hand: 12 kW on one feed of 10 kW is 1.2 times its capacity; IEC 60255 very inverse trips after 13.5/(1.2−1) = 67.5 s.
// A rack survives the loss of a feed up to 10 kW, which is 10/12 of its load, and half of both feeds.
func TestByHand(t *testing.T) {
	outcome, err := cascade.Run(topology.Must(fleet()), cascade.Lose("feed-a-07"))
	require.NoError(t, err)
	require.InEpsilon(t, 10.0/12, outcome.Margin, 1e-12)
	require.Len(t, outcome.Failures, 3)
	require.InEpsilon(t, 67.5, outcome.Failures[1].At.Seconds(), 1e-9)
	require.Equal(t, "rack-07", outcome.Failures[2].Component)
	require.Equal(t, cascade.Collapses, outcome.Verdict)
}
