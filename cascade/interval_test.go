package cascade_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
)

// None of n has come out: the high end p is that at which none does with 2.5 %, (1−p)^n.
func TestIntervalOf(t *testing.T) {
	require.Equal(t, cascade.Interval{Low: 0, High: 1}, cascade.IntervalOf(0, 0))
	none := cascade.IntervalOf(0, 200)
	require.Zero(t, none.Low)
	require.InDelta(t, 1-math.Pow(.025, 1./200), none.High, 1e-12)
	require.InDelta(t, 1-none.High, cascade.IntervalOf(200, 200).Low, 1e-12)
}
