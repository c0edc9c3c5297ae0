package cascade_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/ridethrough/ridethrough/topology"
)

// The fleets of the benchmarks at scale.

// flat is servers of different capacities that share one load equally: on average they are 56 % busy, and the weakest 71 %.
func flat(n int) func() topology.Spec {
	return func() topology.Spec {
		r := rand.New(rand.NewPCG(32, uint64(n)))
		spec := topology.Spec{Components: make([]topology.Component, n+1)}
		for i := range n {
			spec.Components[i] = topology.Component{Name: fmt.Sprintf("s-%d", i), Kind: "server", Capacity: 80 + 40*r.Float64()}
		}
		spec.Components[n] = topology.Component{Name: "users", Kind: "users", Demand: 56.5 * float64(n), Supplies: []topology.Supply{{Members: topology.Names{"server"}}}}
		return spec
	}
}

// hall is a datacentre: servers in racks of forty, each rack on two feeds, the feeds randomly matched, and each feed on
// one of forty UPS. The servers of a rack serve one of five services, or all of them. A feed bears all that its racks
// draw; but two of them bear only 5 % more than on a good day, so that they trip when a rack of theirs loses its other feed.
func hall(racks int, mixed bool) func() topology.Spec {
	return func() topology.Spec {
		const feedLoad = 5 * 40 * 440 // W, of ten racks that have two
		feeds := racks / 5
		spec := topology.Spec{Components: []topology.Component{
			{Name: "ups-[0-39]", Kind: "ups", Capacity: 1.2 * feedLoad * float64(feeds) / 40, Unit: "W"},
		}}
		for f := range feeds {
			spares := 2.1
			if f%(feeds/2) == 0 {
				spares = 1.05
			}
			spec.Components = append(spec.Components, topology.Component{
				Name: fmt.Sprintf("feed-%d", f), Kind: "feed", Capacity: spares * feedLoad, Unit: "W",
				Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("ups-%d", f%40)}}},
			})
		}
		for i, on := range matched(racks, feeds) {
			spec.Components = append(spec.Components, topology.Component{
				Name: fmt.Sprintf("rack-%d", i), Kind: "rack", Unit: "W",
				Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("feed-%d", on[0]), fmt.Sprintf("feed-%d", on[1])}}},
			})
		}
		for s := range 5 {
			name := fmt.Sprintf("s-%d-[%d-%d]-[1-40]", s, s*racks/5, (s+1)*racks/5-1)
			if mixed {
				name = fmt.Sprintf("s-%d-[0-%d]-[1-8]", s, racks-1)
			}
			kind := fmt.Sprintf("service-%d", s)
			spec.Components = append(spec.Components,
				topology.Component{Name: name, Kind: kind, Capacity: 100,
					Supplies: []topology.Supply{{Members: topology.Names{"rack-{1}"}, Base: 200, PerUnit: 3}}},
				topology.Component{Name: fmt.Sprintf("users-%d", s), Kind: "users", Demand: 80 * 8 * float64(racks),
					Supplies: []topology.Supply{{Members: topology.Names{kind}}}},
			)
		}
		return spec
	}
}

// matched gives each rack two feeds, ten racks to a feed.
func matched(racks, feeds int) [][2]int {
	slots := make([]int, 2*racks)
	for i := range slots {
		slots[i] = i % feeds
	}
	rand.New(rand.NewPCG(34, 34)).Shuffle(len(slots), func(i, j int) { slots[i], slots[j] = slots[j], slots[i] })
	on := make([][2]int, racks)
	for i := range on {
		if on[i] = [2]int{slots[2*i], slots[2*i+1]}; on[i][0] == on[i][1] {
			on[i][1] = (on[i][1] + 1) % feeds
		}
	}
	return on
}

// pods is a cluster whose pods are all different: each takes its part of its service's load, draws its own on its node,
// and bears its own. The nodes of three zones bear up to half as much again. Three pods do not bear the loss of another
// of their service.
func pods(services, nodes int) func() topology.Spec {
	return func() topology.Spec {
		r := rand.New(rand.NewPCG(35, 35))
		spec := topology.Spec{Components: []topology.Component{{Name: "zone-[0-2]", Kind: "zone"}}}
		for s := range services {
			kind, demand := fmt.Sprintf("service-%d", s), 100+900*r.Float64()
			for i := range 30 {
				base, perUnit, node := 20+100*r.Float64(), 1+4*r.Float64(), r.IntN(nodes/3)*3+i%3
				spare := 1.6 + r.Float64()
				if i == 0 && s%2000 == 0 {
					spare = 1.02
				}
				spec.Components = append(spec.Components, topology.Component{
					Name: fmt.Sprintf("pod-%d-%d", s, i), Kind: kind, Capacity: demand / 30 * spare,
					Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("node-%d", node)}, Base: base, PerUnit: perUnit}},
				})
			}
			spec.Components = append(spec.Components, topology.Component{
				Name: fmt.Sprintf("users-%d", s), Kind: "users", Demand: demand, Supplies: []topology.Supply{{Members: topology.Names{kind}}},
			})
		}
		for i := range nodes {
			spec.Components = append(spec.Components, topology.Component{
				Name: fmt.Sprintf("node-%d", i), Kind: "node", Capacity: 1, Unit: "m", Needs: topology.Names{fmt.Sprintf("zone-%d", i%3)},
			})
		}
		return tighter(spec, r)
	}
}

// tighter gives nodes capacities of up to half as much again as their loads, at least a twentieth.
func tighter(spec topology.Spec, r *rand.Rand) topology.Spec {
	t := topology.Must(topology.New(spec))
	load := t.Flow(topology.State{}).Load
	for i := range spec.Components {
		if c := &spec.Components[i]; c.Kind == "node" {
			id, _ := t.Lookup(c.Name)
			c.Capacity = max(1, load[id]) * (1.05 + .45*r.Float64())
		}
	}
	return spec
}
