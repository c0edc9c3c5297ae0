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

func TestKakao2022(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	const golden = "testdata/kakao2022.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

// By hand: 320 backups, 16 at once in 10 minutes, are 20 waves, the last of which is ready after 3 h 20. With the tools in
// the dark building none begins before the power is back; then both sites start, and half of each is enough: 10 waves. A fleet
// that runs does not miss its tools: only what starts does.
func TestByHand(t *testing.T) {
	apart := topology.Must(fleet("pangyo", small))
	for _, c := range []struct {
		back map[string]time.Duration
		full time.Duration
	}{
		{map[string]time.Duration{"pangyo": power}, 200 * time.Minute},
		{map[string]time.Duration{"pangyo": power, "tools-2": never}, power + 100*time.Minute},
		{map[string]time.Duration{"pangyo": never, "tools-2": repair}, repair + 200*time.Minute},
	} {
		plan, err := wayBack(t.Context(), apart, small, c.back)
		require.NoError(t, err)
		require.NoError(t, restart.Verify(t.Context(), apart, plan))
		require.Equal(t, cascade.Proven, plan.Certainty)
		require.Equal(t, c.full, plan.Full.Round(time.Minute))
	}
	outcome, err := cascade.Run(apart, cascade.Lose("tools-1", "tools-2"))
	require.NoError(t, err)
	require.Equal(t, cascade.Holds, outcome.Verdict)
}

// Tools that need a server which needs the tools to start: neither can be first, but for a copy elsewhere.
func TestDeadlock(t *testing.T) {
	knotted := topology.Must(fleet("pangyo-001", small))
	plan, err := wayBack(t.Context(), knotted, small, map[string]time.Duration{"pangyo": repair, "tools-2": never})
	require.NoError(t, err)
	require.Len(t, plan.Deadlocks, 1)
	require.ElementsMatch(t, []string{"pangyo-001", "tools-1"}, plan.Deadlocks[0].Members)
	require.Zero(t, plan.Served[0].Fraction)

	plan, err = wayBack(t.Context(), knotted, small, map[string]time.Duration{"pangyo": never, "tools-2": repair})
	require.NoError(t, err)
	require.Equal(t, 1.0, plan.Served[0].Fraction)
}
