package maintenance

import (
	"context"

	"github.com/ridethrough/ridethrough/topology"
)

// RollBySearch is Roll for fleets in which not every group can be looked at.
func RollBySearch(ctx context.Context, t *topology.Topology, what topology.Names, o Options) (*Rolling, error) {
	return roll(ctx, t, what, o, 0)
}
