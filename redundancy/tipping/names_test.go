package tipping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A name may have brackets, which mean something in a pattern.
func TestTippingPointOfNamesWithBrackets(t *testing.T) {
	top := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: `s\[1-3\]`, Kind: "server", Capacity: 50}, {Name: "s-[1-3]", Kind: "server", Capacity: 50},
		{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}}}}))
	require.Equal(t, "s[1-3]", top.Name(0))
	p, err := Find(t.Context(), top, "server", cascade.Options{})
	require.NoError(t, err)
	f := newFinder(top, "server", []topology.ID{0, 1, 2, 3}, cascade.Options{}, mostTried)
	changed, err := f.changed(2, .5)
	require.NoError(t, err)
	require.Equal(t, top.Len(), changed.Len())
	require.Equal(t, 25.0, changed.Capacity(0))
	require.Equal(t, 4, p.Count)
}
