package risk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// The component that stands for a need must not be called as a kind is.
func TestTopBesideKinds(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "db-[1-3]", Kind: "top", Failing: topology.Failing{Unavailability: .1}}, {Name: "x", Kind: "top'"}}}))
	a, err := Analyze(t.Context(), f, "2 of db-[1-3]", Options{})
	require.NoError(t, err)
	near(t, 3*.01*.9+.001, a.Unavailability.High)
}

// What is always down has no nines, and what is never down no chance: neither is written -0.
func TestNoNegativeZero(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "dead", Failing: topology.Failing{Unavailability: 1}}, {Name: "sound"}}}))
	a, err := Analyze(t.Context(), f, "dead", Options{})
	require.NoError(t, err)
	require.Contains(t, a.String(), "1: 0 nines")
	a, err = Analyze(t.Context(), f, "1 of sound", Options{})
	require.NoError(t, err)
	require.False(t, math.Signbit(a.MinCut))
}

// Of 500 pools of 20 servers one is enough, and each needs all of its servers: 21^500 groups, pools themselves counted, and the top by itself.
func TestAnalyzeOfVeryManyGroups(t *testing.T) {
	var spec topology.Spec
	for i := range 500 {
		spec.Components = append(spec.Components,
			topology.Component{Name: fmt.Sprintf("s-%d-[1-20]", i), Failing: topology.Failing{Unavailability: .9}},
			topology.Component{Name: fmt.Sprintf("pool-%d", i), Needs: topology.Names{fmt.Sprintf("s-%d-[1-20]", i)}})
	}
	spec.Components = append(spec.Components, topology.Component{Name: "top", Needs: topology.Names{"1 of pool-[0-499]"}})
	a, err := Analyze(t.Context(), topology.Must(topology.New(spec)), "top", Options{})
	require.NoError(t, err)
	require.Contains(t, a.String(), "top goes down, by needs alone, with 1 group of 1 and some 10^661 of 500.")
	_, err = json.Marshal(a)
	require.NoError(t, err)

	began := time.Now()
	var last []string // of the servers of the last pool, in the first groups
	for g := range a.Groups() {
		if len(g.Components) == 500 {
			require.Equal(t, "s-0-1", g.Components[0])
			last = append(last, g.Components[499])
		}
		if len(last) == 22 {
			break
		}
	}
	require.Equal(t, []string{"s-499-1", "s-499-2", "s-499-3"}, last[:3])
	require.Equal(t, []string{"pool-499", "s-499-1"}, last[20:])
	require.Less(t, time.Since(began), 10*time.Second) // it takes one, on a machine that does nothing else
}

// Racks with two of sixty boards each, at random: the groups are few, and the diagram of the probability is large. There is an end
// to asking for larger groups.
func TestNodesForAllGroupsOnly(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	spec := topology.Spec{Components: []topology.Component{{Name: "board-[00-59]", Failing: topology.Failing{Unavailability: .001}}}}
	pairs := map[string]bool{}
	for i := range 90 {
		x := r.IntN(60)
		y := (x + 1 + r.IntN(59)) % 60
		pairs[fmt.Sprint(min(x, y), max(x, y))] = true
		spec.Components = append(spec.Components, topology.Component{Name: fmt.Sprintf("rack-%02d", i), Needs: topology.Names{fmt.Sprintf("1 of board-[%02d,%02d]", x, y)}})
	}
	spec.Components = append(spec.Components, topology.Component{Name: "fleet", Needs: topology.Names{"rack-[00-89]"}})
	f := topology.Must(topology.New(spec))
	o := Options{Failing: topology.Names{"board-[00-59]"}}
	exact, err := Analyze(t.Context(), f, "fleet", o)
	require.NoError(t, err)
	require.Equal(t, cascade.Exact, exact.Certainty)
	o.Nodes = 500
	a, err := Analyze(t.Context(), f, "fleet", o)
	require.NoError(t, err)
	require.Equal(t, cascade.Bounded, a.Certainty)
	require.Zero(t, a.UpTo, "all are told")
	require.Equal(t, fmt.Sprintf("[0 0 %d]", len(pairs)), fmt.Sprint(a.Count))
	require.LessOrEqual(t, a.Unavailability.Low, exact.Unavailability.Low)
	require.GreaterOrEqual(t, a.Unavailability.High, exact.Unavailability.High)
	require.LessOrEqual(t, a.Unavailability.High, a.MinCut)
	require.GreaterOrEqual(t, a.Unavailability.Low, a.Likeliest(1)[0].Probability)
}

// What depends on nothing that may fail is never down, which is not the same as not determined.
func TestNothingInReach(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "dns", Needs: topology.Names{"zone-a"}}, {Name: "zone-[a-b]"}}}))
	a, err := Analyze(t.Context(), f, "dns", Options{Failing: topology.Names{"zone-b"}})
	require.NoError(t, err)
	require.Equal(t, "dns goes down, by needs alone, with no failure of what may fail.", a.String())
	require.Equal(t, cascade.Exact, a.Certainty)
	a, err = Analyze(t.Context(), f, "dns", Options{})
	require.NoError(t, err)
	require.Contains(t, a.String(), "not determined")
}

// What has an MTBF decides nothing, one of the others being down always: a difference of equal probabilities, worked out in two
// ways, is no outage once in so many million million years.
func TestRoundingIsNoOutage(t *testing.T) {
	timed := topology.Failing{MTBF: 500 * time.Hour, MTTR: 10 * time.Hour}
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "top", Needs: topology.Names{"2 of m-[1-3]"}},
		{Name: "m-1", Needs: topology.Names{"5 of c-[2-4,6-8]"}},
		{Name: "m-2", Needs: topology.Names{"1 of c-[5,6]"}},
		{Name: "m-3", Needs: topology.Names{"1 of c-[3,5]"}},
		{Name: "c-2", Failing: timed}, {Name: "c-3"},
		{Name: "c-4", Failing: topology.Failing{MTBF: 400 * time.Hour, MTTR: 20 * time.Hour}}, {Name: "c-8"},
		{Name: "c-5", Failing: topology.Failing{Unavailability: .1}},
		{Name: "c-6", Failing: topology.Failing{Unavailability: .1}},
		{Name: "c-7", Failing: topology.Failing{Unavailability: 1}},
	}}))
	a, err := Analyze(t.Context(), f, "top", Options{Failing: topology.Names{"c-[2-8]"}})
	require.NoError(t, err)
	near(t, .01, a.Unavailability.High)
	require.Zero(t, a.Frequency)
	require.Zero(t, a.Lasts)
	for _, i := range a.Importance() {
		require.GreaterOrEqual(t, i.Birnbaum, 0.0)
		require.False(t, math.Signbit(i.Criticality))
	}
}

// Groups that are equally likely come in order of declaration, whatever the diagrams look like.
func TestLikeliestInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 300 {
		spec := topology.Spec{Components: random(r)}
		for i := range spec.Components {
			spec.Components[i].Failing.Unavailability = []float64{.1, .3}[r.IntN(2)]
		}
		f, err := topology.New(spec)
		if err != nil {
			continue
		}
		a, err := Analyze(t.Context(), f, f.Name(topology.ID(r.IntN(f.Len()))), Options{})
		require.NoError(t, err)
		want := slices.Collect(a.Groups())
		place := func(g Group) []int {
			var ids []int
			for _, name := range g.Components {
				id, _ := f.Lookup(name)
				ids = append(ids, int(id))
			}
			return ids
		}
		slices.SortFunc(want, func(x, y Group) int {
			if math.Abs(x.Probability-y.Probability) > 1e-9*x.Probability {
				return cmp.Compare(y.Probability, x.Probability)
			}
			return slices.Compare(place(x), place(y))
		})
		for _, n := range []int{len(want), 1, 2} {
			got := a.Likeliest(n)
			require.Len(t, got, min(n, len(want)))
			for i, g := range got {
				require.Equal(t, want[i].Components, g.Components)
			}
		}
	}
}

// A pool of four thousand, on boards in turn: what is told of it is what binomials say.
func TestAnalyzePools(t *testing.T) {
	const n, boards = 4000, 200
	spec := topology.Spec{Components: []topology.Component{{Name: fmt.Sprintf("board-[000-%d]", boards-1), Failing: topology.Failing{Unavailability: 1e-4}}}}
	for i := range n {
		server := needs(fmt.Sprintf("server-%04d", i), fmt.Sprintf("board-%03d", i%boards))
		server.Failing.Unavailability = 1e-3
		spec.Components = append(spec.Components, server)
	}
	a, err := Analyze(t.Context(), topology.Must(topology.New(spec)), "3960 of server-[0000-3999]", Options{})
	require.NoError(t, err)
	require.Equal(t, cascade.Exact, a.Certainty)
	require.Zero(t, a.UpTo)
	// Three boards, or two and a server elsewhere; 41 servers.
	require.Equal(t, int64(200*199*198/6+200*199/2*(n-40)), a.Count[3].Int64())
	require.Zero(t, a.Count[41].Cmp(new(big.Int).Binomial(n, 41)))
	require.Equal(t, []string{"board-000", "board-001", "server-0002"}, a.Likeliest(1)[0].Components)
	want := 0.0 // by the number of boards that are lost
	for lost := range 20 {
		want += binomial(boards, lost, 1e-4) * tail(n-20*lost, 41-20*lost, 1e-3)
	}
	require.InEpsilon(t, want, a.Unavailability.High, 1e-6)
}

// Where the nodes do not suffice for the groups, the unavailability is exact all the same.
func TestAnalyzeExactWithoutGroups(t *testing.T) {
	f := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s-[01-30]", Failing: topology.Failing{Unavailability: .1}}}}))
	a, err := Analyze(t.Context(), f, "20 of s-[01-30]", Options{Nodes: 100})
	require.NoError(t, err)
	require.Equal(t, cascade.Exact, a.Certainty)
	require.Equal(t, 10, a.UpTo)
	require.Empty(t, a.Count)
	require.InEpsilon(t, tail(30, 11, .1), a.Unavailability.High, 1e-12)
	require.Len(t, a.Importance(), 30)
	require.Zero(t, a.Importance()[0].FussellVesely)
	require.NotContains(t, a.String(), "NaN")

	a, err = Analyze(t.Context(), f, "20 of s-[01-30]", Options{Size: 11})
	require.NoError(t, err)
	require.Zero(t, a.UpTo)
	a, err = Analyze(t.Context(), f, "20 of s-[01-30]", Options{Size: 10})
	require.NoError(t, err)
	require.Equal(t, 10, a.UpTo)
}

// binomial is the probability of k of n.
func binomial(n, k int, q float64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return math.Exp(a - b - c + float64(k)*math.Log(q) + float64(n-k)*math.Log1p(-q))
}

// tail is the probability of k or more of n.
func tail(n, k int, q float64) float64 {
	if k <= 0 {
		return 1
	}
	sum := 0.0
	for i := k; i <= min(n, k+200); i++ {
		sum += binomial(n, i, q)
	}
	return sum
}

// A larger one, and one with feeds from two sides: exact, or between bounds, with the small groups; and left at once when that is asked.
func TestAnalyzeLargePools(t *testing.T) {
	f := hall(t, 150)
	spec := f.Spec()
	for i := range spec.Components {
		if spec.Components[i].Demand == 0 {
			spec.Components[i].Failing.Unavailability = 1e-4
		}
	}
	f, err := topology.New(spec)
	require.NoError(t, err)
	var last cascade.Progress
	a, err := Analyze(t.Context(), f, "users", Options{Progress: func(p cascade.Progress) {
		require.GreaterOrEqual(t, p.Done, last.Done)
		require.LessOrEqual(t, p.Done, p.Total)
		last = p
	}})
	require.NoError(t, err)
	require.Equal(t, last.Total, last.Done)
	require.GreaterOrEqual(t, a.UpTo, 2)
	require.InEpsilon(t, a.Unavailability.Low, a.Unavailability.High, 1e-4)
	points, err := Scan(t.Context(), f, topology.Names{"users"}, Options{})
	require.NoError(t, err)
	var want, got [][]string
	for _, p := range points {
		want = append(want, p.Group)
	}
	for g := range a.Groups() {
		if len(g.Components) <= 2 {
			got = append(got, g.Components)
		}
	}
	require.ElementsMatch(t, want, got)

	for _, after := range []time.Duration{0, 20 * time.Millisecond, 300 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		began := time.Now()
		_, err := Analyze(ctx, f, "users", Options{})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Less(t, time.Since(began), after+2*time.Second) // on a machine that does other work
		cancel()
	}
}
