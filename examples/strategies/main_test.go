package main

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/strategy"
	"github.com/ridethrough/ridethrough/topology"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func TestStrategies(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	const golden = "testdata/strategies.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

// By hand: three of four boards carry 8,000 with 26⅔ servers each, so 27 and 108 in all. It costs 108 + 4·5 + 10 = 138 where
// 100 servers cost 130, and survives any board.
func TestByHand(t *testing.T) {
	table, err := strategy.Compare(t.Context(), topology.Must(fleet()), options())
	require.NoError(t, err)
	four := table.Rows[len(table.Rows)-1]
	require.Equal(t, 108, four.Servers)
	require.Equal(t, 138.0, four.Cost)
	require.True(t, four.Frontier)
}
