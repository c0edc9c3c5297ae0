package kube

import "github.com/ridethrough/ridethrough/topology"

// What was assumed. In brackets is what a finding is about, and the field.
const (
	LoadRequested   topology.Reason = "load as requested"   // taken as what the pods request [workloads, demand]
	LoadByOption    topology.Reason = "load by option"      // taken as Options.Load says [workloads, demand]
	LoadOfSiblings  topology.Reason = "load of siblings"    // of some pods, as the mean of the others [workloads, demand]
	MemoryGrows     topology.Reason = "memory grows"        // with the load of the pods, all of it [workloads]
	LoadCounted     topology.Reason = "counted in replicas" // no load or capacity is known [workloads, demand]
	Idle            topology.Reason = "idle"                // measured as nothing, taken as almost nothing [workloads, demand]
	CapacityRequest topology.Reason = "capacity as request" // no limit, and no node [workloads, capacity]
	Autoscaled      topology.Reason = "autoscaled"          // replicas as an autoscaler's minimum [workloads]
	SharedDomain    topology.Reason = "shared domain"       // in several zones by its label, taken as one [domains]
	CallIsNeed      topology.Reason = "call is need"        // what it has the address of is needed [workloads]
	CircularCalls   topology.Reason = "circular calls"      // needs all workloads of a service, which call back [workloads]
)

// What is missing, and was left out.
const (
	NoZone          topology.Reason = "no zone"             // a node without a label that makes a domain [nodes]
	NoAllocatable   topology.Reason = "no allocatable"      // a node does not say what pods may use [nodes, capacity]
	UnknownNode     topology.Reason = "unknown node"        // pods run on a node that is not in the input [nodes]
	Unplaced        topology.Reason = "placement not known" // no pod of a workload is in the input [workloads]
	MemoryUnknown   topology.Reason = "memory not known"    // how much of it pods use [workloads]
	LoadUnknown     topology.Reason = "load not known"      // of pods of daemons and jobs [as the source calls them]
	OtherNamespaces topology.Reason = "one namespace"       // pods of others are not in the input [nodes]
	UnknownService  topology.Reason = "unknown service"     // a variable names one that is not in the input [workloads]
	Outside         topology.Reason = "outside"             // a variable names a host outside the input [workloads]
	UnknownPriority topology.Reason = "unknown priority"    // a PriorityClass is not in the input [workloads]
)

// What looks wrong.
const (
	NotReady       topology.Reason = "node not ready"  // its pods serve nothing [nodes]
	Overcommitted  topology.Reason = "overcommitted"   // pods request more than is allocatable [nodes]
	NotServing     topology.Reason = "not serving"     // fewer pods than wanted run and are ready [workloads]
	NoReplicas     topology.Reason = "nothing serves"  // no pod does: left out [as the source calls it]
	Differing      topology.Reason = "replicas differ" // the same workload twice in the input [workloads]
	UnevenLoad     topology.Reason = "uneven load"     // measured, over the pods of a workload [workloads, demand]
	OneReplica     topology.Reason = "one replica"     // [workloads]
	OneNode        topology.Reason = "one node"        // all replicas are on it [workloads]
	OneZone        topology.Reason = "one zone"        // all replicas are in it, of several [workloads]
	Skewed         topology.Reason = "uneven spread"   // against topologySpreadConstraints [workloads]
	SelectsNothing topology.Reason = "selects nothing" // a service or a budget [as the source calls it]
	BlocksDrains   topology.Reason = "blocks drains"   // a budget that allows no eviction [as the source calls it]
	SeveralBudgets topology.Reason = "several budgets" // of the same pods, which none can evict [workloads]
)
