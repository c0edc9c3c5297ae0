package main

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// room tells how much of the CPU the largest node and the largest zone have: what must be free elsewhere to take over
// from them, wherever things are placed.
func room(fleet *topology.Topology) string {
	nodes, err := fleet.Select("node")
	if err != nil {
		return ""
	}
	sum := 0.0
	zones := map[string]float64{}
	var largest, zone part
	for _, id := range nodes {
		cores := fleet.Capacity(id)
		sum += cores
		largest = largest.or(fleet.Name(id), cores)
		if name := fleet.Component(id).Labels["zone"]; name != "" {
			zones[name] += cores
			zone = zone.or("zone/"+name, zones[name])
		}
	}
	lines := []string{fmt.Sprintf("%s allocatable on %d nodes.", topology.Quantity(sum, "cores"), len(nodes))}
	for _, p := range []part{largest, zone} {
		if p.name != "" && p.cores < sum {
			lines = append(lines, fmt.Sprintf("%s has %s of it: without it the rest can do what the whole does at %s.",
				p.name, percent(p.cores/sum), percent(1-p.cores/sum)))
		}
	}
	return strings.Join(lines, "\n")
}

// A part is the CPU of a node or a zone.
type part struct {
	name  string
	cores float64
}

// or returns the larger part, the first of equal ones.
func (p part) or(name string, cores float64) part {
	if cores > p.cores {
		return part{name, cores}
	}
	return p
}

func percent(x float64) string { return topology.Quantity(100*x, "%") }
