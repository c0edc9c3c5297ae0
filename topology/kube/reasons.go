package kube

import "github.com/ridethrough/ridethrough/topology"

// The reasons of findings. What each is about stands in brackets.
const (
	// Assumed.
	LoadRequested   topology.Reason = "load as requested"   // not measured: taken as what the pods request [workloads, demand]
	LoadByOption    topology.Reason = "load by option"      // not measured: taken as Options.Load says [workloads, demand]
	LoadOfSiblings  topology.Reason = "load of siblings"    // some pods are not measured: taken as the mean of the others [workloads, demand]
	LoadCounted     topology.Reason = "counted in replicas" // neither load nor capacity is known [workloads, demand]
	Idle            topology.Reason = "idle"                // measured as nothing: taken as a thousandth of a core a pod [workloads, demand]
	CapacityRequest topology.Reason = "capacity as request" // no limit, and no node: taken as what the pods request [workloads, capacity]
	Autoscaled      topology.Reason = "autoscaled"          // replicas taken from an autoscaler's minimum [workloads]
	SharedDomain    topology.Reason = "shared domain"       // in several zones by its label, and taken as one [domains]
	CircularCalls   topology.Reason = "circular calls"      // needs all the workloads of a service, since they call back [workloads]

	// Missing.
	NoZone          topology.Reason = "no zone"               // a node without the label that others have [nodes]
	NoAllocatable   topology.Reason = "no allocatable"        // a node that does not say what pods may use [nodes, capacity]
	UnknownNode     topology.Reason = "unknown node"          // pods run on it, and it is not in the input [nodes]
	Unplaced        topology.Reason = "placement not known"   // a workload without a pod in the input [workloads]
	MemoryUnknown   topology.Reason = "memory not known"      // how much of it is used; or a limit equal to the request [workloads]
	LoadUnknown     topology.Reason = "load not known"        // of pods of daemons and jobs [controllers]
	OtherNamespaces topology.Reason = "one namespace"         // what pods of others place on the nodes is not in the input [nodes]
	UnknownService  topology.Reason = "unknown service"       // a variable names a service that is not in the input [workloads]
	Outside         topology.Reason = "outside"               // a variable names a host outside the input [workloads]
	UnknownPriority topology.Reason = "unknown priority"      // the PriorityClass is not in the input: taken as 0 [workloads]
	NoReplicas      topology.Reason = "no replica in service" // nothing runs: left out [workloads, as the source calls them]

	// Suspect.
	NotReady       topology.Reason = "node not ready"  // its pods serve nothing [nodes]
	Overcommitted  topology.Reason = "overcommitted"   // pods request more than is allocatable [nodes]
	NotServing     topology.Reason = "not serving"     // pods that do not run or are not ready [workloads]
	Differing      topology.Reason = "replicas differ" // the same workload twice in the input [workloads]
	UnevenLoad     topology.Reason = "uneven load"     // measured, over the pods of one workload [workloads, demand]
	OneReplica     topology.Reason = "one replica"     // [workloads]
	OneNode        topology.Reason = "one node"        // all replicas on it [workloads]
	OneZone        topology.Reason = "one zone"        // all replicas in it, of several [workloads]
	Skewed         topology.Reason = "uneven spread"   // against topologySpreadConstraints [workloads]
	SelectsNothing topology.Reason = "selects nothing" // a Service or PodDisruptionBudget [as the source calls it]
	BlocksDrains   topology.Reason = "blocks drains"   // a PodDisruptionBudget that allows no eviction [as the source calls it]
	SeveralBudgets topology.Reason = "several budgets" // of one pod: the eviction API then refuses [workloads]
)
