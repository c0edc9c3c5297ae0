package topology_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

var fleets = flag.Int("fleets", 1, "how many times as many random fleets to try")

// cases is how many random fleets a test tries.
func cases(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n * *fleets
}

// A mold is what the fleets of one seed are like: chances, from 0 to 1.
type mold struct {
	limit  float64 // a component has a capacity
	shed   float64 // it sheds
	slow   float64 // it trips after a time
	base   float64 // a supply places a base
	odd    float64 // a supply is not shared equally
	need   float64 // a component needs others
	second float64 // it has a second supply
	demand float64 // it has a demand without being a user
}

func randomMold(r *rand.Rand) mold {
	some := func(most float64) float64 { return most * float64(r.IntN(3)) / 2 }
	return mold{
		limit: .3 + some(.6), shed: some(.6), slow: some(.8), base: some(.4),
		odd: some(1), need: some(.5), second: some(.6), demand: some(.2),
	}
}

// randomFleet returns a small fleet that can be built, the same for the same seed: layers that draw on later ones, with
// numbers small enough for loads to meet capacities exactly.
func randomFleet(seed uint64) (topology.Spec, *topology.Topology) {
	for r := rand.New(rand.NewPCG(seed, 1)); ; {
		spec := randomSpec(r)
		if t, err := topology.New(spec); err == nil {
			return spec, t
		}
	}
}

func randomSpec(r *rand.Rand) topology.Spec {
	m := randomMold(r)
	layer := []int{0} // where each begins
	for range 2 + r.IntN(3) {
		layer = append(layer, layer[len(layer)-1]+1+r.IntN(5))
	}
	n := layer[len(layer)-1]
	spec := topology.Spec{Components: make([]topology.Component, n)}
	for i := range spec.Components {
		c := &spec.Components[i]
		c.Name = fmt.Sprintf("c-%d", i)
		for layer[1] <= i {
			layer = layer[1:]
		}
		if i < 2 || r.Float64() < m.demand {
			c.Demand = float64(1 + r.IntN(30))
		}
		if r.Float64() < m.limit || layer[1] == n && r.IntN(5) > 0 {
			c.Capacity = float64(1 + r.IntN(20))
			c.Overload = randomOverload(r, m)
		}
		for next := layer[1]; next < n; next = n {
			c.Supplies = append(c.Supplies, randomSupply(r, m, next, n))
			if r.Float64() < m.second {
				c.Supplies = append(c.Supplies, randomSupply(r, m, i+1, n))
			}
		}
		if r.Float64() < m.need {
			c.Needs = append(c.Needs, fmt.Sprintf("c-%d", r.IntN(n)))
		}
		if some := subset(r, i+1, n); len(some) > 1 && r.Float64() < m.need {
			c.Needs = append(c.Needs, fmt.Sprintf("%d of %s", 1+r.IntN(len(some)), pattern(some)))
		}
	}
	return spec
}

func randomOverload(r *rand.Rand, m mold) (o topology.Overload) {
	o.Shed = r.Float64() < m.shed
	if r.Float64() < m.slow {
		switch r.IntN(3) {
		case 0:
			o.After = time.Duration(1+r.IntN(4)) * time.Second
		case 1:
			o.Curve = []topology.Curve{topology.SI, topology.VI, topology.EI, topology.LTI}[r.IntN(4)]
		default:
			o.Curve, o.TMS = topology.VI, .25
		}
	}
	return o
}

// randomSupply draws on some of the components from one to before another.
func randomSupply(r *rand.Rand, m mold, from, to int) topology.Supply {
	members := subset(r, from, to)
	s := topology.Supply{Members: topology.Names{pattern(members)}}
	switch r.IntN(4) {
	case 0:
		s.Optional = true
	case 1:
		s.Need = 1 + r.IntN(len(members))
	}
	if r.Float64() < m.base {
		s.Base = float64(1 + r.IntN(3))
	}
	s.PerUnit = []float64{0, 0, 1, .5, 1.5}[r.IntN(5)]
	if r.Float64() < m.odd {
		randomShare(r, &s, members)
	}
	return s
}

func randomShare(r *rand.Rand, s *topology.Supply, members []int) {
	s.Share = []topology.Share{topology.Weighted, topology.Proportional, topology.Tiered, topology.Waterfall, topology.Each}[r.IntN(5)]
	switch s.Share {
	case topology.Proportional, topology.Each:
		return
	case topology.Tiered:
		s.Overprovision = []float64{0, 1, 1.4, 2}[r.IntN(4)]
	case topology.Waterfall:
		s.Limit = []float64{0, .5, .8}[r.IntN(3)]
	}
	r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	s.Members = nil
	for len(members) > 0 {
		tier := 1 + r.IntN(len(members))
		s.Members = append(s.Members, pattern(members[:tier]))
		members = members[tier:]
		if s.Share == topology.Weighted {
			s.Weights = append(s.Weights, float64(r.IntN(4)))
		}
	}
}

// subset returns some of the numbers from one to before another, at least one if there are any.
func subset(r *rand.Rand, from, to int) []int {
	var some []int
	for i := from; i < to; i++ {
		if r.IntN(3) > 0 {
			some = append(some, i)
		}
	}
	if len(some) == 0 && from < to {
		some = append(some, from+r.IntN(to-from))
	}
	return some
}

func pattern(numbers []int) string {
	return "c-[" + strings.ReplaceAll(strings.Trim(fmt.Sprint(numbers), "[]"), " ", ",") + "]"
}

// text writes a fleet for the message of a failing test.
func text(t testing.TB, seed uint64, spec topology.Spec) string {
	data, err := json.Marshal(spec)
	require.NoError(t, err)
	return fmt.Sprintf("seed %d: %s", seed, data)
}

func TestRandomFleetsAreVaried(t *testing.T) {
	shares, sheds, slow, cycles := map[topology.Share]int{}, 0, 0, 0
	for seed := range uint64(300) {
		spec, _ := randomFleet(seed)
		for i, c := range spec.Components {
			for _, s := range c.Supplies {
				shares[s.Share]++
			}
			if c.Overload.Shed {
				sheds++
			}
			if c.Overload.After > 0 || c.Overload.Curve != "" {
				slow++
			}
			for _, need := range c.Needs {
				if strings.Count(need, "-") == 1 && need <= fmt.Sprintf("c-%d", i) {
					cycles++
				}
			}
		}
	}
	require.Len(t, shares, 6)
	for share, n := range shares {
		require.Greater(t, n, 50, share)
	}
	require.Greater(t, min(sheds, slow, cycles), 50)
}
