package restart_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// What was admitted while a pool had nobody in rotation is served between two times of the grid: bounds leave room for that.
func TestBoundsWhereNobodyIsInRotation(t *testing.T) {
	for _, c := range []struct {
		name   string
		fleet  []topology.Component
		back   time.Duration // of the board
		steps  []restart.Step
		served float64 // minutes until it is
	}{{
		name: "one of two that draw on a pool does without it",
		fleet: []topology.Component{
			{Name: "board", Capacity: 30, Start: topology.Start{Boot: 14 * time.Second}},
			{Name: "s-1", Capacity: 30, Supplies: []topology.Supply{{Members: topology.Names{"board"}, PerUnit: .5}}},
			{Name: "s-2", Capacity: 30, Supplies: []topology.Supply{{Members: topology.Names{"board"}, PerUnit: .5, Optional: true}}},
			{Name: "users", Demand: 1, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s-1", "s-2"},
				Share: topology.Weighted, Weights: []float64{1, 2}}}},
		},
		steps:  []restart.Step{on(0, "board")},
		served: 14. / 60,
	}, {
		name: "what servers draw on warms up before they enter rotation",
		fleet: []topology.Component{
			{Name: "board", Capacity: 30, Start: topology.Start{WarmUp: 20 * time.Second}},
			{Name: "s-1", Capacity: 30, Supplies: []topology.Supply{{Members: topology.Names{"board"}}}},
			{Name: "users", Demand: 1, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s-1"}}}},
		},
		back:   time.Minute,
		steps:  []restart.Step{on(time.Minute, "board"), on(time.Minute, "s-1"), admit(time.Minute, 1), in(61*time.Second, "s-1")},
		served: 61. / 60,
	}} {
		t.Run(c.name, func(t *testing.T) {
			fleet := topology.Must(topology.New(topology.Spec{Components: c.fleet}))
			made := plan(t, fleet, cascade.Lose("board"), restart.Options{Return: map[string]time.Duration{"board": c.back}})
			rival := *made
			rival.Steps = c.steps
			require.NoError(t, rival.Measure(context.Background(), fleet))
			require.InDelta(t, c.served, rival.Unserved, 1e-9)
			require.LessOrEqual(t, made.LeastPossible, rival.Unserved, made)
		})
	}
}

// A demand that cannot be held back comes to servers that cannot carry all of it, if part of it is lost behind one of them.
func TestMakeServesWhatIsNotLostBehind(t *testing.T) {
	start := topology.Start{Boot: 2 * time.Minute}
	for _, members := range []topology.Names{{"server"}, {"server-1", "server-2"}} {
		users := topology.Supply{Members: members}
		if len(members) > 1 {
			users.Share, users.Weights = topology.Weighted, []float64{1, 1} // another shape to plan for
		}
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "server-1", Kind: "server", Capacity: 20, Start: start, Supplies: []topology.Supply{{Members: topology.Names{"store-1"}}}},
			{Name: "server-2", Kind: "server", Capacity: 20, Start: start, Supplies: []topology.Supply{{Members: topology.Names{"store-2"}, Optional: true}}},
			{Name: "store-1", Capacity: 13},
			{Name: "store-2", Capacity: 3},
			{Name: "users", Demand: 24, Supplies: []topology.Supply{users}},
		}}))
		p := plan(t, fleet, cascade.Scenario{Lose: topology.Names{"server", "store-2"}}, restart.Options{})
		require.Equal(t, []cascade.Served{{Demand: "users", Fraction: .5}}, p.Served, p)
		require.Equal(t, cascade.Proven, p.Certainty)
		require.InDelta(t, 48, p.Unserved, 1e-9)
	}
}
