package maintenance_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/maintenance"
	"github.com/ridethrough/ridethrough/topology"
)

// hall is so many boards of so many servers each, which share a load of so much of their capacity and draw power from their board.
func hall(boards, each int, load float64, start topology.Start) *topology.Topology {
	server := topology.Component{Capacity: 100, Unit: "requests/s", Start: start}
	spec := topology.Spec{
		Kinds:      map[string]topology.Component{"server": server},
		Components: []topology.Component{{Name: fmt.Sprintf("board-[1-%d]", boards), Kind: "board", Capacity: float64(each) * 400, Unit: "W"}},
	}
	for b := range boards {
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprintf("s-%d-[1-%d]", b+1, each), Kind: "server",
			Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("board-%d", b+1)}, Base: 150, PerUnit: 1.5, Inrush: 50}},
		})
	}
	spec.Components = append(spec.Components, topology.Component{
		Name: "users", Demand: load * 100 * float64(boards*each), Supplies: []topology.Supply{{Members: topology.Names{"server"}}},
	})
	return topology.Must(topology.New(spec))
}

func BenchmarkRoll(b *testing.B) {
	for _, size := range []struct {
		boards, each int
		what         string
	}{{10, 100, "server"}, {100, 100, "server"}, {100, 100, "board"}} {
		fleet := hall(size.boards, size.each, .8, topology.Start{Boot: 3 * time.Minute})
		b.Run(fmt.Sprintf("%s/boards=%d/servers=%d", size.what, size.boards, size.boards*size.each), func(b *testing.B) {
			for b.Loop() {
				r, err := maintenance.Roll(context.Background(), fleet, topology.Names{size.what}, maintenance.Options{Family: cascade.Each("board")})
				if err != nil || len(r.Groups) == 0 {
					b.Fatal(r, err)
				}
				b.ReportMetric(float64(len(r.Groups)), "groups")
				b.ReportMetric(float64(r.Bound), "bound")
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	for _, c := range []struct {
		family       string
		boards, each int
	}{{"each board", 100, 100}, {"any 2 of board", 100, 100}, {"any 2 of server", 20, 50}} {
		fleet := hall(c.boards, c.each, .8, topology.Start{Boot: 3 * time.Minute, WarmUp: time.Minute, Cold: .9})
		f, _ := cascade.ParseFamily(c.family)
		b.Run(fmt.Sprintf("%s/servers=%d", c.family, c.boards*c.each), func(b *testing.B) {
			for b.Loop() {
				a, err := maintenance.Check(context.Background(), fleet, topology.Names{"board-1"}, maintenance.Options{Family: f})
				if err != nil || !a.Safe {
					b.Fatal(a, err)
				}
			}
		})
	}
}
