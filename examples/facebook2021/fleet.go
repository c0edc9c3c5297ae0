package main

import (
	"github.com/ridethrough/ridethrough/topology"
)

// fleet is datacentres of server halls and caches, each on its electrical line. What is on draws power though nobody asks it.
func fleet() (*topology.Topology, error) {
	return topology.New(topology.Spec{
		Kinds: map[string]topology.Component{
			"line":  {Capacity: carries, Unit: "MW"},
			"cache": {Capacity: can, Unit: "k requests/s", Start: topology.Start{Boot: fill, WarmUp: warmUp, Cold: cold}},
			"hall":  {Capacity: can, Unit: "k requests/s"},
		},
		Components: []topology.Component{
			{Name: "backbone"},
			{Name: "cache-[1-3]-[01-10]", Kind: "cache", Labels: map[string]string{"site": "{1}"}, Supplies: []topology.Supply{
				{Members: topology.Names{"line-{1}"}, Base: cacheIdle, Inrush: inrush}}},
			{Name: "hall-[1-3]-[01-10]", Kind: "hall", Supplies: []topology.Supply{
				{Members: topology.Names{"line-{1}"}, Base: idle, PerUnit: dip / (10 * asked)},
				{Members: topology.Names{"cache-{1}-[01-10]"}, Optional: true}}},
			{Name: "users", Demand: 30 * asked, Unit: "k requests/s", Gated: true, Needs: topology.Names{"backbone"},
				Reopen: topology.Reopen{Surge: surge, Decay: decay}, Supplies: []topology.Supply{{Members: topology.Names{"hall"}}}},
			{Name: "line-[1-3]", Kind: "line"},
		},
	})
}
