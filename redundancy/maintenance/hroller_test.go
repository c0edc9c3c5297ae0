package maintenance_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/maintenance"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/ganeti"
)

// folder has Ganeti's own test clusters, which are not part of this repository.
const folder = "../../../shared/data/ganeti"

// In how many groups hroller of ganeti-htools 3.0.2 (Debian 3.0.2-3) reboots the nodes of those of Ganeti's test clusters that it
// takes, and in which every instance is mirrored, and in how many they may be taken out here, with nothing else lost. hroller
// colours a graph: no two nodes of a group have an instance in common, nor, unless it is told that instances are down, the
// secondary of an instance each. Here two may move instances to one node if that has the memory, so that hroller-online takes
// one group less; and instances that are only planned (hbal-forth) ask for nothing. Whether another node may be lost meanwhile
// hroller does not ask. Where some instances have no secondary it moves them anywhere, which is not modelled here.
var recorded = map[string]struct{ hroller, here int }{
	"hbal-cpu-speed.data":   {2, 2},
	"hbal-forth.data":       {2, 1},
	"hbal-soft-errors.data": {3, 3},
	"hroller-full.data":     {2, 2},
	"hroller-online.data":   {3, 2},
	"multiple-tags.data":    {2, 2},
}

func TestGanetiClusters(t *testing.T) {
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("../shared is not here: %v", err)
	}
	for file, want := range recorded {
		fleet := cluster(t, file)
		r, err := maintenance.Roll(context.Background(), fleet, topology.Names{"node"}, maintenance.Options{Family: cascade.Only()})
		require.NoError(t, err)
		require.Len(t, r.Groups, want.here, "%s: %s", file, r)
		require.Zero(t, r.Left, file)
		require.Equal(t, cascade.Proven, r.Certainty, file)
	}
}

// Each group of hroller's is safe here.
func TestGroupsOfHroller(t *testing.T) {
	hroller, err := exec.LookPath("hroller")
	if err != nil {
		t.Skip("hroller is not installed (Debian package ganeti-htools)")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("../shared is not here: %v", err)
	}
	for file, want := range recorded {
		out, err := exec.Command(hroller, "--no-headers", "-t", filepath.Join(folder, file)).Output()
		require.NoError(t, err, file)
		groups := strings.Fields(string(out))
		require.Len(t, groups, want.hroller, file)
		r := &maintenance.Rolling{What: topology.Names{"node"}}
		for _, g := range groups {
			nodes := topology.Names{}
			for node := range strings.SplitSeq(g, ",") {
				nodes = append(nodes, "node/"+node)
			}
			r.Groups = append(r.Groups, maintenance.Group{What: nodes})
		}
		require.NoError(t, maintenance.Verify(context.Background(), cluster(t, file), r, maintenance.Options{Family: cascade.Only()}), file)
	}
}

func cluster(t *testing.T, file string) *topology.Topology {
	spec, _, err := ganeti.ReadFile(filepath.Join(folder, file))
	require.NoError(t, err, file)
	fleet, err := topology.New(spec)
	require.NoError(t, err, file)
	return fleet
}
