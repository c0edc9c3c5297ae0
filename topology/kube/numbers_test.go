package kube_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/kube"
)

const mi = 1 << 20

// read reads a text that must be right, and builds the fleet. These texts have pods of one namespace only, which is said
// of each, and left out here.
func read(t testing.TB, text string, o kube.Options) (*topology.Topology, topology.Findings) {
	t.Helper()
	spec, findings, err := kube.Read(strings.NewReader(text), o)
	require.NoError(t, err)
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	return fleet, slices.DeleteFunc(findings, func(f topology.Finding) bool { return f.Reason == kube.OtherNamespaces })
}

// loads returns the loads after some components were lost, by name.
func loads(t testing.TB, fleet *topology.Topology, lost ...string) map[string]float64 {
	t.Helper()
	ids := []topology.ID{}
	for _, name := range lost {
		ids = append(ids, id(t, fleet, name))
	}
	closure := fleet.Closure()
	closure.Fail(ids...)
	state := topology.State{Status: make([]topology.Status, fleet.Len())}
	for i := range state.Status {
		if closure.Down(topology.ID(i)) {
			state.Status[i] = topology.Down
		}
	}
	flow := fleet.Flow(state)
	all := map[string]float64{}
	for i := range topology.ID(fleet.Len()) {
		if !closure.Down(i) {
			all[fleet.Name(i)] = flow.Load[i]
		}
	}
	return all
}

func id(t testing.TB, fleet *topology.Topology, name string) topology.ID {
	t.Helper()
	id, ok := fleet.Lookup(name)
	require.True(t, ok, "no %s in %v", name, fleet)
	return id
}

func requireLoads(t testing.TB, want, got map[string]float64) {
	t.Helper()
	for name, load := range want {
		require.Contains(t, got, name)
		require.InDelta(t, load, got[name], 1e-9*max(1, load), name)
	}
}

// nodeText is a node in a zone.
func nodeText(name, zone, cpu, memory string) string {
	return fmt.Sprintf("---\napiVersion: v1\nkind: Node\nmetadata: {name: %s, labels: {topology.kubernetes.io/zone: %s}}\n"+
		"status: {allocatable: {cpu: %q, memory: %q}}\n", name, zone, cpu, memory)
}

// podText is a ready pod of the Deployment app in namespace default.
func podText(name, node, resources string) string {
	return fmt.Sprintf("---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: %s\n  labels: {app: app, pod-template-hash: x1}\n"+
		"  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: app-x1, uid: u, controller: true}]\n"+
		"spec: {nodeName: %s, containers: [{name: main, resources: %s}]}\nstatus: {phase: Running}\n", name, node, resources)
}

// usageText is the metrics API's answer for a pod.
func usageText(pod, cpu, memory string) string {
	return fmt.Sprintf("---\napiVersion: metrics.k8s.io/v1beta1\nkind: PodMetrics\nmetadata: {name: %s}\ncontainers: [{usage: {cpu: %q, memory: %q}}]\n",
		pod, cpu, memory)
}

// Four pods of .5 cores and 300Mi each on nodes of 2 cores: two on a, one each on b and c, a in a zone of its own.
func fourPods(resources, cpu string) string {
	var text strings.Builder
	text.WriteString(nodeText("a", "z1", cpu, "4Gi") + nodeText("b", "z2", cpu, "4Gi") + nodeText("c", "z2", cpu, "4Gi"))
	for i, node := range []string{"a", "a", "b", "c"} {
		text.WriteString(podText(fmt.Sprintf("app-x1-%d", i), node, resources))
	}
	return text.String()
}

func TestIntactLoadsAreWhatIsRequested(t *testing.T) {
	fleet, findings := read(t, fourPods("{requests: {cpu: 500m, memory: 300Mi}, limits: {cpu: 1, memory: 600Mi}}", "2"), kube.Options{})
	requireLoads(t, map[string]float64{
		"default/app": 2, "default/app-x1-0": .5, "default/app-x1-3": .5, "node/a": 1, "node/b": .5, "node/c": .5,
		"memory/default/app-x1-0": 300 * mi, "memory/node/a": 600 * mi, "memory/node/b": 300 * mi,
	}, loads(t, fleet))
	require.Equal(t, "assumed: default/app: demand: not measured: taken as what the pods request (give metrics, or Load)\nassumed: default/app: how their memory grows is not known: taken to grow with their load, all of it (or give MemoryAtRest)", findings.String())
}

// Zone z1 takes node a and its two pods: 2 cores go to two pods, 1 each, and so do their nodes. Memory grows with the
// load, twofold: 600Mi each. With a quarter of it at rest, 75 + 225·2 = 525Mi.
func TestLoadsOfSurvivors(t *testing.T) {
	const resources = "{requests: {cpu: 500m, memory: 300Mi}, limits: {cpu: 1, memory: 600Mi}}"
	for _, c := range []struct {
		rest, memory float64
	}{{0, 600 * mi}, {.25, 525 * mi}, {1, 300 * mi}} {
		fleet, _ := read(t, fourPods(resources, "2"), kube.Options{MemoryAtRest: c.rest})
		after := loads(t, fleet, "zone/z1")
		require.NotContains(t, after, "node/a")
		require.NotContains(t, after, "memory/node/a")
		require.NotContains(t, after, "default/app-x1-0")
		requireLoads(t, map[string]float64{
			"default/app": 2, "default/app-x1-2": 1, "default/app-x1-3": 1, "node/b": 1, "node/c": 1,
			"memory/default/app-x1-2": c.memory, "memory/node/b": c.memory,
		}, after)
	}
}

// The same loss at a limit of memory of exactly what is needed, 600Mi, and a byte below: 629145600 and 629145599. Below,
// the pods are killed for want of memory, and all of the workload with them.
func TestMemoryTripsAboveItsLimit(t *testing.T) {
	for limit, want := range map[string]cascade.Verdict{"629145600": cascade.Holds, "629145599": cascade.Collapses, "629145601": cascade.Holds} {
		text := fourPods("{requests: {cpu: 500m, memory: 300Mi}, limits: {cpu: 2, memory: "+limit+"}}", "2")
		fleet, _ := read(t, text, kube.Options{})
		outcome := run(t, fleet, "zone/z1")
		require.Equal(t, want, outcome.Verdict, limit)
		if want == cascade.Collapses {
			require.Contains(t, outcome.String(), "memory/default/app-x1-[2-3]")
		}
	}
}

// Without a limit, the node runs out: pods b and c need 600Mi each of what their nodes have.
func TestMemoryOfANodeTrips(t *testing.T) {
	for memory, want := range map[string]cascade.Verdict{"629145600": cascade.Holds, "629145599": cascade.Collapses} {
		text := strings.ReplaceAll(fourPods("{requests: {cpu: 500m, memory: 300Mi}}", "2"), "4Gi", memory)
		fleet, _ := read(t, text, kube.Options{})
		require.Equal(t, want, run(t, fleet, "zone/z1").Verdict, memory)
	}
}

// A node of 1 core carries 1 core, and one of 999m rejects a thousandth: CPU is throttled, and nothing goes down.
func TestNodeSheds(t *testing.T) {
	for cpu, want := range map[string]cascade.Verdict{"1": cascade.Holds, "999m": cascade.Collapses} {
		text := strings.Replace(fourPods("{requests: {cpu: 500m}}", "2"), `c, labels: {topology.kubernetes.io/zone: z2}}
status: {allocatable: {cpu: "2"`, `c, labels: {topology.kubernetes.io/zone: z2}}
status: {allocatable: {cpu: "`+cpu+`"`, 1)
		fleet, _ := read(t, text, kube.Options{})
		outcome := run(t, fleet, "zone/z1")
		require.Equal(t, want, outcome.Verdict, cpu)
		require.NotContains(t, outcome.String(), "tripped")
	}
}

// A pod sheds at its limit: 1 core, where 2 are asked of two pods; at 999m it does not hold. With Guaranteed the request
// of .5 is the capacity, and neither does that.
func TestPodSheds(t *testing.T) {
	for _, c := range []struct {
		limit      string
		guaranteed bool
		want       cascade.Verdict
	}{{"1", false, cascade.Holds}, {"999m", false, cascade.Collapses}, {"1", true, cascade.Collapses}} {
		fleet, _ := read(t, fourPods("{requests: {cpu: 500m}, limits: {cpu: "+c.limit+"}}", "2"), kube.Options{Guaranteed: c.guaranteed})
		require.Equal(t, c.want, run(t, fleet, "zone/z1").Verdict, "%+v", c)
	}
}

func run(t testing.TB, fleet *topology.Topology, lost string) *cascade.Outcome {
	t.Helper()
	outcome, err := cascade.Run(fleet, cascade.Scenario{Lose: []string{lost}})
	require.NoError(t, err)
	return outcome
}

// Without a limit and a node, a pod can do what it requests, or what it was measured to do.
func TestCapacityWithoutNode(t *testing.T) {
	text := podText("app-x1-0", "gone", "{requests: {cpu: 500m}}") + podText("app-x1-1", "gone", "{requests: {cpu: 500m}}")
	for cpu, want := range map[string]float64{"200m": .5, "500m": .5, "800m": .8} {
		fleet, _ := read(t, text+usageText("app-x1-0", cpu, "1Mi")+usageText("app-x1-1", cpu, "1Mi"), kube.Options{})
		id, ok := fleet.Lookup("default/app-x1-0")
		require.True(t, ok)
		require.Equal(t, want, fleet.Capacity(id), cpu)
	}
}

// The same from another source, which goes before the metrics API; what it lacks is as the API says.
func TestUsageFromElsewhere(t *testing.T) {
	var text strings.Builder
	text.WriteString(fourPods("{requests: {cpu: 500m, memory: 300Mi}, limits: {memory: 600Mi}}", "2"))
	for i := range 4 {
		text.WriteString(usageText(fmt.Sprintf("app-x1-%d", i), "100m", "100Mi"))
	}
	fleet, _ := read(t, text.String(), kube.Options{
		CPU:    map[string]float64{"default/app-x1-0": .2, "default/app-x1-1": .4, "default/gone": 7},
		Memory: map[string]float64{"default/app-x1-3": 200 * mi},
	})
	requireLoads(t, map[string]float64{ // .2 + .4 + .1 + .1 = .8, .2 a pod
		"default/app": .8, "default/app-x1-0": .2, "memory/default/app-x1-0": 100 * mi, "memory/default/app-x1-3": 200 * mi,
	}, loads(t, fleet))
}

// Measured: .1 + .3 + .4 + .8 = 1.6 cores, .4 a pod. Memory stays what was measured while nothing is lost.
func TestIntactLoadsAreWhatIsMeasured(t *testing.T) {
	var text strings.Builder
	text.WriteString(fourPods("{requests: {cpu: 500m, memory: 300Mi}, limits: {memory: 600Mi}}", "2"))
	for i, cpu := range []string{"100m", "300m", "400m", "800000000n"} {
		text.WriteString(usageText(fmt.Sprintf("app-x1-%d", i), cpu, fmt.Sprintf("%dMi", 100+100*i)))
	}
	fleet, findings := read(t, text.String(), kube.Options{Load: .9})
	requireLoads(t, map[string]float64{
		"default/app": 1.6, "default/app-x1-0": .4, "default/app-x1-3": .4, "node/a": .8, "node/b": .4,
		"memory/default/app-x1-0": 100 * mi, "memory/default/app-x1-3": 400 * mi, "memory/node/a": 300 * mi,
	}, loads(t, fleet))
	requireLoads(t, map[string]float64{"memory/default/app-x1-3": 800 * mi, "node/c": .8}, loads(t, fleet, "node/a"))
	require.Equal(t, "looks wrong: default/app: demand: one pod has more than 1.5 times the mean load of its workload; here they share it equally\nassumed: default/app: how their memory grows is not known: taken to grow with their load, all of it (or give MemoryAtRest)", findings.String())
}

// 60 % of the limit where there is one, and of the request where there is none.
func TestLoadByOption(t *testing.T) {
	for resources, want := range map[string]float64{
		"{requests: {cpu: 500m}, limits: {cpu: 1}}": .6, "{requests: {cpu: 500m}}": .3, "{limits: {cpu: 1}}": .6,
	} {
		fleet, findings := read(t, fourPods(resources, "2"), kube.Options{Load: .6})
		requireLoads(t, map[string]float64{"default/app-x1-0": want, "default/app": 4 * want}, loads(t, fleet))
		require.Equal(t, kube.LoadByOption, findings[0].Reason)
	}
	fleet, _ := read(t, fourPods("{requests: {cpu: 500m}, limits: {cpu: 1}}", "2"), kube.Options{Load: .6, Guaranteed: true})
	requireLoads(t, map[string]float64{"default/app-x1-0": .3}, loads(t, fleet))
}

// Neither usage nor request: each pod is one busy replica, and the loss of two of four asks two of each that is left.
func TestCountedInReplicas(t *testing.T) {
	fleet, findings := read(t, fourPods("{}", "2"), kube.Options{})
	requireLoads(t, map[string]float64{"default/app": 4, "default/app-x1-2": 2}, loads(t, fleet, "zone/z1"))
	require.Equal(t, "replicas", fleet.Unit(id(t, fleet, "default/app-x1-2")))
	require.Zero(t, loads(t, fleet)["node/a"])
	require.Contains(t, reasons(findings), kube.LoadCounted)
	fleet, _ = read(t, fourPods("{}", "2"), kube.Options{Load: .5})
	requireLoads(t, map[string]float64{"default/app": 2, "default/app-x1-2": 1}, loads(t, fleet, "zone/z1"))
}

// A request that equals the limit is what the pod will not exceed: its node keeps it, 600Mi for two, and it never grows.
func TestMemoryOfGuaranteedPods(t *testing.T) {
	fleet, findings := read(t, fourPods("{requests: {cpu: 500m, memory: 300Mi}, limits: {memory: 300Mi}}", "2"), kube.Options{})
	requireLoads(t, map[string]float64{"memory/node/a": 600 * mi, "memory/node/b": 300 * mi}, loads(t, fleet))
	requireLoads(t, map[string]float64{"memory/node/b": 300 * mi}, loads(t, fleet, "node/a"))
	require.NotContains(t, loads(t, fleet), "memory/default/app-x1-0")
	require.Contains(t, reasons(findings), kube.MemoryUnknown)
}

func reasons(f topology.Findings) (all []topology.Reason) {
	for _, finding := range f {
		all = append(all, finding.Reason)
	}
	return all
}
