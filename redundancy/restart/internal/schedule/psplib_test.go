package schedule_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/restart/internal/psplib"
	"github.com/ridethrough/ridethrough/redundancy/restart/internal/schedule"
)

// library is where the instances of PSPLIB are, relative to the repository.
const library = "../../../../../shared/data/psplib"

// instances returns every so many instances of a set.
func instances(t *testing.T, set string, every int) (some []psplib.Instance) {
	t.Helper()
	if _, err := os.Stat(library); err != nil {
		t.Skipf("the instances of PSPLIB are not in %s", library)
	}
	all, err := psplib.Set(library, set)
	require.NoError(t, err)
	require.NotEmpty(t, all)
	if testing.Short() {
		every *= 4
	}
	for i := 0; i < len(all); i += every {
		some = append(some, all[i])
	}
	return some
}

// solve solves an instance and checks the result against what is known.
func solve(t *testing.T, in psplib.Instance, o schedule.Options) schedule.Result {
	t.Helper()
	r, err := schedule.Solve(context.Background(), in.Problem, o)
	require.NoError(t, err, in.Name)
	require.NoError(t, schedule.Check(in.Problem, r.Start), in.Name)
	require.LessOrEqual(t, r.Bound, in.Upper, in.Name)
	require.GreaterOrEqual(t, r.Finish, in.Lower, in.Name)
	return r
}

// The mean above the critical path at 1,000 schedules each. Over all 300 instances it is 33.87 %; published, over 600, are
// 33.55 % of Debels and Vanhoucke (2007), 34.07 % of Valls et al. (2008) and 37.19 % of Hartmann (2002).
func TestHeuristic(t *testing.T) {
	above, some := 0.0, instances(t, "j120", 10)
	for _, in := range some {
		r, path := solve(t, in, schedule.Options{Schedules: 1000}), float64(in.Problem.Path())
		require.LessOrEqual(t, r.Schedules, 1000)
		above += 100 * (float64(r.Finish) - path) / path
	}
	t.Logf("%.2f %% above the critical path, %d instances", above/float64(len(some)), len(some))
	if !testing.Short() {
		require.LessOrEqual(t, above/float64(len(some)), 27.)
	}
}

// All instances of j30 are proven, in at most 130,000 conflicts; most of them in a few.
func TestProof(t *testing.T) {
	proven, some := 0, instances(t, "j30", 3)
	for _, in := range some {
		r := solve(t, in, schedule.Options{Schedules: 500, Conflicts: 3000})
		if r.Proven {
			proven++
			require.Equal(t, in.Upper, r.Finish, in.Name)
		}
	}
	t.Logf("%d of %d instances are proven", proven, len(some))
	require.GreaterOrEqual(t, proven, len(some)-4)
}

// A learned clause once left too little here: 143 is possible.
func TestKnownFinish(t *testing.T) {
	for _, in := range instances(t, "j120", 1) {
		if in.Name == "j12021_3.sm" {
			r := solve(t, in, schedule.Options{Schedules: 1000, Conflicts: 20_000})
			require.True(t, r.Proven)
		}
	}
}

func TestSameBytes(t *testing.T) {
	for _, in := range instances(t, "j60", 40) {
		o := schedule.Options{Schedules: 300, Conflicts: 500}
		require.Equal(t, solve(t, in, o), solve(t, in, o))
	}
}
