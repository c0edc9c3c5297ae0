package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/ganeti"
)

// folder has Ganeti's own test clusters, which are not part of this repository.
const folder = "../../../shared/data/ganeti"

// What hbal of ganeti-htools 3.0.2 (Debian 3.0.2-3) calls bad nodes and bad instances in those of Ganeti's test clusters
// that have drbd instances: "Initial check done: 4 bad nodes, 8 bad instances." Where a cluster has several groups, their
// sum; the nodes are hcheck's N1_FAIL too.
var recorded = map[string]struct{ nodes, instances int }{
	"hbal-cpu-speed.data":           {0, 0},
	"hbal-desiredlocation-1.data":   {0, 0},
	"hbal-desiredlocation-2.data":   {0, 0},
	"hbal-desiredlocation-3.data":   {0, 0},
	"hbal-desiredlocation-4.data":   {0, 0},
	"hbal-evac.data":                {0, 0},
	"hbal-excl-tags.data":           {0, 0},
	"hbal-forth.data":               {0, 0},
	"hbal-location-1.data":          {0, 0},
	"hbal-location-2.data":          {0, 0},
	"hbal-location-exclusion.data":  {0, 0},
	"hbal-migration-1.data":         {0, 0},
	"hbal-migration-2.data":         {0, 0},
	"hbal-migration-3.data":         {0, 0},
	"hbal-soft-errors.data":         {0, 0},
	"hbal-soft-errors2.data":        {0, 0},
	"hbal-split-insts.data":         {0, 0},
	"hroller-full.data":             {0, 0},
	"hroller-online.data":           {0, 0},
	"hspace-groups-one.data":        {2, 3},
	"hspace-groups-two.data":        {2, 3},
	"hsqueeze-mixed-instances.data": {0, 0},
	"multiple-tags.data":            {0, 0},
	"n1-failure.data":               {4, 8},
	"partly-used.data":              {0, 0},
	"unique-reboot-order.data":      {0, 0},
}

func TestGanetiFiles(t *testing.T) {
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("../shared is not here: %v", err)
	}
	for file, want := range recorded {
		t.Run(file, func(t *testing.T) {
			a := answered(t, filepath.Join(folder, file))
			require.Len(t, a.whole.badNodes(), want.nodes)
			require.Len(t, a.badInstances(), want.instances)
		})
	}
}

// The files that hcheck reads are read here, and those that it refuses are refused; but for a cluster without nodes, of
// which hcheck says that nothing is wrong.
func TestEveryGanetiFileIsRead(t *testing.T) {
	files, err := filepath.Glob(folder + "/*.data")
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("../shared is not here: " + folder + " has no files")
	}
	for _, file := range files {
		_, err := answerTo(file, nil)
		switch filepath.Base(file) {
		case "invalid-node.data", "empty-cluster.data":
			require.Error(t, err, file)
		default:
			require.NoError(t, err, file)
		}
	}
}

// The same, and each group by itself, against the hcheck and hbal that are installed.
func TestAgainstHcheck(t *testing.T) {
	needHtools(t)
	for file := range recorded {
		path := filepath.Join(folder, file)
		if _, err := os.Stat(path); err != nil {
			t.Skipf("../shared is not here: %v", err)
		}
		requireSame(t, path, answered(t, path))
	}
}

// Small random clusters, tight enough that some fail and some do not, with stopped and offline nodes and instances.
func TestRandomAgainstHcheck(t *testing.T) {
	needHtools(t)
	failing := 0
	random := rand.New(rand.NewPCG(1, 2))
	for k := range 16 {
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.data", k))
		require.NoError(t, os.WriteFile(path, []byte(randomCluster(random)), 0o644))
		a := answered(t, path)
		requireSame(t, path, a)
		failing += min(1, len(a.whole.badNodes()))
	}
	require.Greater(t, failing, 2)
	require.Less(t, failing, 15)
}

func needHtools(t *testing.T) {
	for _, tool := range []string{"hcheck", "hbal"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed (Debian: ganeti-htools); its figures are in TestGanetiFiles", tool)
		}
	}
}

func answered(t *testing.T, file string) *answer {
	a, err := answerTo(file, nil)
	require.NoError(t, err)
	return a
}

var (
	groupFails = regexp.MustCompile(`HCHECK_INIT_GROUP_(\d+)_N1_FAIL=(\d+)`)
	badItems   = regexp.MustCompile(`Initial check done: (\d+) bad nodes, (\d+) bad instances`)
)

// requireSame compares the groups one by one. hcheck 3.0.2 breaks off where an instance has its nodes in two groups
// ("IntMap.!: key 7 is not an element of the map"); hbal, asked for one group after the other, answers there too.
func requireSame(t *testing.T, path string, a *answer) {
	nodes, instances := map[string]int{}, map[string]int{} // by group
	for _, id := range a.whole.badNodes() {
		nodes[a.t.Component(id).Labels["group"]]++
	}
	for _, id := range a.badInstances() {
		primary, _ := a.t.Lookup("node/" + a.t.Component(id).Labels["primary"])
		instances[a.t.Component(primary).Labels["group"]]++
	}
	names := groupsOf(t, path)
	out, err := exec.Command("hcheck", "-t", path, "--machine-readable", "--no-simulation").CombinedOutput()
	groups := groupFails.FindAllStringSubmatch(string(out), -1)
	if err != nil {
		require.Contains(t, string(out), "is not an element of the map", path)
	} else {
		require.NotEmpty(t, groups, "%s: %s", path, out)
	}
	for _, m := range groups {
		require.Equal(t, number(t, m[2]), nodes[names[number(t, m[1])]], "%s: %s", path, out)
	}
	for _, name := range names {
		out, _ := exec.Command("hbal", "-t", path, "-G", name).CombinedOutput() // its status is of other things
		if m := badItems.FindStringSubmatch(string(out)); m != nil {
			require.Equal(t, number(t, m[1]), nodes[name], "%s %s: %s", path, name, out)
			require.Equal(t, number(t, m[2]), instances[name], "%s %s: %s", path, name, out)
		}
	}
}

// groupsOf returns the names in the first section.
func groupsOf(t *testing.T, path string) (names []string) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, fields := range rows(string(text), 0) {
		names = append(names, fields[0])
	}
	return names
}

// rows returns the columns of a section's lines, from 0.
func rows(text string, section int) (all [][]string) {
	for line := range strings.SplitSeq(strings.Split(text, "\n\n")[section], "\n") {
		if line != "" {
			all = append(all, strings.Split(line, "|"))
		}
	}
	return all
}

func number(t *testing.T, s string) int {
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}

// Ganeti's definition, on many more random clusters.
func TestRandomAgainstDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		text := randomCluster(random)
		spec, findings, err := ganeti.Read(strings.NewReader(text))
		require.NoError(t, err, text)
		a, err := ask(spec, findings)
		require.NoError(t, err, text)
		require.Equal(t, badByDefinition(t, text), a.t.Names(a.whole.badNodes()), text)
	}
}

// badByDefinition reads the text by itself: a node fails if its free memory is less than what the instances of some one
// primary would need there.
func badByDefinition(t *testing.T, text string) topology.Names {
	reserve := map[string]map[string]int{} // by secondary and primary
	for _, i := range rows(text, 2) {
		primary, secondary := i[6], i[7]
		if i[4] != "ADMIN_offline" && i[5] == "Y" && i[12] == "N" {
			if reserve[secondary] == nil {
				reserve[secondary] = map[string]int{}
			}
			reserve[secondary][primary] += number(t, i[1])
		}
	}
	var bad []string
	for _, n := range rows(text, 1) {
		most := 0
		for _, memory := range reserve[n[0]] {
			most = max(most, memory)
		}
		if n[7] != "Y" && number(t, n[3]) < most {
			bad = append(bad, "node/"+n[0])
		}
	}
	return topology.Fold(bad)
}

func randomCluster(random *rand.Rand) string {
	var b strings.Builder
	groups, nodes := 1+random.IntN(2), 2+random.IntN(6)
	for g := range groups {
		fmt.Fprintf(&b, "group-%d|uuid-%d|preferred||\n", g, g)
	}
	b.WriteString("\n")
	for n := range nodes {
		offline := "N"
		if random.IntN(10) == 0 {
			offline = "Y"
		}
		fmt.Fprintf(&b, "node-%d|%d|0|%d|1000|1000|4|%s|uuid-%d|1\n", n, 1+random.IntN(1000), random.IntN(300)-10, offline, n%groups)
	}
	b.WriteString("\n")
	for i := range random.IntN(12) {
		first, second := random.IntN(nodes), random.IntN(nodes) // in one group, for hcheck's sake
		status, auto, planned := "running", "Y", "N"
		statuses := []string{"running", "ADMIN_down", "ADMIN_offline", "USER_down", "ERROR_down", "ERROR_up", "ERROR_nodeoffline", "ERROR_wrongnode"}
		switch random.IntN(8) {
		case 0:
			status = statuses[random.IntN(len(statuses))]
		case 1:
			auto = "N"
		case 2:
			planned = "Y"
		}
		memory := 10 * random.IntN(20)
		if first == second || first%groups != second%groups {
			fmt.Fprintf(&b, "inst-%d|%d|0|1|%s|%s|node-%d||ext||1|-|%s\n", i, memory, status, auto, first, planned)
		} else {
			fmt.Fprintf(&b, "inst-%d|%d|0|1|%s|%s|node-%d|node-%d|drbd||1|-|%s\n", i, memory, status, auto, first, second, planned)
		}
	}
	return b.String() + "\n\n"
}
