package cascade_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// rows is racks of a few servers each, many of them alike, that may share a feed, a UPS or a switch, draw on what is their
// own, or be needed by others; servers may hang on other things too, and have shelves of their own.
func rows(r *rand.Rand) topology.Spec {
	kinds := map[string]topology.Component{
		"rack":   {Capacity: []float64{0, 30, 45}[r.IntN(3)], Labels: map[string]string{"hall": "a"}},
		"server": {Capacity: float64(5 + r.IntN(8))},
		"shelf":  {Needs: topology.Names{"rack-{1}"}},
	}
	spec := topology.Spec{Kinds: kinds, Components: []topology.Component{
		{Name: "ups-[1-2]", Kind: "ups", Capacity: []float64{0, 90, 150}[r.IntN(3)]}, {Name: "switch", Kind: "switch"},
	}}
	racks, demand := 2+r.IntN(4), 0.0
	odd, wiring, fed := r.IntN(racks+3), r.IntN(6), r.IntN(2) == 0 // one may be unlike the others
	for i := range racks {
		rack := topology.Component{Name: fmt.Sprint("rack-", i), Kind: "rack"}
		if fed && r.IntN(4) > 0 {
			rack.Supplies = []topology.Supply{{Members: topology.Names{fmt.Sprint("ups-", 1+r.IntN(2))}}}
		}
		n := 1 + r.IntN(3)
		if i != odd {
			n = 2
		}
		server := topology.Component{Name: fmt.Sprintf("s-%d-[1-%d]", i, n), Kind: "server"}
		on := wiring
		if r.IntN(6) == 0 {
			on = r.IntN(6)
		}
		switch on {
		case 0:
			server.Needs = topology.Names{fmt.Sprint("rack-", i), "switch"}
		case 1:
			server.Supplies = []topology.Supply{{Members: topology.Names{fmt.Sprint("rack-", i)}, Base: 1, PerUnit: 2, Optional: r.IntN(2) == 0}}
		case 2:
			server.Needs = topology.Names{fmt.Sprintf("1 of rack-[%d,%d]", i, (i+1)%racks)}
		default:
			server.Needs = topology.Names{fmt.Sprint("rack-", i)}
		}
		if r.IntN(5) == 0 {
			server.Capacity = 12
		}
		if i == 0 || r.IntN(4) == 0 {
			server.Labels = map[string]string{"hall": "a"}
		}
		spec.Components = append(spec.Components, rack, server)
		if r.IntN(8) == 0 {
			spec.Components = append(spec.Components, topology.Component{Name: fmt.Sprint("shelf-", i), Kind: "shelf", Needs: topology.Names{fmt.Sprint("rack-", i)}})
		}
		demand += 8 * float64(n)
	}
	spec.Components = append(spec.Components, topology.Component{Name: "users", Kind: "users", Demand: demand * (.4 + .6*r.Float64()),
		Supplies: []topology.Supply{{Members: topology.Names{"server"}, Need: 1 + r.IntN(2)}}})
	return spec
}

// Racks that are alike with all that hangs on them are counted as one case, and count for as many scenarios.
func TestAlikeRacksAreCounted(t *testing.T) {
	looked, scenarios := int64(0), int64(0)
	for seed := range uint64(cases(1500)) {
		r := rand.New(rand.NewPCG(seed, 51))
		spec := rows(r)
		fleet, err := topology.New(spec)
		if err != nil {
			continue
		}
		f := []cascade.Family{
			cascade.Each("rack"), cascade.Any(2, "rack"), cascade.UpTo(2, "rack"), cascade.Family{},
			cascade.UpTo(2, "server"), cascade.UpTo(2, "hall=a"), cascade.Product(cascade.Each("rack"), cascade.Each("server")),
			cascade.Product(cascade.Each("rack"), cascade.Only(cascade.Scenario{Drain: topology.Names{"s-0-1"}})),
			cascade.Product(cascade.Any(2, "rack"), cascade.Only(cascade.Lose("s-1-1"))),
		}[r.IntN(9)]
		got := screen(t, fleet, f, cascade.Options{Worst: 5})
		compareScreen(t, fleet, f, got, func() string { return text(t, seed, spec) })
		looked, scenarios = looked+got.Run, scenarios+got.Scenarios.Int64()
	}
	require.Less(t, 10*looked, 9*scenarios)
}

func TestIdenticalRacks(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "rack-[01-40]", Kind: "rack"},
		{Name: "s-[01-40]-[1-20]", Kind: "server", Capacity: 100, Needs: topology.Names{"rack-{1}"}},
		{Name: "users", Demand: 100 * 20 * 30, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	s := screen(t, fleet, cascade.UpTo(12, "rack"), cascade.Options{})
	require.Equal(t, int64(12), s.Run)
	require.Equal(t, "9119901051", new(big.Int).Add(s.Holding, s.Failing).String()) // Σ C(40, k) for k from 1 to 12
	require.Equal(t, "1221246131", s.Holding.String())                              // for k to 10: ten racks may be lost
}
