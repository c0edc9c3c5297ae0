package ganeti_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/ganeti"
)

func faultsOf(t *testing.T, text string) topology.Faults {
	t.Helper()
	_, _, err := ganeti.Read(strings.NewReader(text))
	var faults topology.Faults
	require.True(t, errors.As(err, &faults), "%.200s: %v", text, err)
	return faults
}

func TestFaults(t *testing.T) {
	nodes := "g|u|preferred|\n\na|10|0|5|1|1|1|N|u\nb|10|0|5|1|1|1|N|u\n\n"
	for _, c := range []struct{ text, want string }{
		{"", "bad syntax: the text ends before its fourth section: write groups, nodes, instances and cluster tags, with a blank line after each"},
		{nodes + "i|1|1|1|running|Y|a|b|drbd|\n", "bad syntax: the text ends before its fourth section: write groups, nodes, instances and cluster tags, with a blank line after each"},
		{"g|u|p|\n\n\n\n", "not found: there are no nodes: they stand in the second section, after the first blank line"},
		{"g\n\n\n\n", `1:1: bad syntax: a group with 1 of at least 2 columns: write name|uuid`},
		{"g|u|p|\nhé|u|p|\n\na|10|0|5|1|1|1|N|u\n\n", `2:4: group hé: uuid: not unique: another group has "u": give each its own`},
		{"g|u|p|\n\na|10|0|5|1|1|1|N\n\n", "3:1: bad syntax: a node with 8 of at least 9 columns: write name|total memory|node memory|free memory|total disk|free disk|cpus|offline|group uuid"},
		{"g|u|p|\n\na|10|0|5|1|1|1|N|v\n\n", `3:18: node/a: group uuid: not found: there is no group with "v": take it from the first section`},
		{"g|u|p|\n\na|10|0|x|1|1|1|N|u\n\n", `3:8: node/a: free memory: bad number: "x": write a number of MiB from -100000000 to 100000000`},
		{"g|u|p|\n\na|10|x|5|1|1|1|N|u\n\n", `3:6: node/a: node memory: bad number: "x": write a number of MiB from -100000000 to 100000000`},
		{"g|u|p|\n\na|-1|0|0|1|1|1|N|u\n\n", `3:3: node/a: total memory: bad number: "-1": write a number of MiB from 0 to 100000000`},
		{"g|u|p|\n\na|NaN|0|0|1|1|1|N|u\n\n", `3:3: node/a: total memory: bad number: "NaN": write a number of MiB from 0 to 100000000`},
		{"g|u|p|\n\na|100000001|0|0|1|1|1|N|u\n\n", `3:3: node/a: total memory: bad number: "100000001": write a number of MiB from 0 to 100000000`},
		{"g|u|p|\n\na|0|0|-100000001|1|1|1|N|u\n\n", `3:7: node/a: free memory: bad number: "-100000001": write a number of MiB from -100000000 to 100000000`},
		{"g|u|p|\n\na|10|0|5|1|1|1|no|u\n\n", `3:16: node/a: offline: bad syntax: "no": write one of Y, N, M`},
		{"g|u|p|\n\na|10|0|5|1|1|1|N|u\na|10|0|5|1|1|1|N|u\n\n", "4:1: node/a: not unique: it stands twice: give each node one line"},
		{"g|u|p|\n\n|10|0|5|1|1|1|N|u\n\n", `3:1: node/: name: bad syntax: "": write a name that neither begins nor ends with a space`},
		{"g|u|p|\n\na |10|0|5|1|1|1|N|u\n\n", `3:1: node/a : name: bad syntax: "a ": write a name that neither begins nor ends with a space`},
		{"g|u|p|\n\na\x00|10|0|5|1|1|1|N|u\n\n", "3:1: bad syntax: the line is no text in UTF-8, or has control characters"},
		{"g|u|p|\n\na\xff|10|0|5|1|1|1|N|u\n\n", "3:1: bad syntax: the line is no text in UTF-8, or has control characters"},
		{nodes + "i|1|1|1|running|Y|a\n", "6:1: bad syntax: an instance with 7 of at least 9 columns: write name|memory|disk|vcpus|status|auto balance|primary|secondary|disk template"},
		{nodes + "i|?|1|1|running|Y|a|b|drbd|\n", `6:3: instance/i: memory: bad number: "?": write a number of MiB from 0 to 100000000`},
		{nodes + "i|1|1|1|up|Y|a|b|drbd|\n", `6:9: instance/i: status: bad syntax: "up": write one of running, ADMIN_down, ADMIN_offline, USER_down, ERROR_down, ERROR_up, ERROR_nodedown, ERROR_nodeoffline, ERROR_wrongnode`},
		{nodes + "i|1|1|1|running|?|a|b|drbd|\n", `6:17: instance/i: auto balance: bad syntax: "?": write one of Y, N`},
		{nodes + "i|1|1|1|running|Y|c|b|drbd|\n", `6:19: instance/i: primary: not found: there is no node "c": take it from the second section`},
		{nodes + "i|1|1|1|running|Y|a|c|drbd|\n", `6:21: instance/i: secondary: not found: there is no node "c": take it from the second section`},
		{nodes + "i|1|1|1|running|Y|a|a|drbd|\n", `6:21: instance/i: secondary: not unique: "a" is its primary too: name two nodes`},
		{nodes + "i|1|1|1|running|Y|a||drbd|\n", "6:21: instance/i: secondary: not found: there is none: name the node to which drbd mirrors its disks"},
		{nodes + "i|1|1|1|running|Y|a||zfs|\n", `6:22: instance/i: disk template: bad syntax: "zfs": write one of drbd, plain, file, diskless, sharedfile, blockdev, rbd, ext, gluster`},
		{nodes + "i|1|1|1|running|Y|a|b|drbd||1|-|?\n", `6:33: instance/i: forthcoming: bad syntax: "?": write one of Y, N`},
		{nodes + "\n\n\ng|u|p|\n", "9:1: too large: a sixth section: give one cluster, of groups, nodes, instances, cluster tags and policies"},
	} {
		faults := faultsOf(t, c.text)
		require.Equal(t, c.want, faults.Error(), c.text)
	}
}

// All faults are told at once, in order.
func TestAllFaults(t *testing.T) {
	faults := faultsOf(t, "g|u|p|\n\na|x|0|y|1|1|1|N|u\n\ni|z|1|1|running|Y|a|b|drbd|\n")
	require.Len(t, faults, 4)
	require.Equal(t, topology.Fault{Line: 5, Column: 3, Component: "instance/i", Field: "memory", Reason: topology.BadNumber,
		Text: `"z": write a number of MiB from 0 to 100000000`}, faults[2])
}

func TestManyFaults(t *testing.T) {
	for n, want := range map[int]int{999: 999, 1000: 1001, 5000: 1001} {
		faults := faultsOf(t, strings.Repeat("g\n", n))
		require.Len(t, faults, want)
	}
	require.Equal(t, "1000:1: too large: there are more faults than these 1000: what follows was not read", faultsOf(t, strings.Repeat("g\n", 2000))[1000].Error())
}

// A line may have 1 MiB less its end.
func TestLongLine(t *testing.T) {
	for n, want := range map[int]string{1<<20 - 1: "", 1 << 20: "3:1: too large: the line has more than 1048575 bytes: a line is a group, a node, an instance or a tag"} {
		row := "a|10|0|5|1|1|1|N|u|1|"
		_, _, err := ganeti.Read(strings.NewReader("g|u|p|\n\n" + row + strings.Repeat("x", n-len(row)) + "\n\n\n"))
		if want == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, want)
		}
	}
}

func TestManyTags(t *testing.T) {
	tags := func(n int, format string) string {
		var all []string
		for k := range n {
			all = append(all, fmt.Sprintf(format, k))
		}
		return strings.Join(all, ",")
	}
	text := func(places, node, instance int) string {
		return "g|u|p|\n\na|10|0|5|1|1|1|N|u|1|" + tags(node, "p0:%d") + ",p:other\n\ni|1|1|1|running|Y|a||rbd|" + tags(instance, "s:%d") +
			"\n\nhtools:iextags:s\n" + strings.ReplaceAll(tags(places, "htools:nlocation:p%d"), ",", "\n") + "\n"
	}
	_, _, err := ganeti.Read(strings.NewReader(text(100, 100, 100)))
	require.NoError(t, err)
	for want, text := range map[string]string{
		"3:1: node/a: tags: too large: more than 100 of them are locations":          text(1, 101, 1),
		"5:1: instance/i: tags: too large: more than 100 of them are exclusion tags": text(1, 1, 101),
		"108:1: too large: more than 100 cluster tags htools:nlocation:…":            text(101, 1, 1),
	} {
		require.EqualError(t, faultsOf(t, text), want)
	}
}
