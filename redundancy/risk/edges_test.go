package risk

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// The component that stands for a need must not be called as a kind is.
func TestTopBesideKinds(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "db-[1-3]", Kind: "top", Failing: topology.Failing{Unavailability: .1}}, {Name: "x", Kind: "top'"}}}))
	a, err := Analyze(t.Context(), f, "2 of db-[1-3]", Options{})
	require.NoError(t, err)
	near(t, 3*.01*.9+.001, a.Unavailability.High)
}

// What is always down has no nines, and what is never down no chance: neither is written -0.
func TestNoNegativeZero(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "dead", Failing: topology.Failing{Unavailability: 1}}, {Name: "sound"}}}))
	a, err := Analyze(t.Context(), f, "dead", Options{})
	require.NoError(t, err)
	require.Contains(t, a.String(), "1: 0 nines")
	a, err = Analyze(t.Context(), f, "1 of sound", Options{})
	require.NoError(t, err)
	require.False(t, math.Signbit(a.MinCut))
}
