package growth_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/growth"
	"github.com/ridethrough/ridethrough/topology"
)

var fleets = flag.Int("fleets", 1, "how many times as many random fleets to try")

// cases is how many random fleets a test tries.
func cases(n int) int { return n * *fleets }

var from = time.Date(2026, time.January, 15, 0, 0, 0, 0, time.UTC)

// randomFleet is servers and stores, some on boards by one feed or two, with every share, base loads, needs, and what sheds.
func randomFleet(r *rand.Rand) *topology.Topology {
	for {
		if t, err := topology.New(randomSpec(r)); err == nil {
			return t
		}
	}
}

func randomSpec(r *rand.Rand) (s topology.Spec) {
	boards, stores, webs := 2+r.IntN(2), 2+r.IntN(3), 2+r.IntN(4)
	for i := range boards {
		c := topology.Component{Name: fmt.Sprintf("board-%d", i), Kind: "board"}
		if r.IntN(3) > 0 {
			c.Capacity = float64(20 + 10*r.IntN(10))
		}
		s.Components = append(s.Components, c)
	}
	for i := range stores {
		s.Components = append(s.Components, randomServer(r, fmt.Sprintf("store-%d", i), "store", boards))
	}
	for i := range webs {
		c := randomServer(r, fmt.Sprintf("web-%d", i), "web", boards)
		if r.IntN(3) > 0 {
			c.Supplies = append(c.Supplies, randomSupply(r, "store", stores))
		}
		s.Components = append(s.Components, c)
	}
	s.Components = append(s.Components, topology.Component{Name: "users", Demand: float64(1 + r.IntN(40)), Supplies: []topology.Supply{randomSupply(r, "web", webs)}})
	if r.IntN(2) == 0 {
		s.Components = append(s.Components, topology.Component{Name: "staff", Demand: float64(1 + r.IntN(10)), Supplies: []topology.Supply{randomSupply(r, "store", stores)}})
	}
	return s
}

func randomServer(r *rand.Rand, name, kind string, boards int) topology.Component {
	c := topology.Component{Name: name, Kind: kind, Capacity: float64(5 * (1 + r.IntN(6))), Labels: map[string]string{"zone": string(rune('a' + r.IntN(3)))}}
	if r.IntN(6) == 0 {
		c.Capacity = 0
	}
	c.Overload.Shed = r.IntN(4) == 0
	board := fmt.Sprintf("board-%d", r.IntN(boards))
	switch r.IntN(4) {
	case 0:
		c.Needs = topology.Names{board}
	case 1:
		c.Supplies = append(c.Supplies, topology.Supply{Members: topology.Names{board}, Base: float64(r.IntN(4)), PerUnit: .5})
	case 2: // two feeds
		c.Supplies = append(c.Supplies, topology.Supply{Members: topology.Names{"board-[0-1]"}, Base: float64(r.IntN(3)), PerUnit: 1})
	}
	return c
}

func randomSupply(r *rand.Rand, kind string, n int) topology.Supply {
	u := topology.Supply{Members: topology.Names{kind}, Optional: r.IntN(3) == 0}
	if r.IntN(4) == 0 {
		u.Base, u.PerUnit = float64(r.IntN(4)), 1
	}
	if n > 1 && r.IntN(2) == 0 {
		u.Members = topology.Names{fmt.Sprintf("%s-[0-%d]", kind, n/2-1), fmt.Sprintf("%s-[%d-%d]", kind, n/2, n-1)}
		u.Share = []topology.Share{topology.Tiered, topology.Waterfall, topology.Weighted}[r.IntN(3)]
		if u.Share == topology.Weighted {
			u.Weights = []float64{float64(r.IntN(3)), 1}
		}
		return u
	}
	u.Share = []topology.Share{topology.Equal, topology.Equal, topology.Proportional, topology.Each}[r.IntN(4)]
	return u
}

func randomFamily(t *testing.T, r *rand.Rand) cascade.Family {
	texts := []string{
		"each board", "each web", "each", "any 2 of web", "up to 2 of store", "each board + each web; board-0",
		"each board + load 1.2; board-1 + load .7", "each web + drain web-0", "each board; board-0 + board-1; nothing", "none",
	}
	f, err := cascade.ParseFamily(texts[r.IntN(len(texts))])
	require.NoError(t, err)
	return f
}

func scenarios(t *testing.T, fleet *topology.Topology, f cascade.Family) []cascade.Scenario {
	t.Helper()
	all, err := f.All(fleet)
	require.NoError(t, err)
	return slices.Collect(all)
}

// slowHolds runs a scenario on the fleet with its demands multiplied, each by a factor of its own.
func slowHolds(t *testing.T, fleet *topology.Topology, s cascade.Scenario, factor func(name string) float64) bool {
	t.Helper()
	spec, err := fleet.Spec().Expand()
	require.NoError(t, err)
	for i := range spec.Components {
		spec.Components[i].Demand *= factor(spec.Components[i].Name)
	}
	grown, err := topology.New(spec)
	require.NoError(t, err)
	o, err := cascade.Run(grown, s)
	require.NoError(t, err)
	return o.Verdict == cascade.Holds
}

func slowMargin(t *testing.T, fleet *topology.Topology, s cascade.Scenario) float64 {
	t.Helper()
	o, err := cascade.Run(fleet, s)
	require.NoError(t, err)
	return o.Margin
}

// What holds at a factor of the demands holds at every smaller one, and the margin is where that ends: for every share.
func TestHoldingIsMonotoneInTheLoad(t *testing.T) {
	ends := 0
	for seed := range uint64(cases(400)) {
		r := rand.New(rand.NewPCG(seed, 1))
		fleet := randomFleet(r)
		all := scenarios(t, fleet, randomFamily(t, r))
		if len(all) == 0 {
			continue
		}
		s := all[r.IntN(len(all))]
		margin := slowMargin(t, fleet, s)
		own := cmp.Or(s.Load, 1)
		for _, x := range []float64{1e-6, .1, .25, .5, .75, .9, 1, 1.1, 1.3, 1.6, 2, 3, 5, 10, 100, margin * (1 - 1e-8), margin, margin * (1 + 1e-8)} {
			if x == 0 || math.IsInf(x, 1) || math.Abs(x-margin) < 1e-8*margin && x > margin*(1+2e-9) {
				continue
			}
			s.Load = own * x
			o, err := cascade.Run(fleet, s)
			require.NoError(t, err)
			require.Equal(t, x <= margin*(1+1e-9), o.Verdict == cascade.Holds, "seed %d: %v at %v of %v", seed, s, x, margin)
			ends++
		}
	}
	require.Greater(t, ends, 3000)
}

// A forecast is what runs of every scenario tell.
func TestForecastIsRunOneByOne(t *testing.T) {
	already, never, dated := 0, 0, 0
	for seed := range uint64(cases(400)) {
		r := rand.New(rand.NewPCG(seed, 2))
		fleet, f := randomFleet(r), randomFamily(t, r)
		o := growth.Options{Monthly: []float64{.03, .005, .2, 0}[r.IntN(4)], From: from, Screening: cascade.Options{Worst: []int{0, 1, 3, 1000}[r.IntN(4)]}}
		got, err := growth.Forecast(context.Background(), fleet, f, o)
		if err != nil {
			_, want := cascade.Screen(context.Background(), fleet, f, cascade.Options{})
			require.Equal(t, want, err, "seed %d", seed)
			continue
		}
		require.Equal(t, cascade.Exact, got.Certainty)
		require.Equal(t, slowMargin(t, fleet, cascade.Scenario{}), got.Intact.Margin)
		margins := []float64{}
		for _, s := range scenarios(t, fleet, f) {
			margins = append(margins, slowMargin(t, fleet, s))
		}
		require.Equal(t, int64(len(margins)), got.Scenarios.Int64())
		for i, c := range got.Within {
			gone := 0
			for _, m := range margins {
				if m < math.Pow(1+o.Monthly, float64(c.Months))*(1-1e-9) {
					gone++
				}
			}
			require.Equal(t, int64(gone), c.Used.Int64(), "seed %d, count %d", seed, i)
		}
		slices.Sort(margins)
		for _, d := range got.First {
			require.InDelta(t, 1/(1+slowMargin(t, fleet, d.Scenario)), 1/(1+d.Margin), 1e-12)
			requireFull(t, fleet, d.Limit)
			alike := int64(1)
			if d.Alike != nil {
				alike = d.Alike.Int64()
			}
			for range alike {
				require.InDelta(t, margins[0], d.Margin, 1e-9*(1+d.Margin), "seed %d: %v", seed, d.Scenario)
				margins = margins[1:]
			}
			switch {
			case d.Already():
				require.Equal(t, from, d.Until)
				require.Zero(t, d.Months)
				already++
			case o.Monthly == 0:
				require.True(t, math.IsInf(d.Months, 1))
				require.Zero(t, d.Until)
			default:
				require.InDelta(t, max(0, math.Log(d.Margin)/math.Log(1+o.Monthly)), d.Months, 1e-9)
				dated++
			}
		}
		if len(got.First) < cmp.Or(o.Screening.Worst, 10) {
			for _, m := range margins { // the others never go
				require.True(t, m > 1e29, "seed %d: %v", seed, m)
				never++
			}
		}
	}
	require.Greater(t, min(already, 20*never, dated), 100, "%d %d %d", already, never, dated)
}

// With rates of their own, a scenario holds on the fleet of the day told, and does not soon after.
func TestForecastOfSeveralRates(t *testing.T) {
	dated, never := 0, 0
	for seed := range uint64(cases(250)) {
		r := rand.New(rand.NewPCG(seed, 3))
		fleet, f := randomFleet(r), randomFamily(t, r)
		rate := map[string]float64{"users": []float64{.02, .1, 0, -.05}[r.IntN(4)]}
		other := []float64{.01, 0, .3, -.01}[r.IntN(4)]
		got, err := growth.Forecast(context.Background(), fleet, f, growth.Options{Monthly: other, Rates: rate, From: from, Screening: cascade.Options{Worst: 4}})
		if err != nil {
			continue
		}
		grown := func(months float64) func(string) float64 {
			return func(name string) float64 {
				if name == "users" {
					return min(1e40, math.Pow(1+max(0, rate["users"]), months))
				}
				return min(1e40, math.Pow(1+max(0, other), months))
			}
		}
		told, alike, last := map[string]bool{}, int64(0), 1199.0
		for _, d := range got.First {
			told[d.Scenario.String()] = true
			if d.Alike != nil {
				alike += d.Alike.Int64() - 1
			}
			if d.Already() {
				require.False(t, slowHolds(t, fleet, d.Scenario, grown(0)))
				continue
			}
			require.True(t, slowHolds(t, fleet, d.Scenario, grown(d.Months-1e-6)), "seed %d: %v", seed, d)
			require.False(t, slowHolds(t, fleet, d.Scenario, grown(d.Months+1e-4)), "seed %d: %v", seed, d)
			dated++
		}
		if len(got.First) == 4 {
			last = got.First[3].Months - 1e-6
		}
		for _, s := range scenarios(t, fleet, f) { // none goes earlier but for what is alike
			switch {
			case told[s.String()] || last < 0:
			case slowHolds(t, fleet, s, grown(last)):
				never++
			default:
				alike--
			}
		}
		require.GreaterOrEqual(t, alike, int64(0), "seed %d: %v", seed, got)
		for _, c := range got.Within {
			gone := int64(0)
			for _, s := range scenarios(t, fleet, f) {
				if !slowHolds(t, fleet, s, grown(float64(c.Months))) {
					gone++
				}
			}
			require.Equal(t, gone, c.Used.Int64(), "seed %d within %d", seed, c.Months)
		}
	}
	require.Greater(t, min(dated, never), 100)
}

// Where many more go than are wanted, halving finds the first of them: those with the least margins, also where many go at
// once.
func TestFirstByHalving(t *testing.T) {
	found := 0
	for seed := range uint64(cases(300)) {
		r := rand.New(rand.NewPCG(seed, 6))
		fleet := randomFleet(r)
		f, err := cascade.ParseFamily([]string{"each; any 2 of web + each board", "up to 2 of web + each store", "any 2 of web + each board + each store", "each"}[r.IntN(4)])
		require.NoError(t, err)
		keep := 1 + r.IntN(3)
		o := growth.Options{Monthly: .03, Screening: cascade.Options{Worst: keep}}
		got, err := growth.First(context.Background(), fleet, f, o)
		require.NoError(t, err)
		var margins []float64
		for _, s := range scenarios(t, fleet, f) {
			margins = append(margins, slowMargin(t, fleet, s))
		}
		slices.Sort(margins)
		for _, d := range got {
			require.InDelta(t, margins[0], d.Margin, 1e-8*(1+d.Margin), "seed %d: %v", seed, d)
			require.InDelta(t, margins[0], slowMargin(t, fleet, d.Scenario), 1e-8*(1+d.Margin))
			alike := int64(1)
			if d.Alike != nil {
				alike = d.Alike.Int64()
			}
			margins = margins[alike:]
			found++
		}
		if len(got) < keep && len(margins) > 0 {
			require.True(t, math.IsInf(margins[0], 1), "seed %d: %v", seed, margins)
		}
	}
	require.Greater(t, found, 300)
}

// The same where demands have rates of their own: halving finds what a look at all does.
func TestFirstByHalvingOfSeveralRates(t *testing.T) {
	for seed := range uint64(cases(60)) {
		r := rand.New(rand.NewPCG(seed, 7))
		fleet := randomFleet(r)
		f, err := cascade.ParseFamily("each; any 2 of web + each board")
		require.NoError(t, err)
		o := growth.Options{Monthly: .03, Rates: map[string]float64{"users": .01}, Screening: cascade.Options{Worst: 2}}
		got, err := growth.First(context.Background(), fleet, f, o)
		require.NoError(t, err)
		want, err := growth.Forecast(context.Background(), fleet, f, o)
		require.NoError(t, err)
		require.Len(t, got, len(want.First), "seed %d", seed)
		for i := range got {
			require.InDelta(t, want.First[i].Months, got[i].Months, 1e-6, "seed %d", seed)
			if got[i].Already() {
				require.InDelta(t, want.First[i].Margin, got[i].Margin, 1e-8)
			}
		}
	}
}

// Twelve hundred go at once but for the neighbours of three weak ones: these come first, in order of the family.
func TestManyGoAtOnce(t *testing.T) {
	var spec topology.Spec
	for i := range 1200 {
		c := topology.Component{Name: fmt.Sprintf("s-%d", i), Kind: "server", Capacity: 10}
		if i%400 == 399 {
			c.Capacity = 8 - float64(i/400)
		}
		spec.Components = append(spec.Components, c,
			topology.Component{Name: fmt.Sprintf("u-%d", i), Demand: 5, Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("s-%d", i), fmt.Sprintf("s-%d", (i+1)%1200)}}}})
	}
	got, err := growth.First(context.Background(), topology.Must(topology.New(spec)), cascade.Each("server"), growth.Options{Monthly: .03, Screening: cascade.Options{Worst: 5}})
	require.NoError(t, err)
	var texts []string
	for _, d := range got {
		texts = append(texts, fmt.Sprintf("%v %.4g %s", d.Scenario, d.Margin, d.Full))
	}
	// Each server carries halves of two users, 5; with a neighbour lost it carries 7.5. The weak ones have 6, 7 and 8.
	require.Equal(t, []string{"s-0 0.8 s-1199", "s-1198 0.8 s-1199", "s-798 0.9333 s-799", "s-800 0.9333 s-799", "s-398 1.067 s-399"}, texts)
}

// requireFull checks that what is said to be full is overloaded by the least more, or that nothing is.
func requireFull(t *testing.T, fleet *topology.Topology, l growth.Limit) {
	t.Helper()
	status, load := slowLoads(t, fleet, l.Scenario, max(1e-9, l.Margin)*(1+1e-5))
	over := []string{}
	for id := range topology.ID(fleet.Len()) {
		if status[id] != topology.Down && topology.Overloaded(load[id], fleet.Capacity(id)) {
			over = append(over, fleet.Name(id))
		}
	}
	if l.Full == "" {
		require.Empty(t, over, "%v", l)
		return
	}
	require.Contains(t, over, l.Full, "%v", l)
}
