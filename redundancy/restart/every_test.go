package restart_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
)

// Every plan of every fleet is safe, and no figure of it is below its bound.
func TestMakeAnyFleet(t *testing.T) {
	n := uint64(5000)
	if testing.Short() {
		n = 300
	}
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
			if seen[p.Certainty] < 20 {
				t.Log(seed, p.Reason)
			}
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
}
