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

// By hand: 320 backups, 80 at once in 10 minutes, are 4 waves of which the last is ready after 40 minutes; with the tools in
// the dark building none begins before the power is back. A fleet that runs does not miss its tools: only what starts does.
func TestByHand(t *testing.T) {
	dark := cascade.Scenario{Lose: topology.Names{"pangyo", "backup"}}
	options := restart.Options{
		Return: map[string]time.Duration{"pangyo": back},
		AtOnce: map[string]int{"server": atOnce, "backup": atOnce},
	}
	spare := topology.Must(fleet([]topology.Component{{Name: "tools-1", Needs: topology.Names{"pangyo"}}, {Name: "tools-2"}}, "1 of tools-[1-2]"))
	plan, err := restart.Make(t.Context(), spare, dark, options)
	require.NoError(t, err)
	require.NoError(t, restart.Verify(t.Context(), spare, plan))
	require.Equal(t, 40*time.Minute, plan.Full)

	alone := topology.Must(fleet([]topology.Component{{Name: "tools", Needs: topology.Names{"pangyo"}}}, "tools"))
	plan, err = restart.Make(t.Context(), alone, dark, options)
	require.NoError(t, err)
	require.NoError(t, restart.Verify(t.Context(), alone, plan))
	require.Greater(t, plan.Full, back)

	outcome, err := cascade.Run(alone, cascade.Lose("tools"))
	require.NoError(t, err)
	require.Equal(t, cascade.Holds, outcome.Verdict)
}

// Tools that need a server which needs the tools to start: neither can be first.
func TestDeadlock(t *testing.T) {
	alone := topology.Must(fleet([]topology.Component{{Name: "tools", Needs: topology.Names{"pangyo-001"}}}, "tools"))
	plan, err := restart.Make(t.Context(), alone, cascade.Scenario{Lose: topology.Names{"pangyo", "backup"}}, restart.Options{})
	require.NoError(t, err)
	require.Len(t, plan.Deadlocks, 1)
	require.ElementsMatch(t, []string{"pangyo-001", "tools"}, plan.Deadlocks[0])
}
