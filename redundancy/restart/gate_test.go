package restart

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// All of a demand is a level of its own; below it, what admission settles on is of one level with a little more.
func TestLevelOf(t *testing.T) {
	all := levelOf(1)
	require.Equal(t, all, levelOf(1-1e-12), "rounding")
	require.Less(t, levelOf(1-1e-8), all)
	require.Less(t, levelOf(1-settle), all)
	require.Equal(t, levelOf(1-2*settle), levelOf(1-settle), "a level goes from one edge to the next")
	require.Less(t, levelOf(1-2.1*settle), levelOf(1-2*settle))
	require.Equal(t, levelOf(.5), levelOf(.5+1.9*settle))
	require.Less(t, levelOf(.5), levelOf(.5+2*settle))
}
