package main

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// Of 2, 3 and 5 sets of 1, 2 and 3 events, those up to a size are held against what is published, or all.
func TestPublication(t *testing.T) {
	f := &figures{Count: []*big.Int{new(big.Int), big.NewInt(2), big.NewInt(3), big.NewInt(5)}}
	require.Empty(t, publication{sets: 10}.differ(f))
	require.Empty(t, publication{sets: 5, upTo: 2}.differ(f))
	require.Empty(t, publication{sets: 10, upTo: 7}.differ(f))
	require.Equal(t, "10 minimal cut sets, not 5", publication{sets: 5}.differ(f))
	require.Equal(t, "5 minimal cut sets, not 10", publication{sets: 10, upTo: 2}.differ(f))
}
