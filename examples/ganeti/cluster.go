package main

// A cluster is what a file says. Nodes and groups are named by their place in it.
type cluster struct {
	groups    []group
	nodes     []node
	instances []instance
}

type group struct{ name, uuid string }

// A node has memory in MiB.
type node struct {
	name        string
	group       int
	total, free float64
	offline     bool // marked so, or its figures are unknown
}

// An instance runs on its primary, and has a copy of its disks on its secondary; -1 is none.
type instance struct {
	name               string
	memory             float64 // MiB
	status             string
	auto               bool
	primary, secondary int
	template           string
	forthcoming        bool // only planned
	line               int
}

// A fate is what becomes of an instance when its node is lost.
type fate int

const (
	absent   fate = iota // it takes no memory, here or elsewhere
	mirrored             // it runs on its secondary
	kept                 // it has a secondary, and is not moved there automatically
	local                // its disk is on that node alone
	placed               // a scheduler chooses a node
)

func (i instance) fate() fate {
	switch {
	case i.forthcoming || i.status == "ADMIN_offline":
		return absent
	case i.secondary >= 0 && i.auto:
		return mirrored
	case i.secondary >= 0:
		return kept
	case i.template == "plain" || i.template == "file":
		return local
	default:
		return placed
	}
}

// of returns the instances of a fate.
func (c *cluster) of(f fate) []instance {
	var all []instance
	for _, i := range c.instances {
		if i.fate() == f {
			all = append(all, i)
		}
	}
	return all
}
