package topology_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

func lookup(t testing.TB, fleet *topology.Topology, name string) topology.ID {
	t.Helper()
	id, ok := fleet.Lookup(name)
	require.True(t, ok, name)
	return id
}

func fallen(fleet *topology.Topology, lost []topology.Loss) (names []string) {
	for _, l := range lost {
		names = append(names, fleet.Name(l.ID))
	}
	return names
}

// A need of two of three is met with two left, and not with one.
func TestNeedAtEquality(t *testing.T) {
	for _, c := range []topology.Component{
		{Name: "api", Needs: topology.Names{"2 of etcd-[1-3]"}},
		{Name: "api", Supplies: []topology.Supply{{Members: topology.Names{"etcd-[1-3]"}, Need: 2}}},
	} {
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{{Name: "etcd-[1-3]"}, c}}))
		closure := fleet.Closure()
		require.Equal(t, []string{"etcd-2"}, fallen(fleet, closure.Fail(lookup(t, fleet, "etcd-2"))))
		lost := closure.Fail(lookup(t, fleet, "etcd-1"))
		require.Equal(t, []string{"etcd-1", "api"}, fallen(fleet, lost))
		require.Equal(t, 1, lost[1].Left)
		require.Equal(t, 2, lost[1].Link.Need)
		closure.Undo(lost)
		require.False(t, closure.Down(lookup(t, fleet, "api")))
		require.Equal(t, 2, closure.Left(lost[1].Link))
	}
}

// Components that need each other stay up together, and fall together.
func TestNeedsInACircle(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "a", Needs: topology.Names{"b"}}, {Name: "b", Needs: topology.Names{"a"}}, {Name: "alone", Needs: topology.Names{"alone"}},
	}}))
	closure := fleet.Closure()
	require.False(t, closure.Down(lookup(t, fleet, "a")))
	require.Equal(t, []string{"b", "a"}, fallen(fleet, closure.Fail(lookup(t, fleet, "b"))))
	require.False(t, closure.Down(lookup(t, fleet, "alone")))
}

func TestClosureIgnores(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "x"},
		{Name: "optional", Supplies: []topology.Supply{{Members: topology.Names{"x"}, Optional: true}}},
		{Name: "start", StartNeeds: topology.Names{"x"}},
		{Name: "none", Needs: topology.Names{"y-[1-2]"}},
		{Name: "y-[1-2]"},
	}}))
	closure, x := fleet.Closure(), lookup(t, fleet, "x")
	lost := closure.Fail(x, x)
	require.Equal(t, []string{"x"}, fallen(fleet, lost))
	require.Nil(t, lost[0].Link)
	require.Empty(t, closure.Fail(x), "it is down already")
	require.Empty(t, closure.Fail())
	require.Equal(t, []string{"y-2", "none"}, fallen(fleet, closure.Fail(lookup(t, fleet, "y-2"))))
}

// What is needed only to start, and what is optional, keeps nothing up.
func TestKeeps(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "m-[1-2]", Capacity: 1},
		{Name: "owner", Demand: 1, Needs: topology.Names{"m-1"}, StartNeeds: topology.Names{"m-2"}, Supplies: []topology.Supply{
			{Members: topology.Names{"m-1"}}, {Members: topology.Names{"m-2"}, Optional: true},
		}},
	}}))
	owner, _ := fleet.Lookup("owner")
	var keeps []bool
	for _, l := range fleet.Links(owner) {
		keeps = append(keeps, l.Keeps())
	}
	require.Equal(t, []bool{true, false, true, false}, keeps)
}
