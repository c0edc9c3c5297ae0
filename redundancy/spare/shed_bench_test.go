package spare_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// shedPlant is pairs of boards with so many servers each, of several capacities, that three demands share: chat and mail all of
// them, and pay the first half.
func shedPlant(pairs, each int, odd bool) *topology.Topology {
	r := rand.New(rand.NewPCG(1, 2))
	var s topology.Spec
	for i := range pairs {
		watts := 190 * float64(each)
		if odd {
			watts *= 1 + .2*r.Float64()
		}
		s.Components = append(s.Components, component{Name: fmt.Sprintf("board-%d[a,b]", i), Kind: "board", Capacity: watts, Unit: "W"})
		half := "x"
		if i >= pairs/2 {
			half = "y"
		}
		for k, capacity := range []float64{100, 120} {
			s.Components = append(s.Components, component{
				Name: fmt.Sprintf("s-%d-%d-[1-%d]", i, k, each/2), Kind: "server", Capacity: capacity, Labels: map[string]string{"half": half},
				Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("board-%d[a,b]", i)}, Base: 120, PerUnit: 1}}})
		}
	}
	n := float64(pairs * each)
	user := func(name string, demand float64, members string) component {
		return component{Name: name, Demand: demand, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{members}}}}
	}
	s.Components = append(s.Components, user("chat", 52*n, "server"), user("mail", 20*n, "server"), user("pay", 10*n, "half=x"))
	return topology.Must(topology.New(s))
}

func BenchmarkShedAny(b *testing.B) {
	lose := func(boards int) cascade.Scenario { return cascade.Lose(fmt.Sprintf("board-[0-%d]a", boards-1)) }
	for _, c := range []struct {
		pairs, each, lost int
		odd               bool
	}{{2, 50, 1, false}, {20, 100, 1, false}, {250, 400, 1, false}, {250, 400, 1, true}, {250, 400, 50, false}, {250, 400, 50, true}, {250, 400, 250, true}} {
		b.Run(fmt.Sprintf("%dboards/%dservers/%dlost/odd=%v", 2*c.pairs, c.pairs*c.each, c.lost, c.odd), func(b *testing.B) {
			top := shedPlant(c.pairs, c.each, c.odd)
			for b.Loop() {
				e, err := spare.Shed(ctx, top, lose(c.lost), map[string]float64{"pay": 5})
				if err != nil {
					b.Fatal(e, err)
				}
				b.ReportMetric(e.Lost, "lost")
				b.ReportMetric(e.Bound, "bound")
				b.ReportMetric(e.Stay*1000, "stay‰")
				b.ReportMetric(float64(e.Live), "live")
			}
		})
	}
}

// Every server has a capacity of its own.
func BenchmarkShedUnequal(b *testing.B) {
	for _, boards := range []int{0, 50, 500} {
		if boards < 500 && testing.Short() {
			continue
		}
		b.Run(fmt.Sprintf("%dboards/100000servers", boards), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			var s topology.Spec
			for i := range boards {
				s.Components = append(s.Components, component{Name: fmt.Sprintf("board-%d", i), Kind: "board", Capacity: 170 * 100000 / float64(boards) * (1 + .3*r.Float64())})
			}
			for i := range 100000 {
				c := component{Name: fmt.Sprintf("s-%d", i), Kind: "server", Capacity: 50 + 100*r.Float64()}
				if boards > 0 {
					c.Supplies = []topology.Supply{{Members: topology.Names{fmt.Sprintf("board-%d", i%boards)}, Base: 100, PerUnit: 1}}
				}
				s.Components = append(s.Components, c)
			}
			user := func(name string, demand float64) component {
				return component{Name: name, Demand: demand, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}}
			}
			s.Components = append(s.Components, user("chat", 6e6), user("mail", 2e6))
			top := topology.Must(topology.New(s))
			for b.Loop() {
				e, err := spare.Shed(ctx, top, cascade.Scenario{}, map[string]float64{"mail": 5})
				if err != nil {
					b.Fatal(e, err)
				}
				b.ReportMetric(e.Lost, "lost")
				b.ReportMetric(e.Bound, "bound")
				b.ReportMetric(e.Stay*1000, "stay‰")
				b.ReportMetric(float64(e.Live), "live")
			}
		})
	}
}
