package topology_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

func TestUnavailability(t *testing.T) {
	for _, c := range []struct {
		failing topology.Failing
		want    float64
	}{
		{topology.Failing{}, 0},
		{topology.Failing{Unavailability: .1}, .1},
		{topology.Failing{MTBF: 99 * time.Hour, MTTR: time.Hour}, .01},
		{topology.Failing{OnDemand: .02}, .02},
		{topology.Failing{OnDemand: .02, MTTR: time.Hour}, .02},
		{topology.Failing{Unavailability: .1, OnDemand: .02}, .118},
		{topology.Failing{MTBF: time.Hour, MTTR: time.Hour, OnDemand: 1}, 1},
	} {
		fleet, err := topology.New(topology.Spec{Components: []topology.Component{{Name: "a", Failing: c.failing}}})
		require.NoError(t, err)
		require.InDelta(t, c.want, fleet.Unavailability(0), 1e-15, "%+v", c.failing)
	}
}
