package tipping

import (
	"context"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

var fleets = flag.Int("fleets", 1, "how many times as many random fleets to try")

// cases is how many random fleets a test tries.
func cases(n int) int { return n * *fleets }

// randomLayers is a few front ends that draw on a few back ends, all on boards, with everything that shares, sheds and needs
// can make of them.
func randomLayers(r *rand.Rand) topology.Spec {
	var s topology.Spec
	add := func(c topology.Component) { s.Components = append(s.Components, c) }
	plain := r.IntN(2) == 0 // then cascade.Monotone is often true
	boards, fronts, backs := 1+r.IntN(3), 1+r.IntN(6), 1+r.IntN(5)
	for i := range boards {
		c := topology.Component{Name: fmt.Sprintf("board-%d", i), Kind: "board"}
		if r.IntN(3) == 0 {
			c.Capacity = float64(10 * (1 + r.IntN(8)))
		}
		add(c)
	}
	supply := func(members string, n int) topology.Supply {
		u := topology.Supply{Members: topology.Names{members}}
		if r.IntN(4) == 0 {
			u.Need = 1 + r.IntN(n)
		}
		split := topology.Names{fmt.Sprintf("%s-[0-%d]", members, n/2-1), fmt.Sprintf("%s-[%d-%d]", members, n/2, n-1)}
		if r.IntN(4) == 0 && n > 1 {
			u.Members = split
			switch r.IntN(3) {
			case 0:
				u.Share = topology.Tiered
			case 1:
				u.Share = topology.Waterfall
			case 2:
				u.Share, u.Weights = topology.Weighted, []float64{float64(r.IntN(3)), 1}
			}
			return u
		}
		if plain {
			return u
		}
		switch r.IntN(8) {
		case 0:
			u.Need, u.Optional = 0, true
		case 1:
			u.Share = topology.Proportional
		case 2:
			u.Base = float64(r.IntN(8))
		case 3:
			u.Share = topology.Each
		}
		return u
	}
	component := func(name, kind string) topology.Component {
		c := topology.Component{Name: name, Kind: kind, Capacity: float64(5 * (1 + r.IntN(4)))}
		if !plain && r.IntN(5) == 0 {
			c.Overload.Shed = true
		}
		board := fmt.Sprintf("board-%d", r.IntN(boards))
		switch r.IntN(4) {
		case 0:
			c.Needs = topology.Names{board}
		case 1:
			c.Supplies = append(c.Supplies, topology.Supply{Members: topology.Names{board}, PerUnit: 1})
		}
		return c
	}
	for i := range backs {
		add(component(fmt.Sprintf("db-%d", i), "db"))
	}
	for i := range fronts {
		c := component(fmt.Sprintf("web-%d", i), "web")
		if r.IntN(6) > 0 {
			c.Supplies = append(c.Supplies, supply("db", backs))
		}
		add(c)
	}
	add(topology.Component{Name: "users", Demand: float64(1 + r.IntN(10*fronts)), Supplies: []topology.Supply{supply("web", fronts)}})
	if r.IntN(4) == 0 {
		add(topology.Component{Name: "staff", Demand: float64(1 + r.IntN(10)), Supplies: []topology.Supply{supply("db", backs)}})
	}
	return s
}

// truth is what a look at every choice tells, by question.
type truth [2]struct {
	any, some int
	bad       []int64 // by number lost
}

func slowTruth(t *testing.T, top *topology.Topology, ids []topology.ID, serve float64) (all truth) {
	engine := cascade.NewEngine(top)
	for q := range all {
		all[q].some, all[q].bad = -1, make([]int64, len(ids)+1)
	}
	for set := range 1 << len(ids) {
		var lost []topology.ID
		for i, id := range ids {
			if set>>i&1 == 1 {
				lost = append(lost, id)
			}
		}
		o, err := cascade.Run(top, cascade.Scenario{Lose: top.Names(lost)})
		require.NoError(t, err)
		engine.Lose(lost...)
		well := [2]bool{o.Judge(1) == cascade.Holds, engine.End().Served >= serve-topology.Tolerance}
		engine.Undo()
		for q, w := range well {
			if w {
				all[q].some = max(all[q].some, len(lost))
			} else {
				all[q].bad[len(lost)]++
			}
		}
	}
	for q := range all {
		all[q].any = slices.IndexFunc(all[q].bad, func(n int64) bool { return n > 0 }) - 1
		if all[q].any == -2 {
			all[q].any = len(ids)
		}
	}
	return all
}

// ways are the ways in which a limit is found, each by itself.
func ways(f *finder, q question) map[string]func(*answer) error {
	ctx := context.Background()
	all := map[string]func(*answer) error{
		"count": func(a *answer) error { return a.count(ctx) },
		"told":  func(a *answer) error { err := f.tally(ctx, nil); a.told(); f.told = nil; return err },
	}
	if q == holding {
		all["classes"] = func(a *answer) error {
			f.steps = int(newCounts(split(f.t, f.alike(holding))).all()) - 1
			return a.count(ctx)
		}
	}
	if q == surviving && f.monotone() {
		all["search"] = func(a *answer) error { a.search(ctx); return nil }
	}
	err := error(nil)
	a := &answer{finder: f, question: q, Limit: new(Limit)}
	if *a.Limit = unknown(len(f.ids)); a.closed(ctx, &err) {
		all["closed"] = func(a *answer) error { a.closed(ctx, &err); return err }
	}
	return all
}

// Every way finds what a look at every choice finds; a way that is cut short says nothing that is false.
func TestLimitsEqualEveryChoice(t *testing.T) {
	tried := map[string]int{}
	for seed := range uint64(cases(600)) {
		r := rand.New(rand.NewPCG(seed, 11))
		spec := randomPool(r)
		kinds := []string{"server", "board"}
		if seed%2 == 1 {
			spec, kinds = randomLayers(r), []string{"web", "db", "board", "users"}
		}
		top, err := topology.New(spec)
		if err != nil {
			continue
		}
		serve := []float64{1, 1, .5}[r.IntN(3)]
		for _, kind := range kinds {
			ids, err := top.Select(kind)
			require.NoError(t, err)
			if r.IntN(3) == 0 && len(ids) > 1 {
				ids = ids[:1+r.IntN(len(ids)-1)]
			} else if others, _ := top.Select("board"); r.IntN(4) == 0 && kind != "board" {
				ids = slices.Concat(others, ids)
				slices.Sort(ids)
			}
			want := slowTruth(t, top, ids, serve)
			bounds := &answer{finder: newFinder(top, kind, ids, cascade.Options{Serve: serve}, mostTried)}
			require.LessOrEqual(t, bounds.floor(), want[holding].any, "seed %d, %s", seed, kind)
			require.GreaterOrEqual(t, bounds.roof(), want[holding].some, "seed %d, %s", seed, kind)
			if bounds.floor() == want[holding].any {
				tried["floor"]++
			}
			if bounds.roof() == want[holding].some {
				tried["roof"]++
			}
			bounds.question = surviving
			require.GreaterOrEqual(t, bounds.roof(), want[surviving].some, "seed %d, %s", seed, kind)
			for q := range question(2) {
				f := newFinder(top, kind, ids, cascade.Options{Serve: serve}, mostTried)
				for name := range ways(f, q) {
					f := newFinder(top, kind, ids, cascade.Options{Serve: serve}, mostTried)
					way := ways(f, q)[name]
					where := fmt.Sprintf("seed %d, %s, question %d, %s", seed, kind, q, name)
					l := unknown(len(ids))
					a := &answer{finder: f, question: q, Limit: &l}
					require.NoError(t, way(a))
					a.conclude(nil)
					tried[fmt.Sprint(q, name)]++
					if name == "classes" && l.Certainty == cascade.Bounded {
						tried["cut short"]++
						require.LessOrEqual(t, l.Any, want[q].any, where)
						require.GreaterOrEqual(t, l.AnyMost, want[q].any, where)
						require.LessOrEqual(t, l.Some, want[q].some, where)
						require.GreaterOrEqual(t, l.SomeMost, want[q].some, where)
						continue
					}
					require.Contains(t, []cascade.Certainty{cascade.Exact, cascade.Proven}, l.Certainty, where+l.Reason)
					require.Equal(t, []int{want[q].any, want[q].any, want[q].some, want[q].some}, []int{l.Any, l.AnyMost, l.Some, l.SomeMost}, where)
				}
			}
		}
	}
	for _, way := range []string{"0count", "1count", "0told", "1told", "0closed", "1closed", "0classes", "1search"} {
		require.Greater(t, tried[way], 100, way)
	}
	t.Log(tried)
}

// The curve is that of all choices, as fractions.
func TestRandomEqualsEveryChoice(t *testing.T) {
	for seed := range uint64(cases(150)) {
		r := rand.New(rand.NewPCG(seed, 12))
		spec, kind := randomPool(r), "server"
		if seed%2 == 1 {
			spec, kind = randomLayers(r), "web"
		}
		top, err := topology.New(spec)
		if err != nil {
			continue
		}
		ids, _ := top.Select(kind)
		want := slowTruth(t, top, ids, 1)
		p, err := Find(t.Context(), top, kind, cascade.Options{})
		require.NoError(t, err)
		require.Len(t, p.Random, len(ids)+1)
		for k, point := range p.Random {
			require.Equal(t, k, point.Lost)
			require.Equal(t, cascade.Exact, point.Certainty)
			for q := range question(2) {
				exact, _ := new(big.Rat).SetFrac(big.NewInt(want[q].bad[k]), new(big.Int).Binomial(int64(len(ids)), int64(k))).Float64()
				require.Equal(t, cascade.Interval{Low: exact, High: exact}, point.of(q), "seed %d", seed)
			}
		}
		for q, l := range []*Limit{&p.Limit, p.Surviving} {
			for _, o := range l.Odds {
				k := 0
				for ; k <= len(ids) && 1-p.Random[k].of(question(q)).High >= o.Chance; k++ {
				}
				require.Equal(t, Odds{o.Chance, cascade.Exact, k - 1, k - 1}, o)
			}
		}
	}
}
