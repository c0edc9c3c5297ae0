package cascade_test

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/cascade/internal/chance"
	"github.com/ridethrough/ridethrough/topology"
)

// different is n servers of which no two have the same capacity, from 100 on.
func different(n int) (capacities []float64) {
	for i := range n {
		capacities = append(capacities, 100+float64(i*37%n))
	}
	return capacities
}

// covers reports whether an interval holds a probability.
func covers(i cascade.Interval, p float64) bool { return i.Low <= p && p <= i.High }

// Of thirty of a hundred servers that all differ, the exact probability is known: 95 of 100 intervals hold it, or a few
// more. With 200 seeds, fewer than 181 would be once in a thousand.
func TestSampledIntervalHoldsTheProbability(t *testing.T) {
	const seeds = 200
	var steep []float64
	for _, c := range different(100) {
		steep = append(steep, 2*c-150)
	}
	for _, demand := range []float64{5_550, 6_000} {
		fleet := pool(demand, steep...)
		want, err := chance.Pool{Capacity: steep, Demand: demand}.Random(context.Background(), 30)
		require.NoError(t, err)
		hits := 0
		for seed := range uint64(seeds) {
			s := screen(t, fleet, cascade.Random(30, "server"), cascade.Options{Samples: 400, Seed: seed})
			require.Equal(t, cascade.Sampled, s.Certainty)
			require.Equal(t, int64(400), s.Run)
			require.Equal(t, int64(400), s.Holding.Int64()+s.Failing.Int64())
			if covers(s.Collapse, want.Collapse()) && covers(s.Fail, want.Breaks) {
				hits++
			}
		}
		t.Logf("of %v: %d of %d hold %v, %v", demand, hits, seeds, want.Breaks, want.Collapse())
		require.Greater(t, hits, 180)
	}
}

// So does one of servers that are lost independently, each with a probability of its own.
func TestSampledIndependent(t *testing.T) {
	const seeds = 200
	spec := topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 8_000, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	var lost []float64
	for i, c := range different(60) {
		lost = append(lost, []float64{.2, .3, .1, .25}[i%4])
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprintf("s-%d", i), Kind: "server", Capacity: 60 + c, Failing: topology.Failing{Unavailability: lost[i]},
		})
	}
	var capacities []float64
	for _, c := range spec.Components[1:] {
		capacities = append(capacities, c.Capacity)
	}
	want, err := chance.Pool{Capacity: capacities, Demand: 8_000}.Independent(context.Background(), lost)
	require.NoError(t, err)
	fleet, fails, collapses := topology.Must(topology.New(spec)), 0, 0
	for seed := range uint64(seeds) {
		s := screen(t, fleet, cascade.Independent("server"), cascade.Options{Samples: 400, Seed: seed})
		if covers(s.Fail, want.Breaks) {
			fails++
		}
		if covers(s.Collapse, want.Collapse()) {
			collapses++
		}
	}
	t.Logf("%d of %d hold %v, %d hold %v", fails, seeds, want.Breaks, collapses, want.Collapse())
	require.Greater(t, min(fails, collapses), 180)
}

// like is what few samples are alike to: numbers of them by how many components are left, against probabilities.
func like(t *testing.T, want map[int]float64, s *cascade.Screening) {
	t.Helper()
	sum := 0.0
	for _, bin := range s.Left {
		p := want[bin.Up]
		n := float64(s.Run)
		require.InDelta(t, n*p, float64(bin.Count.Int64()), 4.5*math.Sqrt(n*p*(1-p))+1, "%d up", bin.Up)
		sum += p
	}
	require.InDelta(t, 1, sum, .01)
}

// Sizes, and groups, are drawn as often as they have scenarios.
func TestSamplesAreInProportion(t *testing.T) {
	fleet := pool(1, different(100)...) // it holds whatever is lost, so what is left tells what was lost
	ways := func(n, k int64) float64 {
		x, _ := new(big.Float).SetInt(new(big.Int).Binomial(n, k)).Float64()
		return x
	}
	most, all := map[int]float64{}, 0.0
	for k := int64(1); k <= 40; k++ {
		all += ways(100, k)
	}
	for k := int64(1); k <= 40; k++ {
		most[101-int(k)] = ways(100, k) / all
	}
	o := cascade.Options{Samples: 20_000, Seed: 3}
	like(t, most, screen(t, fleet, cascade.UpTo(40, "server"), o))

	joined := cascade.Join(cascade.Any(10, "server"), cascade.Any(11, "s-[1-90]"), cascade.Each("server"))
	all = ways(100, 10) + ways(90, 11) + 100
	like(t, map[int]float64{91: ways(100, 10) / all, 90: ways(90, 11) / all}, screen(t, fleet, joined, o))

	// Five of the first forty, and up to five of the others: none is taken twice.
	product := cascade.Product(cascade.Any(5, "s-[1-40]"), cascade.UpTo(5, "s-[41-100]"))
	shares, all := map[int]float64{}, 0.0
	for k := int64(1); k <= 5; k++ {
		all += ways(60, k)
	}
	for k := int64(1); k <= 5; k++ {
		shares[96-int(k)] = ways(60, k) / all
	}
	like(t, shares, screen(t, fleet, product, o))

	// Six of all, and three of all: j of the three are new.
	twice := map[int]float64{}
	for j := int64(0); j <= 3; j++ {
		twice[95-int(j)] = ways(6, 3-j) * ways(94, j) / ways(100, 3)
	}
	like(t, twice, screen(t, fleet, cascade.Product(cascade.Any(6, "server"), cascade.Any(3, "server")), o))
}

// Each server is lost as often as every other.
func TestSamplesTakeEachServerAsOften(t *testing.T) {
	const samples = 3_000
	fleet := pool(13_000, different(100)...)
	s := screen(t, fleet, cascade.Any(30, "server"), cascade.Options{Samples: samples, Worst: samples})
	require.Len(t, s.Worst, samples) // all are too many
	lost := map[string]int{}
	for _, c := range s.Worst {
		ids, err := fleet.Select(c.Scenario.Lose...)
		require.NoError(t, err)
		require.Len(t, ids, 30)
		for _, id := range ids {
			lost[fleet.Name(id)]++
		}
	}
	for name, n := range lost {
		require.InDelta(t, .3*samples, n, 4.5*math.Sqrt(.3*.7*samples), name)
	}
}

// A sample hangs on the seed and its number alone: one is done again as the only item of a shard.
func TestSampleIsReplayed(t *testing.T) {
	fleet := pool(8_000, different(100)...)
	for _, f := range []cascade.Family{cascade.Any(30, "server"), cascade.UpTo(30, "server"), cascade.Product(cascade.Any(20, "server"), cascade.UpTo(10, "server"))} {
		o := cascade.Options{Samples: 2_000, Seed: 42, Workers: 3}
		s := screen(t, fleet, f, o)
		require.NotEmpty(t, s.Worst)
		other := screen(t, fleet, f, cascade.Options{Samples: 2_000, Seed: 43})
		require.NotEqual(t, s.Worst, other.Worst)
		for _, c := range s.Worst {
			again := shardOf(t, fleet, f, o, int(c.Item), 2_000)
			require.Equal(t, int64(1), again.Run)
			require.Equal(t, []cascade.Case{c}, again.Worst)
			require.Equal(t, newPlot(fleet, c.Scenario).plain().end().Up, c.Up)
		}
	}
}

func TestIntervalTellsItsEndsApart(t *testing.T) {
	for i, want := range map[cascade.Interval]string{
		{Low: .125, High: .125}:           "12.5 %",
		{Low: .123, High: .127}:           "12.3 to 12.7 %",
		{Low: .99999631, High: 1}:         "99.9996 to 100 %",
		{Low: .12345678, High: .12345699}: "12.34568 to 12.3457 %",
		{Low: 1 - 1e-16, High: 1}:         "99.99999999999999 to 100 %",
	} {
		require.Equal(t, want, i.String())
	}
}
