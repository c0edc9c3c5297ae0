package strategy_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/strategy"
	"github.com/ridethrough/ridethrough/topology"
)

// The slow, obvious twin of what is expected to be served: every set of components that can fail, as likely as it is, run by
// [cascade.Run] to its end.
func TestExpectedIsThatOfAllSets(t *testing.T) {
	compared := 0
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 1))
		o := randomOptions(r)
		capacity := 1 + 9*r.Float64()
		demand := capacity * (.2 + 2.8*r.Float64())
		if r.IntN(2) == 0 {
			capacity, demand = 10, float64(10*(1+r.IntN(3)))
		}
		table := compare(t, fleet(demand, capacity, randomOverload(r)), o)
		row := table.Rows[0]
		f := topology.Must(topology.New(row.Fleet))
		if f.Len() > 10 {
			continue
		}
		compared++
		lost, short := enumerate(t, f)
		if row.Expected == nil {
			require.Zero(t, lost, "seed %d", seed)
			continue
		}
		require.InDelta(t, lost, row.Expected.Lost, 1e-12, "seed %d: %+v", seed, row.Layout)
		require.InDelta(t, short, row.Expected.Short, 1e-12, "seed %d: %+v", seed, row.Layout)
	}
	require.Greater(t, compared, 400)
}

// Where only servers fail, or only sites, [cascade.Chance] knows the same probabilities by a walk of its own, tiny ones too.
func TestShortIsThatOfChance(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 3))
		failing := topology.Failing{Unavailability: math.Pow(10, -6*r.Float64())}
		o := strategy.Options{Layouts: []strategy.Layout{{Name: "x", Sites: 1 + r.IntN(6), Spare: r.IntN(9)}}}
		o.Layouts[0].Enough = 1 + r.IntN(o.Layouts[0].Sites)
		kind := []string{"server", "site"}[r.IntN(2)]
		if kind == "server" {
			o.Server.Failing = failing
		} else {
			o.Site.Failing = failing
		}
		row := compare(t, fleet(float64(1+r.IntN(300)), 1, topology.Overload{}), o).Rows[0]
		family, err := cascade.ParseFamily("independent " + kind)
		require.NoError(t, err)
		odds, err := cascade.Chance(t.Context(), topology.Must(topology.New(row.Fleet)), family, cascade.Options{})
		require.NoError(t, err)
		require.Equal(t, cascade.Exact, odds.Certainty)
		if odds.Collapse.Low < 1e-300 {
			continue
		}
		require.InEpsilon(t, odds.Collapse.Low, row.Expected.Lost, 1e-9, "seed %d: %+v", seed, row.Layout)
		require.InEpsilon(t, odds.Collapse.Low, row.Expected.Short, 1e-9, "seed %d: %+v", seed, row.Layout)
	}
}

// Fates are the worst of what Run says of each way of a loss.
func TestFatesAreThoseOfRun(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 2))
		o := randomOptions(r)
		o.Serve = []float64{0, .5, .9}[r.IntN(3)]
		o.Losses = []strategy.Loss{{Servers: 1 + r.IntN(3)}, {Feeds: 1, Servers: r.IntN(3)}, {Sites: 1 + r.IntN(2), Load: []float64{0, .8, 1.2}[r.IntN(3)]}}
		row := compare(t, fleet(float64(1+r.IntN(40)), 10, randomOverload(r)), o).Rows[0]
		f := topology.Must(topology.New(row.Fleet))
		for _, fate := range row.Fates {
			worst, collapsing := cascade.Holds, int64(0)
			scenarios, err := fate.Family.All(f)
			require.NoError(t, err)
			for s := range scenarios {
				out, err := cascade.Run(f, s)
				require.NoError(t, err)
				serve := o.Serve
				if serve == 0 {
					serve = 1
				}
				switch v := out.Judge(serve); v {
				case cascade.Collapses:
					worst = v
					collapsing++
				case cascade.Degrades:
					if worst == cascade.Holds {
						worst = v
					}
				}
			}
			require.Equal(t, cascade.Exact, fate.Certainty)
			require.Equal(t, worst, fate.Verdict, "seed %d: %v", seed, fate.Family)
			require.Equal(t, collapsing, fate.Collapsing.Int64(), "seed %d: %v", seed, fate.Family)
		}
	}
}

func randomOptions(r *rand.Rand) strategy.Options {
	chance := func() topology.Failing {
		return topology.Failing{Unavailability: []float64{0, .5, 1, r.Float64() / 10, r.Float64()}[r.IntN(5)]}
	}
	l := strategy.Layout{Name: "x", Sites: 1 + r.IntN(3), Feeds: 1 + r.IntN(2), Spare: r.IntN(2)}
	l.Standby = r.IntN(l.Sites)
	l.Enough = 1 + r.IntN((l.Sites-l.Standby)*l.Feeds)
	return strategy.Options{
		Server: strategy.Part{Failing: chance()}, Feed: strategy.Part{Failing: chance()}, Site: strategy.Part{Failing: chance()},
		Layouts: []strategy.Layout{l},
	}
}

func randomOverload(r *rand.Rand) topology.Overload {
	return []topology.Overload{
		{}, {Shed: true}, {Shed: true, After: time.Minute}, {After: time.Second}, {Curve: topology.EI}, {Shed: true, Curve: topology.SI},
	}[r.IntN(6)]
}

// enumerate returns the mean part of the demand that is lost, and the probability that not all is served.
func enumerate(t *testing.T, f *topology.Topology) (lost, short float64) {
	n := f.Len() - 1 // the last is the demand
	for set := range 1 << n {
		p := 1.0
		var down topology.Names
		for id := range topology.ID(n) {
			q := f.Unavailability(id)
			if set>>id&1 == 1 {
				p *= q
				down = append(down, f.Name(id))
			} else {
				p *= 1 - q
			}
		}
		if p == 0 {
			continue
		}
		out, err := cascade.Run(f, cascade.Scenario{Lose: down})
		require.NoError(t, err)
		require.Len(t, out.Served, 1)
		part := out.Served[0].Fraction
		lost += p * (1 - part)
		if part < 1-topology.Tolerance {
			short += p
		}
	}
	return lost, short
}
