package kube_test

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/kube"
)

// Two nodes in two zones, and a pod on each: what `kubectl get nodes,pods -A -o yaml` prints, shortened.
func ExampleRead() {
	spec, findings, err := kube.Read(strings.NewReader(`
apiVersion: v1
kind: List
items:
- kind: Node
  metadata: {name: n1, labels: {topology.kubernetes.io/zone: a}}
  status: {allocatable: {cpu: "4", memory: 8Gi}}
- kind: Node
  metadata: {name: n2, labels: {topology.kubernetes.io/zone: b}}
  status: {allocatable: {cpu: "4", memory: 8Gi}}
- kind: Pod
  metadata: &of
    {name: web-7c9d-x1, namespace: shop, labels: {pod-template-hash: 7c9d}, ownerReferences: [{kind: ReplicaSet, name: web-7c9d, controller: true}]}
  spec: {nodeName: n1, containers: [{resources: {requests: {cpu: 600m, memory: 1Gi}, limits: {cpu: "1", memory: 2Gi}}}]}
  status: {phase: Running}
- kind: Pod
  metadata: {<<: *of, name: web-7c9d-x2}
  spec: {nodeName: n2, containers: [{resources: {requests: {cpu: 600m, memory: 1Gi}, limits: {cpu: "1", memory: 2Gi}}}]}
  status: {phase: Running}
- kind: Pod
  metadata: {name: proxy, namespace: kube-system, ownerReferences: [{kind: DaemonSet, name: proxy, controller: true}]}
  spec: {nodeName: n1, containers: [{resources: {requests: {cpu: 100m}}}]}
  status: {phase: Running}
`), kube.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(findings)
	fleet := topology.Must(topology.New(spec))
	outcome, err := cascade.Run(fleet, cascade.Scenario{Lose: []string{"zone/b"}})
	fmt.Println(outcome.Verdict, err)
	fmt.Println(fleet)
	// Output:
	// assumed: shop/web: demand: not measured: taken as what the pods request (give metrics, or Load)
	// assumed: shop/web: how their memory grows is not known: taken to grow with their load, all of it (or give MemoryAtRest)
	// collapses <nil>
	// 2 × zone, 2 × node, 2 × node memory, 1 × daemons, 1 × deployment, 2 × pod memory, 2 × pod
}
