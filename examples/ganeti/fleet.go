package main

import (
	"fmt"
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// fleet writes a cluster as a topology: first its nodes, then what runs on them.
//
// A node's capacity is its memory. On its own it uses whatever is neither free nor its instances', so with nothing lost
// its load is its capacity less what is free. (Stopped instances may come to more than that leaves; then it counts as
// that much larger, for they do have the room that they are given.) The memory of a node that is offline may be unknown,
// and is of no interest: it counts as more than enough.
func fleet(c *cluster) (*topology.Topology, error) {
	used := make([]float64, len(c.nodes)) // by instances that have it as primary
	for _, i := range c.instances {
		if i.fate() != absent {
			used[i.primary] += i.memory
		}
	}
	var spec topology.Spec
	for k, n := range c.nodes {
		capacity := max(n.total, n.free+used[k], 1)
		demand := capacity - n.free - used[k]
		if n.offline {
			capacity, demand = math.MaxInt32*most, 0
		}
		spec.Components = append(spec.Components, topology.Component{
			Name: pattern(n.name), Capacity: capacity, Demand: demand, Unit: "MiB",
		})
	}
	for _, i := range c.instances {
		if i.fate() != absent {
			spec.Components = append(spec.Components, topology.Component{
				Name: pattern(i.id()), Demand: i.memory, Unit: "MiB",
				Supplies: []topology.Supply{{Share: topology.Tiered, Members: c.homes(i)}},
			})
		}
	}
	return topology.New(spec)
}

// homes returns the nodes that an instance runs on, the next when the one before is down.
func (c *cluster) homes(i instance) topology.Names {
	homes := topology.Names{pattern(c.nodes[i.primary].name)}
	if i.fate() == mirrored {
		homes = append(homes, pattern(c.nodes[i.secondary].name))
	}
	return homes
}

// id tells instances apart: a file may have two of one name.
func (i instance) id() string { return fmt.Sprintf("%s (line %d)", i.name, i.line) }

// pattern writes a name so that no part of it is read as a pattern.
func pattern(name string) string { return topology.Fold([]string{name})[0] }
