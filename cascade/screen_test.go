package cascade_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// likeFleet is a few kinds of interchangeable servers that draw on, or need, boards of bounded capacity. Names of servers
// overlap in the patterns of likeGroups.
func likeFleet(r *rand.Rand) (topology.Spec, *topology.Topology) {
	for {
		board := topology.Component{Name: "b-[1-3]", Kind: "board", Failing: topology.Failing{Unavailability: .01}}
		if r.IntN(2) == 0 {
			board.Capacity = float64(10 + r.IntN(40))
		}
		spec := topology.Spec{Components: []topology.Component{board}}
		for i, from := range []int{1, 4, 6} {
			spec.Components = append(spec.Components, likeServers(r, i+1, from, from+2-i))
		}
		spec.Components = append(spec.Components, topology.Component{
			Name: "users", Demand: float64(20 + r.IntN(60)), Supplies: []topology.Supply{{Members: topology.Names{"server"}}},
		})
		if r.IntN(3) == 0 {
			spec.Components[4].Supplies[0].Need = 1 + r.IntN(3)
		}
		if t, err := topology.New(spec); err == nil {
			return spec, t
		}
	}
}

func likeServers(r *rand.Rand, board, from, to int) topology.Component {
	c := topology.Component{
		Name: fmt.Sprintf("s-[%d-%d]", from, to), Kind: "server", Capacity: float64(5 * (1 + r.IntN(5))),
		Failing: topology.Failing{Unavailability: []float64{0, .1, .3, 1e-7, 1}[r.IntN(5)]},
	}
	if r.IntN(3) == 0 {
		c.Needs = topology.Names{fmt.Sprintf("b-%d", board)}
	} else {
		c.Supplies = []topology.Supply{{Members: topology.Names{fmt.Sprintf("b-%d", board)}, Base: float64(r.IntN(3)), PerUnit: 1}}
	}
	if r.IntN(4) == 0 {
		c.Overload.Shed = true
	}
	return c
}

var likeGroups = map[string][]string{
	"board":  {"b-1", "b-2", "b-3"},
	"server": {"s-1", "s-2", "s-3", "s-4", "s-5", "s-6"}, "s-[2-5]": {"s-2", "s-3", "s-4", "s-5"},
}

// A slowScreening is what becomes of each scenario of a family by definition, in order.
type slowScreening struct {
	scenarios []cascade.Scenario
	ends      []cascade.End
	unasked   []bool
}

func slowly(t *testing.T, fleet *topology.Topology, f cascade.Family) (slow slowScreening) {
	t.Helper()
	scenarios, err := f.All(fleet)
	require.NoError(t, err)
	for s := range scenarios {
		p := newPlot(fleet, s).plain()
		slow.scenarios = append(slow.scenarios, s)
		slow.ends = append(slow.ends, p.end())
		slow.unasked = append(slow.unasked, len(p.served()) == 0)
	}
	return slow
}

// A tallied is counts, in a form that a failing test prints well.
type tallied struct {
	Scenarios, Holding, Failing, Degrading, Collapsing, Unasked string
	Left                                                        string
}

func (slow slowScreening) tally() tallied {
	n, up := map[cascade.Verdict]int{}, map[int]int{}
	unasked := 0
	for i, end := range slow.ends {
		n[end.Verdict]++
		up[end.Up]++
		if slow.unasked[i] && end.Verdict == cascade.Holds {
			unasked++
		}
	}
	var left []string
	for u := range 1000 {
		if up[u] > 0 {
			left = append(left, fmt.Sprintf("%d:%d", u, up[u]))
		}
	}
	return tallied{
		fmt.Sprint(len(slow.ends)), fmt.Sprint(n[cascade.Holds]), fmt.Sprint(n[cascade.Degrades] + n[cascade.Collapses]),
		fmt.Sprint(n[cascade.Degrades]), fmt.Sprint(n[cascade.Collapses]), fmt.Sprint(unasked), strings.Join(left, " "),
	}
}

func tally(s *cascade.Screening) tallied {
	var left []string
	for _, bin := range s.Left {
		left = append(left, fmt.Sprintf("%d:%v", bin.Up, bin.Count))
	}
	return tallied{
		fmt.Sprint(s.Scenarios), fmt.Sprint(s.Holding), fmt.Sprint(s.Failing), fmt.Sprint(s.Degrading), fmt.Sprint(s.Collapsing),
		fmt.Sprint(s.Unasked), strings.Join(left, " "),
	}
}

func screen(t testing.TB, fleet *topology.Topology, f cascade.Family, o cascade.Options) *cascade.Screening {
	t.Helper()
	s, err := cascade.Screen(context.Background(), fleet, f, o)
	require.NoError(t, err)
	return s
}

// All that is counted is what a loop over all scenarios counts, whatever is interchangeable, or chosen twice.
func TestScreenCountsLikeALoop(t *testing.T) {
	verdicts, fewer := map[cascade.Verdict]int{}, 0
	for seed := range uint64(cases(400)) {
		r := rand.New(rand.NewPCG(seed, 7))
		spec, fleet := likeFleet(r)
		f, name, sets := randomSets(r, likeGroups, false)
		if len(sets) > 400 {
			continue
		}
		if r.IntN(3) == 0 {
			f = cascade.Product(f, cascade.Only(cascade.Scenario{Load: .8, Drain: topology.Names{"s-1"}, Lose: topology.Names{"s-2"}}))
		}
		where := func() string { return name + " of " + text(t, seed, spec) }
		got, slow := screen(t, fleet, f, cascade.Options{Workers: 1 + r.IntN(3), Worst: 4}), slowly(t, fleet, f)
		require.Equal(t, slow.tally(), tally(got), where())
		require.Equal(t, cascade.Exact, got.Certainty)
		compareWorst(t, slow, got, where)
		for _, end := range slow.ends {
			verdicts[end.Verdict]++
		}
		if got.Run < int64(len(slow.ends)) {
			fewer++
		}
		holds := screen(t, fleet, f, cascade.Options{OnlyHolds: true})
		require.Equal(t, got.Holding, holds.Holding)
		require.Equal(t, got.Failing, holds.Failing)
		require.Equal(t, got.Unasked, holds.Unasked)
		require.Nil(t, holds.Collapsing)
		require.Equal(t, got.Fail, holds.Fail)
	}
	if testing.Short() {
		return
	}
	require.Greater(t, min(verdicts[cascade.Holds], verdicts[cascade.Degrades], verdicts[cascade.Collapses]), cases(400))
	require.Greater(t, fewer, cases(100))
}

// compareWorst holds the worst cases, each as often as it is alike, against the worst of all scenarios.
func compareWorst(t *testing.T, slow slowScreening, got *cascade.Screening, where func() string) {
	t.Helper()
	var failing []cascade.End
	for _, end := range slow.ends {
		if end.Verdict != cascade.Holds {
			failing = append(failing, end)
		}
	}
	slices.SortStableFunc(failing, func(a, b cascade.End) int {
		return cmp.Or(cmp.Compare(rounded(a.Served), rounded(b.Served)), cmp.Compare(a.Up, b.Up))
	})
	for _, c := range got.Worst {
		alike := int64(1)
		if c.Alike != nil {
			alike = c.Alike.Int64()
		}
		for range alike {
			require.InDelta(t, failing[0].Served, c.Served, 1e-9, where())
			require.Equal(t, failing[0].Up, c.Up, where())
			require.Equal(t, failing[0].Verdict, c.Verdict, where())
			failing = failing[1:]
		}
	}
	if len(got.Worst) < 4 {
		require.Empty(t, failing, where())
	}
}

// rounded is to a billionth or so: halves of it are no simple fractions.
func rounded(served float64) float64 { return math.Floor(served*1e9 + .6180339887498949) }

// Who asks for nothing is not said to hold where something else is overloaded.
func TestUnaskedIsOfThoseThatHold(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		{Name: "s-[1-2]", Kind: "server", Capacity: 1, Supplies: []topology.Supply{{Members: topology.Names{"ups"}, Base: 5}}},
		{Name: "u-[1-2]", Kind: "ups", Capacity: 8},
	}}))
	f := cascade.Only(cascade.Lose("users"), cascade.Lose("users", "u-1")) // one UPS is not enough for the servers alone
	s := screen(t, fleet, f, cascade.Options{})
	require.Equal(t, "1 1 1", fmt.Sprint(s.Holding, s.Degrading, s.Unasked))
}

// The worst are told as scenarios, which end as told.
func TestWorstIsReplayed(t *testing.T) {
	for seed := range uint64(cases(100)) {
		r := rand.New(rand.NewPCG(seed, 8))
		spec, fleet := likeFleet(r)
		f, name, sets := randomSets(r, likeGroups, false)
		if len(sets) > 1000 {
			continue
		}
		s := screen(t, fleet, f, cascade.Options{})
		for _, c := range slices.Concat(s.Worst, s.Minimal) {
			end := newPlot(fleet, c.Scenario).plain().end()
			require.InDelta(t, end.Served, c.Served, 1e-9, "%s of %s", name, text(t, seed, spec))
			require.Equal(t, end, cascade.End{Verdict: c.Verdict, Served: end.Served, Up: c.Up})
		}
	}
}

// boards is one hundred like servers on boards of 30, 30, 20 and 20, each of which bears so many of them.
func boards(demand float64, bears [4]float64) *topology.Topology {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: demand, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	for i, names := range []string{"s-[001-030]", "s-[031-060]", "s-[061-080]", "s-[081-100]"} {
		board := fmt.Sprintf("board-%d", i+1)
		spec.Components = append(spec.Components,
			topology.Component{Name: board, Kind: "board", Capacity: bears[i]},
			topology.Component{Name: names, Kind: "server", Capacity: 3, Supplies: []topology.Supply{{Members: topology.Names{board}, Base: .5, PerUnit: 1}}},
		)
	}
	return topology.Must(topology.New(spec))
}

// Each server carries demand/70, and its board that and a half for each server left on it.
func TestThirtyOfAHundredIsCountedExactly(t *testing.T) {
	all := new(big.Int).Binomial(100, 30)
	for _, c := range []struct {
		demand float64
		bears  [4]float64
	}{
		{70, [4]float64{33, 34.5, 22.5, 21}}, {100, [4]float64{44, 41, 29, 30}}, {140, [4]float64{60, 50, 35, 36}}, {210, [4]float64{70, 78, 50, 49}}, {211, [4]float64{99, 99, 99, 99}},
	} {
		load := c.demand / 70
		holding := new(big.Int)
		for a := range 31 {
			for b := range 31 - a {
				for d := max(0, 10-a-b); d <= min(20, 30-a-b); d++ {
					lost := [4]int{a, b, d, 30 - a - b - d}
					ways, fits := big.NewInt(1), load <= 3
					for i, size := range []int{30, 30, 20, 20} {
						ways.Mul(ways, new(big.Int).Binomial(int64(size), int64(lost[i])))
						fits = fits && float64(size-lost[i])*(load+.5) <= c.bears[i]*(1+1e-9)
					}
					if fits {
						holding.Add(holding, ways)
					}
				}
			}
		}
		begin := time.Now()
		s := screen(t, boards(c.demand, c.bears), cascade.Any(30, "server"), cascade.Options{})
		t.Logf("%v: %d holding of %d, in %v", c, s.Holding, all, time.Since(begin))
		require.Equal(t, int64(5016), s.Run)
		require.Equal(t, cascade.Exact, s.Certainty)
		require.Equal(t, all, s.Scenarios)
		require.Equal(t, holding.String(), s.Holding.String())
		require.Equal(t, all, new(big.Int).Add(s.Holding, s.Failing))
		fail, _ := new(big.Rat).SetFrac(s.Failing, all).Float64()
		require.Equal(t, cascade.Interval{Low: fail, High: fail}, s.Fail)
		random := screen(t, boards(c.demand, c.bears), cascade.Random(30, "server"), cascade.Options{})
		require.Equal(t, s.Fail, random.Fail)
		require.Equal(t, s.Left, random.Left)
	}
}
