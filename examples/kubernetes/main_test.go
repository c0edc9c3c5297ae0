package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/kube"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// shared has real files, which are not part of this repository.
const shared = "../../../shared/data/kubernetes"

// Each question is answered as in the golden file of its name, errors and exit status included.
func TestGolden(t *testing.T) {
	const cluster, metrics = "testdata/cluster.json", "testdata/metrics.json"
	for name, args := range map[string][]string{
		"cluster":   {cluster, metrics},
		"requested": {cluster},
		"rates":     {"-calls", "testdata/calls.csv", "-rest", "0.8", "-lose", "each zone", cluster, metrics},
		"graph":     {"-calls", "testdata/graph.json", "-rest", "0.8", "-lose", "each zone", cluster, metrics},
		"strict":    {"-strict", cluster},
		"manifests": {"testdata/manifests.yaml"},
		"nodes":     {"testdata/nodes.json"},
		"unplaced":  {"testdata/unplaced.json"}, // get pods was forgotten: losing nodes would take nothing down
		"bad":       {"testdata/bad.yaml"},
		"family":    {"-lose", "each rack", cluster},
		"none":      {"testdata/none.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			status := run(t.Context(), args, strings.NewReader(""), &out, &out)
			out.WriteString("exit status " + string(rune('0'+status)) + "\n")
			golden := filepath.Join("testdata", name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), out.String())
		})
	}
}

// What is piped in is answered as what stands in files.
func TestStandardInput(t *testing.T) {
	text, err := os.ReadFile("testdata/manifests.yaml")
	require.NoError(t, err)
	var file, pipe bytes.Buffer
	require.Equal(t, 1, run(t.Context(), []string{"testdata/manifests.yaml"}, nil, &file, &file))
	require.Equal(t, 1, run(t.Context(), nil, bytes.NewReader(text), &pipe, &pipe))
	require.Equal(t, file.String(), pipe.String())
}

// Files in YAML need no mark between them, and the end of one is not that of the next.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
		return name
	}
	const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %}\nspec: {replicas: 2}"
	a, b := write("a.yaml", strings.ReplaceAll(deployment, "%", "a")), write("b.yaml", strings.ReplaceAll(deployment, "%", "b"))
	var out bytes.Buffer
	require.Equal(t, 1, run(t.Context(), []string{a, b}, nil, &out, &out))
	require.Contains(t, out.String(), "2 × deployment, 4 × pod")
	out.Reset()
	require.Equal(t, 1, run(t.Context(), []string{a, "-"}, strings.NewReader(strings.ReplaceAll(deployment, "%", "b")), &out, &out))
	require.Contains(t, out.String(), "2 × deployment, 4 × pod")
	out.Reset()
	require.Equal(t, 2, run(t.Context(), []string{a, write("cut.json", `{"kind":"Li`)}, nil, &out, &out))
	require.Equal(t, "document 2: bad syntax: the text ends within an object: it was cut off\n", out.String())
}

// Nodes that are not ready have no room, nor have those that do not say how much; zones of one name are two.
func TestRoom(t *testing.T) {
	node := func(name, region, status string) string {
		return `{"kind":"Node","apiVersion":"v1","metadata":{"name":"` + name + `","labels":{"topology.kubernetes.io/zone":"z","topology.kubernetes.io/region":"` +
			region + `"}},"status":{` + status + `}}`
	}
	const four = `"allocatable":{"cpu":"4","memory":"1Gi"}`
	say := func(nodes ...string) string {
		spec, findings, err := kube.Read(strings.NewReader(strings.Join(nodes, "")), kube.Options{})
		require.NoError(t, err)
		fleet, err := topology.New(spec)
		require.NoError(t, err)
		return room(fleet, findings)
	}
	require.Empty(t, say(node("a", "r", "")))
	require.Equal(t, "4 cores allocatable on one node.", say(node("a", "r", four)))
	require.Equal(t, "4 cores allocatable on 1 of 3 nodes.",
		say(node("a", "r", four), node("b", "r", ""), node("c", "r", four+`,"conditions":[{"type":"Ready","status":"False"}]`)))
	require.Equal(t, "8 cores allocatable on 2 nodes.\n"+
		"node/a has 50 % of it: without it the rest can do what the whole does at 50 %.\n"+
		"zone/r/z has 50 % of it: without it the rest can do what the whole does at 50 %.", say(node("a", "r", four), node("b", "s", four)))
}

// The fleet that -spec writes is the one that was looked at.
func TestSpec(t *testing.T) {
	var out, problems bytes.Buffer
	require.Equal(t, 0, run(t.Context(), []string{"-spec", "testdata/cluster.json"}, nil, &out, &problems))
	require.Contains(t, problems.String(), "all replicas are on one node")
	fleet, err := topology.Read(&out)
	require.NoError(t, err)
	require.Equal(t, "1 × region, 3 × zone, 6 × node, 6 × node memory, 3 × deployment, 1 × statefulset, 12 × pod memory, 12 × pod", fleet.String())
}

func TestUsage(t *testing.T) {
	var out, problems bytes.Buffer
	require.Equal(t, 0, run(t.Context(), []string{"-h"}, nil, &out, &problems))
	require.Contains(t, problems.String(), "usage: kubernetes [flags] [FILE...]")
	require.Equal(t, 2, run(t.Context(), []string{"-lose", "any two"}, nil, &out, &problems))
	require.Equal(t, 2, run(t.Context(), []string{"-calls", "none.csv", "testdata/cluster.json"}, nil, &out, &problems))
	require.Empty(t, out.String())
}

// Online Boutique v0.10.6: its frontend has the address of a service that its manifests do not have.
func TestOnlineBoutique(t *testing.T) {
	answer := real(t, "online-boutique/kubernetes-manifests.yaml")
	require.Contains(t, answer, "12 × deployment")
	require.Contains(t, answer, "SHOPPING_ASSISTANT_SERVICE_ADDR=shoppingassistantservice: there is no such service")
	require.Contains(t, answer, "each pod: 0 of 12 scenarios hold, 12 collapse (exact).")
}

// Six nodes of several clusters, 23 cores in all, of which two nodes have eight each.
func TestNodes(t *testing.T) {
	require.Contains(t, real(t, "troubleshoot/nodes.json"), "23 cores allocatable on 6 nodes.\n  node/repldev-marc has 34.78 % of it")
}

func real(t *testing.T, name string) string {
	file := filepath.Join(shared, name)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("../shared is not here: %v", err)
	}
	var out bytes.Buffer
	require.Equal(t, 1, run(t.Context(), []string{file}, nil, &out, &out))
	return out.String()
}
