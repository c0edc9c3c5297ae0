package phrase_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

func TestList(t *testing.T) {
	names := topology.Names{"a", "b", "c", "d"}
	require.Equal(t, "", phrase.List(nil, 2))
	require.Equal(t, "a, b, c, d", phrase.List(names, 4))
	require.Equal(t, "a, b and 2 more", phrase.List(names, 3))
	require.Equal(t, topology.Names{"a", "b", "c", "d"}, names)
}

func TestPlural(t *testing.T) {
	require.Equal(t, "0 steps", phrase.Plural(0, "step"))
	require.Equal(t, "1 step", phrase.Plural(1, "step"))
	require.Equal(t, "1,000 steps", phrase.Plural(1000, "step"))
}

func TestShort(t *testing.T) {
	require.Empty(t, phrase.Short([]cascade.Served{{Demand: "users", Fraction: 1 - 1e-12}}, 3))
	require.Equal(t, "99 % of users, 0 % of batch", phrase.Short([]cascade.Served{{Demand: "users", Fraction: .99}, {Demand: "others", Fraction: 1}, {Demand: "batch"}}, 3))
}

func TestWhole(t *testing.T) {
	require.Equal(t, "0", phrase.Whole(nil))
	require.Equal(t, "0", phrase.Whole(new(big.Int)))
	require.Equal(t, "16,722,960", phrase.Whole(big.NewInt(16_722_960)))
	require.Equal(t, "999,999,999,999,999", phrase.Whole(big.NewInt(999_999_999_999_999)))
	require.Equal(t, "1e+15", phrase.Whole(big.NewInt(1e15)))
	require.Equal(t, "some 10^1000", phrase.Whole(new(big.Int).Exp(big.NewInt(10), big.NewInt(1000), nil)))
}

func TestExpand(t *testing.T) {
	require.Empty(t, phrase.Expand(nil))
	require.Equal(t, []string{"a-1", "a-2", "b", "c-[", "d"}, phrase.Expand(topology.Names{"a-[1-2]", "b", "c-[", "d"}))
}
