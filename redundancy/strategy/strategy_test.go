package strategy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/strategy"
	"github.com/ridethrough/ridethrough/topology"
)

// fleet is users with a demand on one server of a capacity: all that is asked of a topology.
func fleet(demand, capacity float64, over topology.Overload) *topology.Topology {
	return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "server-1", Kind: "server", Capacity: capacity, Overload: over},
		{Name: "users", Demand: demand, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
}

func compare(t *testing.T, f *topology.Topology, o strategy.Options) *strategy.Table {
	t.Helper()
	table, err := strategy.Compare(t.Context(), f, o)
	require.NoError(t, err)
	return table
}

func verdicts(r strategy.Row) (all []cascade.Verdict) {
	for _, f := range r.Fates {
		all = append(all, f.Verdict)
	}
	return all
}

// 8,000 on servers of 100: N = 80. 2N: +100 %. Three zones, one of which may be lost: half of N at each, +50 %, each at most
// 2/3 busy (AWS, "static stability using availability zones").
func TestUsualByHand(t *testing.T) {
	table := compare(t, fleet(8_000, 100, topology.Overload{}), strategy.Options{})
	require.Equal(t, 80, table.N)
	const h, c = cascade.Holds, cascade.Collapses
	for i, want := range []struct {
		servers, feeds, sites int
		busy                  float64
		fates                 []cascade.Verdict // a server, two, a feed, a feed and a server, a site
	}{
		{80, 1, 1, 1, []cascade.Verdict{c, c, c, c, c}},
		{81, 1, 1, 80.0 / 81, []cascade.Verdict{h, c, c, c, c}},
		{82, 1, 1, 80.0 / 82, []cascade.Verdict{h, h, c, c, c}},
		{160, 2, 1, .5, []cascade.Verdict{h, h, h, c, c}},
		{162, 2, 1, 80.0 / 162, []cascade.Verdict{h, h, h, h, c}},
		{160, 2, 2, .5, []cascade.Verdict{h, h, h, c, h}},
		{160, 2, 2, 1, []cascade.Verdict{h, h, h, c, h}}, // the first site carries all
		{120, 3, 3, 2.0 / 3, []cascade.Verdict{h, h, h, c, h}},
	} {
		r := table.Rows[i]
		require.Equal(t, []int{want.servers, want.feeds, want.sites}, []int{r.Servers, r.Feeds, r.Sites}, r.Layout.Name)
		require.InDelta(t, want.busy, r.Busy, 1e-12, r.Layout.Name)
		require.Equal(t, want.fates, verdicts(r), r.Layout.Name)
		require.Equal(t, float64(want.servers), r.Cost, r.Layout.Name)
		require.Nil(t, r.Expected, "nothing is said to fail")
	}
	require.Contains(t, table.String(), "not determined: no part is given how often it fails")
}

// By servers alone 3 sites at 2/3 (120) survive what two sites do (160) and more than 2N; 2(N+1) alone survives a feed and a
// server. N survives nothing.
func TestFrontier(t *testing.T) {
	names := func(o strategy.Options) (on []string) {
		for _, r := range compare(t, fleet(8_000, 100, topology.Overload{}), o).Rows {
			if r.Frontier {
				on = append(on, r.Layout.Name)
			}
		}
		return on
	}
	require.Equal(t, []string{"N+1", "N+2", "2(N+1)", "three sites at 2/3"}, names(strategy.Options{}))

	// Where sites are dear, two are cheaper than three: 160 + 2·41 = 242 < 120 + 3·41 = 243; at 40 both are 240, and the first
	// stands. The one that stands by is the second of a tie.
	o := strategy.Options{Server: strategy.Part{Price: 1}, Site: strategy.Part{Price: 41}, Losses: []strategy.Loss{{Sites: 1}}}
	require.Equal(t, []string{"two sites active/active"}, names(o))
	o.Site.Price = 40
	require.Equal(t, []string{"two sites active/active"}, names(o))
	o.Site.Price = 39
	require.Equal(t, []string{"three sites at 2/3"}, names(o))

	// A tie is one though sums are rounded: 160·.3 + 2·12 and 120·.3 + 3·12 are both 72, with sites at 40 servers each.
	for _, price := range []float64{.1, .3, .7, 1e-9, 1.0 / 3} {
		o.Server.Price, o.Site.Price = price, 40*price
		require.Equal(t, []string{"two sites active/active"}, names(o))
	}

	o.Losses = []strategy.Loss{{Sites: 3}}
	require.Empty(t, names(o))
}

// N servers at utilization u survive the loss of k iff u ≤ (N−k)/N: of n+s servers for n, those of any s, and of no more.
func TestSpareSurvivesAsMany(t *testing.T) {
	for n := 1; n <= 12; n++ {
		for s := 0; s <= 4; s++ {
			o := strategy.Options{Layouts: []strategy.Layout{{Name: "x", Spare: s}}}
			for k := 0; k <= n+s; k++ {
				o.Losses = append(o.Losses, strategy.Loss{Servers: k})
			}
			r := compare(t, fleet(float64(n)*7, 7, topology.Overload{}), o).Rows[0]
			for k, f := range r.Fates {
				u := float64(n) / float64(n+s)
				require.Equal(t, k <= s, f.Verdict == cascade.Holds, "%d of %d+%d", k, n, s)
				require.Equal(t, u <= float64(n+s-k)/float64(n+s), f.Verdict == cascade.Holds)
			}
		}
	}
}

// N at, just below and just above a whole number of servers; what sums round is no server.
func TestLeastServers(t *testing.T) {
	for _, c := range []struct {
		demand, capacity float64
		n                int
	}{
		{800, 100, 8}, {math.Nextafter(800, 0), 100, 8}, {800.001, 100, 9}, {799.999, 100, 8}, {.3, .1, 3}, {.7, .1, 7},
		{1, 100, 1}, {100, 100, 1}, {1e-50, 100, 1},
	} {
		require.Equal(t, c.n, compare(t, fleet(c.demand, c.capacity, topology.Overload{}), strategy.Options{}).N, c)
	}
}

// The availability of k of n, by the binomial sum in fractions: 2/3 at .99 is .999702, 3/4 .999408, 95/100 .9994655, and 70/100
// at .75 .896213. Servers that trip serve all or nothing.
func TestKOfN(t *testing.T) {
	for _, c := range []struct {
		k, n    int
		q, want float64
	}{{2, 3, .01, .999702}, {3, 4, .01, .999408}, {95, 100, .01, .9994655}, {70, 100, .25, .896213}} {
		r := compare(t, fleet(float64(c.k), 1, topology.Overload{}), strategy.Options{
			Server: strategy.Part{Failing: topology.Failing{Unavailability: c.q}}, Layouts: []strategy.Layout{{Name: "x", Spare: c.n - c.k}},
		}).Rows[0]
		require.InDelta(t, c.want, r.Expected.Served, 5e-7)
		require.InDelta(t, 1-c.want, r.Expected.Short, 5e-7)
		require.Equal(t, cascade.Exact, r.Expected.Certainty)
	}
	// Three sites at 2/3 of which two are enough are 2/3 as well.
	r := compare(t, fleet(100, 1, topology.Overload{}), strategy.Options{
		Site: strategy.Part{Failing: topology.Failing{Unavailability: .01}}, Layouts: []strategy.Layout{{Name: "x", Sites: 3, Enough: 2}},
	}).Rows[0]
	require.InDelta(t, .999702, r.Expected.Served, 5e-7)
}

// Of two sites that are each away one time in 1e8, both are 1 in 1e16: 1 − Served cannot tell, Lost does. Servers that shed
// serve what they can: of one of two servers half, so q of each is q of the whole: the mean of 1 − X/2 is q.
func TestLostIsExact(t *testing.T) {
	o := strategy.Options{Site: strategy.Part{Failing: topology.Failing{Unavailability: 1e-8}}, Layouts: []strategy.Layout{{Name: "x", Sites: 2}}}
	e := compare(t, fleet(100, 1, topology.Overload{}), o).Rows[0].Expected
	require.InEpsilon(t, 1e-16, e.Lost, 1e-9)
	require.InEpsilon(t, 1e-16*525_960, e.Minutes(), 1e-9)

	o = strategy.Options{Server: strategy.Part{Failing: topology.Failing{Unavailability: .03}}, Layouts: []strategy.Layout{{Name: "N"}}}
	e = compare(t, fleet(200, 100, topology.Overload{Shed: true}), o).Rows[0].Expected
	require.InEpsilon(t, .03, e.Lost, 1e-12)
	require.InEpsilon(t, 1-.97*.97, e.Short, 1e-12)
}

// What sheds may degrade: of 80 servers of which one is lost 79/80 is served, enough for .98, not for .99.
func TestServe(t *testing.T) {
	o := strategy.Options{Serve: .98, Layouts: []strategy.Layout{{Name: "N"}}, Losses: []strategy.Loss{{Servers: 1}, {Servers: 2}}}
	table := compare(t, fleet(8_000, 100, topology.Overload{Shed: true}), o)
	require.Equal(t, []cascade.Verdict{cascade.Degrades, cascade.Collapses}, verdicts(table.Rows[0]))
	require.Equal(t, 1, table.Rows[0].Survived)
	require.Contains(t, table.String(), "in the end 98 % is served")
}

// A loss of more than there are takes all there are, and a loss may come on a busy day.
func TestLosses(t *testing.T) {
	o := strategy.Options{
		Layouts: []strategy.Layout{{Name: "N+1", Spare: 1}, {Name: "four sites", Sites: 4, Enough: 2}},
		Losses:  []strategy.Loss{{Sites: 2}, {Load: 1.5}, {Servers: 1, Load: 1.1}, {}},
	}
	table := compare(t, fleet(8_000, 100, topology.Overload{}), o)
	const h, c = cascade.Holds, cascade.Collapses
	require.Equal(t, []cascade.Verdict{c, c, c, h}, verdicts(table.Rows[0]))
	require.Equal(t, []cascade.Verdict{h, h, h, h}, verdicts(table.Rows[1])) // 160 servers carry twice as much
	for _, head := range []string{"2 × site", "nothing lost at 150 %", "server at 110 %"} {
		require.Contains(t, table.String(), head)
	}
	require.Equal(t, "any 2 of site", table.Rows[1].Fates[0].Family.String())
	require.Equal(t, "load 1.5", table.Rows[0].Fates[1].Worst.String())
}

// Of twenty servers and three feeds in so many ways that a sample has to do, what the worst does is known all the same: of 26
// feeds with 2 servers each, 24 carry all. Two feeds hold; with a server besides it depends on where that stands.
func TestManyWays(t *testing.T) {
	o := strategy.Options{
		Layouts: []strategy.Layout{{Name: "x", Feeds: 26, Enough: 24}},
		Losses:  []strategy.Loss{{Servers: 4}, {Servers: 20}, {Feeds: 2}, {Feeds: 2, Servers: 1}, {Servers: 5}},
	}
	r := compare(t, fleet(48, 1, topology.Overload{}), o).Rows[0]
	const h, c = cascade.Holds, cascade.Collapses
	require.Equal(t, []cascade.Verdict{h, c, h, c, c}, verdicts(r))
	require.Equal(t, cascade.Sampled, r.Fates[1].Certainty)
	require.Equal(t, int64(100_000), r.Fates[1].Looked.Int64())
	require.Equal(t, topology.Names{"feed-1-a", "feed-1-b", "server-1-c-[1-1]"}, r.Fates[3].Worst.Lose)
}

// What is written of tiny and of total losses, and of small differences.
func TestText(t *testing.T) {
	text := func(demand, q float64) string {
		o := strategy.Options{Site: strategy.Part{Failing: topology.Failing{Unavailability: q}}, Layouts: []strategy.Layout{{Name: "x", Sites: 2}, {Name: "y", Spare: 1}}}
		return compare(t, fleet(demand, 1, topology.Overload{}), o).String()
	}
	require.Regexp(t, "x .* 99.9999 %  +0.526 min\n", text(10, 1e-3))
	require.Regexp(t, "x .* more than 99.9999999999 %  +under 0.001 min\n", text(10, 1e-9))
	require.Regexp(t, "x .* 0 %  +526,000 min\n", text(10, 1))
	require.Regexp(t, "x .* 75.0 %  +131,000 min\n", text(10, .5))
	require.Regexp(t, "y .* 2,001  +\\+0.05 % ", text(2000, .5))
}

// The fleet of a row is a topology like any other.
func TestFleetOfRow(t *testing.T) {
	for _, r := range compare(t, fleet(750, 100, topology.Overload{}), strategy.Options{}).Rows {
		f, err := topology.New(r.Fleet)
		require.NoError(t, err)
		servers, err := f.Select("server")
		require.NoError(t, err)
		require.Len(t, servers, r.Servers)
		o, err := cascade.Run(f, cascade.Scenario{})
		require.NoError(t, err)
		require.Equal(t, cascade.Holds, o.Verdict)
		require.InDelta(t, r.Busy, o.Rounds[0].Use, 1e-12)
	}
}

// JSON keeps everything.
func TestJSON(t *testing.T) {
	o := strategy.Options{Site: strategy.Part{Price: 3, Failing: topology.Failing{Unavailability: .01}}}
	table := compare(t, fleet(750, 100, topology.Overload{}), o)
	data, err := json.Marshal(table)
	require.NoError(t, err)
	var back strategy.Table
	require.NoError(t, json.Unmarshal(data, &back))
	again, err := json.Marshal(back)
	require.NoError(t, err)
	require.JSONEq(t, string(data), string(again))
	require.Equal(t, table.String(), back.String())
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	table, err := strategy.Compare(ctx, fleet(8_000, 100, topology.Overload{}), strategy.Options{})
	require.ErrorIs(t, err, context.Canceled)
	require.NotNil(t, table)
	require.Empty(t, table.Rows)
	require.NotPanics(t, func() { _ = table.String() + fmt.Sprint(&strategy.Table{}) })
}

// A large fleet: 20,000 servers, 40,000 for 2N.
func TestLarge(t *testing.T) {
	o := strategy.Options{Server: strategy.Part{Failing: topology.Failing{Unavailability: 1e-3}}}
	table := compare(t, fleet(2e6, 100, topology.Overload{}), o)
	require.Equal(t, 40_000, table.Rows[3].Servers)
	require.Equal(t, []cascade.Verdict{cascade.Holds, cascade.Holds, cascade.Holds, cascade.Collapses, cascade.Collapses}, verdicts(table.Rows[3]))
	require.InEpsilon(t, 1-math.Pow(.999, 20_000), table.Rows[0].Expected.Lost, 1e-9)
	require.Less(t, table.Rows[3].Expected.Lost, 1e-300)
}
