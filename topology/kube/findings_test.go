package kube_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/kube"
)

// onNodes are pods of the Deployment app, one on each of these.
func onNodes(nodes ...string) (text string) {
	for i, node := range nodes {
		text += podText(fmt.Sprintf("app-x1-%d", i), node, "{requests: {cpu: 100m}}")
	}
	return text
}

// threeNodes are a in zone 1, b and c in zone 2.
func threeNodes() string {
	return nodeText("a", "z1", "4", "1Gi") + nodeText("b", "z2", "4", "1Gi") + nodeText("c", "z2", "4", "1Gi")
}

func TestPlaces(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want topology.Reason
	}{
		"one replica":            {threeNodes() + onNodes("a"), kube.OneReplica},
		"one node":               {threeNodes() + onNodes("b", "b"), kube.OneNode},
		"one zone":               {threeNodes() + onNodes("b", "c"), kube.OneZone},
		"two zones":              {threeNodes() + onNodes("a", "b"), ""},
		"the only zone":          {nodeText("b", "z2", "4", "1Gi") + nodeText("c", "z2", "4", "1Gi") + onNodes("b", "c"), ""},
		"the only zone, or none": {nodeText("b", "z2", "4", "1Gi") + nodeText("c", "z2", "4", "1Gi") + nodeText("d", `""`, "4", "1Gi") + onNodes("b", "c"), ""},
		"one node, the only one": {nodeText("b", "z2", "4", "1Gi") + onNodes("b", "b"), kube.OneNode},
		"a node that is unknown": {threeNodes() + onNodes("b", "gone"), ""},
	} {
		_, findings := read(t, c.text, kube.Options{})
		for _, reason := range []topology.Reason{kube.OneReplica, kube.OneNode, kube.OneZone} {
			names, _ := about(findings, reason)
			require.Equal(t, reason == c.want, len(names) == 1, "%s: %s", name, reason)
		}
	}
	const budget = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: b}\nspec: {maxUnavailable: 1, selector: {}}\n"
	_, findings := read(t, threeNodes()+onNodes("b", "c")+budget, kube.Options{})
	_, texts := about(findings, kube.OneZone)
	require.Equal(t, []string{"all replicas are in one zone, and the cluster has several; its PodDisruptionBudget does not help: it holds up evictions, and no failure"}, texts)
}

// Of three pods; percentages round up, so 67 % of three are all three, and 66 % two; 1 % may be unavailable is one.
func TestBudgets(t *testing.T) {
	for spec, want := range map[string]topology.Reason{
		"minAvailable: 3": kube.BlocksDrains, "minAvailable: 2": "", "minAvailable: 4": kube.BlocksDrains, "minAvailable: 0": "",
		`minAvailable: "67%"`: kube.BlocksDrains, `minAvailable: "66%"`: "", `minAvailable: "100%"`: kube.BlocksDrains,
		"maxUnavailable: 0": kube.BlocksDrains, "maxUnavailable: 1": "", `maxUnavailable: "1%"`: "", `maxUnavailable: "0%"`: kube.BlocksDrains,
		"unhealthyPodEvictionPolicy: AlwaysAllow": "", // at least one must be left
	} {
		requireBudget(t, want, "policy/v1", spec+", selector: {matchLabels: {app: app}}")
	}
	for selector, want := range map[string]topology.Reason{
		"{}":                          kube.BlocksDrains, // all pods
		"{matchLabels: {app: other}}": kube.SelectsNothing,
		"{matchExpressions: [{key: app, operator: In, values: [app, api]}]}": kube.BlocksDrains,
		"{matchExpressions: [{key: app, operator: NotIn, values: [app]}]}":   kube.SelectsNothing,
		"{matchExpressions: [{key: app, operator: Exists}]}":                 kube.BlocksDrains,
		"{matchExpressions: [{key: app, operator: DoesNotExist}]}":           kube.SelectsNothing,
		"null": kube.SelectsNothing,
	} {
		requireBudget(t, want, "policy/v1", "minAvailable: 3, selector: "+selector)
	}
	requireBudget(t, kube.SelectsNothing, "policy/v1beta1", "minAvailable: 3, selector: {}")
	const two = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: %s}\nspec: {maxUnavailable: 1, selector: {}}\n"
	_, findings := read(t, threeNodes()+onNodes("a", "b")+fmt.Sprintf(two, "x")+fmt.Sprintf(two, "z"), kube.Options{})
	names, _ := about(findings, kube.SeveralBudgets)
	require.Equal(t, []string{"default/app"}, names)
}

func requireBudget(t *testing.T, want topology.Reason, version, spec string) {
	t.Helper()
	_, findings := read(t, threeNodes()+onNodes("a", "b", "c")+
		"---\napiVersion: "+version+"\nkind: PodDisruptionBudget\nmetadata: {name: b}\nspec: {"+spec+"}\n", kube.Options{})
	for _, reason := range []topology.Reason{kube.BlocksDrains, kube.SelectsNothing} {
		names, _ := about(findings, reason)
		require.Equal(t, reason == want, len(names) == 1, "%s: %s", spec, reason)
		if len(names) > 0 {
			require.Equal(t, []string{"poddisruptionbudget default/b"}, names)
		}
	}
}

// The pods of a workload over zones, under a constraint: what the scheduler would call its skew.
func TestSpread(t *testing.T) {
	const zone, any = "topologyKey: topology.kubernetes.io/zone, ", "whenUnsatisfiable: ScheduleAnyway, "
	const app = "labelSelector: {matchLabels: {app: app}}"
	four := threeNodes() + strings.ReplaceAll(nodeText("d", "z3", "4", "1Gi"), "labels: {", "labels: {special: \"yes\", ")
	tainted := strings.Replace(four, "status: {allocatable: {cpu: \"4\", memory: \"1Gi\"}}\n---\napiVersion: v1\nkind: Node\nmetadata: {name: d",
		"status: {allocatable: {cpu: \"4\", memory: \"1Gi\"}}\n---\napiVersion: v1\nkind: Node\nspec: {taints: [{key: k, value: v, effect: NoSchedule}]}\nmetadata: {name: d", 1)
	require.NotEqual(t, four, tainted)
	const off = "nodeSelector: {topology.kubernetes.io/zone: z2}, "
	term := func(s string) string {
		return "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [" + s + "]}}}, "
	}
	for name, c := range map[string]struct {
		nodes, pods, more, constraint string
		want                          int // skew that is reported; 0: none is
	}{
		"even":                    {threeNodes(), "ab", "", "maxSkew: 1, " + zone + any + app, 0},
		"one more":                {threeNodes(), "abc", "", "maxSkew: 1, " + zone + any + app, 0},
		"two more":                {threeNodes(), "abcc", "", "maxSkew: 1, " + zone + any + app, 2},
		"two more are allowed":    {threeNodes(), "abcc", "", "maxSkew: 2, " + zone + any + app, 0},
		"a zone without any":      {threeNodes(), "bc", "", "maxSkew: 1, " + zone + any + app, 2},
		"by host":                 {threeNodes(), "aab", "", "maxSkew: 1, topologyKey: name, " + any + app, 2},
		"nothing selected":        {threeNodes(), "bc", "", "maxSkew: 1, " + zone + any + "labelSelector: {matchLabels: {app: api}}", 0},
		"no selector":             {threeNodes(), "bc", "", "maxSkew: 1, " + zone + "whenUnsatisfiable: ScheduleAnyway", 0},
		"a key that no node has":  {threeNodes(), "bc", "", "maxSkew: 1, topologyKey: rack, " + any + app, 0},
		"by revision":             {threeNodes(), "bc", "", "maxSkew: 1, matchLabelKeys: [pod-template-hash], " + zone + any + app, 2},
		"node selector":           {threeNodes(), "bc", off, "maxSkew: 1, " + zone + any + app, 0},
		"node selector, ignored":  {threeNodes(), "bc", off, "maxSkew: 1, nodeAffinityPolicy: Ignore, " + zone + any + app, 2},
		"affinity":                {four, "abbc", term("{matchExpressions: [{key: special, operator: DoesNotExist}]}"), "maxSkew: 2, " + zone + any + app, 0},
		"affinity, the other":     {four, "abbc", term("{matchExpressions: [{key: special, operator: NotIn, values: [never]}]}"), "maxSkew: 2, " + zone + any + app, 3},
		"affinity of several":     {four, "abbc", term("{matchExpressions: [{key: special, operator: Exists}]}, {matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [z2]}]}"), "maxSkew: 2, " + zone + any + app, 3},
		"affinity by name":        {four, "bbc", term("{matchFields: [{key: metadata.name, operator: In, values: [b, c]}]}"), "maxSkew: 1, " + zone + any + app, 0},
		"affinity but for a name": {four, "abb", term("{matchFields: [{key: metadata.name, operator: NotIn, values: [d]}]}"), "maxSkew: 1, " + zone + any + app, 0},
		"an empty term":           {four, "abbc", term("{}"), "maxSkew: 1, " + zone + any + app, 0},
		"a number":                {four, "abbc", term("{matchExpressions: [{key: special, operator: Gt, values: [\"1\"]}]}"), "maxSkew: 1, " + zone + any + app, 0},
		"taints are ignored":      {tainted, "abbc", "", "maxSkew: 2, " + zone + any + app, 3},
		"taints are honoured":     {tainted, "abbc", "", "maxSkew: 2, nodeTaintsPolicy: Honor, " + zone + any + app, 0},
		"a taint is tolerated":    {tainted, "abbc", "tolerations: [{key: k, value: v}], ", "maxSkew: 2, nodeTaintsPolicy: Honor, " + zone + any + app, 3},
		"all are tolerated":       {tainted, "abbc", "tolerations: [{operator: Exists}], ", "maxSkew: 2, nodeTaintsPolicy: Honor, " + zone + any + app, 3},
		"another is tolerated":    {tainted, "abbc", "tolerations: [{key: k, value: w}], ", "maxSkew: 2, nodeTaintsPolicy: Honor, " + zone + any + app, 0},
		"another effect":          {tainted, "abbc", "tolerations: [{key: k, value: v, effect: NoExecute}], ", "maxSkew: 2, nodeTaintsPolicy: Honor, " + zone + any + app, 0},
		"too few domains":         {threeNodes(), "aabb", "", "maxSkew: 1, minDomains: 3, " + zone + "whenUnsatisfiable: DoNotSchedule, " + app, 2},
		"enough domains":          {threeNodes(), "aabb", "", "maxSkew: 1, minDomains: 2, " + zone + "whenUnsatisfiable: DoNotSchedule, " + app, 0},
		"one that leaves":         {threeNodes(), "abBB", "", "maxSkew: 1, " + zone + any + app, 0},
	} {
		text := c.nodes
		for _, n := range "abcd" {
			text = strings.ReplaceAll(text, "{name: "+string(n)+", labels: {", "{name: "+string(n)+", labels: {name: "+string(n)+", ")
		}
		for i, node := range c.pods {
			one := podText(fmt.Sprintf("app-x1-%d", i), strings.ToLower(string(node)), "{requests: {cpu: 100m}}")
			if node == 'B' { // is being deleted, and its node does not tell how far it is
				one = strings.Replace(one, "Running", "Unknown", 1)
				one = strings.Replace(one, "  name:", "  deletionTimestamp: 2026-01-31T12:00:00Z\n  name:", 1)
			}
			text += strings.Replace(one, "spec: {", "spec: {"+c.more+"topologySpreadConstraints: [{"+c.constraint+"}], ", 1)
		}
		_, findings := read(t, text, kube.Options{})
		_, texts := about(findings, kube.Skewed)
		if c.want == 0 {
			require.Empty(t, texts, name)
			continue
		}
		require.Len(t, texts, 1, name)
		require.Contains(t, texts[0], fmt.Sprintf("differ by %d over", c.want), name)
	}
}

// Findings that say the same of many workloads are one, however much they differ in their numbers.
func TestFindingsOfMany(t *testing.T) {
	const constraint = "spec: {topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {}}], "
	var text strings.Builder
	text.WriteString(threeNodes())
	for i, namespace := range []string{"one", "two", "three"} {
		waiting := strings.Replace(podText("app-x1-w", "a", "{}"), "Running", "Pending", 1)
		pods := onNodes(strings.Split("bccc"[:i+2], "")...) + waiting
		pods = strings.ReplaceAll(pods, "metadata:\n", "metadata:\n  namespace: "+namespace+"\n")
		text.WriteString(strings.ReplaceAll(pods, "spec: {", constraint))
	}
	_, findings := read(t, text.String(), kube.Options{})
	names, texts := about(findings, kube.NotServing)
	require.Equal(t, []string{"one/app", "three/app", "two/app"}, names)
	require.Equal(t, []string{"in all 9 of 12 replicas run and are ready: the rest is left out"}, texts)
	names, texts = about(findings, kube.Skewed) // a pending pod that is bound counts, as it does for the scheduler
	require.Equal(t, []string{"three/app", "two/app"}, names)
	require.Equal(t, []string{"pods differ by 2 to 3 over topology.kubernetes.io/zone, and its topologySpreadConstraints ask for 1 at most: ScheduleAnyway is a wish"}, texts)
}

// Ten services that nobody has are told one by one, the rest together.
func TestManyUnknownServices(t *testing.T) {
	var text strings.Builder
	text.WriteString("---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n")
	for i := range 15 {
		text.WriteString(fmt.Sprintf("---\nkind: Pod\nmetadata: {name: p%02d}\nspec: {containers: [{env: [{name: X_ADDR, value: gone-%02d}]}]}\n", i, i))
	}
	_, findings := read(t, text.String(), kube.Options{})
	names, texts := about(findings, kube.UnknownService)
	require.Len(t, names, 15)
	require.Len(t, texts, 11)
	require.Equal(t, "X_ADDR=gone-09: there is no such service in the input, so nothing tells whether this is needed", texts[9])
	require.Equal(t, "X_ADDR=gone-10, X_ADDR=gone-11, X_ADDR=gone-12, …: there are no such services in the input, so nothing tells whether these are needed", texts[10])
}

// What a workload needs, by the address in its variable.
func TestCalls(t *testing.T) {
	const service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: %s}\nspec: {%s}\n"
	const pod = "---\nkind: Pod\nmetadata: {name: %s, namespace: %s, labels: {app: %s}}\nspec: {containers: [{env: [%s], resources: {limits: {cpu: 1}}}]}\n"
	rest := fmt.Sprintf(service, "cart", "shop", "selector: {app: cart}") + fmt.Sprintf(service, "web", "shop", "selector: {app: web}") +
		fmt.Sprintf(service, "stock", "back", "selector: {app: stock}") + fmt.Sprintf(service, "bank", "shop", "type: ExternalName, externalName: bank.example.com") +
		fmt.Sprintf(service, "mainframe", "shop", "ports: []") + fmt.Sprintf(pod, "cart", "shop", "cart", "") + fmt.Sprintf(pod, "stock", "back", "stock", "")
	const cart, stock, unknown, outside = "shop/cart (bare pod)", "back/stock (bare pod)", "?", "out"
	for value, want := range map[string]string{
		"cart": cart, "cart:80": cart, "http://cart": cart, "https://user:pw@cart:80/a?b": cart, "CART": cart, "cart.": cart,
		"cart.shop": cart, "cart.shop:80": cart, "cart.shop.svc": cart, "cart.shop.svc.cluster.local:80": cart, "cart.shop.svc.corp.example.com": cart,
		"cart-0.cart": cart, "cart-0.cart.shop": cart, "cart-0.cart.shop.svc.cluster.local": cart,
		"stock": unknown, "stock.back": stock, "stock.back.svc": stock, "stock.shop": unknown, "stock.shop.svc": unknown, "gone.back": unknown,
		"cart:80,stock.back:80": cart + "|" + stock, "tcp://cart:1, tcp://cart:2": cart,
		"bank": outside, "mainframe": outside, "smtp.example.com": outside, "10.0.0.1:80": outside, "[2001:db8::1]:80": "", "a.b.c": outside,
		"web": "", "localhost:80": "", "127.0.0.1:80": "", "0.0.0.0:80": "", ":8080": "", "8080": "", "": "", "not a host": "", "$(GONE)": "",
		"$(SHOP)": cart, "http://$(SHOP):80": cart, "$$(SHOP)": "", "$(LATER)": "",
		"$(CART_SERVICE_HOST):$(CART_SERVICE_PORT)": cart, "$(CART_SERVICE_HOST):$(CART_SERVICE_PORT_HTTP)": cart, "$(STOCK_SERVICE_HOST)": "", "$(BANK_SERVICE_HOST)": outside,
		"cart.$(NS).svc": cart, "stock.$(NS).svc": unknown, "cart$(IP)": "", "redis://me:$(IP)@cart": cart, "$(WEB_SERVICE_HOST)": "", "$(MAIN_FRAME_SERVICE_HOST)": "",
	} {
		env := fmt.Sprintf("{name: SHOP, value: cart}, {name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}, {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}, {name: X_ADDR, value: %q}, {name: LATER, value: cart}, {name: Y_ADDR, valueFrom: {}}", value)
		fleet, findings := read(t, rest+fmt.Sprintf(pod, "web", "shop", "web", env), kube.Options{})
		needs := strings.Join(fleet.Component(id(t, fleet, "shop/web (bare pod)")).Needs, "|")
		_, missing := about(findings, kube.UnknownService)
		_, out := about(findings, kube.Outside)
		switch want {
		case unknown:
			require.Len(t, missing, 1, value)
			require.Contains(t, missing[0], "X_ADDR="+strings.Replace(value, "$(NS)", "shop", 1))
		case outside:
			require.Len(t, out, 1, value)
		default:
			require.Equal(t, want, needs, value)
			require.Empty(t, append(missing, out...), value)
			callers, _ := about(findings, kube.CallIsNeed)
			require.Equal(t, want != "", len(callers) == 1 && callers[0] == "shop/web (bare pod)", value)
		}
	}
	env := "{name: CART_HOST, value: cart}, {name: X_ADDR, value: stock.back}"
	fleet, _ := read(t, rest+fmt.Sprintf(pod, "web", "shop", "web", env), kube.Options{Variables: []string{"_HOST", "_URL"}})
	require.Equal(t, topology.Names{cart}, fleet.Component(id(t, fleet, "shop/web (bare pod)")).Needs)
	_, findings := read(t, fmt.Sprintf(pod, "web", "shop", "web", "{name: X_ADDR, value: cart}"), kube.Options{})
	_, texts := about(findings, kube.UnknownService)
	require.Equal(t, []string{"environment variables hold addresses, and no services are in the input: who needs whom is not known"}, texts)
}

// An address may hold a password: findings have its host only.
func TestPasswordsAreNotTold(t *testing.T) {
	for _, host := range []string{"gone", "db.example.com"} {
		text := "---\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{env: [{name: X_ADDR, value: \"pg://me:secret@" + host +
			":5432/db\"}]}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
		_, findings := read(t, text, kube.Options{})
		require.Contains(t, findings.String(), host)
		require.NotContains(t, findings.String(), "secret")
	}
}

// Strict takes assumptions for errors, and Settle those that another source has answered away.
func TestStrictAndSettle(t *testing.T) {
	_, findings := read(t, threeNodes()+onNodes("a", "b"), kube.Options{})
	require.EqualError(t, findings.Strict(), "default/app: demand: load as requested: not measured: taken as what the pods request (give metrics, or Load)")
	require.NoError(t, findings.Settle("demand", "default/app").Strict())
}
