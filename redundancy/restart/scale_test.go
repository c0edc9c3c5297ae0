package restart_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// racks is a fleet of n servers of 400 W, 850 W while they boot, in racks of 40 on boards of 20 kW, 80 % used.
func racks(n int) *topology.Topology {
	return topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Start: topology.Start{Boot: 2 * minute}}},
		Components: []topology.Component{
			{Name: "main"},
			{Name: fmt.Sprintf("board-[1-%d]", n/40), Kind: "board", Capacity: 20_000, Unit: "W", Needs: []string{"main"}},
			{Name: fmt.Sprintf("s-[1-%d]-[1-40]", n/40), Kind: "server", Supplies: []topology.Supply{{Members: []string{"board-{1}"}, Base: 400, Inrush: 450}}},
			{Name: "users", Demand: 80 * float64(n/40*40), Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
		},
	}))
}

func BenchmarkMake(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000} {
		fleet := racks(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				p, err := restart.Make(context.Background(), fleet, cascade.Lose("main"), restart.Options{})
				require.NoError(b, err)
				require.Equal(b, cascade.Proven, p.Certainty)
			}
		})
		b.Run(fmt.Sprint(n, " at once ", n/100), func(b *testing.B) {
			for b.Loop() {
				p, err := restart.Make(context.Background(), fleet, cascade.Lose("main"), restart.Options{AtOnce: map[string]int{"server": n / 100}})
				require.NoError(b, err)
				require.Equal(b, cascade.Proven, p.Certainty)
			}
		})
	}
}

// hall is servers of 400 W, 850 W while they boot, on boards of 100 kW, 80 % used: 28 of 200 must wait.
func hall(boards int) *topology.Topology {
	return topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Start: topology.Start{Boot: 4 * minute, WarmUp: 10 * minute, Cold: .5}}},
		Components: []topology.Component{
			{Name: "main"},
			{Name: fmt.Sprintf("board-[1-%d]", boards), Kind: "board", Capacity: 100_000, Unit: "W", Needs: []string{"main"}},
			{Name: fmt.Sprintf("s-[1-%d]-[1-200]", boards), Kind: "server", Supplies: []topology.Supply{{Members: []string{"board-{1}"}, Base: 400, Inrush: 450}}},
			{Name: "users", Demand: 16_000 * float64(boards), Gated: true, Reopen: topology.Reopen{Surge: .5, Decay: 10 * minute}, Supplies: []topology.Supply{{Members: []string{"server"}}}},
		},
	}))
}

// A million servers come back cold, with in-rush, in less than 10 s. With -short they are fewer.
func BenchmarkMakeHall(b *testing.B) {
	boards := 5000
	if testing.Short() {
		boards = 250
	}
	fleet := hall(boards)
	for b.Loop() {
		p, err := restart.Make(context.Background(), fleet, cascade.Lose("main"), restart.Options{})
		require.NoError(b, err)
		require.InDelta(b, 1, p.Served[0].Fraction, 1e-9)
		b.ReportMetric(p.Unserved/p.LeastPossible, "unserved/bound")
		b.ReportMetric(float64(len(p.Steps)), "steps")
	}
}

// generations is n servers of two generations on n/200 boards, each of which draws on two feeds; they serve two demands, of which one
// surges. It is not of the common shape.
func generations(n int) *topology.Topology {
	boards := n / 200
	supplies := []topology.Supply{{Members: []string{"board-{1}"}, Base: 300, PerUnit: 1, Inrush: 450}}
	return topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Supplies: supplies}},
		Components: []topology.Component{
			{Name: "main"},
			{Name: "feed-[a,b]", Kind: "feed", Capacity: 80_000 * float64(boards), Unit: "W", Needs: []string{"main"}},
			{Name: fmt.Sprintf("board-[1-%d]", boards), Kind: "board", Capacity: 100_000, Unit: "W", Supplies: []topology.Supply{{Members: []string{"feed"}}}},
			{Name: fmt.Sprintf("old-[1-%d]-[1-100]", boards), Kind: "server", Capacity: 100, Start: topology.Start{Boot: 4 * minute, WarmUp: 10 * minute, Cold: .5}},
			{Name: fmt.Sprintf("new-[1-%d]-[1-100]", boards), Kind: "server", Capacity: 150, Start: topology.Start{Boot: 3 * minute, WarmUp: 5 * minute, Cold: .6}},
			{Name: "users", Demand: 60 * float64(n), Gated: true, Reopen: topology.Reopen{Surge: .5, Decay: 10 * minute}, Supplies: []topology.Supply{{Members: []string{"server"}}}},
			{Name: "batch", Demand: 20 * float64(n), Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
		},
	}))
}

// A million servers outside the common shape come back cold, with in-rush, all at once or in a hundred waves. With -short they are fewer.
func BenchmarkMakeGenerations(b *testing.B) {
	sizes := []int{10_000, 100_000, 1_000_000}
	if testing.Short() {
		sizes = sizes[:1]
	}
	for _, n := range sizes {
		fleet := generations(n)
		for _, at := range []int{n, n / 100} {
			b.Run(fmt.Sprint(n, " at once ", at), func(b *testing.B) {
				for b.Loop() {
					p, err := restart.Make(context.Background(), fleet, cascade.Lose("main"), restart.Options{AtOnce: map[string]int{"server": at}})
					require.NoError(b, err)
					b.ReportMetric(p.Unserved/p.LeastPossible, "unserved/bound")
					b.ReportMetric(float64(len(p.Steps)), "steps")
				}
			})
		}
	}
}

// layers is a fleet of n unlike servers in racks of 40 that draw on stores, which warm up, and serve two demands.
func layers(n int) *topology.Topology {
	supplies := []topology.Supply{{Members: []string{"board-{1}"}, Base: 400, Inrush: 450}, {Members: topology.Names{"store"}, Base: 1, PerUnit: .1}}
	return topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Start: topology.Start{Boot: 2 * minute}, Supplies: supplies}},
		Components: []topology.Component{
			{Name: "main"},
			{Name: fmt.Sprintf("board-[1-%d]", n/40), Kind: "board", Capacity: 20_000, Unit: "W", Needs: []string{"main"}},
			{Name: fmt.Sprintf("s-[1-%d]-[1-20]", n/40), Kind: "server"},
			{Name: fmt.Sprintf("s-[1-%d]-[21-40]", n/40), Kind: "server", Capacity: 120},
			{Name: fmt.Sprintf("db-[1-%d]", n/40), Kind: "store", Capacity: 1000, Start: topology.Start{Boot: minute, WarmUp: 5 * minute, Cold: .5}, Needs: []string{"main"}},
			{Name: "users", Demand: 80 * float64(n/40*40), Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
			{Name: "batch", Demand: 10 * float64(n/40*40), Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
		},
	}))
}

func BenchmarkMakeAny(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		fleet := layers(n)
		for _, at := range []int{n, n / 100} {
			b.Run(fmt.Sprint(n, " at once ", at), func(b *testing.B) {
				for b.Loop() {
					p, err := restart.Make(context.Background(), fleet, cascade.Lose("main"), restart.Options{AtOnce: map[string]int{"server": at}})
					require.NoError(b, err)
					require.NotEmpty(b, p.Steps)
				}
			})
		}
	}
}

// mixed is a fleet of n servers of which no two boot alike, in racks of 40 on boards of 20 kW, each needing one of the rack before it.
func mixed(n int) *topology.Topology {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "main"}, {Name: fmt.Sprintf("board-[0-%d]", n/40-1), Kind: "board", Capacity: 20_000, Needs: []string{"main"}}}}
	for i := range n {
		s := topology.Component{Name: fmt.Sprintf("s-%d", i), Start: topology.Start{Boot: minute + time.Duration(i*7919%300)*time.Second},
			Supplies: []topology.Supply{{Members: []string{fmt.Sprintf("board-%d", i/40)}, Base: 300 + float64(i*104729%150), Inrush: float64(i * 1299709 % 1200)}}}
		if i >= 40 {
			s.StartNeeds = topology.Names{fmt.Sprintf("s-%d", i-40+i*31%7)}
		}
		spec.Components = append(spec.Components, s)
	}
	return topology.Must(topology.New(spec))
}

func BenchmarkMakeSoonest(b *testing.B) {
	for _, n := range []int{200, 1000} {
		fleet := mixed(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				p, err := restart.Make(context.Background(), fleet, cascade.Lose("main"), restart.Options{Soonest: true})
				require.NoError(b, err)
				require.NotEmpty(b, p.Steps)
				b.Log(p.Finish, p.Earliest, p.Certainty, len(p.Steps))
			}
		})
	}
}
