package cascade_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// town is kinds of several sizes, with a name that a family could take for something else.
func town() *topology.Topology {
	return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "b-[1-4]", Kind: "board"},
		{Name: "u-[1-3]", Kind: "ups"},
		{Name: "s-[1-6]", Kind: "server", Capacity: 10, Labels: map[string]string{"zone": "a"}},
		{Name: "load", Kind: "any", Needs: topology.Names{"b-1"}},
		{Name: "users", Demand: 30, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
}

// choose returns each k of the names, the last changing fastest.
func choose(names []string, k int) (all [][]string) {
	if k == 0 {
		return [][]string{nil}
	}
	for i := range names {
		for _, rest := range choose(names[i+1:], k-1) {
			all = append(all, append([]string{names[i]}, rest...))
		}
	}
	return all
}

// randomFamily returns a family as text, and what it stands for: the names that each scenario loses.
func randomFamily(r *rand.Rand) (string, [][]string) {
	groups := map[string][]string{
		"board": {"b-1", "b-2", "b-3", "b-4"}, "u-[1-3]": {"u-1", "u-2", "u-3"}, "zone=a": {"s-1", "s-2", "s-3", "s-4", "s-5", "s-6"},
	}
	patterns := []string{"board", "u-[1-3]", "zone=a"}
	var parts []string
	var all [][]string
	for range 1 + r.IntN(3) {
		r.Shuffle(len(patterns), func(i, j int) { patterns[i], patterns[j] = patterns[j], patterns[i] })
		var terms []string
		combos := [][]string{nil}
		for _, pattern := range patterns[:1+r.IntN(2)] {
			k := 1 + r.IntN(3)
			choices := choose(groups[pattern], k)
			switch {
			case r.IntN(4) == 0:
				terms, choices = append(terms, pattern), [][]string{groups[pattern]}
			case k == 1:
				terms = append(terms, "each "+pattern)
			default:
				terms = append(terms, fmt.Sprintf("any %d of %s", k, pattern))
			}
			var next [][]string
			for _, one := range combos {
				for _, other := range choices {
					both := slices.Concat(one, other)
					slices.Sort(both)
					next = append(next, both)
				}
			}
			combos = next
		}
		parts, all = append(parts, strings.Join(terms, " + ")), append(all, combos...)
	}
	return strings.Join(parts, "; "), all
}

func lost(t *testing.T, fleet *topology.Topology, f cascade.Family) (all [][]string) {
	t.Helper()
	scenarios, err := f.All(fleet)
	require.NoError(t, err)
	for s := range scenarios {
		var one []string
		for _, pattern := range s.Lose {
			ids, err := fleet.Select(pattern)
			require.NoError(t, err)
			for _, id := range ids {
				one = append(one, fleet.Name(id))
			}
		}
		slices.Sort(one)
		all = append(all, one)
	}
	return all
}

func TestFamilies(t *testing.T) {
	fleet := town()
	for seed := range uint64(cases(1000)) {
		text, want := randomFamily(rand.New(rand.NewPCG(seed, 1)))
		f, err := cascade.ParseFamily(text)
		require.NoError(t, err, text)
		again, err := cascade.ParseFamily(f.String())
		require.NoError(t, err, f.String())
		require.Equal(t, f, again, text)
		require.Equal(t, f.String(), again.String())
		data, err := json.Marshal(f)
		require.NoError(t, err)
		var third cascade.Family
		require.NoError(t, json.Unmarshal(data, &third))
		require.Equal(t, f, third)
		require.Equal(t, want, lost(t, fleet, f), text)
		count, err := f.Count(fleet)
		require.NoError(t, err)
		require.Equal(t, int64(len(want)), count.Int64(), text)
	}
}

func TestFamilyZero(t *testing.T) {
	fleet := town()
	var want [][]string
	for id := range topology.ID(fleet.Len()) {
		if fleet.Demand(id) == 0 {
			want = append(want, []string{fleet.Name(id)})
		}
	}
	for _, text := range []string{"", "each"} {
		f, err := cascade.ParseFamily(text)
		require.NoError(t, err)
		require.Equal(t, cascade.Family{}, f)
		require.Equal(t, "each", f.String())
		require.Equal(t, want, lost(t, fleet, f))
		count, err := f.Count(fleet)
		require.NoError(t, err)
		require.Equal(t, int64(len(want)), count.Int64())
	}
	nothing, err := cascade.ParseFamily("nothing")
	require.NoError(t, err)
	require.Equal(t, [][]string{nil}, lost(t, fleet, nothing))
}

func TestFamilyConstructors(t *testing.T) {
	fleet := town()
	for text, f := range map[string]cascade.Family{
		"each board":                         cascade.Each("board"),
		"any 2 of board":                     cascade.Any(2, "board"),
		"b-1 + u-2":                          cascade.Only(cascade.Lose("b-1", "u-2")),
		`"fire": b-1 + drain s-1 + load 1.2`: cascade.Only(cascade.Scenario{Name: "fire", Lose: topology.Names{"b-1"}, Drain: topology.Names{"s-1"}, Load: 1.2}),
		"each ups; any 3 of board; b-1":      cascade.Join(cascade.Each("ups"), cascade.Any(3, "board"), cascade.Only(cascade.Lose("b-1"))),
		"nothing":                            cascade.Only(cascade.Scenario{}),
		`b-1; "a; b + \"c\"": drain u-[1,2]`: cascade.Only(cascade.Lose("b-1"), cascade.Scenario{Name: `a; b + "c"`, Drain: topology.Names{"u-[1,2]"}}),
		`\load`:                              nil1(cascade.ParseFamily(`\load`)),
	} {
		parsed, err := cascade.ParseFamily(text)
		require.NoError(t, err, text)
		require.Equal(t, f.String(), parsed.String())
		require.Equal(t, lost(t, fleet, f), lost(t, fleet, parsed), text)
	}
}

func nil1(f cascade.Family, _ error) cascade.Family { return f }

func TestFamilyFaults(t *testing.T) {
	for text, want := range map[string]string{
		";":           `scenarios ";": there is nothing between two separators: write "board-1 + ups-2; each feed"`,
		"any 2":       `scenarios "any 2": "any 2": write how many of what: "any 2 of feed"`,
		"any 0 of u":  `scenarios "any 0 of u": "any 0 of u": write how many of what: "any 2 of feed"`,
		"any -1 of u": `scenarios "any -1 of u": "any -1 of u": write how many of what: "any 2 of feed"`,
		"load x":      `scenarios "load x": "load x": write one factor, from 1e-300 to 1e+50: "load 1.2"`,
		"load 0":      `scenarios "load 0": "load 0": write one factor, from 1e-300 to 1e+50: "load 1.2"`,
		"load NaN":    `scenarios "load NaN": "load NaN": write one factor, from 1e-300 to 1e+50: "load 1.2"`,
	} {
		_, err := cascade.ParseFamily(text)
		require.EqualError(t, err, want)
	}
	for _, text := range []string{"any x of board", "load -1", "load Inf", "load 1 + load 2", `"open: b-1`, "b-1;", "b-1;;b-2"} {
		_, err := cascade.ParseFamily(text)
		require.ErrorContains(t, err, "scenarios ", text)
	}
	for text, want := range map[string]string{
		"each nobody":    `scenarios "each nobody": not found: no component and no kind is named "nobody"`,
		"any 9 of board": `scenarios "any 9 of board": any 9 of board: choose from 1 to 4`,
		"b-9":            `scenario "b-9": lose: not found: no component and no kind is named "b-9"; did you mean "b-1"?`,
		"drain b-9":      `scenario "drain b-9": drain: not found: no component and no kind is named "b-9"; did you mean "b-1"?`,
	} {
		f, err := cascade.ParseFamily(text)
		require.NoError(t, err)
		_, err = f.All(town())
		require.EqualError(t, err, want)
		_, err = cascade.Screen(context.Background(), town(), f, cascade.Options{})
		require.EqualError(t, err, want)
	}
}

// A screening counts what runs one by one come to, whatever the number of workers.
func TestScreenIsRunOneByOne(t *testing.T) {
	kinds := map[cascade.Verdict]int{}
	for seed := range uint64(cases(150)) {
		spec, fleet := calmFleet(seed)
		if !slices.ContainsFunc(spec.Components, func(c topology.Component) bool { return c.Demand == 0 }) {
			continue // the zero value would be empty
		}
		f := cascade.Join(cascade.Family{}, cascade.Any(2, fmt.Sprintf("c-[0-%d]", fleet.Len()-1)))
		var texts []string
		for _, workers := range []int{1, 4} {
			s, err := cascade.Screen(context.Background(), fleet, f, cascade.Options{Workers: workers, Worst: 5})
			require.NoError(t, err)
			data, err := json.Marshal(s)
			require.NoError(t, err)
			texts = append(texts, string(data), s.String())
			if workers == 1 {
				compareScreen(t, fleet, f, s, func() string { return text(t, seed, spec) })
				kinds[s.Intact.Verdict]++
			}
		}
		require.Equal(t, texts[:2], texts[2:], text(t, seed, spec))
	}
	require.NotEmpty(t, kinds[cascade.Holds])
}

func compareScreen(t *testing.T, fleet *topology.Topology, f cascade.Family, got *cascade.Screening, where func() string) {
	t.Helper()
	var worst []cascade.Case
	counts, n := map[cascade.Verdict]int{}, 0
	timing, collapse, left := 0, 0, map[int]int64{}
	scenarios, err := f.All(fleet)
	require.NoError(t, err)
	for s := range scenarios {
		p := newPlot(fleet, s).plain()
		end := cascade.End{Verdict: p.verdict(), Served: p.worst(p.rounds[len(p.rounds)-1])}
		for _, down := range p.down {
			if !down {
				end.Up++
			}
		}
		counts[end.Verdict]++
		left[end.Up]++
		o, err := cascade.Run(fleet, s)
		require.NoError(t, err)
		if o.Timing {
			timing++
		}
		if o.Verdict == cascade.Collapses {
			collapse++
		}
		if end.Verdict != cascade.Holds {
			worst = append(worst, cascade.Case{Scenario: s, End: end})
		}
		n++
	}
	require.Equal(t, []int64{int64(n), int64(counts[cascade.Holds]), int64(counts[cascade.Degrades]), int64(counts[cascade.Collapses])},
		[]int64{got.Scenarios.Int64(), got.Holding.Int64(), got.Degrading.Int64(), got.Collapsing.Int64()}, where())
	require.LessOrEqual(t, got.Run, int64(n))
	for _, bin := range got.Left {
		require.Equal(t, left[bin.Up], bin.Count.Int64(), where())
		delete(left, bin.Up)
	}
	require.Empty(t, left, where())
	require.Equal(t, int64(timing), got.Timing.Int64(), where())
	require.GreaterOrEqual(t, got.AtRisk.Int64(), int64(max(collapse, counts[cascade.Collapses])), where())
	require.Equal(t, cascade.Exact, got.Certainty)
	intact := newPlot(fleet, cascade.Scenario{}).plain()
	require.Equal(t, intact.verdict(), got.Intact.Verdict)
	require.Equal(t, counts[cascade.Holds] == n && got.Intact.Verdict == cascade.Holds, got.Holds())
	slices.SortStableFunc(worst, func(a, b cascade.Case) int {
		return cmp.Or(cmp.Compare(rounded(a.Served), rounded(b.Served)), cmp.Compare(a.Up, b.Up))
	})
	for i := 0; len(worst) > 0 && i < len(got.Worst); i++ {
		c, alike := got.Worst[i], 1
		if c.Alike != nil {
			alike = int(c.Alike.Int64())
		}
		for range alike { // the others of it are anywhere among those that end so
			require.InDelta(t, worst[0].Served, c.Served, 1e-9, where())
			require.Equal(t, worst[0].End, cascade.End{Verdict: c.Verdict, Served: worst[0].Served, Up: c.Up}, where())
			worst = worst[1:]
		}
		require.Equal(t, c.Verdict, newPlot(fleet, c.Scenario).plain().verdict(), where())
	}
	if len(got.Worst) < 5 {
		require.Empty(t, worst, where())
	}
}

// Where a context ends, a screening returns what it has, and says that it is not all.
func TestScreenStops(t *testing.T) {
	capacities := make([]float64, 200)
	for i := range capacities {
		capacities[i] = float64(1 + i)
	}
	fleet := pool(1, capacities...)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	s, err := cascade.Screen(ctx, fleet, cascade.Any(4, "server"), cascade.Options{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(begin), 5*time.Second)
	require.Equal(t, cascade.Undetermined, s.Certainty)
	require.Equal(t, "64684950", s.Scenarios.String())
	require.Less(t, s.Run, int64(64_684_950))
	require.Equal(t, s.Run, s.Holding.Int64()+s.Degrading.Int64()+s.Collapsing.Int64())
	require.Equal(t, cascade.Interval{Low: 0, High: 1}, s.Fail)
	require.False(t, s.Holds())

	ctx, cancel = context.WithCancel(context.Background())
	cancel()
	s, err = cascade.Screen(ctx, fleet, cascade.Each("server"), cascade.Options{})
	require.ErrorIs(t, err, context.Canceled)
	require.NotNil(t, s)
	require.False(t, s.Holds())
}
