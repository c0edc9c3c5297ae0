package tipping

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

func whole(t *testing.T, top *topology.Topology, pattern string, o cascade.Options) *Point {
	p, err := Find(t.Context(), top, pattern, o)
	require.NoError(t, err)
	return p
}

// alikeServers are so many of 100 that share a load.
func alikeServers(n int, load float64) *topology.Topology {
	return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: fmt.Sprintf("s-[1-%d]", n), Kind: "server", Capacity: 100},
		{Name: "users", Demand: load, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
}

// N servers at utilization u survive the loss of k if u ≤ (N−k)/N: any 30 of 100 at 70 %.
func TestTippingOfIdentical(t *testing.T) {
	p := whole(t, alikeServers(100, 7000), "server", cascade.Options{})
	for _, l := range []*Limit{&p.Limit, p.Surviving} {
		require.Equal(t, cascade.Exact, l.Certainty)
		require.Equal(t, []int{30, 30, 30, 30}, []int{l.Any, l.AnyMost, l.Some, l.SomeMost})
		for _, o := range l.Odds {
			require.Equal(t, Odds{o.Chance, cascade.Exact, 30, 30}, o)
		}
		require.InEpsilon(t, 1/.7, l.Load.Factor, 2e-9) // what is overloaded by a part in 1e9 does not trip
		require.InEpsilon(t, .7, l.Capacity.Factor, 2e-9)
		require.Equal(t, cascade.Exact, l.Load.Certainty)
	}
	require.Equal(t, cascade.Interval{Low: 1, High: 1}, p.Random[31].Fail)
	require.Equal(t, "s-[1-31]", p.Surviving.Worst.String())
	require.Equal(t, "s-[1-30]", p.Surviving.Lucky.String())
	require.Equal(t, &Collapse{Scenario: cascade.Lose("s-[1-31]")}, p.Collapse)
}

// One of three zones: each at most 2/3 busy (AWS, "static stability using availability zones").
func TestTippingOfZones(t *testing.T) {
	for load, any := range map[float64]int{6: 1, 6.001: 0} {
		p := whole(t, topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "zone-[a,b,c]", Kind: "zone"},
			{Name: "a-[1-3]", Kind: "server", Capacity: 1, Needs: topology.Names{"zone-a"}},
			{Name: "b-[1-3]", Kind: "server", Capacity: 1, Needs: topology.Names{"zone-b"}},
			{Name: "c-[1-3]", Kind: "server", Capacity: 1, Needs: topology.Names{"zone-c"}},
			{Name: "users", Demand: load, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		}})), "zone", cascade.Options{})
		require.Equal(t, any, p.Any)
		require.Equal(t, any, p.Surviving.Any)
		require.Equal(t, any, p.Surviving.Odds[1].Lost)
	}
}

// Capacities uniform on [0,1] and σ = .15 a server: random losses collapse it beyond 1 − 4σ = .4 of all (Zhang and Yağan,
// arXiv 1602.07763), for many servers; of 10,000, to about n^(−2/3) by size and n^(−1/2) by chance.
func TestTippingOfUniformCapacities(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	r := rand.New(rand.NewPCG(1, 15))
	var s topology.Spec
	const n = 10_000
	for i := range n {
		s.Components = append(s.Components, topology.Component{Name: fmt.Sprintf("s-%d", i), Kind: "server", Capacity: r.Float64()})
	}
	s.Components = append(s.Components, topology.Component{Name: "users", Demand: .15 * n, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}})
	p := whole(t, topology.Must(topology.New(s)), "server", cascade.Options{})
	require.Equal(t, cascade.Exact, p.Surviving.Certainty)
	var lost []int
	for _, o := range p.Surviving.Odds {
		require.Equal(t, cascade.Exact, o.Certainty)
		require.Equal(t, o.Lost, o.Most)
		require.InDelta(t, .4, float64(o.Lost)/n, .025)
		lost = append(lost, o.Lost)
	}
	require.IsIncreasing(t, lost)
	require.Less(t, lost[2]-lost[0], 400)
	require.Less(t, p.Surviving.Any, lost[0])
	require.Greater(t, p.Surviving.Some, lost[2])
	require.InDelta(t, .25/.15, p.Surviving.Load.Factor, .03) // σc = 1/4
	require.Less(t, len(p.Random), 60)
}

// racks is two layers on boards with breakers: too many choices, and what trips first may matter.
func racks(n int, strength func(i int) float64) topology.Spec {
	var s topology.Spec
	for i := range n {
		board := topology.Names{fmt.Sprintf("board-%d", i)}
		s.Components = append(s.Components,
			topology.Component{Name: board[0], Kind: "board", Capacity: 850, Overload: topology.Overload{Curve: topology.VI}},
			topology.Component{Name: fmt.Sprintf("web-%d-[1-4]", i), Kind: "web", Capacity: strength(i), Overload: topology.Overload{After: time.Minute},
				Supplies: []topology.Supply{{Members: board, PerUnit: 1}, {Members: topology.Names{"db"}}}},
			topology.Component{Name: fmt.Sprintf("db-%d-[1-4]", i), Kind: "db", Capacity: 110, Supplies: []topology.Supply{{Members: board, PerUnit: 1}}})
	}
	s.Components = append(s.Components, topology.Component{Name: "users", Demand: 280 * float64(n), Supplies: []topology.Supply{{Members: topology.Names{"web"}}}})
	return s
}

// 40 racks of 4 at 70 of 100: 28 must be left, as 27 leave 103.7. All that is known of more is that 11,200 of load need it.
func TestTippingIsBoundedWhereThereAreTooManyChoices(t *testing.T) {
	top := topology.Must(topology.New(racks(40, func(i int) float64 { return float64(100 + i%3) })))
	p := whole(t, top, "board", cascade.Options{Samples: 500})
	require.Equal(t, cascade.Proven, p.Certainty)
	require.Equal(t, []int{12, 12, 12, 12}, []int{p.Any, p.AnyMost, p.Some, p.SomeMost})
	require.Equal(t, cascade.Proven, p.Surviving.Certainty)

	top = topology.Must(topology.New(racks(40, func(i int) float64 { return float64(100 + 5*(i%7)) })))
	p = whole(t, top, "board", cascade.Options{Samples: 500})
	require.Equal(t, cascade.Bounded, p.Certainty)
	require.Equal(t, 12, p.Any)
	require.Greater(t, p.SomeMost, p.Some)
	require.Contains(t, p.String(), "too many choices to try.")
}

func TestTippingIsTheSameWithAnyNumberOfWorkers(t *testing.T) {
	top := topology.Must(topology.New(racks(12, func(i int) float64 { return float64(100 + i) })))
	var want []byte
	for _, workers := range []int{1, 2, 16} {
		data, err := json.Marshal(whole(t, top, "web", cascade.Options{Samples: 300, Seed: 7, Workers: workers}))
		require.NoError(t, err)
		if want == nil {
			want = data
		}
		require.Equal(t, string(want), string(data))
	}
	var read Point
	require.NoError(t, json.Unmarshal(want, &read))
	again, err := json.Marshal(&read)
	require.NoError(t, err)
	require.Equal(t, string(want), string(again))
	require.Contains(t, string(want), `"sampled"`)
}

// With a deadline that comes at any time, what is told is true.
func TestTippingCancelled(t *testing.T) {
	top := topology.Must(topology.New(racks(8, func(i int) float64 { return float64(100 + i) })))
	all := whole(t, top, "web", cascade.Options{Samples: 300})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p, err := Find(ctx, top, "web", cascade.Options{})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []int{-1, 32, -1, 32}, []int{p.Any, p.AnyMost, p.Some, p.SomeMost})
	require.Equal(t, cascade.Bounded, p.Certainty)
	for _, d := range []time.Duration{100 * time.Microsecond, time.Millisecond, 5 * time.Millisecond, 30 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), d)
		p, err := Find(ctx, top, "web", cascade.Options{Samples: 300})
		cancel()
		if err != nil {
			require.ErrorIs(t, err, context.DeadlineExceeded)
		}
		require.LessOrEqual(t, p.Any, all.AnyMost)
		require.GreaterOrEqual(t, p.AnyMost, all.Any)
		require.LessOrEqual(t, p.Surviving.Any, all.Surviving.AnyMost)
		require.GreaterOrEqual(t, p.Surviving.SomeMost, all.Surviving.Some)
	}
}

func TestTippingPointNamesWhatIsWrong(t *testing.T) {
	for want, o := range map[string]cascade.Options{"serve": {Serve: 2}, "samples": {Samples: -1}} {
		_, err := Find(t.Context(), hundredServers(), "server", o)
		require.ErrorContains(t, err, want)
	}
	_, err := Find(t.Context(), hundredServers(), "rack", cascade.Options{})
	require.ErrorContains(t, err, "rack")
}

// Servers that bear an overload of 8,000/79 of 100 for a minute trip together, and then nothing is served.
func TestCollapseTakesItsTime(t *testing.T) {
	spec := hundredServers().Spec()
	for i := range spec.Components {
		if spec.Components[i].Kind == "server" {
			spec.Components[i].Overload.After = time.Minute
		}
	}
	p := whole(t, topology.Must(topology.New(spec)), "server", cascade.Options{})
	require.Equal(t, &Collapse{Scenario: cascade.Lose("chat-[001-021]"), After: time.Minute}, p.Collapse)
	require.Contains(t, p.String(), "it collapses after 1m0s.")
}

// The chances of a pool are known. Beside another pool, which always holds, they are the same, and are sampled: they lie in
// their intervals, but for a few.
func TestSampledChancesHoldTheExactOnes(t *testing.T) {
	var spec topology.Spec
	for i := range 40 {
		spec.Components = append(spec.Components, topology.Component{Name: fmt.Sprintf("s-%d", i), Kind: "server", Capacity: float64(60 + 3*i)})
	}
	spec.Components = append(spec.Components, topology.Component{Name: "users", Demand: 2000, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}})
	top := topology.Must(topology.New(spec))
	spec.Components = append(spec.Components, topology.Component{Name: "db", Capacity: 10},
		topology.Component{Name: "jobs", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"db"}}}})
	beside := topology.Must(topology.New(spec))
	ids, _ := beside.Select("server")
	outside, sampled := 0, 0
	for k := 5; k <= 35; k++ {
		exact, err := cascade.Chance(t.Context(), top, cascade.Random(k, "server"), cascade.Options{})
		require.NoError(t, err)
		l := unknown(len(ids))
		f := newFinder(beside, "server", ids, cascade.Options{Samples: 2000, Worst: 1}, mostTried)
		require.NoError(t, f.tally(t.Context(), nil))
		require.Nil(t, f.told)
		c := &curve{finder: f, limits: [2]*Limit{&l, &l}, points: map[int]Loss{}}
		require.NoError(t, c.find(t.Context(), k))
		p := c.points[k]
		require.Equal(t, cascade.Sampled, p.Certainty)
		for _, pair := range [][2]cascade.Interval{{p.Fail, exact.Fail}, {p.Collapse, exact.Collapse}} {
			sampled++
			if pair[1].Low < pair[0].Low || pair[1].High > pair[0].High {
				outside++
			}
		}
	}
	require.LessOrEqual(t, outside, sampled/10)
}

// A server of board-1 and others draw on a chiller, which stays when board-1 is lost; and a fan moves what it draws to the
// boards that are left.
func TestTippingOfDomainsThatShareMoreThanServers(t *testing.T) {
	board, chiller := topology.Names{"board-1"}, topology.Supply{Members: topology.Names{"chiller"}}
	cooled := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-[1-2]", Kind: "board"},
		{Name: "chiller", Capacity: 20},
		{Name: "s-1", Kind: "server", Capacity: 15, Needs: board, Supplies: []topology.Supply{{Members: chiller.Members, Base: 3}}},
		{Name: "s-[2-3]", Kind: "server", Capacity: 15, Supplies: []topology.Supply{chiller}},
		{Name: "users", Demand: 21, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	require.Equal(t, "board: not any 1 of 2 may be lost (not board-1); with luck 1.", tipping(t, cooled, "board").String())
	fanned := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-[1-3]", Kind: "board", Capacity: 10},
		{Name: "s-[1-3][a,b]", Kind: "server", Capacity: 100, Needs: topology.Names{"board-{1}"}},
		{Name: "fan", Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: 24}}},
		{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	require.Equal(t, "board-[1-2]: not any 1 of 2 may be lost (not board-1); not even with luck.", tipping(t, fanned, "board-[1-2]").String())
}
