package ganeti

import (
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

const (
	unit    = "MiB"
	nothing = 0.5 // the memory of a node that has none, less than any instance needs: 0 would be without limit
)

// spec writes the cluster as a fleet: its locations, its nodes, and what runs on them.
func (c *cluster) spec() topology.Spec {
	c.charge()
	var s topology.Spec
	for _, l := range c.locations {
		s.Components = append(s.Components, topology.Component{Name: pattern(l.id()), Kind: l.kind})
	}
	for k := range c.nodes {
		s.Components = append(s.Components, c.node(&c.nodes[k]))
	}
	for k := range c.instances {
		s.Components = append(s.Components, c.instance(&c.instances[k]))
	}
	return s
}

// charge gives the nodes the memory of their instances.
func (c *cluster) charge() {
	for k := range c.instances {
		i := &c.instances[k]
		n := &c.nodes[i.primary]
		if i.fate() != absent {
			n.mine += i.memory
		}
		if i.runs() {
			n.running += i.memory
		}
	}
}

// node writes a node. What it uses of itself is no part of it: as a demand, that would be unserved where a location takes
// the node down. Free memory may be negative; then the node is over with nothing lost, by that much.
func (c *cluster) node(n *node) topology.Component {
	one := topology.Component{Name: pattern(n.id()), Kind: "node", Labels: labels("group", n.group), Unit: unit}
	one.Capacity = max(n.mine+max(n.free, 0), nothing)
	if n.down() {
		one.Labels["offline"], one.Capacity = "yes", nothing
	} else if n.free < 0 {
		one.Demand = one.Capacity - n.mine - n.free
	}
	for _, l := range n.locations {
		one.Needs = append(one.Needs, pattern(c.locations[l].id()))
	}
	return one
}

func (c *cluster) instance(i *instance) topology.Component {
	one := topology.Component{Name: pattern(i.id()), Kind: "instance",
		Labels: labels("template", i.template, "status", i.status, "primary", c.nodes[i.primary].name)}
	if i.secondary >= 0 {
		one.Labels["secondary"] = label(c.nodes[i.secondary].name)
	}
	if !i.auto {
		one.Labels["auto"] = "no"
	}
	if i.forthcoming {
		one.Labels["forthcoming"] = "yes"
	}
	if i.fate() != absent {
		one.Demand, one.Unit = i.memory, unit
		one.Supplies = []topology.Supply{{Share: topology.Tiered, Members: c.homes(i)}}
	}
	return one
}

// homes returns the nodes that an instance runs on, the next when the one before is down.
func (c *cluster) homes(i *instance) topology.Names {
	homes := topology.Names{pattern(c.nodes[i.primary].id())}
	if i.fate() == reserved {
		homes = append(homes, pattern(c.nodes[i.secondary].id()))
	}
	return homes
}

// labels makes a map of keys and the values that follow them.
func labels(pairs ...string) map[string]string {
	all := make(map[string]string, len(pairs)/2)
	for k := 0; k < len(pairs); k += 2 {
		all[pairs[k]] = label(pairs[k+1])
	}
	return all
}

// label writes the value of a label so that it is read as it is.
func label(value string) string {
	if strings.Contains(value, "{") {
		return pattern(value)
	}
	return value
}
