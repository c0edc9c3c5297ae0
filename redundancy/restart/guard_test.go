package restart_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
)

// The guarded plan does the same if all goes well, and is safe in whatever way it does not.
func TestGuardHundred(t *testing.T) {
	fleet := hundred(booting)
	p := plan(t, fleet, cascade.Lose("board-1"), restart.Options{Return: back26})
	g, err := restart.Guard(t.Context(), fleet, p, restart.Spread{})
	require.NoError(t, err)
	t.Log(g)
	r := rehearse(t, fleet, g, restart.Spread{Seed: 1, Runs: 1000})
	t.Log(r)
	require.Equal(t, 1000, r.Safe)
	require.Equal(t, p.Unserved, g.Unserved)
	require.Zero(t, r.Stuck)
}

func TestGuardAnyPlan(t *testing.T) {
	t.Parallel()
	n := uint64(300)
	if testing.Short() {
		n = 40
	}
	before, after, runs, whole, plans := 0, 0, 0, 0, 0
	for seed := range n {
		d := newDark(seed + 6_000_000)
		made, err := restart.Make(t.Context(), d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		if made.Certainty == cascade.Undetermined || len(made.Steps) == 0 {
			continue
		}
		guarded, err := restart.Guard(t.Context(), d.fleet, made, restart.Spread{Runs: 100, Fail: .1})
		require.NoError(t, err, "seed %d", seed)
		require.NoError(t, restart.Verify(t.Context(), d.fleet, guarded))
		require.InDelta(t, made.Unserved, guarded.Unserved, 1e-9, "seed %d", seed)
		require.Equal(t, made.Full, guarded.Full)
		require.Equal(t, made.Finish, guarded.Finish)
		s := restart.Spread{Runs: 100, Seed: 1, Fail: .1}
		was, is := rehearse(t, d.fleet, made, s), rehearse(t, d.fleet, guarded, s)
		before, after, runs, plans = before+was.Safe, after+is.Safe, runs+100, plans+1
		if is.Safe == is.Runs {
			whole++
		} else if is.Safe < 100 && testing.Verbose() {
			t.Logf("seed %d: %v\n%v", seed, is, guarded)
		}
		require.Zero(t, is.Stuck)
		if seed%4 == 0 { // what it does, step by step, without conditions, is the same again
			flat, err := guarded.Resume(t.Context(), d.fleet, restart.Present{At: 10_000 * time.Hour})
			require.NoError(t, err, "seed %d", seed)
			require.False(t, slices.ContainsFunc(flat.Steps, func(s restart.Step) bool { return len(s.When)+len(s.If) > 0 }))
			require.InDelta(t, made.Unserved, flat.Unserved, 1e-9, "seed %d", seed)
			require.Equal(t, made.Finish, flat.Finish)
		}
	}
	t.Logf("%d plans, %d safe in all runs; %d of %d runs safe, before %d", plans, whole, after, runs, before)
	require.Greater(t, after, runs*98/100)
	require.Less(t, before, runs/2)
	require.Greater(t, whole, plans*9/10)
}
