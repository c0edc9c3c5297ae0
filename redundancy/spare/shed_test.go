package spare_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

func shed(t *testing.T, s topology.Spec, scenario cascade.Scenario) *spare.Shedding {
	top, err := topology.New(s)
	require.NoError(t, err)
	e, err := spare.Shed(ctx, top, scenario, nil)
	require.NoError(t, err)
	return e
}

func demand(amount float64) component {
	return component{Name: "users", Demand: amount, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}}
}

// 70 servers of 100 are left for 8,000: 7,000 can be served, 87.5 %.
func TestShedHundred(t *testing.T) {
	e := shed(t, hundred(), cascade.Lose("board-1"))
	require.Equal(t, cascade.Exact, e.Certainty)
	require.InDelta(t, .875, e.Admit[0].Fraction, 1e-12)
	require.InDelta(t, 1000, e.Lost, 1e-9)
	require.InDelta(t, .125, e.Stay, 1e-12)
	require.Empty(t, e.Drain)
	require.Empty(t, e.Off)
	require.Equal(t, `board-1: refuse 12.5 % of users, and the other 70 servers live (exact).
  chat-031 is at 100 of 100 requests/s then`, e.String())
}

// Nine of 10 and one of 1, a demand of 95: with all ten each takes 1, 10 in all, so 89.5 % is refused; without the weak
// one nine carry 90, and 5/95 = 5.3 % is.
func TestShedTakesTheWeakOut(t *testing.T) {
	s := topology.Spec{Components: []component{
		{Name: "s-1", Kind: "server", Capacity: 1}, {Name: "s-[2-10]", Kind: "server", Capacity: 10}, demand(95),
	}}
	e := shed(t, s, cascade.Scenario{})
	require.Equal(t, cascade.Exact, e.Certainty)
	require.InDelta(t, 85.0/95, e.Stay, 1e-12)
	require.InDelta(t, 90.0/95, e.Admit[0].Fraction, 1e-12)
	require.Equal(t, topology.Names{"s-1"}, e.Drain)
	require.Equal(t, "nothing lost: take s-1 out of rotation; refuse 5.263 % of users, and the other 9 servers live (exact); 89.47 % would have to be refused if every server stayed.\n  s-2 is at 10 of 10 then", e.String())
}

// pairs is 50 + 50 servers of 100, each drawing 100 W and 1 W for each unit of load from the two boards of its pair. At
// 8,000 a pair carries 50·100 + 4,000 = 9,000 W, a board 4,500 of 7,500 W: 60 %.
func pairs() topology.Spec {
	server := func(name, on string) component {
		return component{Name: name, Kind: "server", Capacity: 100, Unit: "requests/s",
			Supplies: []topology.Supply{{Members: topology.Names{on}, Base: 100, PerUnit: 1}}}
	}
	return topology.Spec{Components: []component{
		{Name: "board-[1,2][a,b]", Kind: "board", Capacity: 7500, Unit: "W"},
		server("s-[001-050]", "board-1[a,b]"), server("s-[051-100]", "board-2[a,b]"), demand(8000),
	}}
}

// One board of a pair is lost, and its twin at 9,000/7,500 = 120 %. If all stay, 50·100 + 50q ≤ 7,500 gives q = 50: of
// 8,000 5,000 can be served, 37.5 % is refused. With 11 of the pair switched off 89 are left at 8,000/89 = 89.9 each,
// and the board carries 39·(100 + 89.9) = 7,406 W, 98.7 %: nothing is refused. With 40 of them it would be
// 40·(100 + 8,000/90) = 7,556 W.
func TestSwitchingOffCostsNobodyAnything(t *testing.T) {
	e := shed(t, pairs(), cascade.Lose("board-1a"))
	require.Equal(t, cascade.Exact, e.Certainty)
	require.InDelta(t, .375, e.Stay, 1e-12)
	require.Equal(t, 1.0, e.Admit[0].Fraction)
	require.Zero(t, e.Lost)
	require.Equal(t, topology.Names{"s-[040-050]"}, e.Off)
	require.Empty(t, e.Drain)
	require.Equal(t, "board-1a: switch off s-[040-050], and the other 89 servers live (exact); 37.5 % would have to be refused if every server stayed.", e.String())
}

// every tries each of on, out and off for every server that a scenario leaves in rotation, and of or off for each that
// it leaves out of it: the largest fraction, with it the most in rotation, with these the fewest off.
func every(t *testing.T, top *topology.Topology, s cascade.Scenario) (fraction float64, on, off int) {
	closure, users := top.Closure(), topology.ID(top.Len()-1)
	lose, _ := top.Select(s.Lose...)
	drain, _ := top.Select(s.Drain...)
	closure.Fail(lose...)
	idle := map[topology.ID]bool{}
	for _, id := range drain {
		idle[id] = true
	}
	var left []topology.ID
	for id := range topology.ID(top.Len()) {
		if top.Kind(id) == "server" && !closure.Down(id) {
			left = append(left, id)
		}
	}
	fraction = -1
	do := make([]int, len(left))
	for {
		try := cascade.Scenario{Lose: slices.Clone(s.Lose), Drain: slices.Clone(s.Drain), Load: s.Load}
		ons, offs := 0, 0
		for i, id := range left {
			switch {
			case do[i] == 2:
				try.Lose = append(try.Lose, top.Name(id))
				offs++
			case do[i] == 1:
				try.Drain = append(try.Drain, top.Name(id))
			case !idle[id]:
				ons++
			}
		}
		o, err := cascade.Run(top, try)
		require.NoError(t, err)
		f := min(1, o.Margin)
		if len(o.Failures) > 0 && slices.ContainsFunc(o.Failures, func(f cascade.Failure) bool { return f.Component == top.Name(users) && f.Round == 0 }) {
			f = 0
		}
		if f > fraction+1e-8 || f > fraction-1e-8 && (ons > on || ons == on && offs < off) {
			fraction, on, off = max(f, fraction), ons, offs
		}
		i := 0
		for i < len(do) && (do[i] == 2) {
			do[i] = 0
			i++
		}
		if i == len(do) {
			return fraction, on, off
		}
		if do[i]++; do[i] == 1 && idle[left[i]] {
			do[i]++
		}
	}
}

func TestShedEqualsEveryWay(t *testing.T) {
	count := map[string]int{}
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 31))
		s := random(r)
		if ups := &s.Components[len(s.Components)-2]; r.IntN(2) == 0 {
			ups.Capacity = 0
		}
		top, err := topology.New(s)
		if err != nil {
			continue
		}
		scenario := cascade.Scenario{Load: 1 + r.Float64()}
		for id := range topology.ID(top.Len() - 2) {
			if r.IntN(6) == 0 {
				scenario.Lose = append(scenario.Lose, top.Name(id))
			} else if top.Kind(id) == "server" && r.IntN(8) == 0 {
				scenario.Drain = append(scenario.Drain, top.Name(id))
			}
		}
		e, err := spare.Shed(ctx, top, scenario, map[string]float64{"users": 2})
		require.NoError(t, err)
		about := fmt.Sprintf("seed %d: %v", seed, e)
		require.Equal(t, cascade.Exact, e.Certainty, about)
		fraction, on, off := every(t, top, scenario)
		require.InDelta(t, fraction, e.Admit[0].Fraction, 1e-8, about)
		require.InDelta(t, (1-fraction)*2*scenario.Load*top.Demand(topology.ID(top.Len()-1)), e.Lost, 1e-4, about)
		if fraction == 0 {
			count["nothing"]++
			continue
		}
		count["some"]++
		out, _ := top.Select(e.Drain...)
		switched, _ := top.Select(e.Off...)
		require.Len(t, switched, off, about)
		stays := 0
		st, _ := cascade.Run(top, scenario)
		lost := map[string]bool{}
		for _, f := range st.Failures {
			lost[f.Component] = lost[f.Component] || f.Round == 0
		}
		for id := range topology.ID(top.Len()) {
			name := top.Name(id)
			if top.Kind(id) == "server" && !lost[name] && !slices.Contains(scenario.Drain, name) && !slices.Contains(out, id) && !slices.Contains(switched, id) {
				stays++
			}
		}
		require.Equal(t, on, stays, about)
		if off > 0 {
			count["off"]++
		}
		if len(out) > 0 {
			count["out"]++
		}
	}
	t.Log(count)
	require.Greater(t, count["off"], 15)
	require.Greater(t, count["out"], 50)
	require.Greater(t, count["nothing"], 20)
}

func BenchmarkShed(b *testing.B) {
	for _, pairs := range []int{2, 10, 40} {
		b.Run(fmt.Sprintf("%dboards/%dservers", 2*pairs, 50*pairs), func(b *testing.B) {
			var s topology.Spec
			for i := range pairs {
				s.Components = append(s.Components, component{Name: fmt.Sprintf("board-%d[a,b]", i), Capacity: 7500},
					component{Name: fmt.Sprintf("s-%d-[1-50]", i), Kind: "server", Capacity: 81, Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("board-%d[a,b]", i)}, Base: 100, PerUnit: 1}}})
			}
			s.Components = append(s.Components, demand(4000*float64(pairs)))
			top := topology.Must(topology.New(s))
			for b.Loop() {
				if e, err := spare.Shed(ctx, top, cascade.Lose("board-0a", "board-1b"), nil); err != nil || e.Certainty != cascade.Exact && e.Certainty != cascade.Proven {
					b.Fatal(e, err)
				}
			}
		})
	}
}

// Two ways refuse 2 of 12: three servers on board b-1 that carry 3.33 each (3·(2 + 3.33/2) = 11), or these and two on b-2 that
// carry 2 each (2·(2 + 2/2) = 6) with the third switched off. The second keeps more in rotation.
func TestShedKeepsTheMostServers(t *testing.T) {
	on := func(board string) []topology.Supply {
		return []topology.Supply{{Members: topology.Names{board}, Base: 2, PerUnit: .5}}
	}
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "b-1", Kind: "board", Capacity: 11}, {Name: "b-2", Kind: "board", Capacity: 6},
		{Name: "s-1", Kind: "s", Capacity: 5, Supplies: on("b-1")}, {Name: "s-2", Kind: "s", Capacity: 2, Supplies: on("b-2")},
		{Name: "s-[3-4]", Kind: "s", Capacity: 5, Supplies: on("b-1")}, {Name: "s-[5-6]", Kind: "s", Capacity: 2, Supplies: on("b-2")},
		{Name: "users", Demand: 12, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}},
	}}))
	e, err := spare.Shed(t.Context(), fleet, cascade.Scenario{}, nil)
	require.NoError(t, err)
	require.InDelta(t, 2, e.Lost, 1e-6)
	require.Equal(t, 5, e.Live)
	require.Len(t, e.Off, 1)
}
