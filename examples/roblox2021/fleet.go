package main

import (
	"fmt"
	"math"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// steps lets in players by parts of one size, as on record.
func steps(size float64, every time.Duration) *restart.Plan {
	p := &restart.Plan{Scenario: cascade.Lose("cache"), Steps: []restart.Step{
		{Do: restart.PowerOn, What: topology.Names{"cache"}}, {Do: restart.Rotate, What: topology.Names{"cache"}}}}
	for k := range int(math.Ceil(1/size - 1e-9)) {
		p.Steps = append(p.Steps, restart.Step{At: time.Duration(k) * every, Do: restart.Admit, What: topology.Names{"players"}, Admit: min(1, float64(k+1)*size)})
	}
	return p
}

func fleet() (*topology.Topology, error) {
	return topology.New(topology.Spec{Components: []topology.Component{
		{Name: "database", Capacity: database * misses * demand, Unit: "requests/s"},
		{Name: fmt.Sprintf("cache-[001-%d]", caches), Kind: "cache", Capacity: demand / busy / caches, Unit: "requests/s",
			Start:    topology.Start{WarmUp: warmUp, Cold: cold},
			Supplies: []topology.Supply{{Members: topology.Names{"database"}, PerUnit: misses}}},
		{Name: "players", Demand: demand, Unit: "requests/s", Gated: true, Reopen: topology.Reopen{Surge: surge, Decay: decay},
			Supplies: []topology.Supply{{Members: topology.Names{"cache"}}}},
	}})
}
