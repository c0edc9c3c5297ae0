package main

import (
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
)

// A design is a front end of the same capacity in all.
type design struct {
	name    string
	servers int
	cells   int // servers know only those of their own
}

var asItWas = design{"as it was", servers, 1}

// noLimit is a room in which messages do not count: a capacity of 0 is none.
const noLimit = 0

// fleet is the front end. The messages of a cell have a share of what carried them when there was one cell of many servers.
func fleet(d design, room float64) (*topology.Topology, error) {
	peers := float64(d.servers/d.cells - 1)
	carries := room * servers * (servers - 1) / float64(d.cells)
	return topology.New(topology.Spec{Components: []topology.Component{
		{Name: fmt.Sprintf("shard-map-[1-%d]", d.cells), Capacity: carries, Unit: "messages/s"},
		{Name: fmt.Sprintf("front-[1-%d]-[0001-%04d]", d.cells, d.servers/d.cells), Kind: "server",
			Capacity: 100 * servers / float64(d.servers), Unit: "requests/s", Start: topology.Start{Boot: boot},
			Supplies: []topology.Supply{{Members: topology.Names{"shard-map-{1}"}, Base: peers, Inrush: (dear - 1) * peers}}},
		{Name: "users", Demand: busy * 100 * servers, Unit: "requests/s", Gated: true,
			Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}})
}
