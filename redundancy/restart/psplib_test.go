package restart_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/redundancy/restart/internal/psplib"
	"github.com/ridethrough/ridethrough/topology"
)

// library is where the instances of PSPLIB are, relative to the repository.
const library = "../../../shared/data/psplib"

// projects returns every so many instances of a set.
func projects(t *testing.T, set string, every int) (some []psplib.Instance) {
	t.Helper()
	if _, err := os.Stat(library); err != nil {
		t.Skipf("the instances of PSPLIB are not in %s", library)
	}
	all, err := psplib.Set(library, set)
	require.NoError(t, err)
	for i := 0; i < len(all); i += every {
		some = append(some, all[i])
	}
	require.NotEmpty(t, some)
	return some
}

// finished returns the plan for an instance as a fleet, held against what is known of it.
func finished(t *testing.T, in psplib.Instance, effort int) *restart.Plan {
	t.Helper()
	fleet, err := topology.New(in.Spec())
	require.NoError(t, err, in.Name)
	p, err := restart.Make(context.Background(), fleet, in.Dark(), restart.Options{Soonest: true, Effort: effort})
	require.NoError(t, err, in.Name)
	require.NoError(t, restart.Verify(context.Background(), fleet, p), in.Name)
	lower, upper := time.Duration(in.Lower)*psplib.Unit, time.Duration(in.Upper)*psplib.Unit
	require.GreaterOrEqual(t, p.Finish, lower, in.Name)
	require.LessOrEqual(t, p.Earliest, upper, in.Name)
	if p.Certainty == cascade.Proven {
		require.Equal(t, p.Earliest, p.Finish, in.Name)
		require.LessOrEqual(t, p.Finish, upper, in.Name)
	}
	return p
}

// The earliest finish of a project is the earliest way back of a fleet: so the optima that are known are those of Make.
func TestProjects(t *testing.T) {
	proven, some := 0, projects(t, "j30", 16)
	for _, in := range some {
		if finished(t, in, 0).Certainty == cascade.Proven {
			proven++
		}
	}
	t.Logf("%d of %d projects are proven", proven, len(some))
	require.Equal(t, len(some), proven)
}

// Where no optimum is known, what is said of it is true all the same.
func TestLargeProjects(t *testing.T) {
	for _, in := range projects(t, "j120", 120) {
		finished(t, in, 100)
	}
}
