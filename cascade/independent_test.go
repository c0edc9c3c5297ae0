package cascade_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/cascade/internal/chance"
	"github.com/ridethrough/ridethrough/topology"
)

// likelihoods are the probabilities not to hold, and to collapse, as exact as the unavailabilities are.
type likelihoods struct{ fail, collapse *big.Rat }

// slowIndependent sums over all subsets of the components that a pattern names.
func slowIndependent(t *testing.T, fleet *topology.Topology, slow slowScreening, patterns ...string) likelihoods {
	t.Helper()
	sum := likelihoods{new(big.Rat), new(big.Rat)}
	ids, err := fleet.Select(patterns...)
	require.NoError(t, err)
	for i, s := range slow.scenarios {
		lost, err := fleet.Select(s.Lose...)
		require.NoError(t, err)
		p := big.NewRat(1, 1)
		for _, id := range ids {
			q := new(big.Rat).SetFloat64(fleet.Unavailability(id))
			if !slices.Contains(lost, id) {
				q.Sub(big.NewRat(1, 1), q)
			}
			p.Mul(p, q)
		}
		switch slow.ends[i].Verdict {
		case cascade.Collapses:
			sum.collapse.Add(sum.collapse, p)
			fallthrough
		case cascade.Degrades:
			sum.fail.Add(sum.fail, p)
		}
	}
	return sum
}

// nearly requires a probability to twelve digits.
func nearly(t *testing.T, want *big.Rat, got cascade.Interval, where string) {
	t.Helper()
	require.Equal(t, got.Low, got.High, where)
	x, _ := want.Float64()
	if x == 0 {
		require.Zero(t, got.Low, where)
		return
	}
	require.InEpsilon(t, x, got.Low, 1e-12, where)
}

func TestIndependentIsASumOverAllSubsets(t *testing.T) {
	small := 0
	for seed := range uint64(cases(60)) {
		r := rand.New(rand.NewPCG(seed, 9))
		spec, _ := likeFleet(r)
		for i := range spec.Components[:4] {
			spec.Components[i].Labels = map[string]string{"zone": "a"}
			spec.Components[i].Failing.Unavailability = []float64{0, .1, r.Float64(), 1e-6 * r.Float64(), 1e-40, 1}[r.IntN(6)]
		}
		spec.Components[0].Failing.Unavailability = []float64{.2, 1e-3, 3e-7}[r.IntN(3)]
		spec.Components[4].Demand = float64(5 + r.IntN(30))
		fleet := topology.Must(topology.New(spec))
		f := cascade.Independent("zone=a")
		s := screen(t, fleet, f, cascade.Options{Workers: 1 + r.IntN(3)})
		slow := slowly(t, fleet, f)
		want := slowIndependent(t, fleet, slow, "board", "server")
		where := fmt.Sprintf("%s: %v", text(t, seed, spec), s)
		nearly(t, want.fail, s.Fail, where)
		nearly(t, want.collapse, s.Collapse, where)
		require.Equal(t, slow.tally(), tally(s), where)
		if 0 < s.Collapse.Low && s.Collapse.Low < 1e-9 {
			small++
		}
	}
	require.True(t, testing.Short() || small > cases(60)/15)
}

// Choices that go with what is independent are equally likely.
func TestIndependentTimesAChoice(t *testing.T) {
	for seed := range uint64(cases(40)) {
		r := rand.New(rand.NewPCG(seed, 10))
		spec, fleet := likeFleet(r)
		f := cascade.Product(cascade.Independent("board"), cascade.UpTo(2, "server"))
		s := screen(t, fleet, f, cascade.Options{})
		sum := slowIndependent(t, fleet, slowly(t, fleet, f), "board") // each choice of servers counts in full
		each := big.NewRat(1, 6+15)
		nearly(t, sum.fail.Mul(sum.fail, each), s.Fail, text(t, seed, spec))
		nearly(t, sum.collapse.Mul(sum.collapse, each), s.Collapse, text(t, seed, spec))
	}
}

// What may be lost independently may be taken by a choice as well.
func TestIndependentBesidesAChoice(t *testing.T) {
	for seed := range uint64(cases(40)) {
		r := rand.New(rand.NewPCG(seed, 14))
		spec, _ := likeFleet(r)
		for i := range spec.Components[1:4] {
			spec.Components[i+1].Failing.Unavailability = []float64{.125, .25, .125}[i]
		}
		fleet := topology.Must(topology.New(spec))
		fail := new(big.Rat)
		for set := range 1 << 6 {
			p, lost := big.NewRat(1, 6), topology.Names{"b-1"}
			for i := range 6 {
				name := fmt.Sprintf("s-%d", i+1)
				id, _ := fleet.Lookup(name)
				q := new(big.Rat).SetFloat64(fleet.Unavailability(id))
				if set>>i&1 == 1 {
					lost = append(lost, name)
				} else {
					q.Sub(big.NewRat(1, 1), q)
				}
				p.Mul(p, q)
			}
			for _, pair := range choose(likeGroups["s-[2-5]"], 2) {
				s := cascade.Scenario{Lose: slices.Concat(lost, pair)}
				if newPlot(fleet, s).plain().verdict() != cascade.Holds {
					fail.Add(fail, p)
				}
			}
		}
		f := cascade.Product(cascade.Any(2, "s-[2-5]"), cascade.Only(cascade.Lose("b-1")), cascade.Independent("server"))
		nearly(t, fail, screen(t, fleet, f, cascade.Options{}).Fail, text(t, seed, spec))
	}
}

// The choices may be more than a float64 holds.
func TestIndependentTimesMoreChoicesThanAFloat(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 9_000, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		{Name: "s-[1-10000]", Kind: "server", Capacity: 1, Needs: topology.Names{"board"}},
		{Name: "board", Failing: topology.Failing{Unavailability: .125}},
	}}))
	s := screen(t, fleet, cascade.Product(cascade.Random(1_000, "server"), cascade.Independent("board")), cascade.Options{})
	require.Greater(t, s.Scenarios.BitLen(), 1024)
	require.Equal(t, cascade.Interval{Low: .125, High: .125}, s.Collapse)
}

// One pool of servers of few sorts: the law of it is worked out otherwise elsewhere.
func TestIndependentOfManyServers(t *testing.T) {
	var capacities, lost []float64
	spec := topology.Spec{Components: []topology.Component{{Name: "users", Supplies: []topology.Supply{{Members: topology.Names{"server"}}}}}}
	for i, sort := range []struct{ n, capacity, q float64 }{{60, 10, .001}, {30, 8, .02}, {20, 12, 1e-5}} {
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprintf("s%d-[1-%v]", i, sort.n), Kind: "server", Capacity: sort.capacity,
			Failing: topology.Failing{Unavailability: sort.q},
		})
		for range int(sort.n) {
			capacities, lost = append(capacities, sort.capacity), append(lost, sort.q)
		}
	}
	for _, demand := range []float64{600, 800, 850, 870} {
		spec.Components[0].Demand = demand
		s := screen(t, topology.Must(topology.New(spec)), cascade.Independent("server"), cascade.Options{})
		want, err := chance.Pool{Capacity: capacities, Demand: demand}.Independent(context.Background(), lost)
		require.NoError(t, err)
		require.Equal(t, int64(61*31*21), s.Run)
		require.InEpsilon(t, want.Breaks, s.Fail.Low, 1e-12, demand)
		require.InEpsilon(t, want.Collapse(), s.Collapse.Low, 1e-12, demand)
	}
}

func TestIndependentFaults(t *testing.T) {
	fleet := frail()
	for text, want := range map[string]string{
		"independent board; b-1":             `scenarios "independent board; b-1": what is independent has probabilities, and other scenarios have none: ask for them apart`,
		"b-1; independent board":             `scenarios "b-1; independent board": what is independent has probabilities, and other scenarios have none: ask for them apart`,
		"independent board; independent ups": `scenarios "independent board; independent ups": what is independent has probabilities, and other scenarios have none: ask for them apart`,
		"independent any":                    `scenarios "independent any": independent any: none of them has an unavailability: give them failing, with one, or with MTBF and MTTR`,
	} {
		f, err := cascade.ParseFamily(text)
		require.NoError(t, err)
		_, err = cascade.Screen(context.Background(), fleet, f, cascade.Options{})
		require.EqualError(t, err, want)
	}
}

// What is lost for sure is lost in each scenario that counts.
func TestIndependentForSure(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 10, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		{Name: "s-[1-3]", Kind: "server", Capacity: 5, Failing: topology.Failing{Unavailability: 1}},
		{Name: "s-4", Kind: "server", Capacity: 10},
	}}
	s := screen(t, topology.Must(topology.New(spec)), cascade.Independent("server"), cascade.Options{})
	require.Zero(t, s.Fail.High)
	require.Equal(t, "8", s.Scenarios.String())
	spec.Components[2].Capacity = 9.5
	s = screen(t, topology.Must(topology.New(spec)), cascade.Independent("server"), cascade.Options{})
	require.Equal(t, cascade.Interval{Low: 1, High: 1}, s.Fail)
}
