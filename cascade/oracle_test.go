package cascade_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// pool is servers that share one demand equally.
func pool(demand float64, capacities ...float64) *topology.Topology {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: demand, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	for i, c := range capacities {
		spec.Components = append(spec.Components, topology.Component{Name: fmt.Sprintf("s-%d", i+1), Kind: "server", Capacity: c})
	}
	return topology.Must(topology.New(spec))
}

func run(t testing.TB, fleet *topology.Topology, s cascade.Scenario) *cascade.Outcome {
	t.Helper()
	o, err := cascade.Run(fleet, s)
	require.NoError(t, err)
	return o
}

// N servers at utilization u survive the loss of k iff u ≤ (N−k)/N.
func TestIdenticalServers(t *testing.T) {
	for _, test := range []struct{ n, k int }{{100, 30}, {3, 1}, {10, 1}, {10, 9}, {7, 3}, {1000, 333}} {
		for _, at := range []struct {
			times float64
			want  cascade.Verdict
		}{{1 - 1e-9, cascade.Holds}, {1, cascade.Holds}, {1 + .9e-9, cascade.Holds}, {1 + 1.1e-9, cascade.Collapses}, {1.1, cascade.Collapses}} {
			u := float64(test.n-test.k) / float64(test.n) * at.times
			fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
				{Name: fmt.Sprintf("s-[1-%d]", test.n), Kind: "server", Capacity: 100},
				{Name: "users", Demand: u * 100 * float64(test.n), Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
			}}))
			o := run(t, fleet, cascade.Lose(fmt.Sprintf("s-[1-%d]", test.k)))
			require.Equal(t, at.want, o.Verdict, "%d of %d at %v", test.k, test.n, u)
			require.InEpsilon(t, 1/at.times, o.Margin, 1e-12)
			require.False(t, o.Timing)
		}
	}
}

// AWS, static stability using availability zones: with one of three zones lost, each may be at most 2/3 busy: 50 % more.
func TestZones(t *testing.T) {
	for _, test := range []struct {
		demand float64
		want   cascade.Verdict
	}{{20_000, cascade.Holds}, {20_001, cascade.Collapses}} {
		fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "zone-[a-c]", Kind: "zone"},
			{Name: "[a-c]-[1-100]", Kind: "server", Capacity: 100, Needs: topology.Names{"zone-{1}"}},
			{Name: "users", Demand: test.demand, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		}}))
		require.Equal(t, test.want, run(t, fleet, cascade.Lose("zone-b")).Verdict)
		require.InEpsilon(t, 30_000/test.demand, run(t, fleet, cascade.Scenario{}).Margin, 1e-12)
	}
}

// Google's SRE book, chapter 22: healthy at 10,000 QPS, cascading at 11,000. When a tenth of the servers is left, 9,000
// does not save it; about 1,000 does.
func TestSiteReliabilityBook(t *testing.T) {
	servers := slices.Repeat([]float64{100}, 100)
	require.Equal(t, cascade.Holds, run(t, pool(10_000, servers...), cascade.Scenario{}).Verdict)
	require.Equal(t, cascade.Collapses, run(t, pool(11_000, servers...), cascade.Scenario{}).Verdict)
	tenth := cascade.Scenario{Lose: topology.Names{"s-[11-100]"}}
	for load, want := range map[float64]cascade.Verdict{.9: cascade.Collapses, .101: cascade.Collapses, .1: cascade.Holds} {
		tenth.Load = load
		require.Equal(t, want, run(t, pool(10_000, servers...), tenth).Verdict, load)
	}
}

// Capacities 7 and nine of 12, demand 64: 64/10 = 6.4; one strong lost 64/9 = 7.1, and the weak one trips; the weak one lost
// as well 64/8 = 8.
func TestLosingMoreCanHold(t *testing.T) {
	fleet := pool(64, 7, 12, 12, 12, 12, 12, 12, 12, 12, 12)
	require.Equal(t, cascade.Holds, run(t, fleet, cascade.Scenario{}).Verdict)
	o := run(t, fleet, cascade.Lose("s-2"))
	require.Equal(t, cascade.Degrades, o.Verdict)
	require.InEpsilon(t, 63.0/64, o.Margin, 1e-12)
	o = run(t, fleet, cascade.Lose("s-[1,2]"))
	require.Equal(t, cascade.Holds, o.Verdict)
	require.InEpsilon(t, 96.0/64, o.Margin, 1e-12)
}

// The strength of a pool is max c·(number with a capacity of at least c); it collapses above it, and not at it.
func TestStrength(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range cases(500) {
		capacities := make([]float64, 1+r.IntN(12))
		for i := range capacities {
			capacities[i] = float64(1 + r.IntN(20))
		}
		strength := 0.0
		for _, c := range capacities {
			n := 0
			for _, other := range capacities {
				if other >= c {
					n++
				}
			}
			strength = max(strength, c*float64(n))
		}
		require.NotEqual(t, cascade.Collapses, run(t, pool(strength*(1-1e-7), capacities...), cascade.Scenario{}).Verdict)
		require.NotEqual(t, cascade.Collapses, run(t, pool(strength, capacities...), cascade.Scenario{}).Verdict)
		o := run(t, pool(strength*(1+1e-7), capacities...), cascade.Scenario{})
		require.Equal(t, cascade.Collapses, o.Verdict)
		require.InEpsilon(t, float64(len(capacities))*slices.Min(capacities)/(strength*(1+1e-7)), o.Margin, 1e-9)
	}
	// Nine of 10 and one of 1 at 95: refusing 89.5 % keeps all up, and 5.3 % the pool.
	nine := pool(95, 10, 10, 10, 10, 10, 10, 10, 10, 10, 1)
	require.InDelta(t, .895, 1-run(t, nine, cascade.Scenario{}).Margin, .0005)
	require.Equal(t, cascade.Degrades, run(t, nine, cascade.Scenario{Load: 90. / 95}).Verdict)
	require.Equal(t, cascade.Holds, run(t, nine, cascade.Scenario{Load: 90. / 95, Drain: topology.Names{"s-10"}}).Verdict)
	require.Equal(t, cascade.Collapses, run(t, nine, cascade.Scenario{Load: 90.1 / 95}).Verdict)
}

// Zhang and Yağan, arXiv 1602.07763: capacities uniform on [0,1], load σ = .15 each, a fraction p lost at random. In the limit
// ((1−p) + √((1−p)² − 4(1−p)σ))/2 survive: .36568 at p = .38; beyond p = 1 − 4σ = .4 all fail.
func TestMillionUniformCapacities(t *testing.T) {
	if testing.Short() || race {
		t.Skip("a million servers")
	}
	uniform := func(n int) *topology.Topology {
		r, capacities := rand.New(rand.NewPCG(7, 7)), make([]float64, n)
		for i := range capacities {
			capacities[i] = 1 - r.Float64()
		}
		return pool(.15*float64(n), capacities...)
	}
	o := run(t, uniform(1_000_000), cascade.Lose("s-[1-380000]"))
	require.Equal(t, cascade.Degrades, o.Verdict)
	require.InDelta(t, .36568, float64(o.Rounds[len(o.Rounds)-1].Up-1)/1e6, .003)
	o = run(t, uniform(1_000_000), cascade.Lose("s-[1-420000]"))
	require.Equal(t, cascade.Collapses, o.Verdict)
	require.Zero(t, o.Rounds[len(o.Rounds)-1].Up)
}

// The critical load of a large pool: 1/4 for uniform capacities, (k·e)^(−1/k) for Weibull ones of shape k.
func TestCriticalLoad(t *testing.T) {
	if race {
		t.Skip("many thousand servers, and nothing runs beside anything")
	}
	const n = 8_000
	draw := map[float64]func(u float64) float64{.25: func(u float64) float64 { return u }}
	for shape, critical := range map[float64]float64{1: .367879, 2: .428882, 5: .593399, 10: .718738} {
		require.InDelta(t, critical, math.Pow(shape*math.E, -1/shape), 1e-6)
		draw[critical] = func(u float64) float64 { return math.Pow(-math.Log(u), 1/shape) }
	}
	for critical, capacity := range draw {
		r := rand.New(rand.NewPCG(8, 8))
		capacities := make([]float64, n)
		for i := range capacities {
			capacities[i] = capacity(1 - r.Float64())
		}
		fleet := pool(critical*n, capacities...)
		require.Equal(t, cascade.Degrades, run(t, fleet, cascade.Scenario{Load: .95}).Verdict, critical)
		require.Equal(t, cascade.Collapses, run(t, fleet, cascade.Scenario{Load: 1.05}).Verdict, critical)
		many := make([]float64, 8*n)
		for i := range many {
			many[i] = capacity(1 - r.Float64())
		}
		for load, want := range map[float64]cascade.Verdict{.975: cascade.Degrades, 1.025: cascade.Collapses} {
			require.Equal(t, want, cascade.NewEngine(pool(load*critical*8*n, many...)).End().Verdict, "%v %v", critical, load)
		}
	}
}

// Daniels 1945: the chance that n servers with capacities uniform on [0,1] collapse under 1/4 each.
func TestDaniels(t *testing.T) {
	draws := cases(2500)
	for n, want := range map[int]float64{2: 3. / 16, 3: 49. / 256, 5: .213580, 10: .227972, 20: .245886} {
		r, collapsed := rand.New(rand.NewPCG(9, uint64(n))), 0
		for range draws {
			capacities := make([]float64, n)
			for i := range capacities {
				capacities[i] = 1 - r.Float64()
			}
			if run(t, pool(float64(n)/4, capacities...), cascade.Scenario{}).Verdict == cascade.Collapses {
				collapsed++
			}
		}
		require.InDelta(t, want, float64(collapsed)/float64(draws), 4*math.Sqrt(want*(1-want)/float64(draws)), n)
	}
}

// CASCADE (Dobson, Carreras, Newman 2005): n components with loads uniform on [0,1], a disturbance d, and p on every other
// for each that fails above 1. Here each ordered pair has a demand p that goes to the second when the first has failed, so
// that a component carries (n−1)·p, and p for each of the others that is gone.
func TestCascadeOfDobson(t *testing.T) {
	for _, test := range []struct {
		n    int
		d, p float64
		want []float64
	}{
		{5, .1, .1, []float64{.59049, .2048, .1029, .0576, .03125, .01296}},
		{10, .05, .2, []float64{.59874, .03754, .00848, .00163, .00007, 0, 0, 0, 0, 0, .35354}},
	} {
		draws := cases(1000)
		r, count := rand.New(rand.NewPCG(10, 10)), make([]int, test.n+1)
		for range draws {
			count[dobson(t, r, test.n, test.d, test.p)]++
		}
		for failed, want := range test.want {
			require.InDelta(t, want, float64(count[failed])/float64(draws), 1e-9+4*math.Sqrt(max(want, 1e-4)/float64(draws)), "%d of %d", failed, test.n)
		}
	}
}

func dobson(t *testing.T, r *rand.Rand, n int, d, p float64) int {
	var spec topology.Spec
	for i := range n {
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprint("c", i), Capacity: 1 - r.Float64() - d + float64(n-1)*p,
		})
		for j := range n {
			if i != j {
				spec.Components = append(spec.Components, topology.Component{
					Name: fmt.Sprint("from", i, "to", j), Demand: p, Supplies: []topology.Supply{{
						Members: topology.Names{fmt.Sprint("c", i), fmt.Sprint("c", j)}, Share: topology.Tiered, Overprovision: 1, Optional: true,
					}},
				})
			}
		}
	}
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	return len(run(t, fleet, cascade.Scenario{}).Failures)
}

// IEC 60255, time multiplier 1: SI 10.03 s, VI 13.5 s, EI 26.67 s and LTI 120 s at twice the rating.
func TestBreakers(t *testing.T) {
	for curve, want := range map[topology.Curve]time.Duration{
		topology.SI:  10_029_027_020, // 0.14/(2^0.02 − 1)
		topology.VI:  13_500_000_000,
		topology.EI:  26_666_666_667, // 80/3
		topology.LTI: 120_000_000_000,
	} {
		for _, tms := range []float64{0, 1, .5} {
			fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
				{Name: "breaker", Capacity: 10, Overload: topology.Overload{Curve: curve, TMS: tms}},
				{Name: "load", Demand: 20, Supplies: []topology.Supply{{Members: topology.Names{"breaker"}}}},
			}}))
			at := want
			if tms == .5 {
				at = (want + 1) / 2
			}
			o := run(t, fleet, cascade.Scenario{})
			require.InDelta(t, at, o.Failures[0].At, 1, "%s %v", curve, tms)
			require.Len(t, o.Rounds, 2)
			require.Equal(t, cascade.Holds, run(t, fleet, cascade.Scenario{Load: .5}).Verdict)
		}
	}
}

// Racks on two feeds, each at 60 %: when one trips the other is at 120 %, and trips by its curve: 13.5/(1.2−1) = 67.5 s.
func TestDualFeeds(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{
			"feed": {Capacity: 10_000, Unit: "W", Overload: topology.Overload{Curve: topology.VI}},
			"rack": {Demand: 12_000, Unit: "W", Supplies: []topology.Supply{{Members: topology.Names{"feed-[a,b]-{1}"}}}},
		},
		Components: []topology.Component{{Name: "feed-[a,b]-[1-4]", Kind: "feed"}, {Name: "rack-[1-4]", Kind: "rack"}},
	}))
	intact := run(t, fleet, cascade.Scenario{})
	require.Equal(t, cascade.Holds, intact.Verdict)
	require.InDelta(t, .6, intact.Rounds[0].Use, 1e-12)
	o := run(t, fleet, cascade.Lose("feed-a-2"))
	require.Equal(t, cascade.Collapses, o.Verdict)
	require.InDelta(t, 1.2, o.Rounds[0].Use, 1e-12)
	require.Equal(t, "feed-b-2", o.Rounds[0].Busiest)
	why := o.Why("rack-2")
	require.Len(t, why, 3)
	require.Equal(t, "feed-b-2", why[1].Component)
	require.Equal(t, 67_500*time.Millisecond, why[1].At)
	require.InEpsilon(t, 10./12, o.Margin, 1e-12)
}
