package restart_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// A board that is to return after 26 minutes turns out to take 40, and five servers do not come up.
func TestResumeHundred(t *testing.T) {
	fleet := hundred(booting)
	p := plan(t, fleet, cascade.Lose("board-1"), restart.Options{Return: back26})
	now := restart.Present{At: 2 * minute, Failed: topology.Names{"chat-[031-035]"}, Return: map[string]time.Duration{"board-1": 40 * minute, "chat-031": 10 * minute}}
	r, err := p.Resume(t.Context(), fleet, now)
	require.NoError(t, err)
	require.NoError(t, restart.Verify(t.Context(), fleet, r))
	require.Equal(t, []restart.Step{
		on(0, "chat-[036-100]"), in(2*minute, "chat-[036-100]"), admit(2*minute, .8125),
		on(10*minute, "chat-031"), in(12*minute, "chat-031"), admit(12*minute, .825),
		on(40*minute, "board-1", "chat-[001-030]"), in(42*minute, "chat-[001-030]"), admit(42*minute, 1),
	}, r.Steps)

	// Of a guarded plan what was done stands without conditions.
	g, err := p.Guard(t.Context(), fleet, restart.Spread{Runs: 50})
	require.NoError(t, err)
	again, err := g.Resume(t.Context(), fleet, now)
	require.NoError(t, err)
	require.Equal(t, r.Steps, again.Steps)
	late, err := g.Resume(t.Context(), fleet, restart.Present{At: 27 * minute})
	require.NoError(t, err)
	require.Equal(t, p.Steps[:3], late.Steps[:3])
	require.Equal(t, p.Unserved, late.Unserved)
}

// each lists what a plan does before a time to each component.
func each(t *testing.T, fleet *topology.Topology, p *restart.Plan, until time.Duration, but topology.Names) (all []string) {
	t.Helper()
	for _, s := range p.Steps {
		if s.At >= until {
			continue
		}
		ids, err := fleet.Select(s.What...)
		require.NoError(t, err)
		for _, id := range ids {
			if name := fleet.Name(id); !slices.Contains(but, name) || s.Do == restart.Admit {
				all = append(all, fmt.Sprint(s.At, s.Do, name, s.Admit))
			}
		}
	}
	slices.Sort(all)
	return all
}

func TestResumeAnyPlan(t *testing.T) {
	t.Parallel()
	n := uint64(100)
	if testing.Short() {
		n = 60
	}
	asGood, plans, failing, unsafe := 0, 0, 0, 0
	for seed := range n {
		d := newDark(seed + 7_000_000)
		made, err := restart.Make(t.Context(), d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		if made.Certainty == cascade.Undetermined || len(made.Steps) == 0 {
			continue
		}
		r := rand.New(rand.NewPCG(seed, 1))
		at := made.Steps[r.IntN(len(made.Steps))].At + time.Duration(r.IntN(3)-1)*tick
		at = max(0, at)
		p, err := made.Resume(t.Context(), d.fleet, restart.Present{At: at})
		require.NoError(t, err, "seed %d", seed)
		require.NoError(t, restart.Verify(t.Context(), d.fleet, p), "seed %d", seed)
		require.Equal(t, each(t, d.fleet, made, at, nil), each(t, d.fleet, p, at, nil), "seed %d: %v\n%v", seed, made, p)
		require.LessOrEqual(t, p.LeastPossible, p.Unserved)
		plans++
		if p.Unserved <= made.Unserved+1e-9 || p.Served[0].Fraction > made.Served[0].Fraction || made.Soonest {
			asGood++
		}
		if failed := failable(d, made, at, r); len(failed) > 0 {
			p, err := made.Resume(t.Context(), d.fleet, restart.Present{At: at, Failed: failed})
			if err != nil {
				var v *restart.Violation
				require.ErrorAs(t, err, &v) // without it the past is not safe
				unsafe++
				continue
			}
			if p.Certainty == cascade.Undetermined {
				unsafe++
				continue
			}
			failing++
			require.NoError(t, restart.Verify(t.Context(), d.fleet, p), "seed %d", seed)
			require.Subset(t, each(t, d.fleet, made, at, failed), each(t, d.fleet, p, at, nil), "seed %d", seed)
			for _, s := range p.Steps {
				ids, _ := d.fleet.Select(s.What...)
				for _, id := range ids {
					require.True(t, s.Do == restart.Admit || !slices.Contains(failed, d.fleet.Name(id)), "seed %d: %v", seed, s)
				}
			}
		}
	}
	t.Logf("%d plans, %d resumed are as good; %d with a failure, %d of these have no safe past or future", plans, asGood, failing+unsafe, unsafe)
	require.Equal(t, plans, asGood)
	require.Greater(t, failing, unsafe)
}

// failable draws one of what a plan powers on before a time.
func failable(d dark, p *restart.Plan, at time.Duration, r *rand.Rand) topology.Names {
	var all topology.Names
	lost, _ := cascade.Run(d.fleet, d.scenario)
	for _, s := range p.Steps {
		if s.Do == restart.PowerOn && s.At < at {
			ids, _ := d.fleet.Select(s.What...)
			for _, id := range ids {
				name := d.fleet.Name(id)
				if slices.ContainsFunc(lost.Failures, func(f cascade.Failure) bool { return f.Component == name }) {
					all = append(all, name)
				}
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[r.IntN(len(all)):][:1]
}

// Where nothing has been done yet, the time until the present is past all the same.
func TestResumeWhatHasNotBegun(t *testing.T) {
	fleet := together()
	p := plan(t, fleet, cascade.Lose("board"), restart.Options{})
	p.Steps = nil
	r, err := p.Resume(t.Context(), fleet, restart.Present{At: tick})
	require.NoError(t, err)
	require.NoError(t, restart.Verify(t.Context(), fleet, r))
	require.NotEmpty(t, r.Steps)
	require.GreaterOrEqual(t, r.Steps[0].At, tick, r)
}

func TestResumeRefuses(t *testing.T) {
	fleet := hundred(booting)
	p := plan(t, fleet, cascade.Lose("board-1"), restart.Options{Return: back26})
	for says, now := range map[string]restart.Present{
		"from 0 on":                            {At: -1},
		"failed: ":                             {Failed: topology.Names{"nobody"}},
		"return: ":                             {Return: map[string]time.Duration{"nobody": 0}},
		"board-2: it runs when the cascade is": {Failed: topology.Names{"board-2"}},
	} {
		_, err := p.Resume(t.Context(), fleet, now)
		require.ErrorContains(t, err, says)
	}
	p.Steps[2].Admit = .9
	_, err := p.Resume(t.Context(), fleet, restart.Present{At: 3 * minute})
	var v *restart.Violation
	require.ErrorAs(t, err, &v)
	require.Equal(t, restart.Overload, v.Reason)
	p.Grid, p.Steps[2].Admit, p.Steps[2].At = 0, .8, 150*time.Second
	_, err = p.Resume(t.Context(), fleet, restart.Present{At: 3 * minute})
	require.ErrorContains(t, err, "give the plan a grid")
}

// A plan for the earliest finish that has not begun is proven by its finish, not by what it leaves unserved.
func TestResumeSoonestIsProvenByItsFinish(t *testing.T) {
	t.Parallel()
	proven := 0
	for seed := range uint64(150) {
		d := newDark(seed)
		d.options.Soonest = true
		p, err := restart.Make(t.Context(), d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		if p.Certainty == cascade.Undetermined {
			continue
		}
		r, err := p.Resume(t.Context(), d.fleet, restart.Present{})
		require.NoError(t, err)
		if r.Certainty == cascade.Proven {
			proven++
			require.Equal(t, r.Earliest, r.Finish, "seed %d", seed)
		}
	}
	require.Greater(t, proven, 75)
}
