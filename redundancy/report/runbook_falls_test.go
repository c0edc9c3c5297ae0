package report

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// The weak server comes up by itself and takes a third of what there is: so less is admitted then, and the runbook says why.
func TestRunbookOfWhatFalls(t *testing.T) {
	f := fleet(t, topology.Spec{Components: []topology.Component{
		{Name: "strong", Capacity: 10_000, Unit: "W"},
		{Name: "weak", Capacity: 2_000, Unit: "W", Start: topology.Start{Boot: 3 * minute}},
		{Name: "slow", Capacity: 10_000, Unit: "W", Start: topology.Start{Boot: 3 * minute}},
		{Name: "gate", Capacity: 10_000, Unit: "W", Supplies: []topology.Supply{{Members: names{"strong", "weak", "slow"}}}},
		{Name: "users", Demand: 9_000, Unit: "W", Gated: true, Supplies: []topology.Supply{{Members: names{"gate"}}}},
	}})
	p := &restart.Plan{Scenario: cascade.Lose("strong", "weak", "slow", "gate"), Grid: minute, Steps: []restart.Step{
		{Do: restart.PowerOn, What: names{"strong", "weak", "slow", "gate"}},
		{Do: restart.Rotate, What: names{"gate"}},
		{Do: restart.Admit, What: names{"users"}, Admit: 1},
		{At: 3 * minute, Do: restart.Admit, What: names{"users"}, Admit: .4},
		{At: 4 * minute, Do: restart.Admit, What: names{"users"}, Admit: .3},
	}}
	require.NoError(t, p.Measure(context.Background(), f))
	var out bytes.Buffer
	require.NoError(t, Runbook(context.Background(), &out, f, p))
	require.Contains(t, out.String(), "4      3:00  admit 40 % of users\n      why       less of users is admitted than before: otherwise at 3:00 weak would be overloaded: 3,000 of 2,000 W\n")
	require.Contains(t, out.String(), "5      4:00  admit 30 % of users\n      watch ", "it need not be")
}
