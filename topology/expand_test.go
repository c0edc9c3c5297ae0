package topology_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

func TestExpandSpec(t *testing.T) {
	spec := topology.Spec{
		Name:  "chat",
		Kinds: map[string]topology.Component{"server": {Capacity: 10, Unit: "W", Needs: topology.Names{"board-{1}"}, Labels: map[string]string{"row": "{1}"}}},
		Components: []topology.Component{
			{Name: "board-[a,b]"},
			{Name: `s\=-[a,b]`, Kind: "server"},
			{Name: "users", Demand: 4, Unit: "W", Supplies: []topology.Supply{{Members: topology.Names{"row=[a,b]"}}}},
		},
	}
	expanded, err := spec.Expand()
	require.NoError(t, err)
	require.Equal(t, spec.Name, expanded.Name)
	require.Equal(t, spec.Kinds, expanded.Kinds)
	require.Equal(t, []topology.Component{
		{Name: "board-a"}, {Name: "board-b"},
		{Name: `s\=-a`, Kind: "server", Capacity: 10, Unit: "W", Needs: topology.Names{"board-a"}, Labels: map[string]string{"row": "a"}},
		{Name: `s\=-b`, Kind: "server", Capacity: 10, Unit: "W", Needs: topology.Names{"board-b"}, Labels: map[string]string{"row": "b"}},
		{Name: "users", Demand: 4, Unit: "W", Supplies: []topology.Supply{{Members: topology.Names{"row=[a,b]"}}}},
	}, expanded.Components)
	expanded.Components[2].Labels["row"] = "c"
	require.Equal(t, "{1}", spec.Kinds["server"].Labels["row"], "the spec does not change with what it was expanded to")
}

// A brace in the value of a label is written with a backslash, and expanding keeps it; without a brace a backslash is itself.
func TestBracesInLabels(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "a-[1-2]", Labels: map[string]string{"row": `{1}`, "name": `\{1} c:\\d\=`, "path": `c:\d`}},
		{Name: "b", Labels: map[string]string{"name": `\{1}`}},
	}}
	spec.Components[1].Needs = topology.Names{`name=\{2} c:\\d\=`}
	_, err := topology.New(spec)
	require.ErrorContains(t, err, "not found", "no a has {2} in its name")
	spec.Components[1].Needs = topology.Names{`name=\{1} c:\\d\=`}
	expanded, err := spec.Expand()
	require.NoError(t, err)
	for _, s := range []topology.Spec{spec, expanded} {
		fleet, err := topology.New(s)
		require.NoError(t, err)
		id, _ := fleet.Lookup("a-2")
		require.Equal(t, map[string]string{"row": "2", "name": `{1} c:\d=`, "path": `c:\d`}, fleet.Component(id).Labels)
		id, _ = fleet.Lookup("b")
		require.Equal(t, map[string]string{"name": "{1}"}, fleet.Component(id).Labels)
		require.Len(t, fleet.Links(id)[0].Members, 2)
	}
}

func TestExpandSpecFaults(t *testing.T) {
	for want, c := range map[string]topology.Component{
		"a[: name: bad syntax: ":         {Name: "a["},
		"[1-9]a[1-999999]: name: too l":  {Name: "[1-9]a[1-999999]"},
		"a[1-2]: not found: there is no": {Name: "a[1-2]", Needs: topology.Names{"b-{2}"}},
	} {
		_, err := topology.Spec{Components: []topology.Component{c}}.Expand()
		var faults topology.Faults
		require.True(t, errors.As(err, &faults), want)
		require.Contains(t, err.Error(), want)
	}
}

// What a spec was expanded to is the same fleet: here each of its components is a pair, which draws on its own of others.
func TestExpandedSpecIsTheSame(t *testing.T) {
	for seed := range uint64(cases(2000)) {
		spec, _ := randomFleet(seed)
		for i := range spec.Components {
			paired(&spec.Components[i])
		}
		fleet, err := topology.New(spec)
		if err != nil {
			continue // a tier or a weight for what is one member now
		}
		expanded, err := fleet.Spec().Expand()
		require.NoError(t, err)
		again, err := topology.New(expanded)
		require.NoError(t, err, "seed %d", seed)
		require.Equal(t, fleet.Len(), again.Len())
		for id := range topology.ID(fleet.Len()) {
			require.Equal(t, fleet.Component(id), again.Component(id), "seed %d", seed)
			require.Equal(t, links(fleet, id), links(again, id), "seed %d", seed)
		}
		require.Equal(t, fleet.Flow(topology.State{}).Load, again.Flow(topology.State{}).Load, "seed %d", seed)
	}
}

// paired makes two of a component, a and b, of which each names those of its side.
func paired(c *topology.Component) {
	c.Name += "-[a,b]"
	c.Needs = onItsSide(c.Needs)
	for i := range c.Supplies {
		c.Supplies[i].Members = onItsSide(c.Supplies[i].Members)
	}
}

func onItsSide(names topology.Names) (all topology.Names) {
	for _, name := range names {
		all = append(all, name+"-{1}")
	}
	return all
}

// links tells whom a component needs and draws on.
func links(t *topology.Topology, id topology.ID) (all []string) {
	for _, l := range t.Links(id) {
		all = append(all, fmt.Sprint(l.Members, l.Need, l.Start))
	}
	return all
}
