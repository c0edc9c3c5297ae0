package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

const good = "default|uuid|preferred||\n\n" +
	"node-1|1000|0|500|9|9|4|N|uuid\nnode-2|1000|0|500|9|9|4|M|uuid|1|tag|N|0|1|1.0\n\n" +
	"web|100|9|1|running|Y|node-1|node-2|drbd|\n\n\n"

func TestReadOldAndNewColumns(t *testing.T) {
	c, faults := read("good", good)
	require.Empty(t, faults)
	require.Equal(t, []node{{name: "node-1", total: 1000, free: 500}, {name: "node-2", total: 1000, free: 500}}, c.nodes)
	require.Equal(t, []instance{{name: "web", memory: 100, status: "running", auto: true, secondary: 1, template: "drbd", line: 6}}, c.instances)
}

func TestReadWindowsLines(t *testing.T) {
	_, faults := read("f", "g|u|preferred|\r\n\r\nn|1|0|1|1|1|1|N|u\r\n\r\n\r\n")
	require.Empty(t, faults)
}

// Figures that are unknown ("?") mean that a node does not answer: Ganeti takes it as offline.
func TestReadUnknown(t *testing.T) {
	c, faults := read("f", "g|u|preferred|\n\nn|?|?|?|?|?|?|N|u\n\n\n")
	require.Empty(t, faults)
	require.True(t, c.nodes[0].offline)
}

func TestReadFaults(t *testing.T) {
	nodes := "g|u|preferred|\n\na|10|0|5|1|1|1|N|u\nb|10|0|5|1|1|1|N|u\n\n"
	for _, c := range []struct{ text, want string }{
		{"", "f: it has too few sections: write groups, nodes and instances, with a blank line after each"},
		{"g|u|p|\n\n\n\n", "f: it has no nodes: they stand in the second section, after the first blank line"},
		{"g\n\n\n", `f:1: a group with 1 of at least 2 fields: write name|uuid|policy|tags`},
		{"g|u|p|\nh|u|p|\n\na|10|0|5|1|1|1|N|u\n\n", "f:2: group h: another has the uuid u: give each its own"},
		{"g|u|p|\n\na|10|0|5|1|1|1|N\n\n", "f:3: a node with 8 of at least 9 fields: write name|total memory|node memory|free memory|total disk|free disk|cpus|offline|group uuid"},
		{"g|u|p|\n\na|10|0|5|1|1|1|N|v\n\n", `f:3: node a: there is no group with the uuid "v": take it from the first section`},
		{"g|u|p|\n\na|10|0|x|1|1|1|N|u\n\n", `f:3: node a: free memory "x": write a number of MiB from -100000000 to 100000000`},
		{"g|u|p|\n\na|-1|0|0|1|1|1|N|u\n\n", `f:3: node a: total memory "-1": write a number of MiB from 0 to 100000000`},
		{"g|u|p|\n\na|NaN|0|0|1|1|1|N|u\n\n", `f:3: node a: total memory "NaN": write a number of MiB from 0 to 100000000`},
		{"g|u|p|\n\na|10|0|5|1|1|1|no|u\n\n", `f:3: node a: offline "no": write Y, N, or M for the master`},
		{"g|u|p|\n\na|10|0|5|1|1|1|N|u\na|10|0|5|1|1|1|N|u\n\n", "f:4: node a stands twice: give each node one line"},
		{nodes + "i|1|1|1|running|Y|a\n", "f:6: an instance with 7 of at least 9 fields: write name|memory|disk|vcpus|status|auto balance|primary|secondary|template"},
		{nodes + "i|1|1|1|up|Y|a|b|drbd|\n", `f:6: instance i: status "up": write one of running, ADMIN_down, ADMIN_offline, USER_down, ERROR_down, ERROR_up, ERROR_nodedown, ERROR_nodeoffline, ERROR_wrongnode`},
		{nodes + "i|1|1|1|running|?|a|b|drbd|\n", `f:6: instance i: auto balance "?": write one of Y, N`},
		{nodes + "i|1|1|1|running|Y|c|b|drbd|\n", `f:6: instance i: primary: there is no node "c": take it from the second section`},
		{nodes + "i|1|1|1|running|Y|a|c|drbd|\n", `f:6: instance i: secondary: there is no node "c": take it from the second section`},
		{nodes + "i|1|1|1|running|Y|a|a|drbd|\n", "f:6: instance i: a is both its primary and its secondary: name two nodes"},
		{nodes + "i|1|1|1|running|Y|a||drbd|\n", "f:6: instance i: drbd without a secondary: name the node that mirrors its disks"},
		{nodes + "i|1|1|1|running|Y|a||zfs|\n", `f:6: instance i: disk template "zfs": write one of drbd, plain, file, diskless, sharedfile, blockdev, rbd, ext, gluster`},
		{nodes + "i|1|1|1|running|Y|a|b|drbd||1|-|?\n", `f:6: instance i: forthcoming "?": write one of Y, N`},
	} {
		_, faults := read("f", c.text)
		require.Equal(t, []string{c.want}, errorsOf(faults), c.text)
	}
}

// All faults are told at once, in order.
func TestReadAllFaults(t *testing.T) {
	_, faults := read("f", "g|u|p|\n\na|x|0|y|1|1|1|N|u\n\ni|z|1|1|running|Y|a|b|drbd|\n")
	require.Len(t, faults, 4)
}

func errorsOf(faults []fault) []string {
	var texts []string
	for _, f := range faults {
		texts = append(texts, f.Error())
	}
	return texts
}

// At the limit the cluster is N+1, and one MiB above it is not; whatever the names are.
func TestThreshold(t *testing.T) {
	for _, name := range []string{"a", "a[1-2]", "x=y", "2 of b", "each", `a\`, "{1}", "wéb", "instance"} {
		for memory, holds := range map[int]bool{499: true, 500: true, 501: false} {
			text := fmt.Sprintf("g|u|p|\n\n%s|1000|0|500|9|9|4|N|u\nb|1000|0|500|9|9|4|N|u\n\nweb|%d|9|1|running|Y|b|%s|drbd|\n\n\n", name, memory, name)
			c, faults := read("f", text)
			require.Empty(t, faults)
			a, err := ask(c)
			require.NoError(t, err)
			require.Equal(t, holds, a.holds(), text)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(good)
	f.Add("g|u|p|\n\nn|?|0|-5|1|1|1|Y|u\nm|1|1|1|1|1|1|N|u\n\ni|5|1|1|ERROR_up|N|n|m|plain|\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, faults := read("f", text)
		if len(faults) > 0 || len(c.nodes)+len(c.instances) > 100 {
			return
		}
		a, err := ask(c)
		if err != nil {
			return // a name that a topology does not take
		}
		require.NotEmpty(t, a.text("f"))
	})
}
