package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/kube"
)

// room tells how much of the CPU the largest node and the largest zone have: what must be free elsewhere to take over
// from them, wherever things are placed. Nodes that are not ready have no room, nor do those that do not say.
func room(fleet *topology.Topology, findings topology.Findings) string {
	nodes, err := fleet.Select("node")
	if err != nil {
		return ""
	}
	sum, with := 0.0, 0
	zones := map[string]float64{}
	var largest, zone part
	away := notReady(findings)
	for _, id := range nodes {
		cores := fleet.Capacity(id)
		if math.IsInf(cores, 1) || away[fleet.Name(id)] {
			continue
		}
		sum, with = sum+cores, with+1
		largest = largest.or(fleet.Name(id), cores)
		if name := zoneOf(fleet.Component(id)); name != "" {
			zones[name] += cores
			zone = zone.or(name, zones[name])
		}
	}
	if with == 0 {
		return ""
	}
	lines := []string{fmt.Sprintf("%s allocatable on %s.", topology.Quantity(sum, "cores"), count(with, len(nodes)))}
	for _, p := range []part{largest, zone} {
		if p.name != "" && p.cores < sum {
			lines = append(lines, fmt.Sprintf("%s has %s of it: without it the rest can do what the whole does at %s.",
				p.name, percent(p.cores/sum), percent(1-p.cores/sum)))
		}
	}
	return strings.Join(lines, "\n")
}

// notReady returns the nodes that are not ready.
func notReady(findings topology.Findings) map[string]bool {
	nodes := map[string]bool{}
	for _, f := range findings {
		if f.Reason == kube.NotReady {
			for _, name := range f.About {
				nodes[name] = true
			}
		}
	}
	return nodes
}

// zoneOf returns the zone that a node needs.
func zoneOf(node topology.Component) string {
	for _, need := range node.Needs {
		if strings.HasPrefix(need, "zone/") {
			return need
		}
	}
	return ""
}

// count says how many of all nodes.
func count(n, all int) string {
	switch {
	case n < all:
		return fmt.Sprintf("%d of %d nodes", n, all)
	case n == 1:
		return "one node"
	}
	return fmt.Sprintf("%d nodes", n)
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
