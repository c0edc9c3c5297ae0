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

func TestKakao2012(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	const golden = "testdata/kakao2012.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

// By hand: 70 of 100 servers carry what 100 carried at 70 % of their capacity, and at 80 % they come to 8,000/70 = 114.3 %.
func TestByHand(t *testing.T) {
	for use, want := range map[float64]cascade.Verdict{.7: cascade.Holds, .7001: cascade.Collapses, .8: cascade.Collapses} {
		outcome, err := cascade.Run(topology.Must(fleet(use)), cascade.Lose("board-1"))
		require.NoError(t, err)
		require.Equal(t, want, outcome.Verdict, use)
		require.InEpsilon(t, use/.7, outcome.Rounds[0].Use, 1e-12)
	}
}
