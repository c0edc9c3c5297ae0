// Package kube reads what a Kubernetes cluster is, from what kubectl prints or from manifests, as a fleet: nodes in their
// zones, pods on their nodes, and the load of each workload shared by its pods.
//
// # What is read
//
// Any number of these, one after the other, in JSON or YAML: `kubectl get nodes,pods,deployments,… -A -o json`, typed lists
// such as a PodList, lists of jq, manifests of many documents, and the answers of the metrics API (`kubectl get --raw
// /apis/metrics.k8s.io/v1beta1/pods`, and the same for nodes). Nodes, pods, what controls them, services, disruption
// budgets, autoscalers, priority classes and metrics are used; other kinds are skipped. A large dump is best in JSON,
// which is read item by item. The input is of one cluster. What kubectl says besides, a warning, an error or a table for
// people, is a fault, and so is a failure that the API server answers with.
//
// # How it is modelled
//
//  1. A zone is a component zone/Z, a region region/R, and each further label of Options.Domains another, such as
//     rack/R7. A zone needs its region. A zone whose name two regions have is zone/R/Z.
//  2. A node is node/N. It needs its domains. Its capacity is its allocatable CPU, in cores, and it sheds: CPU is
//     throttled.
//  3. The memory of a node is memory/node/N: its allocatable memory, in bytes. Above it, it trips: the kubelet evicts,
//     or the kernel kills, and all the pods of which the memory is known go down.
//  4. A workload is namespace/name, of the kind of its controller in small letters: deployment, statefulset, rollout.
//     Its demand is the load of its pods, in cores. It draws on its pods, in equal shares, and is up while one of them
//     is. A bare pod is a workload of one, namespace/name (bare pod). What would have the name of another component
//     has its kind behind it: namespace/name (statefulset), namespace/name (pod).
//  5. A pod that serves, which is one that runs and is ready, is namespace/pod. It draws on its node, core for core.
//     Its capacity is the CPU limit of its containers and native sidecars, with its overhead, and it sheds. A pod with
//     a container without a limit has no capacity but its node's; where that is not known either, its request or, if
//     that is more, its load.
//  6. The memory of a pod that has a limit is memory/namespace/pod: the limit, in bytes. Above it, it trips: an OOM
//     kill. The pod draws on it, and it on the memory of the node; without a limit, the pod draws on the memory of the
//     node. Memory grows with the load of the pod, but for the part that Options.MemoryAtRest says.
//  7. The load of a pod is its measured usage; where there is none, Options.Load of what it may use; without that, what
//     it requests, where a limit without a request counts as one. With nothing of these, or where one of the pods has
//     neither a limit, a request nor a known node, the workload is counted in replicas. Memory that is measured as 0 is
//     not known. Memory of which nothing is known but a request equal to its limit fills that much of its node, and
//     does not grow.
//  8. Pods of DaemonSets and Jobs, pods that are not started again when they end, static pods, and pods that run but are
//     not ready, or are being deleted, serve no one else's load. What they place on a node, and what the node's own
//     metrics show beyond its pods and its reserve, is daemons/node/N, and goes down with it.
//  9. Workloads without a pod in the input, as in manifests, get as many as they ask for, on no node: namespace/name-1
//     and so on, of a StatefulSet from namespace/name-0. A workload that is from a cluster, as its UID tells, is left
//     out if the input has pods and none of its own that serves.
//  10. A workload needs those it has the address of in an environment variable: see Options.Variables. How much load it
//     causes there is not known.
//  11. Where pods have different priorities, those of one start after those of the next higher.
//
// Nodes are labelled zone, region and by further domains, workloads namespace, and pods workload, which is the name of
// theirs, and priority where there are several.
//
// Verdicts on the fleet are before rescheduling: what a scheduler does minutes later is not modelled. A
// PodDisruptionBudget governs evictions and protects from no failure, so it adds nothing.
package kube

import (
	"io"

	"github.com/ridethrough/ridethrough/topology"
)

// Options say what the input does not. The zero value works.
type Options struct {
	// Domains are labels of nodes that are failure domains, besides zone and region: "example.com/rack" makes rack/R7.
	Domains []string

	// CPU and Memory are measured usage of pods by "namespace/name", in cores and bytes, from another source than the
	// metrics API: prom.Values returns them. They go before what the input says.
	CPU, Memory map[string]float64

	// Load is the load of pods that are not measured, as a part of what they may use: their limit or, without one, their
	// request; of CPU, with Guaranteed, their request. 0 is the load that they request.
	Load float64

	// Guaranteed makes the capacity of a pod the CPU that it requests, not the limit to which it may burst.
	Guaranteed bool

	// MemoryAtRest is the part of its memory, from 0 to 1, that a pod uses whatever its load. At 0, all of it grows with
	// the load.
	MemoryAtRest float64

	// Variables are endings of the names of environment variables with addresses of services; nil is "_ADDR".
	Variables []string
}

// Read reads r to its end and returns the fleet, with what could not be known and what looks wrong. Findings are about
// components of the spec wherever there is one.
//
// An error of r is returned as it is. Any other error is a [topology.Faults] that names the document, the object and
// the field of each, up to a hundred. Time and memory are in proportion to what is read, and of a list in JSON only what
// the model needs is kept. An object in JSON has at most 16 MiB, and so has a document in YAML, which takes up to a
// hundred times its size.
func Read(r io.Reader, o Options) (topology.Spec, topology.Findings, error) {
	if err := o.check(); err != nil {
		return topology.Spec{}, nil, err
	}
	in := newReader(r)
	if err := in.read(); err != nil {
		return topology.Spec{}, nil, err
	}
	m := newModel(in.cluster, o)
	spec := m.spec()
	if len(spec.Components) == 0 {
		return topology.Spec{}, nil, topology.Faults{{Reason: topology.NotFound,
			Text: "no nodes, and no workload of which a pod runs and is ready, where DaemonSets and Jobs are none: " +
				"there is nothing to make a fleet of"}}
	}
	return spec, m.findings(), nil
}
