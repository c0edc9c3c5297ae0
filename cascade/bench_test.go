package cascade_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// datacentre is racks of twenty servers on two feeds each, and feeds on two UPS; the servers of each share one load.
func datacentre(racks int) *topology.Topology {
	return topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{
			"ups":    {Capacity: 12_000 * float64(racks), Unit: "W"},
			"feed":   {Capacity: 10_000, Unit: "W", Overload: topology.Overload{Curve: topology.VI}, Supplies: []topology.Supply{{Members: topology.Names{"ups-{1}"}}}},
			"rack":   {Supplies: []topology.Supply{{Members: topology.Names{"feed-[a,b]-{1}"}}}},
			"server": {Capacity: 100, Unit: "requests/s", Supplies: []topology.Supply{{Members: topology.Names{"rack-{1}"}, Base: 200, PerUnit: 3}}},
		},
		Components: []topology.Component{
			{Name: "ups-[a,b]", Kind: "ups"},
			{Name: fmt.Sprintf("feed-[a,b]-[1-%d]", racks), Kind: "feed"},
			{Name: fmt.Sprintf("rack-[1-%d]", racks), Kind: "rack", Unit: "W"},
			{Name: fmt.Sprintf("s-[1-%d]-[1-20]", racks), Kind: "server"},
			{Name: "users", Demand: 20 * 80 * float64(racks), Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}))
}

// mixed is a datacentre in which one server of each rack bears 85, and one 90.
func mixed(racks int) *topology.Topology {
	spec := datacentre(racks).Spec()
	for i, c := range spec.Components {
		if c.Kind != "server" {
			continue
		}
		weak, strong := c, c
		c.Name, c.Capacity = fmt.Sprintf("s-[1-%d]-1", racks), 85
		weak.Name, weak.Capacity = fmt.Sprintf("s-[1-%d]-2", racks), 90
		strong.Name, strong.Capacity = fmt.Sprintf("s-[1-%d]-[3-20]", racks), 130
		spec.Components[i] = c
		spec.Components = append(spec.Components, weak, strong)
	}
	return topology.Must(topology.New(spec))
}

func benchmarkRun(b *testing.B, fleet *topology.Topology, s cascade.Scenario, want cascade.Verdict) {
	b.ReportAllocs()
	for b.Loop() {
		if o, err := cascade.Run(fleet, s); err != nil || o.Verdict != want {
			b.Fatal(o.Verdict, err)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	b.Run("pool/N=100000", func(b *testing.B) {
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "s-[1-100000]", Kind: "server", Capacity: 100},
			{Name: "users", Demand: 8_000_000, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		}}))
		benchmarkRun(b, fleet, cascade.Lose("s-[1-30000]"), cascade.Collapses)
	})
	b.Run("datacentre/racks=2000", func(b *testing.B) {
		benchmarkRun(b, datacentre(2000), cascade.Lose("ups-a"), cascade.Holds)
	})
	b.Run("datacentre/racks=2000/feeds", func(b *testing.B) {
		benchmarkRun(b, datacentre(2000), cascade.Lose("feed-a-[1-1000]"), cascade.Holds)
	})
}

func BenchmarkBound(b *testing.B) {
	fleet := mixed(1000)
	for _, lose := range []string{"feed-a-[1-100]", "rack-[1-110]"} { // it holds, and two sorts of servers trip
		b.Run("racks=1000/"+lose, func(b *testing.B) {
			ids, _ := fleet.Select(lose)
			e := engine.New(fleet, engine.Start{})
			e.Lose(ids...)
			b.ReportAllocs()
			for b.Loop() {
				e.Bound()
			}
		})
	}
}

func BenchmarkScreen(b *testing.B) {
	b.Run("any2/N=100", func(b *testing.B) {
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "s-[1-100]", Kind: "server", Capacity: 100},
			{Name: "users", Demand: 9_850, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		}}))
		b.ReportAllocs()
		for b.Loop() {
			if s, err := cascade.Screen(context.Background(), fleet, cascade.Any(2, "server"), cascade.Options{}); err != nil || s.Collapsing.Int64() != 4_950 {
				b.Fatal(s, err)
			}
		}
	})
}
