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
