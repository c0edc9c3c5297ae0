package ganeti

import (
	"io"
	"os"

	"github.com/ridethrough/ridethrough/topology"
)

// The reasons of findings that look wrong.
const (
	NodeOffline    topology.Reason = "node offline"           // it is marked so
	OneCopyLeft    topology.Reason = "one copy left"          // one of an instance's two nodes is offline
	NoNodeLeft     topology.Reason = "no node left"           // all nodes that an instance has are offline
	SharedLocation topology.Reason = "shared location"        // primary and secondary may fail together
	NotSpread      topology.Reason = "not spread"             // instances of one exclusion tag run on one node or in one location
	OneNode        topology.Reason = "disks on one node"      // the disk template mirrors nothing
	WrongNode      topology.Reason = "on the wrong node"      // an instance runs elsewhere than on its primary
	SameName       topology.Reason = "same name"              // two instances have it, or one has none
	Unaccounted    topology.Reason = "memory unaccounted for" // more than 512 MiB of a node are neither free nor used
	AboveTotal     topology.Reason = "more than its total"    // more than 512 MiB above a node's total are free or used
)

// The reasons of findings that are missing.
const (
	Scheduled   topology.Reason = "placed by a scheduler"      // where an instance goes when its node is lost
	NotBalanced topology.Reason = "not balanced automatically" // Ganeti keeps no memory for an instance on its secondary
	NotReserved topology.Reason = "no memory reserved"         // an instance is planned or marked offline
	NoLocation  topology.Reason = "no location"                // which nodes fail together
)

// The reasons of findings that are assumed.
const (
	UnknownFigures topology.Reason = "unknown figures" // of a node, which is taken as offline
	Stopped        topology.Reason = "stopped"         // an instance counts as if it ran
)

// Read reads a cluster, line by line, to the end of r: groups, nodes, instances, cluster tags and policies, with a blank
// line after each section. Columns that later versions of Ganeti added may be missing. The spec has the locations, the
// nodes and the instances, each in the order of the text, and builds with [topology.New]; findings come in the order of
// their reasons above.
//
// An error of r is returned as it is. Any other error is a [topology.Faults], each with its line and column, and all of
// them together, but not more than 1000: sections or columns that are missing; a node, a group or a number that cannot be
// read or found; a line of more than 1 MiB; more than 100 locations of one node; more than [topology.MaxComponents].
func Read(r io.Reader) (topology.Spec, topology.Findings, error) { return read(r, "") }

// ReadFile reads the named file as [Read] does. The faults name the file.
func ReadFile(name string) (topology.Spec, topology.Findings, error) {
	f, err := os.Open(name)
	if err != nil {
		return topology.Spec{}, nil, err
	}
	defer f.Close()
	return read(f, name)
}

func read(from io.Reader, file string) (topology.Spec, topology.Findings, error) {
	r := newReader(file)
	if err := r.readAll(from); err != nil {
		return topology.Spec{}, nil, err
	}
	r.sortTags()
	if len(r.faults) > 0 {
		return topology.Spec{}, nil, r.faults
	}
	spec := r.spec()
	return spec, r.findings(), nil
}
