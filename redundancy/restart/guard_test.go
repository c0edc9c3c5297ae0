package restart_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// The guarded plan does the same if all goes well, and is safe in whatever way it does not.
func TestGuardHundred(t *testing.T) {
	fleet := hundred(booting)
	p := plan(t, fleet, cascade.Lose("board-1"), restart.Options{Return: back26})
	g, err := p.Guard(t.Context(), fleet, restart.Spread{})
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
	n := uint64(150)
	if testing.Short() {
		n = 40
	}
	before, after, runs, whole, plans, figures := 0, 0, 0, 0, 0, 0
	for seed := range n {
		d := newDark(seed + 6_000_000)
		made, err := restart.Make(t.Context(), d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		if made.Certainty == cascade.Undetermined || len(made.Steps) == 0 {
			continue
		}
		guarded, err := made.Guard(t.Context(), d.fleet, restart.Spread{Runs: 100, Fail: .1})
		require.NoError(t, err, "seed %d", seed)
		require.NoError(t, restart.Verify(t.Context(), d.fleet, guarded))
		changed := made.Full != guarded.Full || made.Finish != guarded.Finish || guarded.Unserved > made.Unserved*(1+1e-9)
		require.Equal(t, changed, strings.Contains(guarded.Reason, "without guard it leaves"), "seed %d: %v", seed, guarded)
		figures += count(changed)
		s := restart.Spread{Runs: 100, Seed: 1, Fail: .1}
		was, is := rehearse(t, d.fleet, made, s), rehearse(t, d.fleet, guarded, s)
		before, after, runs, plans = before+was.Safe, after+is.Safe, runs+100, plans+1
		if is.Safe == is.Spread.Runs {
			whole++
		} else if is.Safe < 100 && testing.Verbose() {
			t.Logf("seed %d: %v\n%v", seed, is, guarded)
		}
		require.Zero(t, is.Stuck)
		if seed%4 == 0 { // what it does, step by step, without conditions, is the same again
			flat, err := guarded.Resume(t.Context(), d.fleet, restart.Present{At: 10_000 * time.Hour})
			require.NoError(t, err, "seed %d", seed)
			require.False(t, slices.ContainsFunc(flat.Steps, func(s restart.Step) bool { return len(s.When)+len(s.If) > 0 }))
			require.InDelta(t, guarded.Unserved, flat.Unserved, 1e-9, "seed %d", seed)
			require.Equal(t, guarded.Finish, flat.Finish)
		}
	}
	t.Logf("%d plans, %d safe in all runs; %d of %d runs safe, before %d", plans, whole, after, runs, before)
	require.Less(t, figures, plans/20)
	require.Greater(t, after, runs*99/100)
	require.Less(t, before, runs/2)
	require.Greater(t, whole, plans*9/10)
}

// Users that cannot be held back need 80 of the hundred at once: fewer must not enter rotation.
func TestGuardHundredUngated(t *testing.T) {
	fleet := hundred(func(s *topology.Spec) { ungated(s); booting(s) })
	p := plan(t, fleet, cascade.Lose("board-1"), restart.Options{Return: back26})
	g, err := p.Guard(t.Context(), fleet, restart.Spread{Fail: .15})
	require.NoError(t, err)
	t.Log(g)
	r := rehearse(t, fleet, g, restart.Spread{Fail: .15, Seed: 1})
	t.Log(r)
	require.Greater(t, r.Safe, 990)
	require.Contains(t, g.Steps[len(g.Steps)-1].String(), "if at least 80 of chat-[001-100] are ready: rotate in")
	require.InDelta(t, 206, r.Short, 40) // board-1 fails in 15 % of all runs, and more than 20 of 100 servers in 6.6 % of the others
}

// Whatever is changed in a guarded plan, a rehearsal takes it or says what is wrong, and where.
func TestMutationsOfGuardedPlans(t *testing.T) {
	t.Parallel()
	reasons := map[restart.Reason]int{}
	for seed := range uint64(40) {
		d := newDark(seed + 6_000_000)
		made, err := restart.Make(t.Context(), d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		if made.Certainty == cascade.Undetermined {
			continue
		}
		guarded, err := made.Guard(t.Context(), d.fleet, restart.Spread{Runs: 20})
		require.NoError(t, err)
		r := rand.New(rand.NewPCG(seed, 29))
		for i := range guarded.Steps {
			p := *guarded
			p.Steps = slices.Clone(guarded.Steps)
			s := &p.Steps[i]
			switch r.IntN(5) {
			case 0:
				s.When, s.If = nil, nil
			case 1:
				s.At = 0
			case 2:
				s.If = []restart.Condition{{What: s.What, Ready: r.IntN(3) - 1, Below: float64(r.IntN(3)) / 2}}
			case 3:
				s.When = append(slices.Clone(s.When), restart.Condition{What: s.What, Below: r.Float64() * 1.1})
			default:
				s.Do = []restart.Action{restart.GoOn, restart.PowerOn, restart.Rotate, "sing"}[r.IntN(4)]
			}
			rehearsal, err := p.Rehearse(t.Context(), d.fleet, restart.Spread{Runs: 10})
			var v *restart.Violation
			if err != nil {
				require.ErrorAs(t, err, &v, "seed %d", seed)
				reasons[v.Reason]++
				continue
			}
			for _, f := range rehearsal.Faults {
				require.Less(t, f.First.Step, len(p.Steps))
				reasons[f.First.Reason]++
			}
		}
	}
	t.Log(reasons)
	for _, reason := range []restart.Reason{restart.Overload, restart.NotReady, restart.BadWhen, restart.BadStep} {
		require.NotZero(t, reasons[reason], reason)
	}
}

// The weak server comes up by itself, and takes a third of what there is: so less is admitted just before. To wait for what boots
// beside it would be worse than not to wait, for it is not waited for.
func TestGuardIsNoWorse(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "strong", Capacity: 10},
		{Name: "weak", Capacity: 2, Start: topology.Start{Boot: 3 * time.Minute}},
		{Name: "slow", Capacity: 10, Start: topology.Start{Boot: 3 * time.Minute}},
		{Name: "gate", Capacity: 10, Supplies: []topology.Supply{{Members: topology.Names{"strong", "weak", "slow"}}}},
		{Name: "users", Demand: 9, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"gate"}}}},
	}}
	fleet := topology.Must(topology.New(spec))
	p := &restart.Plan{Scenario: cascade.Lose("strong", "weak", "slow", "gate"), Grid: time.Minute, Steps: []restart.Step{
		on(0, "strong", "weak", "slow", "gate"), in(0, "gate"), admit(0, 1), admit(3*time.Minute, .4),
	}}
	s := restart.Spread{Fail: -1, Runs: 200, Seed: 1}
	before := rehearse(t, fleet, p, s)
	g, err := p.Guard(t.Context(), fleet, s)
	require.NoError(t, err)
	after := rehearse(t, fleet, g, s)
	require.GreaterOrEqual(t, after.Safe, before.Safe, "%s\n%s", g, after)
	require.Contains(t, g.Reason, fmt.Sprintf("it was not safe in %d of 200 rehearsals", after.Spread.Runs-after.Safe))
}

// Who cancels gets no plan, at whatever point of the work.
func TestGuardObeysItsContext(t *testing.T) {
	t.Parallel()
	fleet := hundred(booting)
	p := plan(t, fleet, cascade.Lose("board-1"), restart.Options{Return: back26})
	for _, after := range []int{0, 1, 50, 299} {
		ctx, cancel := context.WithCancel(t.Context())
		runs := 0
		if after == 0 {
			cancel()
		}
		_, err := p.Guard(ctx, fleet, restart.Spread{Progress: func(cascade.Progress) {
			if runs++; runs == after {
				cancel()
			}
		}})
		cancel()
		require.ErrorIs(t, err, context.Canceled, "after %d runs", after)
	}
}
