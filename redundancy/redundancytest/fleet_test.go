package redundancytest_test

import (
	"testing"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/redundancytest"
	"github.com/ridethrough/ridethrough/topology"
)

// This is all that a team's own test needs.
func TestNoBoardKillsUs(t *testing.T) {
	fleet := topology.Must(topology.ReadFile("testdata/fleet.json"))
	redundancytest.Holds(t, fleet, cascade.Each("board"))
}
