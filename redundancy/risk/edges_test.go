package risk

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
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

// Racks with two of sixty boards each, at random: the groups are few, and the diagram of the probability is large. There is an end
// to asking for larger groups.
func TestNodesForAllGroupsOnly(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	spec := topology.Spec{Components: []topology.Component{{Name: "board-[00-59]", Failing: topology.Failing{Unavailability: .001}}}}
	pairs := map[string]bool{}
	for i := range 90 {
		x := r.IntN(60)
		y := (x + 1 + r.IntN(59)) % 60
		pairs[fmt.Sprint(min(x, y), max(x, y))] = true
		spec.Components = append(spec.Components, topology.Component{Name: fmt.Sprintf("rack-%02d", i), Needs: topology.Names{fmt.Sprintf("1 of board-[%02d,%02d]", x, y)}})
	}
	spec.Components = append(spec.Components, topology.Component{Name: "fleet", Needs: topology.Names{"rack-[00-89]"}})
	f := topology.Must(topology.New(spec))
	o := Options{Failing: topology.Names{"board-[00-59]"}}
	exact, err := Analyze(t.Context(), f, "fleet", o)
	require.NoError(t, err)
	require.Equal(t, cascade.Exact, exact.Certainty)
	o.Nodes = 500
	a, err := Analyze(t.Context(), f, "fleet", o)
	require.NoError(t, err)
	require.Equal(t, cascade.Bounded, a.Certainty)
	require.Zero(t, a.UpTo, "all are told")
	require.Equal(t, fmt.Sprintf("[0 0 %d]", len(pairs)), fmt.Sprint(a.Count))
	require.LessOrEqual(t, a.Unavailability.Low, exact.Unavailability.Low)
	require.GreaterOrEqual(t, a.Unavailability.High, exact.Unavailability.High)
	require.LessOrEqual(t, a.Unavailability.High, a.MinCut)
	require.GreaterOrEqual(t, a.Unavailability.Low, a.Likeliest(1)[0].Probability)
}

// What depends on nothing that may fail is never down, which is not the same as not determined.
func TestNothingInReach(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "dns", Needs: topology.Names{"zone-a"}}, {Name: "zone-[a-b]"}}}))
	a, err := Analyze(t.Context(), f, "dns", Options{Failing: topology.Names{"zone-b"}})
	require.NoError(t, err)
	require.Equal(t, "dns goes down with no failure of what may fail.", a.String())
	require.Equal(t, cascade.Exact, a.Certainty)
	a, err = Analyze(t.Context(), f, "dns", Options{})
	require.NoError(t, err)
	require.Contains(t, a.String(), "not determined")
}

// What has an MTBF decides nothing, one of the others being down always: a difference of equal probabilities, worked out in two
// ways, is no outage once in so many million million years.
func TestRoundingIsNoOutage(t *testing.T) {
	timed := topology.Failing{MTBF: 500 * time.Hour, MTTR: 10 * time.Hour}
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "top", Needs: topology.Names{"2 of m-[1-3]"}},
		{Name: "m-1", Needs: topology.Names{"5 of c-[2-4,6-8]"}},
		{Name: "m-2", Needs: topology.Names{"1 of c-[5,6]"}},
		{Name: "m-3", Needs: topology.Names{"1 of c-[3,5]"}},
		{Name: "c-2", Failing: timed}, {Name: "c-3"},
		{Name: "c-4", Failing: topology.Failing{MTBF: 400 * time.Hour, MTTR: 20 * time.Hour}}, {Name: "c-8"},
		{Name: "c-5", Failing: topology.Failing{Unavailability: .1}},
		{Name: "c-6", Failing: topology.Failing{Unavailability: .1}},
		{Name: "c-7", Failing: topology.Failing{Unavailability: 1}},
	}}))
	a, err := Analyze(t.Context(), f, "top", Options{Failing: topology.Names{"c-[2-8]"}})
	require.NoError(t, err)
	near(t, .01, a.Unavailability.High)
	require.Zero(t, a.Frequency)
	require.Zero(t, a.Lasts)
	for _, i := range a.Importance() {
		require.GreaterOrEqual(t, i.Birnbaum, 0.0)
		require.False(t, math.Signbit(i.Criticality))
	}
}
