package restart_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// trickle does some of what a plan does later, one by one; nil if that is not safe.
func trickle(t *testing.T, d dark, p *restart.Plan, r *rand.Rand) *restart.Plan {
	t.Helper()
	slow := *p
	slow.Steps = nil
	for _, s := range p.Steps {
		for _, name := range names(t, d, s.What) {
			one := s
			one.What = topology.Names{name}
			if s.Do != restart.Admit && r.IntN(3) == 0 {
				one.At += time.Duration(r.IntN(4)) * tick
			}
			same := func(o restart.Step) bool { return o.At == one.At && o.Do == one.Do && o.Do != restart.Admit }
			if i := slices.IndexFunc(slow.Steps, same); i >= 0 {
				slow.Steps[i].What = append(slices.Clone(slow.Steps[i].What), name)
				continue
			}
			slow.Steps = append(slow.Steps, one)
		}
	}
	if slow.Measure(t.Context(), d.fleet) != nil {
		return nil
	}
	slow.Certainty, slow.LeastPossible, slow.Earliest = cascade.Bounded, 0, 0
	return &slow
}

// A plan that trickles becomes one of fewer steps, which does the same to the same components, and is no worse.
func TestJoinTrickles(t *testing.T) {
	t.Parallel()
	n := cases(200)
	for _, next := range darks {
		plans, fewest, before, after := 0, 0, 0, 0
		for seed := range n {
			d := next(seed + 100_000)
			made, err := restart.Make(t.Context(), d.fleet, d.scenario, d.options)
			require.NoError(t, err)
			if made.Certainty == cascade.Undetermined {
				continue
			}
			slow := trickle(t, d, made, rand.New(rand.NewPCG(seed, 3)))
			if slow == nil {
				continue
			}
			p, err := restart.Joined(t.Context(), d.fleet, slow)
			require.NoError(t, err)
			require.NoError(t, restart.Verify(t.Context(), d.fleet, p), "seed %d: %v\n%v", seed, slow, p)
			again := *p
			require.NoError(t, again.Measure(t.Context(), d.fleet))
			require.Equal(t, again, *p, "seed %d", seed) // its figures are those of a replay
			require.LessOrEqual(t, p.Unserved, slow.Unserved*(1+1e-12), "seed %d: %v\n%v", seed, slow, p)
			require.LessOrEqual(t, p.Full, slow.Full, "seed %d: %v\n%v", seed, slow, p)
			require.LessOrEqual(t, p.Finish, slow.Finish, "seed %d: %v\n%v", seed, slow, p)
			for i, s := range p.Served {
				require.InDelta(t, slow.Served[i].Fraction, s.Fraction, 1e-9, "seed %d", seed)
			}
			require.LessOrEqual(t, len(p.Steps), len(slow.Steps))
			require.Equal(t, does(t, d, slow), does(t, d, p), "seed %d: %v\n%v", seed, slow, p)
			plans, fewest, before, after = plans+1, fewest+len(made.Steps), before+len(slow.Steps), after+len(p.Steps)
		}
		t.Logf("%d plans of %d steps, which trickle in %d, have %d then", plans, fewest, before, after)
		require.Less(t, after, fewest+(before-fewest)*4/5)
	}
}

// does lists what a plan does to which component, whenever.
func does(t *testing.T, d dark, p *restart.Plan) (all []string) {
	t.Helper()
	for _, s := range p.Steps {
		for _, name := range names(t, d, s.What) {
			all = append(all, string(s.Do)+" "+name)
		}
	}
	slices.Sort(all)
	return all
}

// Two servers wait for a board that returns after ten minutes. Of three others one was powered on by itself, and is not needed before.
// What can be there early is not put off until the board is there.
func TestJoinMovesWhatHasSlack(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board", Capacity: 100},
		{Name: "s-[1-3]", Kind: "s", Capacity: 10, Start: topology.Start{Boot: minute}},
		{Name: "s-[4-5]", Kind: "s", Capacity: 10, Start: topology.Start{Boot: minute}, Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 1}}},
		{Name: "users", Demand: 30, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}, Need: 2}}},
	}}))
	p := &restart.Plan{Scenario: cascade.Lose("board", "s"), Grid: minute, Steps: []restart.Step{
		on(0, "s-[1-2]"), in(minute, "s-[1-2]"), admit(minute, 2./3),
		on(4*minute, "s-3"), in(6*minute, "s-3"), on(10*minute, "board", "s-[4-5]"), in(11*minute, "s-[4-5]"), admit(11*minute, 1),
	}}
	joined := func(back map[string]time.Duration) []restart.Step {
		given := *p
		given.Return = back
		require.NoError(t, given.Measure(t.Context(), fleet))
		made, err := restart.Joined(t.Context(), fleet, &given)
		require.NoError(t, err)
		require.Equal(t, given.Unserved, made.Unserved)
		return made.Steps
	}
	require.Equal(t, []restart.Step{
		on(0, "s-[1-3]"), in(minute, "s-[1-3]"), admit(minute, 2./3),
		on(10*minute, "board", "s-[4-5]"), in(11*minute, "s-[4-5]"), admit(11*minute, 1),
	}, joined(map[string]time.Duration{"board": 10 * minute}))
	later := map[string]time.Duration{"board": 10 * minute, "s-3": 4 * minute}
	require.Equal(t, []restart.Step{
		on(0, "s-[1-2]"), in(minute, "s-[1-2]"), admit(minute, 2./3), on(4*minute, "s-3"), in(6*minute, "s-3"),
		on(10*minute, "board", "s-[4-5]"), in(11*minute, "s-[4-5]"), admit(11*minute, 1),
	}, joined(later))
	later["s-3"] = 9 * minute
	p.Steps[3].At, p.Steps[4].At = 9*minute, 10*minute
	require.Equal(t, []restart.Step{
		on(0, "s-[1-2]"), in(minute, "s-[1-2]"), admit(minute, 2./3),
		on(10*minute, "board", "s-[3-5]"), in(11*minute, "s-[3-5]"), admit(11*minute, 1),
	}, joined(later))
}
