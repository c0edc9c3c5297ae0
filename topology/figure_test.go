package topology

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A load stands beside its capacity in one unit, that of the larger.
func TestLoadOf(t *testing.T) {
	t.Parallel()
	require.Equal(t, "114.3 of 100 requests/s", LoadOf(800./7, 100, "requests/s"))
	require.Equal(t, "11 of 9 kW", LoadOf(11_000, 9_000, "W"))
	require.Equal(t, "0.9 of 10 kVA", LoadOf(900, 10_000, "VA"))
	require.Equal(t, "9,999 of 9,000 W", LoadOf(9_999, 9_000, "W"))
	require.Equal(t, "20,000 of 10,000", LoadOf(20_000, 10_000, ""))
}
