package backtest

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

var update = flag.Bool("update", false, "write the golden files anew")

type loads = map[string]float64

// pool is n servers of a capacity behind users.
func pool(n int, capacity, demand float64) topology.Spec {
	return topology.Spec{Components: []topology.Component{
		{Name: fmt.Sprintf("web-[1-%d]", n), Kind: "server", Capacity: capacity, Unit: "requests/s"},
		{Name: "users", Demand: demand, Unit: "requests/s", Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
}

func run(t *testing.T, spec topology.Spec, s cascade.Scenario, before, after loads) *Result {
	t.Helper()
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	r, err := Run(fleet, s, before, after)
	require.NoError(t, err)
	return r
}

// Four servers at 100 of a demand of 400; one is lost, and the others carry 400/3 each. Measured is a demand of 10 %
// more.
func TestEqualShares(t *testing.T) {
	after := 440.0 / 3
	r := run(t, pool(4, 200, 400), cascade.Lose("web-4"),
		loads{"web-1": 100, "web-2": 100, "web-3": 100, "web-4": 100}, loads{"web-1": after, "web-2": after, "web-3": after})
	require.Equal(t, cascade.Holds, r.Outcome.Verdict)
	require.Equal(t, 4, r.Before.Components)
	require.Zero(t, r.Before.Mean)
	require.InDelta(t, 1.1, r.Ratio, 1e-12)
	require.Equal(t, 3, r.After.Components)
	require.InDelta(t, 1/1.1-1, r.After.Most, 1e-12, "predicted is 1/1.1 of measured")
	require.InDelta(t, 1-1/1.1, r.After.Mean, 1e-12)
	require.InDelta(t, 0, r.AfterScaled.Mean, 1e-12)
	require.Equal(t, []string{"web-4"}, r.in(Lost))
	require.InDelta(t, 400.0/3-after, r.Rows[0].After.Error(), 1e-12)
	require.Equal(t, topology.Names{"users"}, r.Unmeasured)
}

// Of four servers at 100 of capacity 120, one is lost: the model has the others at 133 and down, all at once;
// the users are down with them. Two of them live all the same, at 160.
func TestSurvived(t *testing.T) {
	r := run(t, pool(4, 120, 400), cascade.Lose("web-4"),
		loads{"web-1": 100, "web-2": 100, "web-3": 100, "web-4": 100}, loads{"web-1": 160, "web-2": 160, "web-3": 0})
	require.Equal(t, cascade.Collapses, r.Outcome.Verdict)
	require.Equal(t, []string{"web-1", "web-2"}, r.in(Survived))
	require.Equal(t, []string{"web-3", "web-4"}, r.in(Lost))
	require.True(t, math.IsNaN(r.Ratio))
	require.Equal(t, "all that would carry the load is predicted to be down", r.Unknown)
	require.Nil(t, r.Scaled)
	require.Zero(t, r.After.Components)
	require.Contains(t, r.String(), "Predicted down, and measured with load: web-[1-2].")
	require.Contains(t, r.String(), "Measured above its capacity: web-[1-2] (160 of 120 requests/s).")
	require.Contains(t, r.String(), "After it the prediction is off by: nothing to compare.")
}

// What is at its capacity is not above it.
func TestAtCapacity(t *testing.T) {
	for load, above := range map[float64]bool{199: false, 200: false, 201: true} {
		r := run(t, pool(2, 200, 200), cascade.Lose("web-2"), loads{"web-1": 100, "web-2": 100}, loads{"web-1": load})
		require.Equal(t, above, r.over() != "", load)
	}
}

func TestStates(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		predicted, measured float64
		want                State
	}{
		{1, 1, Up}, {0, 1, Up}, {0, 0, Up}, {1, 0, Gone}, {1, nan, Gone}, {0, nan, Gone},
		{nan, nan, Lost}, {nan, 0, Lost}, {nan, 1e-300, Survived},
	} {
		require.Equal(t, c.want, Pair{c.predicted, c.measured}.State(), c)
	}
}

// A survivor that is not measured, or not a number, is no proof of anything, and the total after is not known.
func TestGone(t *testing.T) {
	for name, after := range map[string]loads{"none": {"web-1": 133}, "NaN": {"web-1": 133, "web-2": math.NaN()}} {
		r := run(t, pool(4, 200, 400), cascade.Lose("web-4"), loads{"web-1": 100, "web-2": 100, "web-3": 100, "web-4": 100}, after)
		require.Equal(t, []string{"web-2", "web-3"}, r.in(Gone), name)
		require.Equal(t, "web-2 was not measured after, and is predicted to be up", r.Unknown, name)
		require.Equal(t, 1, r.After.Components, name)
		require.Contains(t, r.String(), "Predicted up, and measured with no load or not at all: web-[2-3].")
		require.Contains(t, r.String(), "How the demand changed is not known (web-2 was not measured after")
	}
}

// Where the users were measured, the ratio is theirs: 300/400, though a server was not measured.
func TestRatioOfDemandItself(t *testing.T) {
	r := run(t, pool(4, 200, 400), cascade.Lose("web-4"), loads{"users": 400, "web-1": 100}, loads{"users": 300, "web-1": 90})
	require.Equal(t, 0.75, r.Ratio)
	require.InDelta(t, 100, r.Rows[0].Scaled.Predicted, 1e-12, "300 over three")
	require.InDelta(t, 10.0/90, r.AfterScaled.Most, 1e-12, "web-1 at 100, measured 90")
	require.Equal(t, topology.Names{"web-[2-4]"}, r.Unmeasured)
}

// A change of demand that the scenario has is not counted again: it has 480, measured were 480.
func TestRatioBesidesLoad(t *testing.T) {
	for _, own := range []bool{true, false} {
		before, after := loads{"web-1": 200, "web-2": 200}, loads{"web-1": 480}
		if own {
			before["users"], after["users"] = 400, 480
		}
		r := run(t, pool(2, 600, 400), cascade.Scenario{Lose: topology.Names{"web-2"}, Load: 1.2}, before, after)
		require.InDelta(t, 1, r.Ratio, 1e-12)
		require.Zero(t, r.AfterScaled.Mean)
	}
}

// The front causes 45 of the 60 of the cart. When it is lost, the cart has 15 of its own, which is no change of demand;
// 18 is one.
func TestRatioOfDemandThatIsCalled(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "front-[1-2]", Demand: 20, Capacity: 100, Supplies: []topology.Supply{{Members: topology.Names{"cart"}, PerUnit: 45. / 40}}},
		{Name: "cart", Demand: 15, Capacity: 100},
	}}
	for after, ratio := range map[float64]float64{15: 1, 18: 1.2} {
		r := run(t, spec, cascade.Lose("front-[1-2]"), loads{"front-1": 20, "front-2": 20, "cart": 60}, loads{"cart": after})
		require.InDelta(t, ratio, r.Ratio, 1e-12)
	}
}

// Two services, each with its users; the model has one collapse, and it lived. That says nothing of the demand for the
// other, which is 1.1 times what it was.
func TestRatioOfSeveralDemands(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "web-[1-3]", Capacity: 120}, {Name: "db-[1-2]", Capacity: 500},
		{Name: "users", Demand: 300, Supplies: []topology.Supply{{Members: topology.Names{"web-[1-3]"}}}},
		{Name: "jobs", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"db-[1-2]"}}}},
	}}
	r := run(t, spec, cascade.Lose("web-3"), loads{"web-1": 100, "web-2": 100, "web-3": 100, "db-1": 50, "db-2": 50},
		loads{"web-1": 150, "web-2": 150, "db-1": 55, "db-2": 55})
	require.Equal(t, []string{"web-1", "web-2"}, r.in(Survived))
	require.InDelta(t, 1.1, r.Ratio, 1e-12)
	require.InDelta(t, 0, r.AfterScaled.Mean, 1e-12)
}

// Four servers at 100 draw 50 W each when idle, and half a watt for each request: 400 W, of which 200 depend on it.
// With a fifth more requests that is 440 W.
func TestRatioWithBase(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "board-[a,b]", Capacity: 1000, Unit: "W"},
		{Name: "web-[1-4]", Demand: 100, Unit: "requests/s",
			Supplies: []topology.Supply{{Members: topology.Names{"board-[a,b]"}, Base: 50, PerUnit: .5}}},
	}}
	before := loads{"board-a": 200, "board-b": 200}
	r := run(t, spec, cascade.Lose("board-a"), before, loads{"board-b": 440})
	require.InDelta(t, 1.2, r.Ratio, 1e-12)
	require.InDelta(t, 0, r.AfterScaled.Mean, 1e-12)
	for after, unknown := range map[float64]string{190: "less was measured than", 200: "less was measured than", 201: ""} {
		require.Contains(t, run(t, spec, cascade.Lose("board-a"), before, loads{"board-b": after}).Unknown, unknown)
	}
	spec.Components[1].Supplies[0].PerUnit = 0
	spec.Components[1].Capacity = 200
	require.Equal(t, "the load that was measured does not depend on it", run(t, spec, cascade.Lose("board-a"), before, loads{"board-b": 440}).Unknown)
}

// Users fill a to its 100 before b, which has 30 of its own: with 150, b has 50 of theirs. Of the users and b, which were
// measured, the model has 150 + 80, and at half as much again 225 + 125 + 45: no even growth.
func TestRatioIsLookedFor(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "a", Capacity: 100}, {Name: "b", Demand: 30, Capacity: 500}, {Name: "c", Capacity: 1},
		{Name: "users", Demand: 150, Supplies: []topology.Supply{{Members: topology.Names{"a", "b"}, Share: topology.Waterfall}}},
	}}
	r := run(t, spec, cascade.Lose("c"), loads{"users": 150, "b": 80}, loads{"users": 225, "b": 170})
	require.InDelta(t, 1.5, r.Ratio, 1e-9)
	require.InDelta(t, 0, r.AfterScaled.Mean, 1e-9)

	// A front that sheds above 100 passes no more to what it calls, whatever is asked of it.
	spec = topology.Spec{Components: []topology.Component{
		{Name: "front", Capacity: 100, Overload: topology.Overload{Shed: true}, Demand: 90, Supplies: []topology.Supply{{Members: topology.Names{"cart"}}}},
		{Name: "cart", Capacity: 500}, {Name: "c", Capacity: 1},
	}}
	r = run(t, spec, cascade.Lose("c"), loads{"cart": 90}, loads{"cart": 99})
	require.InDelta(t, 1.1, r.Ratio, 1e-9)
	r = run(t, spec, cascade.Lose("c"), loads{"cart": 90}, loads{"cart": 101})
	require.Equal(t, "the model has what was measured there at no demand", r.Unknown)
}

// Shares of all sorts, and what is measured is what the model has at 1.3 times the demand: so it says.
func TestRatioOfShares(t *testing.T) {
	for _, supply := range []topology.Supply{
		{}, {Share: topology.Weighted, Weights: []float64{1, 2, 5}}, {Share: topology.Proportional}, {Share: topology.Tiered},
		{Share: topology.Waterfall, Limit: .5}, {Share: topology.Each}, {Base: 7, PerUnit: 2},
	} {
		supply.Members = topology.Names{"a", "b", "c"}
		fleet := func(factor float64) topology.Spec {
			return topology.Spec{Components: []topology.Component{
				{Name: "a", Capacity: 1000}, {Name: "b", Capacity: 2000}, {Name: "c", Capacity: 4000},
				{Name: "users", Demand: 300 * factor, Supplies: []topology.Supply{supply}},
				{Name: "others", Demand: 50 * factor, Supplies: []topology.Supply{{Members: topology.Names{"[a,b]"}}}},
			}}
		}
		before, after := loads{}, loads{}
		up := topology.Must(topology.New(fleet(1))).Flow(topology.State{}).Load
		left := topology.Must(topology.New(fleet(1.3))).Flow(topology.State{Status: []topology.Status{topology.Down, 0, 0, 0, 0}}).Load
		for i, name := range []string{"a", "b", "c"} {
			before[name] = up[i]
			if i > 0 {
				after[name] = left[i]
			}
		}
		r := run(t, fleet(1), cascade.Lose("a"), before, after)
		require.InDelta(t, 1.3, r.Ratio, 1e-9, supply.Share)
		require.InDelta(t, 0, r.AfterScaled.Mean, 1e-9, supply.Share)
	}
}

// Every member gets all of a write, so a member less is a third of the total less, and no change of demand.
func TestRatioOfEach(t *testing.T) {
	spec := pool(3, 200, 100)
	spec.Components[1].Supplies[0].Share = topology.Each
	r := run(t, spec, cascade.Lose("web-3"), loads{"web-1": 101, "web-2": 100, "web-3": 99}, loads{"web-1": 100, "web-2": 100})
	require.InDelta(t, 1, r.Ratio, 1e-12)
}

func TestRatioUnknown(t *testing.T) {
	before := loads{"web-1": 100, "web-2": 100}
	two := pool(2, 300, 200)
	for want, r := range map[string]*Result{
		"web-2 was not measured before":   run(t, two, cascade.Lose("web-2"), loads{"web-1": 100}, loads{"web-1": 200}),
		"no load was measured before":     run(t, two, cascade.Lose("web-2"), loads{"web-1": 0, "web-2": 0}, loads{"web-1": 200}),
		"no load was measured after":      run(t, two, cascade.Lose("web-2"), before, loads{"web-1": 0}),
		"no demand is left":               run(t, two, cascade.Lose("users"), before, loads{"web-1": 0, "web-2": 0}),
		"the totals are a million times ": run(t, two, cascade.Lose("web-2"), before, loads{"web-1": 1e9}),
	} {
		require.Contains(t, r.Unknown, want)
		require.True(t, math.IsNaN(r.Ratio))
	}
	mixed := topology.Spec{Components: []topology.Component{
		{Name: "rack", Demand: 1, Capacity: 2, Unit: "W"}, {Name: "web", Demand: 1, Capacity: 2, Unit: "requests/s"}, {Name: "x", Capacity: 1},
	}}
	r := run(t, mixed, cascade.Lose("x"), loads{"rack": 1, "web": 1}, loads{"rack": 1, "web": 1})
	require.Equal(t, "it would be a sum of several units", r.Unknown)
	require.Contains(t, r.String(), "rack (W)")
}

// Drained servers take no load; a factor of the scenario is part of the prediction.
func TestDrainAndLoad(t *testing.T) {
	s := cascade.Scenario{Lose: topology.Names{"web-4"}, Drain: topology.Names{"web-3"}, Load: 1.5}
	r := run(t, pool(4, 400, 400), s, loads{"web-1": 100, "web-2": 100, "web-3": 100, "web-4": 100},
		loads{"web-1": 300, "web-2": 300, "web-3": 0})
	require.Equal(t, 0.0, r.Rows[2].After.Predicted)
	require.Equal(t, 300.0, r.Rows[0].After.Predicted, "600 over two")
	require.Equal(t, 1.0, r.Ratio)
	require.Equal(t, []string{"web-1", "web-2", "web-3"}, r.in(Up))
}

// What the cascade ends with is what the comparison takes: the busiest of the last round.
func TestPredictsTheEnd(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "feed-[a,b]", Capacity: 100, Unit: "W", Overload: topology.Overload{After: time.Minute}},
		{Name: "weak", Kind: "server", Capacity: 60, Unit: "requests/s"},
		{Name: "web-[1-4]", Kind: "server", Capacity: 90, Unit: "requests/s",
			Supplies: []topology.Supply{{Members: topology.Names{"feed-[a,b]"}, Base: 10, PerUnit: .1}}},
		{Name: "users", Demand: 250, Unit: "requests/s", Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	r := run(t, spec, cascade.Lose("web-4"), loads{"web-1": 50, "feed-a": 45}, loads{"web-1": 83, "feed-a": 28, "weak": 1, "mars": 3})
	last := r.Outcome.Rounds[len(r.Outcome.Rounds)-1]
	require.Len(t, r.Outcome.Rounds, 2, "weak trips at 62.5 of 60")
	require.Equal(t, "web-1", last.Busiest)
	byName := map[string]Row{}
	for _, row := range r.Rows {
		byName[row.Component] = row
	}
	require.InDelta(t, 250.0/3, byName["web-1"].After.Predicted, 1e-9)
	require.InDelta(t, last.Use, byName["web-1"].After.Predicted/90, 1e-12)
	require.InDelta(t, (3*10+25)/2.0, byName["feed-a"].After.Predicted, 1e-9)
	require.Equal(t, Survived, byName["weak"].After.State())
	require.Equal(t, topology.Names{"mars"}, r.Strange)
	require.Equal(t, r.Outcome.Timing, r.timing() != "")
}

func TestTiming(t *testing.T) {
	r := &Result{Outcome: &cascade.Outcome{Timing: true}}
	require.Contains(t, r.timing(), "which component trips first")
	r = &Result{Outcome: &cascade.Outcome{}, Scaled: &cascade.Outcome{Timing: true}}
	require.Contains(t, r.timing(), "which component trips first")
}

func TestFaults(t *testing.T) {
	fleet := topology.Must(topology.New(pool(2, 200, 200)))
	good := loads{"web-1": 100}
	for want, try := range map[string]func() (*Result, error){
		"web-1: before: bad number: -1: want a load from 0":          func() (*Result, error) { return Run(fleet, cascade.Lose("web-2"), loads{"web-1": -1}, good) },
		"web-1: after: bad number: +Inf: want":                       func() (*Result, error) { return Run(fleet, cascade.Lose("web-2"), good, loads{"web-1": math.Inf(1)}) },
		"before: not found: nothing was measured":                    func() (*Result, error) { return Run(fleet, cascade.Lose("web-2"), nil, good) },
		`after: not found: no component of the fleet was measured: `: func() (*Result, error) { return Run(fleet, cascade.Lose("web-2"), good, loads{"WEB": 1}) },
		`lose: `: func() (*Result, error) { return Run(fleet, cascade.Lose("web-9"), good, good) },
	} {
		r, err := try()
		require.ErrorContains(t, err, want)
		require.Nil(t, r)
	}
}

// If what is measured is what the model has, at any demand, only the demand is off.
func TestMeasuredAsPredicted(t *testing.T) {
	for n := 2; n < 12; n++ {
		for _, ratio := range []float64{0.5, 0.9, 1, 1.2} {
			before, after := loads{}, loads{}
			for i := range n {
				before[fmt.Sprint("web-", i+1)] = 100
				if i > 0 {
					after[fmt.Sprint("web-", i+1)] = ratio * 100 * float64(n) / float64(n-1)
				}
			}
			r := run(t, pool(n, 1000, float64(100*n)), cascade.Lose("web-1"), before, after)
			require.InDelta(t, ratio, r.Ratio, 1e-12)
			require.InDelta(t, 0, r.AfterScaled.Mean, 1e-12)
			require.InDelta(t, math.Abs(1/ratio-1), r.After.Mean, 1e-12)
		}
	}
}

// Of many rows those that differ most are printed, and what is not as predicted before these.
func TestGolden(t *testing.T) {
	before, after := loads{}, loads{}
	for i := 1; i <= 100; i++ {
		name := fmt.Sprint("web-", i)
		before[name] = 80 + float64(i%7) - 3
		if i > 30 {
			after[name] = 80*100/70.0 + float64(i%11) - 5
		}
	}
	delete(after, "web-77")
	after["web-3"] = 12
	r := run(t, pool(100, 120, 8000), cascade.Lose("web-[1-30]"), before, after)
	golden(t, "hundred.txt", r.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}
