package maintenance_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/maintenance"
)

// What is said to be safe is so in every combination of phases, and what is said not to be is not.
func TestCheckAgainstTwin(t *testing.T) {
	counts := map[string]int{}
	for seed := range uint64(700) {
		counts[checkSeed(t, seed)]++
	}
	t.Log(counts)
}

func checkSeed(t *testing.T, seed uint64) string {
	s := newSite(seed)
	a, err := maintenance.Check(context.Background(), s.fleet, s.what, s.options)
	require.NoError(t, err, "seed %d", seed)
	w := newTwin(s)
	safe := w.safe(w.ids(s.what))
	switch {
	case a.Safe:
		require.True(t, safe, "seed %d: %s", seed, a)
		return string(a.Certainty) + ", safe"
	case a.Certainty != cascade.Undetermined:
		require.False(t, safe, "seed %d: %s", seed, a)
	}
	return string(a.Certainty)
}
