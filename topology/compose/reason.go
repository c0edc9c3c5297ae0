package compose

import "github.com/ridethrough/ridethrough/topology"

// What looks wrong.
const (
	OneHost      topology.Reason = "one host"      // everything runs on one machine
	NoRestart    topology.Reason = "no restart"    // a container that ends stays down
	RebootOrder  topology.Reason = "reboot order"  // depends_on does not count when the machine comes back
	UnknownField topology.Reason = "unknown field" // the specification has no such field
	OverReserved topology.Reason = "over reserved" // more is reserved than the limit allows
)

// What is missing, and was left out.
const (
	UnsetVariable   topology.Reason = "unset variable"   // taken as empty, as Compose does
	RunTimeNeed     topology.Reason = "run-time need"    // whether what is started first is needed later
	NotStarted      topology.Reason = "not started"      // a service of 0 replicas
	InactiveProfile topology.Reason = "inactive profile" // services of profiles that were not asked for
	Optional        topology.Reason = "optional"         // depends_on that Compose may do without
	UnknownHost     topology.Reason = "unknown host"     // an address that is no service's
	Outside         topology.Reason = "outside"          // an address that is no name of a container
	NotRead         topology.Reason = "not read"         // a file that a file names
	MemoryLoad      topology.Reason = "memory load"      // how much of its limit is used
	Placement       topology.Reason = "placement"        // on which machines of a swarm containers run
)

// What was assumed.
const (
	CountedLoad   topology.Reason = "counted load"   // in replicas
	ReservedLoad  topology.Reason = "reserved load"  // what is reserved is used
	ReservedBytes topology.Reason = "reserved bytes" // what is reserved is used, and grows with the load
	CallIsNeed    topology.Reason = "call is need"   // what is called is needed
	StartTime     topology.Reason = "start time"     // the longest that Compose waits; none where no probe is given
	OnePerNode    topology.Reason = "one per node"   // a global service of a swarm
)
