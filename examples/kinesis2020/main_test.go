package main

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func TestKinesis(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	const golden = "testdata/kinesis2020.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

// By hand, in messages for each other server: 2·4,800 = 9,600 are carried, one that starts asks 38 and one that runs 1. So
// ⌊9,600/38⌋ = 252 start first, and then ⌊(9,600 − 252)/38⌋ = 246. Beside r that run, 9,600 − r are left for k·38: k = 125 fits
// even beside 4,675, and 150 do not beside 4,050: 4,050 + 5,700 = 9,750. They fit beside 3,900, the wave before.
func TestByHand(t *testing.T) {
	front := topology.Must(fleet(asItWas, room))
	plan, err := restart.Make(t.Context(), front, cascade.Lose("server"), restart.Options{})
	require.NoError(t, err)
	require.Equal(t, cascade.Proven, plan.Certainty)
	var starts []int
	for _, s := range plan.Steps {
		if s.Do == restart.PowerOn {
			starts = append(starts, started(front, s))
		}
	}
	require.Equal(t, []int{252, 246}, starts[:2])

	for n, at := range map[int]int{125: -1, 150: 4_050} {
		fixed, err := restart.Make(t.Context(), topology.Must(fleet(asItWas, noLimit)), cascade.Lose("server"),
			restart.Options{AtOnce: map[string]int{"server": n}})
		require.NoError(t, err)
		err = restart.Verify(t.Context(), front, fixed)
		if at < 0 {
			require.NoError(t, err)
			continue
		}
		var unsafe *restart.Violation
		require.ErrorAs(t, err, &unsafe)
		require.Equal(t, boot*27, unsafe.At)
		require.InEpsilon(t, float64((at+38*n)*(servers-1)), unsafe.Failure.Load, 1e-12)
	}
}
