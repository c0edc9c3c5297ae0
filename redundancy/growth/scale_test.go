package growth_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/growth"
	"github.com/ridethrough/ridethrough/topology"
)

// hall is so many servers on boards, each fed by its own and the next, so that no two boards need be alike.
func hall(servers, boards int) *topology.Topology {
	spec := topology.Spec{Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}}}
	each := servers / boards
	for b := range boards {
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprintf("board-%d", b), Kind: "board", Capacity: float64(2*each*300 + b), Unit: "W",
		})
	}
	for b := range boards {
		feeds := topology.Names{fmt.Sprintf("board-%d", b), fmt.Sprintf("board-%d", (b+1)%boards)}
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprintf("s-%d-[1-%d]", b, each), Kind: "server", Supplies: []topology.Supply{{Members: feeds, Base: 100, PerUnit: 2}},
		})
	}
	spec.Components = append(spec.Components, topology.Component{
		Name: "users", Demand: float64(servers) * 50, Supplies: []topology.Supply{{Members: topology.Names{"server"}}},
	})
	return topology.Must(topology.New(spec))
}

// largeHall is a tenth of that with -short.
func largeHall(servers, boards int) *topology.Topology {
	if testing.Short() {
		servers, boards = servers/10, boards/10
	}
	return hall(servers, boards)
}

func BenchmarkForecast100000Servers500Boards(b *testing.B) {
	fleet := largeHall(100_000, 500)
	for b.Loop() {
		_, err := growth.Forecast(ctx, fleet, cascade.Each("board"), growth.Options{Monthly: .03})
		require.NoError(b, err)
	}
}

func BenchmarkForecastRates100000Servers500Boards(b *testing.B) {
	fleet := largeHall(100_000, 500)
	for b.Loop() {
		_, err := growth.Forecast(ctx, fleet, cascade.Each("board"), growth.Options{Rates: map[string]float64{"users": .03}})
		require.NoError(b, err)
	}
}

func BenchmarkSafe100000Servers500Boards(b *testing.B) {
	fleet := largeHall(100_000, 500)
	for b.Loop() {
		_, err := growth.Safe(ctx, fleet, cascade.Each("board"), growth.Options{})
		require.NoError(b, err)
	}
}

func BenchmarkStranded100000Servers500Boards(b *testing.B) {
	fleet := largeHall(100_000, 500)
	for b.Loop() {
		_, err := growth.Stranded(ctx, fleet, cascade.Each("board"), growth.Options{})
		require.NoError(b, err)
	}
}

func BenchmarkForecastMillionPairs(b *testing.B) {
	fleet := largeHall(2_800, 1_400)
	for b.Loop() {
		_, err := growth.Forecast(ctx, fleet, cascade.Any(2, "board"), growth.Options{Monthly: .03})
		require.NoError(b, err)
	}
}

// A family of many scenarios takes no run of each.
func TestForecastOfManyScenarios(t *testing.T) {
	begin := time.Now()
	got, err := growth.Forecast(ctx, hall(400, 200), cascade.Any(2, "board"), growth.Options{Monthly: .03, From: from})
	require.NoError(t, err)
	require.Equal(t, cascade.Exact, got.Certainty)
	require.Equal(t, int64(19_900), got.Scenarios.Int64())
	require.Len(t, got.First, 10)
	require.Less(t, time.Since(begin), 30*time.Second)
}
