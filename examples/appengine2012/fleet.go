package main

import (
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
)

// world is the datacentres, each with its own users.
func world() (*topology.Topology, error) {
	spec := topology.Spec{Kinds: map[string]topology.Component{
		"router": {Capacity: capacity, Unit: "requests/s", Overload: topology.Overload{After: patience}},
	}}
	for c := range centres {
		spec.Components = append(spec.Components, topology.Component{Name: tier(c), Kind: "router"})
	}
	for c := range centres {
		users := topology.Supply{Share: topology.Waterfall}
		for k := range centres {
			users.Members = append(users.Members, tier((c+k)%centres))
		}
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprintf("users-%d", c+1), Demand: busy * routers * capacity, Unit: "requests/s",
			Supplies: []topology.Supply{users},
		})
	}
	return topology.New(spec)
}

func tier(centre int) string { return fmt.Sprintf("router-%d-[01-%02d]", centre+1, routers) }

// pool is the same routers as one pool: on the way back every router of every datacentre takes its part.
func pool() (*topology.Topology, error) {
	return topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"router": {
			Capacity: capacity, Unit: "requests/s", Start: topology.Start{Boot: boot, WarmUp: warmUp, Cold: cold},
		}},
		Components: []topology.Component{
			{Name: fmt.Sprintf("router-[1-%d]-[01-%02d]", centres, routers), Kind: "router"},
			{Name: "users", Demand: busy * centres * routers * capacity, Unit: "requests/s", Gated: true,
				Supplies: []topology.Supply{{Members: topology.Names{"router"}}}},
		},
	})
}
