package kube_test

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/kube"
)

var scale = flag.Bool("scale", false, "TestScale reads a dump of 200 MB")

// A generated cluster is read, and screened for every zone, node and pair of zones; with -scale, one of 5,000 nodes and
// 150,000 pods, in less than a minute and 4 GiB. Prints times and memory.
func TestScale(t *testing.T) {
	nodes, pods := 500, 15_000
	if *scale {
		nodes, pods = 5_000, 150_000
	} else {
		t.Log("500 nodes and 15,000 pods; -scale for 5,000 and 150,000")
	}
	file := dumpFile(t, nodes, pods)
	watch := newStopwatch(t)
	in, err := os.Open(file)
	require.NoError(t, err)
	spec, findings, err := kube.Read(in, kube.Options{})
	require.NoError(t, err)
	watch.lap("read")
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	watch.lap("topology.New: " + fleet.String())
	for _, family := range []string{"each zone", "each node", "any 2 of zone"} {
		f, err := cascade.ParseFamily(family)
		require.NoError(t, err)
		screening, err := cascade.Screen(context.Background(), fleet, f, cascade.Options{})
		require.NoError(t, err)
		watch.lap("screen " + family)
		t.Log(screening)
	}
	t.Log(findings)
	if *scale {
		require.Less(t, watch.took, time.Minute)
		require.Less(t, watch.most, uint64(4<<30))
	}
}

func BenchmarkRead(b *testing.B) {
	var dump bytes.Buffer
	generate(&dump, 300, 9_000)
	b.Run("pods=9000", func(b *testing.B) {
		b.SetBytes(int64(dump.Len()))
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := kube.Read(bytes.NewReader(dump.Bytes()), kube.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// A stopwatch prints the time since the lap before, and the most memory that was in use.
type stopwatch struct {
	t    *testing.T
	last time.Time
	took time.Duration // in all
	most uint64        // bytes from the system
}

func newStopwatch(t *testing.T) *stopwatch {
	debug.FreeOSMemory()
	return &stopwatch{t: t, last: time.Now()}
}

func (w *stopwatch) lap(what string) {
	took := time.Since(w.last)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	w.t.Logf("%6.2f s, %5d MiB from the system, %5d MiB in use: %s", took.Seconds(), m.Sys>>20, m.HeapAlloc>>20, what)
	w.took, w.most, w.last = w.took+took, max(w.most, m.Sys), time.Now()
}

// dumpFile writes a generated dump.
func dumpFile(t *testing.T, nodes, pods int) string {
	file := filepath.Join(t.TempDir(), "cluster.json")
	f, err := os.Create(file)
	require.NoError(t, err)
	w := bufio.NewWriterSize(f, 1<<20)
	generate(w, nodes, pods)
	require.NoError(t, w.Flush())
	size, err := f.Seek(0, io.SeekCurrent)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	t.Logf("%d nodes, %d pods: %d MB", nodes, pods, size/1e6)
	return file
}

// perWorkload is how many pods a generated workload has.
const perWorkload = 75

// generate writes what kubectl prints of nodes in three zones, and of deployments, each with a service.
func generate(w io.Writer, nodes, pods int) {
	r := rand.New(rand.NewPCG(1, 2))
	fmt.Fprint(w, `{"apiVersion":"v1","items":[`)
	for i := range nodes {
		fmt.Fprintf(w, nodeJSON, 'a'+i%3, i, i)
	}
	for d := range pods / perWorkload {
		cpu := []int{100, 250, 500}[r.IntN(3)]
		fmt.Fprintf(w, deploymentJSON, d, d%40, perWorkload, d, d, d%40, d, d)
		if d%4 == 0 {
			fmt.Fprintf(w, budgetJSON, d, d%40, d)
		}
		for p := range perWorkload {
			node := (d*perWorkload+p)/3%(nodes/3)*3 + p%3
			fmt.Fprintf(w, podJSON, d, d, d, p, d%40, d, r.Uint64(), d, cpu*2, cpu, node, d, d, node%256, p%256)
		}
	}
	fmt.Fprint(w, `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"last"}}],"kind":"List","metadata":{"resourceVersion":""}}`)
}

const nodeJSON = `
    {"apiVersion": "v1", "kind": "Node", "metadata": {"labels": {"kubernetes.io/arch": "amd64", "topology.kubernetes.io/region": "north-1",
        "topology.kubernetes.io/zone": "north-1%c"}, "name": "node-%05d", "uid": "n-%d"}, "spec": {},
     "status": {"allocatable": {"cpu": "15890m", "memory": "62Gi", "pods": "110"}, "capacity": {"cpu": "16", "memory": "64Gi", "pods": "110"},
        "conditions": [{"status": "False", "type": "MemoryPressure"}, {"status": "True", "type": "Ready"}]}},`

const deploymentJSON = `
    {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app-%04d", "namespace": "team-%d", "uid": "d"},
     "spec": {"replicas": %d, "selector": {"matchLabels": {"app": "app-%04d"}}, "template": {"metadata": {"labels": {"app": "app-%04d"}},
        "spec": {"containers": [{"name": "main"}],
            "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway"}]}}}},
    {"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "team-%d", "name": "app-%04d"}, "spec": {"selector": {"app": "app-%04d"}}},`

const budgetJSON = `
    {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "app-%04d", "namespace": "team-%d"},
     "spec": {"minAvailable": "50%%", "selector": {"matchLabels": {"app": "app-%04d"}}}},`

const podJSON = `
    {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "creationTimestamp": "2026-01-31T12:00:00Z",
            "generateName": "app-%04d-5d8f7c9b6-",
            "labels": {
                "app": "app-%04d",
                "pod-template-hash": "5d8f7c9b6"
            },
            "name": "app-%04d-5d8f7c9b6-%05x",
            "namespace": "team-%d",
            "ownerReferences": [{"apiVersion": "apps/v1", "blockOwnerDeletion": true, "controller": true, "kind": "ReplicaSet", "name": "app-%04d-5d8f7c9b6", "uid": "6ff8f0b4-8c3c-4b1c-9b53-1f2a7e8d9c10"}],
            "resourceVersion": "1234567",
            "uid": "%016x"
        },
        "spec": {
            "containers": [{
                "env": [{"name": "PORT", "value": "8080"}],
                "image": "registry.example.com/team/app-%04d:v1.2.3",
                "name": "main",
                "resources": {"limits": {"cpu": "%dm", "memory": "512Mi"}, "requests": {"cpu": "%dm", "memory": "256Mi"}},
                "volumeMounts": [{"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": "kube-api-access", "readOnly": true}]
            }],
            "nodeName": "node-%05d",
            "priority": 0,
            "restartPolicy": "Always"
        },
        "status": {
            "conditions": [{"status": "True", "type": "Initialized"}, {"status": "True", "type": "Ready"}],
            "containerStatuses": [{"containerID": "containerd://%064x", "image": "registry.example.com/team/app-%04d:v1.2.3", "name": "main", "ready": true}],
            "phase": "Running",
            "podIP": "10.1.%d.%d"
        }
    },`
