package backtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// randomFleet returns users who draw on servers, some of which have a demand of their own, on boards, with all demands
// times a factor: two of one seed differ in that only.
func randomFleet(seed uint64, factor float64) *topology.Topology {
	r := rand.New(rand.NewPCG(seed, 1))
	spec := topology.Spec{Components: []topology.Component{{Name: "board-[0-3]", Capacity: 1e6, Unit: "W"}}}
	for i := range 6 {
		c := topology.Component{Name: fmt.Sprint("web-", i), Capacity: float64(1000 + r.IntN(9)*100), Unit: "requests/s"}
		if r.IntN(3) > 0 {
			c.Supplies = []topology.Supply{{
				Members: topology.Names{fmt.Sprint("board-", r.IntN(2)), fmt.Sprint("board-", 2+r.IntN(2))},
				Base:    float64(r.IntN(3) * 10), PerUnit: float64(1+r.IntN(4)) / 2,
			}}
		}
		if r.IntN(4) == 0 {
			c.Demand = factor * float64(1+r.IntN(20))
		}
		spec.Components = append(spec.Components, c)
	}
	for i := range 1 + r.IntN(3) {
		first := r.IntN(3)
		supply := topology.Supply{Members: topology.Names{fmt.Sprint("web-", first), fmt.Sprint("web-", first+1+r.IntN(2)), "web-5"}}
		switch r.IntN(6) {
		case 0:
			supply.Share, supply.Weights = topology.Weighted, []float64{1, 2, 4}
		case 1:
			supply.Share = topology.Proportional
		case 2:
			supply.Share = topology.Tiered
		case 3:
			supply.Share, supply.Limit = topology.Waterfall, .1
		case 4:
			supply.Share = topology.Each
		}
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprint("users-", i), Demand: factor * float64(10+r.IntN(300)), Unit: "requests/s", Supplies: []topology.Supply{supply},
		})
	}
	return topology.Must(topology.New(spec))
}

// measuredOf returns the loads of what is up, of components of which the names begin so.
func measuredOf(t *topology.Topology, status []topology.Status, prefix string) loads {
	all := loads{}
	for id, load := range t.Flow(topology.State{Status: status}).Load {
		if name := t.Name(topology.ID(id)); status[id] == topology.Up && strings.HasPrefix(name, prefix) {
			all[name] = load
		}
	}
	return all
}

// What is measured is what the model has at another demand; where the ratio is told, it is that, and nothing is off.
func TestRatioOfRandomFleets(t *testing.T) {
	known := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 2))
		ratio := .5 + r.Float64()
		fleet, then := randomFleet(seed, 1), randomFleet(seed, ratio)
		lost := []string{fmt.Sprint("web-", r.IntN(6)), fmt.Sprint("board-", r.IntN(4))}[r.IntN(2)]
		prefix := []string{"", "web", "board"}[r.IntN(3)]
		status := make([]topology.Status, fleet.Len())
		before := measuredOf(fleet, status, prefix)
		outcome, err := cascade.Run(fleet, cascade.Lose(lost))
		require.NoError(t, err)
		for _, f := range outcome.Failures {
			id, _ := fleet.Lookup(f.Component)
			status[id] = topology.Down
		}
		result, err := Run(fleet, cascade.Lose(lost), before, measuredOf(then, status, prefix))
		require.NoError(t, err)
		if result.Unknown == "" {
			known++
			require.InDelta(t, ratio, result.Ratio, 1e-9, "seed %d", seed)
			require.InDelta(t, 0, result.AfterScaled.Mean, 1e-9, "seed %d", seed)
		}
	}
	require.Greater(t, known, 1000)
}
