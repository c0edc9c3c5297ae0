package escape_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/escape"
)

// Whatever names stand in a bracket, they are these names again.
func TestInside(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "b", "-", "1", "09", " of ", "+", ";", "=", `\`, "[", "]", "{", "}", ",", `"`, "ü"})
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringOfN(rapid.RuneFrom([]rune("ab1-")), 1, 4, -1).Draw(t, "a"), ""
		for _, p := range rapid.SliceOfN(piece, 1, 6).Draw(t, "b") {
			b += p
		}
		names, err := topology.Expand("[" + escape.Inside(a) + "," + escape.Inside(b) + "]")
		require.NoError(t, err)
		require.Equal(t, []string{a, b}, names)
	})
}
