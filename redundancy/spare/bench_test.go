package spare_test

import (
	"fmt"
	"testing"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

func BenchmarkMinimum(b *testing.B) {
	for _, size := range []int{4, 20, 50} {
		b.Run(fmt.Sprintf("any2of%dboards/%dservers", size, 20*size), func(b *testing.B) {
			var s topology.Spec
			for i := range size {
				board := fmt.Sprintf("board-%d", i)
				s.Components = append(s.Components, component{Name: board, Kind: "board"},
					component{Name: fmt.Sprintf("s-%d-[1-%d]", i, 15+i%11), Kind: "server", Capacity: 100, Needs: topology.Names{board}})
			}
			s.Components = append(s.Components, component{Name: "users", Demand: 1900 * float64(size), Supplies: []topology.Supply{{Members: topology.Names{"server"}}}})
			top := topology.Must(topology.New(s))
			for b.Loop() {
				if p, err := spare.Minimum(ctx, top, cascade.Any(2, "board"), spare.Options{}); err != nil || p.Certainty != cascade.Proven {
					b.Fatal(p, err)
				}
			}
		})
	}
}

// hall is servers on boards of different sizes, of 45 kW each, on forty UPSs of 6 MW. The loss of a UPS leaves too few.
func hall(boards int) topology.Spec {
	s := topology.Spec{Kinds: map[string]component{"server": {Capacity: 100, Unit: "requests/s"}}}
	s.Components = append(s.Components, component{Name: "ups-[01-40]", Kind: "ups", Capacity: 6e6, Unit: "W"})
	servers := 0
	for b := range boards {
		board, size := fmt.Sprintf("board-%04d", b), 190+b%21
		s.Components = append(s.Components,
			component{Name: board, Kind: "board", Capacity: 45_000, Unit: "W", Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("ups-%02d", b%40+1)}}}},
			component{Name: fmt.Sprintf("s-%04d-[001-%d]", b, size), Kind: "server", Supplies: []topology.Supply{{Members: topology.Names{board}, Base: 100, PerUnit: 1}}})
		servers += size
	}
	s.Components = append(s.Components, component{Name: "users", Demand: float64(servers) * 99.7, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}})
	return s
}

func BenchmarkMinimumHall(b *testing.B) {
	for _, boards := range []int{500, 5_000} {
		if boards > 500 && testing.Short() {
			continue
		}
		b.Run(fmt.Sprintf("%dboards/%dservers", boards, 200*boards), func(b *testing.B) {
			f, err := cascade.ParseFamily("each board; each ups")
			if err != nil {
				b.Fatal(err)
			}
			top := topology.Must(topology.New(hall(boards)))
			for b.Loop() {
				p, err := spare.Minimum(ctx, top, f, spare.Options{})
				if err != nil || p.Certainty != cascade.Proven {
					b.Fatal(p, err)
				}
				b.ReportMetric(p.Cost, "bought")
			}
		})
	}
}
