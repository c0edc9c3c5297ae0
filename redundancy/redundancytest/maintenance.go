package redundancytest

import (
	"context"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/maintenance"
	"github.com/ridethrough/ridethrough/topology"
)

// SafeToTake fails t unless what the patterns name may be taken out of the running fleet and brought back, while every scenario
// of the family still holds: see [maintenance.Check], whose zero options it asks with.
//
// It also fails t in all the cases in which [Holds] does, and where it is not determined.
func SafeToTake(t TB, fleet *topology.Topology, family cascade.Family, what ...string) {
	t.Helper()
	if fleet == nil {
		t.Errorf("there is no fleet: it is nil")
		return
	}
	if problem := (promise{fleet: fleet, family: family}).vacuous(); problem != "" {
		t.Errorf("%s", problem)
		return
	}
	answer, err := maintenance.Check(context.Background(), fleet, what, maintenance.Options{Family: family})
	switch {
	case err != nil:
		t.Errorf("%s", err)
	case !answer.Safe:
		t.Errorf("%s", answer)
	}
}
