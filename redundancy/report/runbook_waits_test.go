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

// A step that waits starts what it starts later than the plan has it: web at 5:00 is ready by 7:00. Nobody stops because db is
// late, for step 2 waits for it; that nobody serves users who are admitted without waiting is a reason.
func TestRunbookOfStepsThatWait(t *testing.T) {
	f := fleet(t, topology.Spec{Components: []topology.Component{
		{Name: "db", Kind: "db", Start: topology.Start{Boot: 5 * minute}, Capacity: 100},
		{Name: "web", Capacity: 10, StartNeeds: names{"db"}, Start: topology.Start{Boot: 2 * minute}},
		{Name: "users", Demand: 10, Gated: true, Supplies: []topology.Supply{{Members: names{"web"}}}},
	}})
	p := &restart.Plan{Scenario: cascade.Lose("db", "web"), Grid: minute, Steps: []restart.Step{
		{Do: restart.PowerOn, What: names{"db"}},
		{At: minute, When: []restart.Condition{{What: names{"db"}, Ready: 1}}, Do: restart.PowerOn, What: names{"web"}},
		{At: 4 * minute, Do: restart.Rotate, What: names{"web"}},
		{At: 5 * minute, Do: restart.Admit, What: names{"users"}, Admit: 1},
	}}
	require.NoError(t, p.Measure(context.Background(), f))
	var out bytes.Buffer
	require.NoError(t, Runbook(context.Background(), &out, f, p))
	text := out.String()
	require.Contains(t, text, "  2      5:00  when db is ready: power on web\n      watch     ready by 7:00: web\n      stop if   web is not ready by 7:00: too few to go on at 8:00\n")
	require.NotContains(t, text, "db is not ready by")
	require.Contains(t, text, "undo      admit 0 % of users (replayed: safe)")
}
