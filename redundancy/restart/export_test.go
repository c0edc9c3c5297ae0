package restart

import (
	"context"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// MakeAny plans as for any fleet, even if it is of the common shape.
func MakeAny(ctx context.Context, t *topology.Topology, s cascade.Scenario, o Options) (*Plan, error) {
	p := &Plan{Scenario: s, Return: o.Return, AtOnce: o.AtOnce, Value: o.Value, Soonest: o.Soonest, Grid: o.Grid}
	if p.Grid == 0 {
		p.Grid = time.Minute
	}
	f, m, _, err := survey(t, p)
	if err != nil {
		return nil, err
	}
	return newCompass(f, p, m).explore(ctx, p, nil)
}
