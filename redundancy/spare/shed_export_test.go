package spare

import (
	"context"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// ShedAny is Shed as it is for topologies of no known shape.
func ShedAny(ctx context.Context, t *topology.Topology, s cascade.Scenario, value map[string]float64) (*Shedding, error) {
	e, err := emergencyOf(t, s, nil, value)
	if err != nil {
		return nil, err
	}
	err = e.run(ctx)
	return e.Shedding, err
}

// Seeds is how many random cases are looked at.
var Seeds = seeds
