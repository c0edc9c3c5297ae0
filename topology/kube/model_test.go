package kube_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/kube"
)

// about returns what the findings of a reason are about, and their texts.
func about(f topology.Findings, r topology.Reason) (names, texts []string) {
	for _, finding := range f {
		if finding.Reason == r {
			names = append(names, finding.About...)
			texts = append(texts, finding.Text)
		}
	}
	return names, texts
}

// What a pod may use and what it asks for, derived by the rules of
// https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/.
func TestResourcesOfAPod(t *testing.T) {
	const limited = "{resources: {requests: {cpu: 1}, limits: {cpu: 2}}}"
	for name, c := range map[string]struct {
		spec           string
		load, capacity float64 // 0: that of the node
	}{
		"one container":               {"containers: [" + limited + "]", 1, 2},
		"two":                         {"containers: [" + limited + "," + limited + "]", 2, 4},
		"one of two without a limit":  {"containers: [" + limited + ", {resources: {requests: {cpu: 1}}}]", 2, 0},
		"one of two with nothing":     {"containers: [" + limited + ", {}]", 1, 0},
		"a limit is a request":        {"containers: [{resources: {limits: {cpu: 2}}}]", 2, 2},
		"a request of 0 is none":      {"containers: [{resources: {requests: {cpu: 0}, limits: {cpu: 2}}}]", 2, 2},
		"init containers have ended":  {"initContainers: [{resources: {requests: {cpu: 5}, limits: {cpu: 5}}}], containers: [" + limited + "]", 1, 2},
		"sidecars run on":             {"initContainers: [{restartPolicy: Always, resources: {requests: {cpu: 250m}, limits: {cpu: 500m}}}], containers: [" + limited + "]", 1.25, 2.5},
		"a sidecar without a limit":   {"initContainers: [{restartPolicy: Always}], containers: [" + limited + "]", 1, 0},
		"overhead":                    {"overhead: {cpu: 250m}, containers: [" + limited + "]", 1.25, 2.25},
		"overhead alone is no limit":  {"overhead: {cpu: 250m}, containers: [{resources: {requests: {cpu: 1}}}]", 1.25, 0},
		"the pod as a whole":          {"resources: {requests: {cpu: 3}, limits: {cpu: 4}}, containers: [{}, {}]", 3, 4},
		"the pod as a whole, and one": {"resources: {limits: {cpu: 4}}, containers: [" + limited + "]", 1, 4},
		"a limit of the pod alone":    {"resources: {limits: {cpu: 4}}, containers: [{}]", 4, 4},
		"tenths add up":               {"containers: [{resources: {limits: {cpu: 100m}}}, {resources: {limits: {cpu: 200m}}}]", .3, .3},
	} {
		text := nodeText("n1", "z", "64", "1Gi") + "---\nkind: Pod\nmetadata: {name: p}\nstatus: {phase: Running}\nspec: {nodeName: n1, " + c.spec + "}\n"
		fleet, _ := read(t, text, kube.Options{})
		pod := fleet.Component(id(t, fleet, "default/p"))
		require.InDelta(t, c.capacity, pod.Capacity, 1e-12, name)
		requireLoads(t, map[string]float64{"default/p (bare pod)": c.load, "node/n1": c.load}, loads(t, fleet))
	}
}

// The scheduler counts the most that is requested at once. With sidecars of 1 and 2, an init container of 3 between them
// and one of 2 after them, and 2 containers of .5: max(1+3, 1+2+2, 1+2+.5+.5) = 5. Nodes of 5 hold it, of 4999m do not.
func TestOvercommittedNodes(t *testing.T) {
	const spec = `initContainers: [{restartPolicy: Always, resources: {requests: {cpu: 1}}}, {resources: {requests: {cpu: 3}}},
  {restartPolicy: Always, resources: {requests: {cpu: 2}}}, {resources: {requests: {cpu: 2}}}],
  containers: [{resources: {requests: {cpu: 500m}}}, {resources: {requests: {cpu: 500m}}}]`
	for cpu, want := range map[string]bool{"5": false, "4999m": true, "5001m": false} {
		text := nodeText("n1", "z", cpu, "1Gi") + "---\nkind: Pod\nmetadata: {name: p}\nstatus: {phase: Pending}\nspec: {nodeName: n1, " + spec + "}\n"
		_, findings := read(t, text, kube.Options{})
		names, _ := about(findings, kube.Overcommitted)
		require.Equal(t, want, len(names) == 1, cpu)
	}
}

// A request of 0 is none to the scheduler, whatever the limit; where the pod as a whole has a limit only, what its
// containers request counts, and the limit where they request nothing.
func TestOvercommittedByLimits(t *testing.T) {
	for spec, want := range map[string]bool{
		"containers: [{resources: {requests: {cpu: 0}, limits: {cpu: 2}}}]":                                false,
		"containers: [{resources: {limits: {cpu: 2}}}]":                                                    true,
		"resources: {limits: {cpu: 2}}, containers: [{resources: {requests: {cpu: 1}}}]":                   false,
		"resources: {limits: {cpu: 2}}, containers: [{}]":                                                  true,
		"resources: {requests: {cpu: 2}}, containers: [{resources: {requests: {cpu: 1}}}]":                 true,
		"containers: [{resources: {requests: {cpu: 1, memory: 0}, limits: {memory: 2Gi}}}]":                false,
		"initContainers: [{resources: {requests: {cpu: 0}, limits: {cpu: 2}}}], containers: [{}]":          false,
		"initContainers: [{resources: {limits: {cpu: 2}}}], containers: [{}]":                              true,
		"resources: {requests: {cpu: 1}, limits: {cpu: 2}}, containers: [{resources: {limits: {cpu: 2}}}]": false,
	} {
		text := nodeText("n1", "z", "1", "1Gi") + "---\nkind: Pod\nmetadata: {name: p}\nstatus: {phase: Pending}\nspec: {nodeName: n1, " + spec + "}\n"
		_, findings := read(t, text, kube.Options{})
		names, _ := about(findings, kube.Overcommitted)
		require.Equal(t, want, len(names) == 1, spec)
	}
}

// Namespaces may be called as the kinds of components are; what is in them gives way, and its memory with it.
func TestNamespacesCalledAsKinds(t *testing.T) {
	text := strings.Replace(nodeText("a", "a", "4", "4Gi"), "labels: {", "labels: {topology.kubernetes.io/region: a, x/rack: a, ", 1)
	for _, namespace := range []string{"node", "zone", "region", "rack", "memory", "daemons", "deployment"} {
		in := "---\napiVersion: %s\nkind: %s\nmetadata: {name: a, namespace: " + namespace + "}\n"
		const spec = "{containers: [{resources: {requests: {memory: 1Mi}, limits: {cpu: 1, memory: 1Gi}}}]"
		fleet, _ := read(t, text+fmt.Sprintf(in, "v1", "Pod")+"status: {phase: Running}\nspec: "+spec+", nodeName: a}\n"+
			fmt.Sprintf(in, "apps/v1", "Deployment")+"spec: {replicas: 2, template: {spec: "+spec+"}}}\n", kube.Options{Domains: []string{"x/rack"}})
		require.Equal(t, "1 × region, 1 × zone, 1 × rack, 1 × node, 1 × node memory, 1 × deployment, 1 × bare pod, 3 × pod memory, 3 × pod", fleet.String(), namespace)
		require.InDelta(t, 1<<20, loads(t, fleet)["memory/node/a"], .001, namespace)
		require.NotContains(t, loads(t, fleet, "zone/a"), "node/a", namespace)
	}
}

// Which pods are of which workload, by what stands in the input.
func TestOwners(t *testing.T) {
	const set = "---\napiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: app-x1%s}\nspec: {replicas: 1}\n"
	one := podText("app-x1-0", "n1", "{requests: {cpu: 1}}")
	for name, c := range map[string]struct{ text, name, kind string }{
		"by the hash":                    {one, "default/app", "deployment"},
		"without the hash":               {strings.Replace(one, "pod-template-hash: x1", "a: b", 1), "default/app-x1", "replicaset"},
		"a hash elsewhere":               {strings.Replace(one, "pod-template-hash: x1", "pod-template-hash: app", 1), "default/app-x1", "replicaset"},
		"an Argo rollout":                {strings.Replace(one, "pod-template-hash", "rollouts-pod-template-hash", 1), "default/app", "rollout"},
		"a ReplicaSet with owner":        {one + fmt.Sprintf(set, ", ownerReferences: [{kind: Fleet, name: big, controller: true}]"), "default/big", "fleet"},
		"a ReplicaSet alone":             {one + fmt.Sprintf(set, ""), "default/app-x1", "replicaset"},
		"an owner that does not control": {strings.Replace(one, "controller: true", "controller: false", 1), "default/app-x1-0 (bare pod)", "bare pod"},
		"a StatefulSet":                  {strings.Replace(one, "ReplicaSet", "StatefulSet", 1), "default/app-x1", "statefulset"},
		"an owner of a taken kind":       {strings.Replace(one, "ReplicaSet", "Pod", 1), "default/app-x1", "custom pod"},
	} {
		fleet, _ := read(t, nodeText("n1", "z", "4", "1Gi")+c.text, kube.Options{})
		require.Equal(t, c.kind, fleet.Kind(id(t, fleet, c.name)), name)
		requireLoads(t, map[string]float64{c.name: 1}, loads(t, fleet))
	}
}

// Pods that serve nobody else, by owner or by how they end: their load is the node's, and they are no workload.
func TestPodsThatStay(t *testing.T) {
	one := podText("app-x1-0", "n1", "{requests: {cpu: 1, memory: 64Mi}}")
	for name, text := range map[string]string{
		"DaemonSet":        strings.Replace(one, "ReplicaSet", "DaemonSet", 1),
		"Job":              strings.Replace(one, "ReplicaSet", "Job", 1),
		"static":           strings.Replace(one, "ReplicaSet", "Node", 1),
		"runs to its end":  strings.Replace(strings.Replace(one, "ReplicaSet", "Workflow", 1), "spec: {", "spec: {restartPolicy: Never, ", 1),
		"not ready":        strings.Replace(one, "phase: Running", `phase: Running, conditions: [{type: Ready, status: "False"}]`, 1),
		"leaving, unheard": strings.Replace(strings.Replace(one, "phase: Running", "phase: Unknown", 1), "  name: app", "  deletionTimestamp: 2026-01-31T12:00:00Z\n  name: app", 1),
		"leaving":          strings.Replace(one, "  name: app", "  deletionTimestamp: 2026-01-31T12:00:00Z\n  name: app", 1),
	} {
		fleet, _ := read(t, nodeText("n1", "z", "4", "1Gi")+text, kube.Options{})
		require.Equal(t, "zone/z, node/n1, memory/node/n1, daemons/node/n1", strings.Join(names(fleet), ", "), name)
		requireLoads(t, map[string]float64{"node/n1": 1, "memory/node/n1": 64 * mi}, loads(t, fleet))
	}
	for name, text := range map[string]string{
		"ended":   strings.Replace(one, "phase: Running", "phase: Succeeded", 1),
		"evicted": strings.Replace(one, "phase: Running", "phase: Failed", 1),
		"waiting": strings.Replace(one, "phase: Running", "phase: Pending", 1),
	} {
		fleet, _ := read(t, nodeText("n1", "z", "4", "1Gi")+text, kube.Options{})
		require.Equal(t, "zone/z, node/n1, memory/node/n1", strings.Join(names(fleet), ", "), name)
	}
	_, findings := read(t, nodeText("n1", "z", "4", "1Gi")+strings.Replace(podText("app-x1-0", "n1", "{}"), "ReplicaSet", "DaemonSet", 1), kube.Options{})
	unknown, _ := about(findings, kube.LoadUnknown)
	require.Equal(t, []string{"default/app-x1"}, unknown)
}

func names(fleet *topology.Topology) (all []string) {
	for i := range topology.ID(fleet.Len()) {
		all = append(all, fleet.Name(i))
	}
	return all
}

// What the metrics of a node show beyond its pods and its reserve stays with it: 3 - 1 - (4 - 3.5) = 1.5 cores.
func TestRestOfANode(t *testing.T) {
	node := strings.Replace(nodeText("n1", "z", "3500m", "3Gi"), "status: {", `status: {capacity: {cpu: "4", memory: 4Gi}, `, 1)
	for usage, want := range map[string]float64{"3": 1.5, "1500m": 0, "1501m": .001, "500m": 0} {
		text := node + podText("app-x1-0", "n1", "{requests: {cpu: 1, memory: 1Gi}}") +
			"---\napiVersion: metrics.k8s.io/v1beta1\nkind: NodeMetrics\nmetadata: {name: n1}\nusage: {cpu: " + usage + ", memory: 1Gi}\n"
		fleet, _ := read(t, text, kube.Options{})
		requireLoads(t, map[string]float64{"node/n1": 1 + want, "memory/node/n1": 1 << 30}, loads(t, fleet))
		_, has := fleet.Lookup("daemons/node/n1")
		require.Equal(t, want > 0, has)
	}
}

// What the node shows is its pods' too where their load was not measured: one of two is, at .3, so .6 of 1 core are
// theirs. Pods counted in replicas, here as one is on an unknown node, place no cores: all of it stays.
func TestRestOfANodeWithAssumedLoads(t *testing.T) {
	const usage = "---\napiVersion: metrics.k8s.io/v1beta1\nkind: NodeMetrics\nmetadata: {name: n1}\nusage: {cpu: 1, memory: 0}\n"
	measured := nodeText("n1", "z", "4", "1Gi") + podText("app-x1-0", "n1", "{}") + usageText("app-x1-0", "300m", "0") + usage
	for node, workload := range map[string]float64{"n1": .6, "gone": 2} {
		fleet, _ := read(t, measured+podText("app-x1-1", node, "{}"), kube.Options{})
		requireLoads(t, map[string]float64{"default/app": workload, "node/n1": 1}, loads(t, fleet))
	}
}

// Memory at its limit stays at it, whatever digits the load that it grows with has: a demand is rounded to billionths
// of a core. What rounds to nothing is idle.
func TestMemoryAtItsLimitByOddLoads(t *testing.T) {
	text := nodeText("n1", "z", "4", "4Gi") + nodeText("n2", "other", "4", "4Gi") + podText("app-x1-0", "n1", "{requests: {memory: 1Mi}, limits: {memory: 1Gi}}")
	for cpu, want := range map[float64]float64{.0123456785: .012345679, 7e-10: 1e-9, 4e-10: .001, 1.0 / 3: .333333333} {
		fleet, _ := read(t, text, kube.Options{Load: 1, CPU: map[string]float64{"default/app-x1-0": cpu}})
		requireLoads(t, map[string]float64{"default/app": want, "memory/default/app-x1-0": 1 << 30}, loads(t, fleet))
		require.Equal(t, cascade.Holds, run(t, fleet, "zone/other").Verdict)
	}
}

// At 1.5 times the mean the load is even, above it is not: of .2, .2 and .4 cores the mean is 4/15, 1.5 times that .4.
// Below a mean of .01 cores nobody cares: .004, .004 and .022 have that, and with .021 they are below.
func TestUnevenLoad(t *testing.T) {
	for most, want := range map[string]bool{"400m": false, "401m": true, "399m": false, "22m": true, "21m": false} {
		var text strings.Builder
		text.WriteString(nodeText("n1", "z", "4", "1Gi"))
		other := "200m"
		if len(most) == len("22m") {
			other = "4m"
		}
		for i, cpu := range []string{other, other, most} {
			text.WriteString(podText(fmt.Sprintf("app-x1-%d", i), "n1", "{}") + usageText(fmt.Sprintf("app-x1-%d", i), cpu, "1Mi"))
		}
		_, findings := read(t, text.String(), kube.Options{})
		names, _ := about(findings, kube.UnevenLoad)
		require.Equal(t, want, len(names) == 1, most)
	}
}

// A workload that is measured as idle has a thousandth of a core a pod; one that is measured in part, the mean.
func TestIdleAndSiblings(t *testing.T) {
	text := nodeText("n1", "z", "4", "1Gi") + podText("app-x1-0", "n1", "{}") + podText("app-x1-1", "n1", "{}")
	fleet, findings := read(t, text+usageText("app-x1-0", "0", "1Mi")+usageText("app-x1-1", "0", "1Mi"), kube.Options{})
	requireLoads(t, map[string]float64{"default/app": .002}, loads(t, fleet))
	idle, _ := about(findings, kube.Idle)
	require.Equal(t, []string{"default/app"}, idle)
	fleet, findings = read(t, text+usageText("app-x1-0", "300m", "1Mi"), kube.Options{})
	requireLoads(t, map[string]float64{"default/app": .6}, loads(t, fleet))
	siblings, _ := about(findings, kube.LoadOfSiblings)
	require.Equal(t, []string{"default/app"}, siblings)
}

// A workload from a cluster without pods is left out, where the input has pods; from a manifest, it gets its pods.
func TestWorkloadsWithoutPods(t *testing.T) {
	const deployment = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web%s}\nspec: {%s, template: {spec: {containers: [{resources: {limits: {cpu: 2}}}]}}}\n"
	live, manifest := fmt.Sprintf(deployment, ", uid: u", "replicas: 3"), fmt.Sprintf(deployment, "", "replicas: 3")
	pods := nodeText("n1", "z", "4", "1Gi") + podText("app-x1-0", "n1", "{requests: {cpu: 1}}")
	for text, want := range map[string]bool{live: true, manifest: true, pods + live: false, pods + manifest: true, fmt.Sprintf(deployment, "", "replicas: 0") + pods: false} {
		fleet, findings := read(t, text, kube.Options{})
		_, has := fleet.Lookup("default/web-3")
		require.Equal(t, want, has, text)
		unplaced, _ := about(findings, kube.Unplaced)
		require.Equal(t, want, len(unplaced) == 1, text)
		none, _ := about(findings, kube.NoReplicas)
		require.Equal(t, text == pods+live, len(none) == 1, text)
	}
	// Twice in the input: that of the cluster counts, and that they differ is said.
	for _, text := range []string{live + fmt.Sprintf(deployment, "", "replicas: 5"), fmt.Sprintf(deployment, "", "replicas: 5") + live} {
		fleet, findings := read(t, text, kube.Options{})
		requireLoads(t, map[string]float64{"default/web": 6}, loads(t, fleet))
		differing, _ := about(findings, kube.Differing)
		require.Equal(t, []string{"default/web"}, differing)
	}
	// An autoscaler says how many only where the workload does not.
	const scaler = "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: s}\nspec: {scaleTargetRef: {kind: Deployment, name: web}, minReplicas: 4}\n"
	for replicas, want := range map[string]float64{"replicas: 3": 6, "paused: false": 8} {
		fleet, findings := read(t, fmt.Sprintf(deployment, "", replicas)+scaler, kube.Options{})
		requireLoads(t, map[string]float64{"default/web": want}, loads(t, fleet))
		scaled, _ := about(findings, kube.Autoscaled)
		require.Equal(t, want == 8, len(scaled) == 1)
	}
}

// Nodes without a figure, without the label that others have, and none at all.
func TestNodesThatSayLittle(t *testing.T) {
	fleet, findings := read(t, nodeText("a", "z", "4", "1Gi")+"---\nkind: Node\nmetadata: {name: b}\n"+
		podText("app-x1-0", "b", "{requests: {cpu: 1, memory: 1Mi}}")+podText("app-x1-1", "gone", "{requests: {cpu: 1, memory: 1Mi}}"), kube.Options{})
	for reason, want := range map[topology.Reason]string{
		kube.NoZone: "node/b", kube.NoAllocatable: "node/b", kube.UnknownNode: "node/gone", kube.CapacityRequest: "default/app",
	} {
		names, _ := about(findings, reason)
		require.Equal(t, []string{want}, names, reason)
	}
	requireLoads(t, map[string]float64{"node/b": 1}, loads(t, fleet))
	require.InDelta(t, 1, fleet.Capacity(id(t, fleet, "default/app-x1-1")), 0)
}

// Pods start after those of the next higher priority, by number, by class, and by the class that is the default.
func TestPriorities(t *testing.T) {
	const class = "---\nkind: PriorityClass\nmetadata: {name: %s}\nvalue: %d\nglobalDefault: %v\n"
	pod := func(name, spec string) string {
		return "---\nkind: Pod\nmetadata: {name: " + name + "}\nspec: {" + spec + "containers: [{resources: {limits: {cpu: 1}}}]}\n"
	}
	fleet, findings := read(t, fmt.Sprintf(class, "front", 1000, false)+fmt.Sprintf(class, "usual", 10, true)+
		pod("a", "priority: -5, ")+pod("b", "")+pod("c", "priorityClassName: front, ")+pod("d", "priorityClassName: gone, ")+
		pod("e", "priorityClassName: system-cluster-critical, "), kube.Options{})
	for name, want := range map[string][]string{"a": {"-5", "0"}, "d": {"0", "10"}, "b": {"10", "1000"}, "c": {"1000", "2000000000"}, "e": {"2000000000", ""}} {
		c := fleet.Component(id(t, fleet, "default/"+name))
		require.Equal(t, want[0], c.Labels["priority"], name)
		require.Equal(t, want[1], strings.TrimPrefix(strings.Join(c.StartNeeds, ""), "priority="), name)
	}
	unknown, _ := about(findings, kube.UnknownPriority)
	require.Equal(t, []string{"default/d (bare pod)"}, unknown)
	fleet, _ = read(t, pod("a", "")+pod("b", "priority: 0, "), kube.Options{})
	require.Empty(t, fleet.Component(id(t, fleet, "default/a")).StartNeeds)
	require.NotContains(t, fleet.Component(id(t, fleet, "default/a")).Labels, "priority")
}

// The seven services of Online Boutique that its frontend has the addresses of, and the one that is not there.
func TestOnlineBoutique(t *testing.T) {
	text := shared(t, "kubernetes/online-boutique/kubernetes-manifests.yaml")
	fleet, findings := read(t, text, kube.Options{})
	require.Equal(t, "12 × deployment, 12 × pod memory, 12 × pod", fleet.String())
	require.Equal(t, topology.Names{"default/productcatalogservice", "default/currencyservice", "default/cartservice",
		"default/recommendationservice", "default/shippingservice", "default/checkoutservice", "default/adservice"},
		fleet.Component(id(t, fleet, "default/frontend")).Needs)
	names, texts := about(findings, kube.UnknownService)
	require.Equal(t, []string{"default/frontend"}, names)
	require.Contains(t, texts[0], "SHOPPING_ASSISTANT_SERVICE_ADDR=shoppingassistantservice:")
	requireLoads(t, map[string]float64{"default/frontend-1": .1, "memory/default/frontend-1": 64 * mi}, loads(t, fleet))
}

// Six nodes of several clusters, in a region or none, and in no zone.
func TestNodesOfTroubleshoot(t *testing.T) {
	fleet, findings := read(t, shared(t, "kubernetes/troubleshoot/nodes.json"), kube.Options{})
	require.Equal(t, "1 × region, 6 × node, 6 × node memory", fleet.String())
	require.InDelta(t, 8, fleet.Capacity(id(t, fleet, "node/biggernode-3i745")), 0)
	require.InDelta(t, float64(29222*mi), fleet.Capacity(id(t, fleet, "memory/node/biggernode-3i745")), 0) // allocatable, of 32941864Ki
	names, _ := about(findings, kube.NoZone)
	require.Len(t, names, 6)
}

func shared(t *testing.T, file string) string {
	text, err := os.ReadFile("../../../shared/data/" + file)
	if os.IsNotExist(err) {
		t.Skip("no shared data: " + file)
	}
	require.NoError(t, err)
	return string(text)
}
