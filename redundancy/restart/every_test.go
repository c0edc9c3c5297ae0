package restart_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
)

// Every plan of every fleet is safe, and no figure of it is below its bound.
func TestMakeAnyFleet(t *testing.T) {
	t.Parallel()
	n := cases(500)
	ctx := context.Background()
	seen := map[cascade.Certainty]int{}
	full, dead := 0, 0
	for seed := range n {
		d := newDark(seed)
		p, err := restart.Make(ctx, d.fleet, d.scenario, d.options)
		require.NoError(t, err, "seed %d", seed)
		seen[p.Certainty]++
		if p.Certainty == cascade.Undetermined {
			require.NotEmpty(t, p.Reason)
			continue
		}
		require.NoError(t, restart.Verify(ctx, d.fleet, p), "seed %d: %v", seed, p)
		require.LessOrEqual(t, p.LeastPossible, p.Unserved, "seed %d", seed)
		require.LessOrEqual(t, p.Earliest, p.Finish, "seed %d", seed)
		all := true
		for _, s := range p.Served {
			all = all && s.Fraction > 1-1e-9
		}
		if all {
			full++
		}
		if len(p.Steps) == 0 {
			dead++
		}
	}
	t.Log(seen, full, "full", dead, "without steps")
	require.Less(t, seen[cascade.Undetermined], int(n/50)) // of these something is overloaded whatever is done
	require.Greater(t, seen[cascade.Proven], int(3*n/5))
}

// Whatever is changed in a plan, a replay takes it or says what is wrong, and where.
func TestMutationsOfAnyPlan(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	reasons := map[restart.Reason]int{}
	fleets := uint64(200)
	if testing.Short() {
		fleets = 60
	}
	for seed := range fleets {
		d := newDark(seed + 2_000_000)
		made, err := restart.Make(ctx, d.fleet, d.scenario, d.options)
		require.NoError(t, err)
		r := rand.New(rand.NewPCG(seed, 23))
		for i := range made.Steps {
			p := *made
			p.Steps = slices.Clone(made.Steps)
			s := &p.Steps[i]
			switch k := r.IntN(4); {
			case k == 0:
				p.Steps = slices.Delete(p.Steps, i, i+1)
			case k == 1 && s.At > 0:
				s.At -= time.Duration(1 + r.Int64N(int64(s.At)))
			case s.Do == restart.Admit && s.Admit < .99:
				s.Admit *= 1.01
			default:
				s.At += p.Grid * time.Duration(1+r.IntN(3))
			}
			var v *restart.Violation
			if err := restart.Verify(ctx, d.fleet, &p); err != nil {
				require.ErrorAs(t, err, &v, "seed %d", seed)
				require.NotEmpty(t, v.Error())
				require.GreaterOrEqual(t, v.Step, -1)
				require.Less(t, v.Step, len(p.Steps))
				reasons[v.Reason]++
			}
		}
	}
	t.Log(reasons)
	for _, reason := range []restart.Reason{restart.Overload, restart.TooEarly, restart.NeedNotMet, restart.NotReady, restart.OffGrid} {
		require.NotZero(t, reasons[reason], reason)
	}
}
