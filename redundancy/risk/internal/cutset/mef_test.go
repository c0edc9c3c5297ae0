package cutset

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/risk/internal/tree"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/openpsa"
)

const aralia = "../../../../../shared/data/aralia"

// readTree reads a fault tree of the Aralia set, and the names of its events.
func readTree(t testing.TB, name string) (*tree.Tree, []string) {
	file, err := os.Open(filepath.Join(aralia, name+".xml"))
	if err != nil {
		t.Skip("the Aralia trees are not here: ", err)
	}
	defer file.Close()
	spec, _, err := openpsa.Read(openpsa.Options{}, file)
	require.NoError(t, err)
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	tops, err := fleet.Select("top=yes")
	require.NoError(t, err)
	require.Len(t, tops, 1)
	f, err := tree.Of(context.Background(), fleet, tops, func(id topology.ID) bool { return fleet.Kind(id) == openpsa.BasicEvent })
	require.NoError(t, err)
	f.Top = f.Node[tops[0]]
	var names []string
	for _, id := range f.Components {
		names = append(names, fleet.Name(id))
	}
	return f.Tree, names
}
