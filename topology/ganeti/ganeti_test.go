package ganeti_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/ganeti"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// All that a text can say, as a spec and as findings.
func TestGolden(t *testing.T) {
	spec, findings, err := ganeti.ReadFile("testdata/cluster.data")
	require.NoError(t, err)
	_, err = topology.New(spec)
	require.NoError(t, err)
	var got strings.Builder
	for _, c := range spec.Components {
		line, err := json.Marshal(c)
		require.NoError(t, err)
		got.WriteString(string(line) + "\n")
	}
	for _, f := range findings {
		got.WriteString(string(f.Reason) + ": " + f.String() + "\n")
	}
	const golden = "testdata/cluster.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String())
}

// parts of a text with two nodes.
const (
	head = "g|u|preferred|\n\n"
	two  = head + "a|1000|100|500|9|9|4|N|u|1|rack:1\nb|1000|100|500|9|9|4|M|u|1|rack:1\n\n"
	tail = "\n\n"
)

func read(t *testing.T, text string) (topology.Spec, topology.Findings) {
	t.Helper()
	spec, findings, err := ganeti.Read(strings.NewReader(text))
	require.NoError(t, err, text)
	return spec, findings
}

func build(t *testing.T, text string) *topology.Topology {
	t.Helper()
	spec, _ := read(t, text)
	fleet, err := topology.New(spec)
	require.NoError(t, err, text)
	return fleet
}

// A node has what is free and what its instances need: 100 and 300; 800 and 0. What it uses of itself, 600 and 200, is no
// load. Without its primary, an instance is on its secondary.
func TestLoads(t *testing.T) {
	fleet := build(t, head+"a|1000|0|100|9|9|4|N|u\nb|1000|0|800|9|9|4|N|u\n\ni|300|1|1|running|Y|a|b|drbd\n"+tail)
	a, _ := fleet.Lookup("node/a")
	b, _ := fleet.Lookup("node/b")
	require.Equal(t, []float64{400, 800}, []float64{fleet.Capacity(a), fleet.Capacity(b)})
	loads := fleet.Flow(topology.State{}).Load
	require.Equal(t, []float64{300, 0}, []float64{loads[a], loads[b]})
	down := make([]topology.Status, fleet.Len())
	down[a] = topology.Down
	require.Equal(t, 300.0, fleet.Flow(topology.State{Status: down}).Load[b])
}

// Free memory may be 0 or less: a node without instances is over with nothing lost if it is negative, and else with any
// instance that comes; so is one that has instances.
func TestNothingFree(t *testing.T) {
	for _, c := range []struct {
		free, memory                      string
		overBefore, overAfter, overAround bool // node b with nothing lost, without node a; node a with nothing lost
	}{
		{"1", "1", false, false, false}, {"1", "2", false, true, false},
		{"0", "0", false, false, false}, {"0", "1", false, true, false},
		{"-1", "0", true, true, true}, {"-1", "5", true, true, true},
	} {
		fleet := build(t, head+"a|9|0|"+c.free+"|9|9|4|N|u\nb|9|0|"+c.free+"|9|9|4|N|u\n\ni|"+c.memory+"|1|1|running|Y|a|b|drbd\n"+tail)
		a, _ := fleet.Lookup("node/a")
		b, _ := fleet.Lookup("node/b")
		over := func(id topology.ID, down ...topology.ID) bool {
			s := topology.State{Status: make([]topology.Status, fleet.Len())}
			for _, d := range down {
				s.Status[d] = topology.Down
			}
			return topology.Overloaded(fleet.Flow(s).Load[id], fleet.Capacity(id))
		}
		require.Equal(t, []bool{c.overBefore, c.overAfter, c.overAround}, []bool{over(b), over(b, a), over(a)}, c)
	}
}

// A stopped instance counts as if it ran, in memory of its own; a planned one does not count.
func TestStopped(t *testing.T) {
	spec, findings := read(t, two+"i|700|1|1|ADMIN_down|Y|a|b|drbd\nj|700|1|1|ADMIN_down|Y|a|b|drbd||1|-|Y\n"+tail)
	require.Equal(t, 1200.0, spec.Components[0].Capacity)
	require.Equal(t, []float64{700, 0}, []float64{spec.Components[2].Demand, spec.Components[3].Demand})
	require.Equal(t, []string{"instance/i"}, about(findings, ganeti.Stopped))
	require.Equal(t, []string{"instance/j"}, about(findings, ganeti.NotReserved))
}

// about returns what the first finding of a reason is about; none if there is no such finding.
func about(findings topology.Findings, reason topology.Reason) []string {
	for _, f := range findings {
		if f.Reason == reason {
			return f.About
		}
	}
	return nil
}

// Of 1000 MiB, 100 are the node's and 200 its instance's, so that 700 should be free; 512 more or less are tolerated.
func TestUnaccounted(t *testing.T) {
	for free, want := range map[int]topology.Reason{187: ganeti.Unaccounted, 188: "", 700: "", 1212: "", 1213: ganeti.AboveTotal} {
		_, findings := read(t, head+fmt.Sprintf("a|1000|100|%d|9|9|4|N|u\nb|9|0|9|9|9|4|N|u\n\ni|200|1|1|running|N|a|b|drbd\n", free)+tail)
		for _, reason := range []topology.Reason{ganeti.Unaccounted, ganeti.AboveTotal} {
			require.Equal(t, reason == want, about(findings, reason) != nil, "%d: %s", free, reason)
		}
	}
	_, findings := read(t, head+"a|1000|100|1213|9|9|4|Y|u\nb|1000|100|187|9|9|4|Y|u\n\n"+tail)
	require.Nil(t, about(findings, ganeti.Unaccounted))
	require.Nil(t, about(findings, ganeti.AboveTotal))
}

// A node that is offline, by its mark or for an unknown figure, is overloaded by any instance, of 1 MiB too.
func TestOffline(t *testing.T) {
	for _, node := range []string{"a|0|0|0|0|0|0|Y|u", "a|x|x|x|0|0|0|Y|u", "a|9|9|?|9|9|9|N|u", "a|9|9|9|9|?|9|N|u"} {
		fleet := build(t, head+node+"\nb|9|0|9|9|9|4|N|u\n\ni|1|1|1|running|Y|a|b|drbd\n"+tail)
		a, _ := fleet.Lookup("node/a")
		require.True(t, topology.Overloaded(fleet.Flow(topology.State{}).Load[a], fleet.Capacity(a)), node)
		offline, err := fleet.Select("offline=yes")
		require.NoError(t, err)
		require.Equal(t, []topology.ID{a}, offline)
	}
	_, findings := read(t, head+"a|?|0|0|0|0|0|Y|u\nb|?|0|9|9|9|4|N|u\n\n"+tail)
	require.Equal(t, []string{"node/a"}, about(findings, ganeti.NodeOffline))
	require.Equal(t, []string{"node/b"}, about(findings, ganeti.UnknownFigures))
	require.ErrorContains(t, findings.Strict(), "node/b: capacity: unknown figures")
}

// A location is a cause of failure of the nodes that have its tag, once for each; other tags mean nothing.
func TestLocations(t *testing.T) {
	nodes := head + "a|9|0|9|9|9|4|N|u|1|rack:1,rack:1 ,rack,racks:1,dc/x:1\nb|9|0|9|9|9|4|N|u|1|x,rack:1:2,node:b\n\ni|1|1|1|running|Y|a|b|drbd\n\n"
	spec, findings := read(t, nodes+"htools:nlocation:rack\nhtools:nlocation:rack \nhtools:nlocation:\nhtools:nlocation:dc/x\nhtools:nlocation:node\nhtools:nlocation:rack:1\n")
	_, err := topology.New(spec)
	require.NoError(t, err)
	var got [][]string
	for _, c := range spec.Components[:6] {
		got = append(got, append([]string{c.Name, c.Kind}, c.Needs...))
	}
	require.Equal(t, [][]string{
		{"location/rack:1", "rack"}, {"location/dc/x:1", "dc"}, {"location/rack:1:2", "rack"}, {"location/node:b", "location"},
		{"node/a", "node", "location/rack:1", "location/dc/x:1"}, {"node/b", "node", "location/rack:1:2", "location/node:b"},
	}, got)
	require.Equal(t, []string{"node/b"}, about(findings, ganeti.NoLocation), "dc/x")
	require.Nil(t, about(findings, ganeti.SharedLocation))
	spec, findings = read(t, nodes)
	require.Len(t, spec.Components, 3)
	require.Contains(t, findings.String(), "what nodes share")
}

func TestSharedLocation(t *testing.T) {
	_, findings := read(t, two+"i|1|1|1|running|Y|a|b|drbd\nj|1|1|1|running|N|b|a|drbd\nk|1|1|1|ADMIN_offline|Y|a|b|drbd\nl|1|1|1|running|Y|a||rbd\n\nhtools:nlocation:rack\n")
	require.Equal(t, []string{"instance/i", "instance/j"}, about(findings, ganeti.SharedLocation))
}

// A service is the instances of one exclusion tag; it is spread if no two of them share a node, and not all of them a
// location.
func TestSpread(t *testing.T) {
	nodes := head + "a|9|0|9|9|9|4|N|u|1|rack:1\nb|9|0|9|9|9|4|N|u|1|rack:1\nc|9|0|9|9|9|4|N|u|1|rack:2\n\n"
	for _, c := range []struct{ on, want string }{
		{"a", ""},
		{"ac", ""},
		{"abc", ""},
		{"aa", "all that have the exclusion tag s:x run on node/a"},
		{"ab", "all that have the exclusion tag s:x run in location/rack:1"},
		{"aab", "all that have the exclusion tag s:x run in location/rack:1"},
		{"aac", "on one node with others that have the exclusion tag s:x"},
	} {
		var rows strings.Builder
		for k, node := range c.on {
			fmt.Fprintf(&rows, "i%d|1|1|1|running|Y|%c||rbd|s:x,t:x\n", k, node)
		}
		_, findings := read(t, nodes+rows.String()+"off|1|1|1|ADMIN_offline|Y|a||rbd|s:x\n\nhtools:nlocation:rack\nhtools:iextags:s\nhtools:iextags:\n")
		if c.want == "" {
			require.Nil(t, about(findings, ganeti.NotSpread), c.on)
		} else {
			require.Contains(t, findings.String(), c.want, c.on)
		}
	}
	_, findings := read(t, nodes+"i|1|1|1|running|Y|a||rbd|s:x\nj|1|1|1|running|Y|a||rbd|s:x\nk|1|1|1|running|Y|c||rbd|s:x\n\nhtools:iextags:s\n")
	require.Equal(t, []string{"instance/i", "instance/j"}, about(findings, ganeti.NotSpread))
}

// Names are what they are, whatever they mean in a pattern.
func TestNames(t *testing.T) {
	for _, name := range []string{"a[1-2]", "x=y", "2 of b", "each", `a\`, "{1}", "a{", "wéb", "node", "x;y", "a + b"} {
		fleet := build(t, "g{1}|u|p|\n\n"+name+"|9|0|9|9|9|4|N|u|1|t:"+name+"\nb|9|0|9|9|9|4|N|u\n\n"+name+"|1|1|1|running|N|"+name+"|b|drbd\n\nhtools:nlocation:t\n")
		node, ok := fleet.Lookup("node/" + name)
		require.True(t, ok, name)
		require.Equal(t, "g{1}", fleet.Component(node).Labels["group"])
		instance, ok := fleet.Lookup("instance/" + name)
		require.True(t, ok, name)
		require.Equal(t, name, fleet.Component(instance).Labels["primary"])
		require.Equal(t, []topology.ID{node}, fleet.Links(instance)[0].Members)
		location, ok := fleet.Lookup("location/t:" + name)
		require.True(t, ok, name)
		require.Equal(t, []topology.ID{location}, fleet.Links(node)[0].Members)
	}
}

// Of one name, all instances but the first are named after their lines, and so are those without a name.
func TestSameName(t *testing.T) {
	row := "|1|1|1|running|Y|a|b|drbd\n"
	spec, findings := read(t, two+"i"+row+"i"+row+row+"i (line 7)x"+row+tail)
	require.Equal(t, []string{"instance/i (line 7)", "instance/(line 8)"}, about(findings, ganeti.SameName))
	require.Len(t, spec.Components, 6)
	_, _, err := ganeti.Read(strings.NewReader(two + "i (line 8)" + row + "i" + row + "i" + row + tail))
	require.EqualError(t, err, "8:1: instance/i (line 8): not unique: it stands twice: give each instance one line")
}

func TestReaderFails(t *testing.T) {
	broken := errors.New("broken")
	_, _, err := ganeti.Read(iotest.ErrReader(broken))
	require.Equal(t, broken, err)
	_, _, err = ganeti.ReadFile("testdata/none.data")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// The files of Ganeti's own tests: what hcheck reads is read, and builds.
func TestGanetiFiles(t *testing.T) {
	files, err := filepath.Glob("../../../shared/data/ganeti/*.data")
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("../shared is not here")
	}
	for _, file := range files {
		spec, _, err := ganeti.ReadFile(file)
		switch filepath.Base(file) {
		case "invalid-node.data", "empty-cluster.data":
			require.Error(t, err, file)
			continue
		}
		require.NoError(t, err)
		_, err = topology.New(spec)
		require.NoError(t, err, file)
	}
}

// What is read builds, twice the same; what is not has faults with places.
func check(t *testing.T, text string) {
	spec, findings, err := ganeti.Read(strings.NewReader(text))
	again, findingsAgain, errAgain := ganeti.Read(iotest.HalfReader(strings.NewReader(text)))
	require.Equal(t, err, errAgain)
	require.Equal(t, findings, findingsAgain)
	require.Equal(t, spec, again)
	if err != nil {
		var faults topology.Faults
		require.ErrorAs(t, err, &faults)
		require.Less(t, len(faults), 1002)
		for _, f := range faults {
			require.NotEmpty(t, f.Reason)
			require.NotEmpty(t, f.Text)
			require.Equal(t, f.Line > 0, f.Column > 0)
		}
		return
	}
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	for _, f := range findings {
		for _, name := range f.About {
			_, ok := fleet.Lookup(name)
			require.True(t, ok, name)
		}
	}
	require.NotContains(t, findings.String(), "%!")
}

// Good texts with something cut out, doubled or exchanged.
func TestMutations(t *testing.T) {
	good, err := os.ReadFile("testdata/cluster.data")
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		text := string(good)
		for range 1 + random.IntN(3) {
			i, j := random.IntN(len(text)), random.IntN(len(text))
			i, j = min(i, j), max(i, j)
			switch random.IntN(4) {
			case 0:
				text = text[:i] + text[min(len(text), i+random.IntN(20)):] + "\n"
			case 1:
				text = text[:i] + text[i:min(j, i+200)] + text[i:]
			case 2:
				text = text[:i] + string("|\n,?Y{\x00"[random.IntN(7)]) + text[i+1:]
			case 3:
				text = text[:j+1]
			}
		}
		check(t, text)
	}
}

func FuzzRead(f *testing.F) {
	good, err := os.ReadFile("testdata/cluster.data")
	require.NoError(f, err)
	f.Add(string(good))
	f.Add(two + "i|1|1|1|running|Y|a|b|drbd|s:x\nj|5|1|1|ERROR_up|N|b||plain\n\nhtools:nlocation:rack\nhtools:iextags:s\n")
	f.Add(head + "n|?|0|-5|1|1|1|Y|u\r\nm|1e3|1|0x1|1|1|1|N|u\n\n|5|1|1|ERROR_up|N|n|m|ext|a,b|1|-|Y\n\n\n")
	f.Fuzz(check)
}
