package restart

import (
	"context"

	"github.com/ridethrough/ridethrough/topology"
)

// Joined returns a plan of fewer steps that is as good as a measured one, as Make does.
func Joined(ctx context.Context, t *topology.Topology, p *Plan) (*Plan, error) {
	f, m, _, err := survey(t, p)
	if err != nil {
		return nil, err
	}
	return newCompass(f, p, m).join(ctx, p)
}
