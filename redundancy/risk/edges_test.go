package risk

import (
	"encoding/json"
	"fmt"
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

// Of 500 pools of 20 servers one is enough, and each needs all of its servers: 20^500 groups, and the top by itself.
func TestAnalyzeOfVeryManyGroups(t *testing.T) {
	var spec topology.Spec
	for i := range 500 {
		spec.Components = append(spec.Components,
			topology.Component{Name: fmt.Sprintf("s-%d-[1-20]", i), Failing: topology.Failing{Unavailability: .9}},
			topology.Component{Name: fmt.Sprintf("pool-%d", i), Needs: topology.Names{fmt.Sprintf("s-%d-[1-20]", i)}})
	}
	spec.Components = append(spec.Components, topology.Component{Name: "top", Needs: topology.Names{"1 of pool-[0-499]"}})
	a, err := Analyze(t.Context(), topology.Must(topology.New(spec)), "top", Options{})
	require.NoError(t, err)
	require.Contains(t, a.String(), "top goes down with 1 group of 1 and some 10^661 of 500.")
	_, err = json.Marshal(a)
	require.NoError(t, err)
}
