package topology_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// With builds what New does, and finds the same faults, whether the names stay, change or are followed by others.
func TestWithTwin(t *testing.T) {
	known := 0
	for seed := range uint64(cases(3000)) {
		r := rand.New(rand.NewPCG(seed, 2))
		spec, _ := randomFleet(seed)
		fleet, err := topology.New(labelled(r, spec, "old"))
		if err != nil {
			continue
		}
		spec = changed(r, labelled(r, fleet.Spec(), "new"))
		want, wrong := topology.New(spec)
		got, err := fleet.With(spec)
		require.Equal(t, wrong, err, "seed %d", seed)
		if err == nil {
			known++
			requireSame(t, want, got)
		}
	}
	require.Greater(t, known, cases(1000))
}

// labelled gives some components labels, and appends some that have brackets, some of which have a name that is taken.
func labelled(r *rand.Rand, s topology.Spec, name string) topology.Spec {
	for i := range s.Components {
		if r.IntN(3) == 0 {
			s.Components[i].Labels = map[string]string{"zone": fmt.Sprint(r.IntN(2)), "braces": `\{`}
		}
	}
	for i := range r.IntN(3) {
		s.Components = append(s.Components,
			topology.Component{Name: fmt.Sprintf("%s%d-[1-2]-[a-%c]", name, i, 'a'+rune(r.IntN(15))), Kind: name, Labels: map[string]string{"row": "{1}", "both": "{2}-{1}"}},
			topology.Component{Name: fmt.Sprintf("on-%s%d-[1-2]", name, i), Needs: topology.Names{"row={1}", fmt.Sprintf("1 of %s%d-{1}-[a,a]", name, i)}})
	}
	if r.IntN(5) == 0 {
		s.Components = append(s.Components, s.Components[r.IntN(len(s.Components))])
	}
	return s
}

// changed changes something that is written, or nothing.
func changed(r *rand.Rand, s topology.Spec) topology.Spec {
	c := &s.Components[r.IntN(len(s.Components))]
	switch r.IntN(7) {
	case 0:
		c.Name += "x"
	case 1:
		c.Kind = "other"
	case 2:
		c.Capacity += 10
	case 3:
		c.Needs = append(c.Needs, "row=1")
	case 4:
		s.Components = s.Components[:len(s.Components)-1]
	case 5:
		c.Labels = map[string]string{"wrong": "{3}"}
	}
	return s
}

// requireSame holds all that two fleets tell against each other.
func requireSame(t *testing.T, want, got *topology.Topology) {
	t.Helper()
	require.Equal(t, want.Spec(), got.Spec())
	require.Equal(t, want.Len(), got.Len())
	require.Equal(t, want.Kinds(), got.Kinds())
	require.Equal(t, want.Pools(), got.Pools())
	for id := range topology.ID(want.Len()) {
		require.Equal(t, want.Component(id), got.Component(id))
		require.Equal(t, want.Declaration(id), got.Declaration(id))
		require.Equal(t, want.Capacity(id), got.Capacity(id))
		require.Equal(t, want.Demand(id), got.Demand(id))
		require.Equal(t, want.Links(id), got.Links(id))
		require.Equal(t, want.PoolsOf(id), got.PoolsOf(id))
		at, ok := got.Lookup(want.Name(id))
		require.True(t, ok)
		require.Equal(t, id, at)
		require.Equal(t, want.Closure().Fail(id), got.Closure().Fail(id))
	}
	for _, pattern := range append(want.Kinds(), "zone=0", "zone=1", "row=1", "row=2", "both=a-1", `braces=\{`) {
		a, wrong := want.Select(pattern)
		b, err := got.Select(pattern)
		require.Equal(t, wrong, err)
		require.Equal(t, a, b)
	}
	require.Equal(t, want.Flow(topology.State{}).Load, got.Flow(topology.State{}).Load)
}
