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
			a := answerTo(t, filepath.Join(folder, file))
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
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		_, faults := read(filepath.Base(file), string(text))
		switch filepath.Base(file) {
		case "invalid-node.data", "empty-cluster.data":
			require.Len(t, faults, 1, file)
		default:
			require.Empty(t, faults, file)
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
		requireSame(t, path, answerTo(t, path))
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
		a := answerTo(t, path)
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

func answerTo(t *testing.T, path string) *answer {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	c, faults := read(filepath.Base(path), string(text))
	require.Empty(t, faults)
	a, err := ask(c)
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
	nodes, instances := make([]int, len(a.c.groups)), make([]int, len(a.c.groups))
	for _, k := range a.whole.badNodes() {
		nodes[a.c.nodes[k].group]++
	}
	for _, k := range a.badInstances() {
		instances[a.c.nodes[a.c.instances[k].primary].group]++
	}
	out, err := exec.Command("hcheck", "-t", path, "--machine-readable", "--no-simulation").CombinedOutput()
	groups := groupFails.FindAllStringSubmatch(string(out), -1)
	if err != nil {
		require.Contains(t, string(out), "is not an element of the map", path)
	} else {
		require.NotEmpty(t, groups, "%s: %s", path, out)
	}
	for _, m := range groups {
		require.Equal(t, number(t, m[2]), nodes[number(t, m[1])], "%s: %s", path, out)
	}
	for k, g := range a.c.groups {
		out, _ := exec.Command("hbal", "-t", path, "-G", g.name).CombinedOutput() // its status is of other things
		if m := badItems.FindStringSubmatch(string(out)); m != nil {
			require.Equal(t, number(t, m[1]), nodes[k], "%s %s: %s", path, g.name, out)
			require.Equal(t, number(t, m[2]), instances[k], "%s %s: %s", path, g.name, out)
		}
	}
}

func number(t *testing.T, s string) int {
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}

// Ganeti's definition in one line, on many more random clusters: a node fails if its free memory is less than what the
// instances of some one primary would need there.
func TestRandomAgainstDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		text := randomCluster(random)
		c, faults := read("random", text)
		require.Empty(t, faults, text)
		a, err := ask(c)
		require.NoError(t, err, text)
		var want []int
		for k, n := range c.nodes {
			reserve := map[int]float64{}
			for _, i := range c.instances {
				if i.secondary == k && i.auto && !i.forthcoming && i.status != "ADMIN_offline" {
					reserve[i.primary] += i.memory
				}
			}
			most := 0.0
			for _, memory := range reserve {
				most = max(most, memory)
			}
			if !n.offline && n.free < most {
				want = append(want, k)
			}
		}
		require.Equal(t, want, a.whole.badNodes(), text)
	}
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
		switch random.IntN(8) {
		case 0:
			status = statuses()[random.IntN(len(statuses()))]
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
	return b.String() + "\n"
}
