package ganeti

import "github.com/ridethrough/ridethrough/topology"

// A cluster is what a text says. Nodes are named by their place in it.
type cluster struct {
	nodes      []node
	instances  []instance
	places     []string // what tags of nodes begin with that are locations, without the colon
	exclusions []string // what tags of instances begin with that keep them apart
	locations  []location
}

// A node has memory in MiB.
type node struct {
	name, group      string
	total, own, free float64
	offline, unknown bool    // marked so; some figure is "?"
	running, mine    float64 // memory of the instances that run on it, and of all that count as if they did
	tags             string
	locations        []int // of the cluster, rising
	line             int
}

// down reports whether Ganeti takes a node as offline.
func (n *node) down() bool { return n.offline || n.unknown }

// id is the name of its component.
func (n *node) id() string { return "node/" + n.name }

// An instance runs on its primary, and has a copy of its disks on its secondary; -1 is none.
type instance struct {
	name, called       string  // as a component is named, and as the text has it
	memory             float64 // MiB
	status, template   string
	auto, forthcoming  bool
	primary, secondary int
	tags               string
	services           []string // its exclusion tags
	line               int
}

// id is the name of its component.
func (i *instance) id() string { return "instance/" + i.name }

// runs reports whether it uses the memory of its primary.
func (i *instance) runs() bool {
	return !i.forthcoming && (i.status == "running" || i.status == "ERROR_up")
}

// A fate is what becomes of an instance when its primary is lost.
type fate int

const (
	reserved  fate = iota // it runs on its secondary
	unmanaged             // it has a secondary, and is not moved there automatically
	local                 // its disks are on its primary alone
	scheduled             // a scheduler chooses a node
	absent                // it takes no memory, here or elsewhere
)

func (i *instance) fate() fate {
	switch {
	case i.forthcoming || i.status == "ADMIN_offline":
		return absent
	case i.secondary >= 0 && i.auto:
		return reserved
	case i.secondary >= 0:
		return unmanaged
	case i.template == "plain" || i.template == "file":
		return local
	default:
		return scheduled
	}
}

// A location is a tag of nodes that may fail together.
type location struct{ tag, kind string }

// id is the name of its component.
func (l location) id() string { return "location/" + l.tag }

// pattern writes a name so that no part of it is read as a pattern.
func pattern(name string) string { return topology.Fold([]string{name})[0] }
