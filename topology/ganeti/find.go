package ganeti

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// tolerated is by how much a node's memory may differ from what is free and used, in MiB: hbal too complains above it.
const tolerated = 512

// findings tells what the spec of the cluster does not say, in the order of the reasons.
func (c *cluster) findings() topology.Findings {
	return slices.Concat(c.offline(), c.sharedLocations(), c.notSpread(), c.exposed(), c.inconsistent(),
		c.leftOut(), c.unlocated(), c.assumed())
}

// finding tells the same of several components; none if there are none.
func finding(class topology.Class, reason topology.Reason, field string, about []string,
	format string, args ...any) topology.Findings {
	if len(about) == 0 {
		return nil
	}
	return topology.Findings{{Class: class, Reason: reason, Field: field, About: about, Text: fmt.Sprintf(format, args...)}}
}

// nodesThat and instancesThat return the names of components.
func (c *cluster) nodesThat(ok func(*node) bool) []string {
	var names []string
	for k := range c.nodes {
		if n := &c.nodes[k]; ok(n) {
			names = append(names, n.id())
		}
	}
	return names
}

func (c *cluster) instancesThat(ok func(*instance) bool) []string {
	var names []string
	for k := range c.instances {
		if i := &c.instances[k]; ok(i) {
			names = append(names, i.id())
		}
	}
	return names
}

// of returns the instances of a fate.
func (c *cluster) of(f fate) []string {
	return c.instancesThat(func(i *instance) bool { return i.fate() == f })
}

// offline tells what hangs on nodes that are offline.
func (c *cluster) offline() topology.Findings {
	return slices.Concat(
		finding(topology.Suspect, NodeOffline, "", c.nodesThat(func(n *node) bool { return n.offline }),
			"marked offline: what runs there or is moved there fails at once"),
		finding(topology.Suspect, OneCopyLeft, "", c.instancesThat(func(i *instance) bool {
			return i.fate() != absent && i.secondary >= 0 && c.nodesUp(i) == 1
		}), "one of the two nodes is offline: if the other is lost, no copy is left"),
		finding(topology.Suspect, NoNodeLeft, "", c.instancesThat(func(i *instance) bool {
			return i.fate() != absent && c.nodesUp(i) == 0
		}), "every node that it has is offline: it does not run until one is back, or it is moved"))
}

// nodesUp counts those of an instance's nodes that are not offline.
func (c *cluster) nodesUp(i *instance) (up int) {
	for _, k := range []int{i.primary, i.secondary} {
		if k >= 0 && !c.nodes[k].down() {
			up++
		}
	}
	return up
}

// exposed tells which instances have the disks on one node.
func (c *cluster) exposed() topology.Findings {
	return finding(topology.Suspect, OneNode, "", c.of(local),
		"the disks are on one node alone: it goes down with that, whatever memory is free elsewhere")
}

// inconsistent tells what contradicts itself.
func (c *cluster) inconsistent() topology.Findings {
	most, least := 0.0, 0.0
	for k := range c.nodes {
		most, least = max(most, c.nodes[k].unaccounted()), min(least, c.nodes[k].unaccounted())
	}
	return slices.Concat(
		finding(topology.Suspect, WrongNode, "", c.instancesThat(func(i *instance) bool { return i.status == "ERROR_wrongnode" }),
			"it runs on another node than its primary, and is counted on that"),
		finding(topology.Suspect, SameName, "", c.instancesThat(func(i *instance) bool { return i.name != i.called }),
			"another has the same name, or it has none: named after its line"),
		finding(topology.Suspect, Unaccounted, "capacity", c.nodesThat(func(n *node) bool { return n.unaccounted() > tolerated }),
			"up to %s are used by neither the node itself nor what runs there: counted as used", topology.Quantity(most, unit)),
		finding(topology.Suspect, AboveTotal, "capacity", c.nodesThat(func(n *node) bool { return n.unaccounted() < -tolerated }),
			"what is free and what is used come to up to %s more than the total: counted as if it were there, "+
				"for Ganeti goes by what is free", topology.Quantity(-least, unit)))
}

// unaccounted returns the memory that is neither free nor anyone's; less than 0 if there is more of these than there is.
func (n *node) unaccounted() float64 {
	if n.down() {
		return 0
	}
	return n.total - n.own - n.free - n.running
}

// leftOut tells whose memory is demanded nowhere, or not on a second node.
func (c *cluster) leftOut() topology.Findings {
	return slices.Concat(
		finding(topology.Missing, Scheduled, "", c.of(scheduled),
			"without a secondary, a scheduler chooses where it goes when its node is lost, and whether it fits "+
				"is not determined; written as going down with the node"),
		finding(topology.Missing, NotBalanced, "", c.of(unmanaged),
			"not to be balanced automatically: Ganeti keeps no memory for it on the secondary; written as going down with the primary"),
		finding(topology.Missing, NotReserved, "demand", c.of(absent),
			"planned or marked offline: Ganeti keeps no memory for it"))
}

// unlocated tells of which nodes it is not known with what they fail.
func (c *cluster) unlocated() topology.Findings {
	if len(c.places) == 0 {
		return topology.Findings{{Class: topology.Missing, Reason: NoLocation,
			Text: "what nodes share (power, a switch, a rack) is not said: there is no cluster tag htools:nlocation:…"}}
	}
	var all topology.Findings
	for _, place := range c.places {
		all = append(all, finding(topology.Missing, NoLocation, "", c.nodesThat(func(n *node) bool {
			return !slices.ContainsFunc(n.locations, func(l int) bool { return strings.HasPrefix(c.locations[l].tag, place+":") })
		}), "no tag %s:…, which the cluster tag %s%s makes a location", place, locationPrefix, place)...)
	}
	return all
}

// assumed tells what was taken where nothing was known.
func (c *cluster) assumed() topology.Findings {
	return slices.Concat(
		finding(topology.Assumed, UnknownFigures, "capacity", c.nodesThat(func(n *node) bool { return n.unknown && !n.offline }),
			"a figure is unknown (?), so the node did not answer: taken as offline, as Ganeti does"),
		finding(topology.Assumed, Stopped, "demand", c.instancesThat(func(i *instance) bool {
			return i.fate() != absent && !i.runs() && i.status != "ERROR_wrongnode"
		}), "not running: counted as if it ran, in memory that its node has besides what is free now, as Ganeti does"))
}
