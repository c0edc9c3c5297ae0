package redundancytest

import (
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A recorder is a TB that writes down what it is told.
type recorder struct {
	errors  []string
	helpers int
}

func (r *recorder) Helper() { r.helpers++ }
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

type names = topology.Names

// pool is ten servers of 10 on two boards, five each, that share a demand.
func pool(demand float64, change ...func(*topology.Spec)) *topology.Topology {
	spec := topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 10}},
		Components: []topology.Component{
			{Name: "board-[1-2]", Kind: "board"},
			{Name: "s-[0-4]", Kind: "server", Needs: names{"board-1"}},
			{Name: "s-[5-9]", Kind: "server", Needs: names{"board-2"}},
			{Name: "users", Demand: demand, Supplies: []topology.Supply{{Members: names{"server"}}}},
		},
	}
	for _, f := range change {
		f(&spec)
	}
	return topology.Must(topology.New(spec))
}

func shedding(spec *topology.Spec) {
	spec.Kinds["server"] = topology.Component{Capacity: 10, Overload: topology.Overload{Shed: true}}
}

// weakOne makes one server the first to trip, and leaves enough without it.
func weakOne(spec *topology.Spec) {
	spec.Components[1].Name = "s-[0-3]"
	spec.Components = append(spec.Components, topology.Component{Name: "weak", Kind: "server", Capacity: 1, Needs: names{"board-1"}})
}

func holds(fleet *topology.Topology, f cascade.Family) []string    { return told(Holds, fleet, f) }
func survives(fleet *topology.Topology, f cascade.Family) []string { return told(Survives, fleet, f) }

func told(test func(TB, *topology.Topology, cascade.Family), fleet *topology.Topology, f cascade.Family) []string {
	r := &recorder{}
	test(r, fleet, f)
	if r.helpers != 1 {
		panic("Helper was not called")
	}
	return r.errors
}

// Nine servers of 10 are left for the demand: 90 is the most that holds.
func TestThreshold(t *testing.T) {
	for demand, holding := range map[float64]bool{89.999: true, 90: true, 90.001: false} {
		fleet := pool(demand)
		require.Equal(t, holding, len(holds(fleet, cascade.Each("server"))) == 0, "holds %v", demand)
		require.Equal(t, holding, len(survives(fleet, cascade.Each("server"))) == 0, "survives %v", demand)
	}
}

func TestStoryOfTheWorst(t *testing.T) {
	fleet := pool(60)
	story, err := cascade.Run(fleet, cascade.Lose("board-1"))
	require.NoError(t, err)
	family := cascade.Join(cascade.Each("server"), cascade.Each("board"))
	require.Equal(t, []string{`2 of 12 scenarios of "each server; each board" do not hold; the worst:` + "\n" + story.String()}, holds(fleet, family))
	require.Equal(t, []string{`2 of 12 scenarios of "each server; each board" end in a collapse; the worst:` + "\n" + story.String()}, survives(fleet, family))
	one := cascade.Only(cascade.Lose("board-2"))
	require.Contains(t, holds(fleet, one)[0], `1 of 1 scenario of "board-2" does not hold; the worst:`)
	require.Contains(t, survives(fleet, one)[0], `1 of 1 scenario of "board-2" ends in a collapse; the worst:`)
}

// The weak server carries 6.7 of its 10 while all are there, and trips when its share rises; the others take it over.
func TestSurvivesWhatDoesNotHold(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "s-[1-9]", Kind: "server", Capacity: 20}, {Name: "weak", Kind: "server", Capacity: 10},
		{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: names{"server"}}}},
	}}))
	require.Empty(t, survives(fleet, cascade.Each("server")))
	require.Len(t, holds(fleet, cascade.Each("server")), 1)
	require.Contains(t, holds(fleet, cascade.Each("server"))[0], `9 of 10 scenarios of "each server" do not hold`)
}

// Of what survives and what collapses, the collapse is told, whichever comes first.
func TestSurvivesTellsACollapse(t *testing.T) {
	fleet := pool(60)
	for _, text := range []string{"board-1; s-0 + load 1.1", "s-0 + load 1.1; board-1"} {
		family, err := cascade.ParseFamily(text)
		require.NoError(t, err)
		require.Contains(t, survives(fleet, family)[0], "board-1 collapses")
		require.Contains(t, survives(fleet, family)[0], "1 of 2 scenarios")
	}
}

func TestFleetThatFailsOnAGoodDay(t *testing.T) {
	for _, fleet := range []*topology.Topology{pool(101), pool(101, shedding), pool(50, weakOne)} {
		for _, errors := range [][]string{holds(fleet, cascade.Each("board")), survives(fleet, cascade.Each("board"))} {
			require.Len(t, errors, 1)
			require.Contains(t, errors[0], "the fleet does not hold even with nothing lost:\nnothing lost ")
		}
	}
}

func TestNothingIsTested(t *testing.T) {
	users := func(supplies ...topology.Supply) topology.Component {
		return topology.Component{Name: "users", Demand: 5, Supplies: supplies}
	}
	fleetOf := func(components ...topology.Component) *topology.Topology {
		return topology.Must(topology.New(topology.Spec{Components: components}))
	}
	unloaded := "nothing in the fleet could be overloaded"
	for _, c := range []struct {
		name            string
		fleet           *topology.Topology
		family          cascade.Family
		holds, survives string // "" passes
	}{
		{"empty family", pool(50), cascade.Only(), "no scenario", "no scenario"},
		{"no demand", fleetOf(topology.Component{Name: "a", Capacity: 1}), cascade.Family{}, unloaded, "no component of the fleet has a demand"},
		{"no capacity", fleetOf(topology.Component{Name: "a"}), cascade.Family{}, unloaded, "no component of the fleet has a demand"},
		{"a capacity that load passes by", fleetOf(topology.Component{Name: "a"}, topology.Component{Name: "b", Capacity: 1},
			users(topology.Supply{Members: names{"a", "b"}, Share: topology.Weighted, Weights: []float64{1, 0}})),
			cascade.Each("b"), unloaded, unloaded},
		{"a capacity that takes some", fleetOf(topology.Component{Name: "a"}, topology.Component{Name: "b", Capacity: 1},
			users(topology.Supply{Members: names{"a", "b"}, Share: topology.Weighted, Weights: []float64{9, 1}})),
			cascade.Each("b"), "", ""},
		{"a standby's capacity", fleetOf(topology.Component{Name: "a"}, topology.Component{Name: "b", Capacity: 5},
			users(topology.Supply{Members: names{"a", "b"}, Share: topology.Tiered})),
			cascade.Each("a"), "", ""},
		{"a capacity further down", fleetOf(topology.Component{Name: "ups", Capacity: 9},
			topology.Component{Name: "web", Supplies: []topology.Supply{{Members: names{"ups"}}}}, users(topology.Supply{Members: names{"web"}})),
			cascade.Only(cascade.Scenario{Load: 1.8}), "", ""},
		{"a base load alone", fleetOf(topology.Component{Name: "ups-[1-2]", Capacity: 9},
			topology.Component{Name: "rack", Supplies: []topology.Supply{{Members: names{"ups-[1-2]"}, Base: 9}}}),
			cascade.Each("ups-[1-2]"), "", "no component of the fleet has a demand"},
		{"a base load too much", fleetOf(topology.Component{Name: "ups-[1-2]", Capacity: 9},
			topology.Component{Name: "rack", Supplies: []topology.Supply{{Members: names{"ups-[1-2]"}, Base: 9.1}}}),
			cascade.Each("ups-[1-2]"), "2 of 2 scenarios", "no component of the fleet has a demand"},
		{"a base load that goes no further", fleetOf(topology.Component{Name: "ups", Capacity: 9},
			topology.Component{Name: "pdu", Supplies: []topology.Supply{{Members: names{"ups"}}}},
			topology.Component{Name: "rack", Supplies: []topology.Supply{{Members: names{"pdu"}, Base: 1}}}),
			cascade.Each("rack"), "", "no component of the fleet has a demand"},
		{"every demand lost", pool(50), cascade.Each("users"), "takes down all that has a demand", "takes down all that has a demand"},
		{"every demand lost in one scenario of two", pool(50), cascade.Join(cascade.Each("users"), cascade.Each("s-0")), "", ""},
		{"unknown name", pool(50), cascade.Each("bord"), `did you mean "board"?`, `did you mean "board"?`},
		{"too few to choose from", pool(50), cascade.Any(3, "board"), "choose from 1 to 2", "choose from 1 to 2"},
		{"too many scenarios", allDifferent(500), cascade.Any(5, "s"), "proves nothing", "proves nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			expect(t, c.holds, holds(c.fleet, c.family))
			expect(t, c.survives, survives(c.fleet, c.family))
		})
	}
}

// allDifferent is a pool in which no server is like another.
func allDifferent(n int) *topology.Topology {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 5, Supplies: []topology.Supply{{Members: names{"s"}}}},
	}}
	for i := range n {
		spec.Components = append(spec.Components, topology.Component{Name: fmt.Sprint("s-", i), Kind: "s", Capacity: float64(100 + i)})
	}
	return topology.Must(topology.New(spec))
}

// expect checks that there is one error with a text, or none for "".
func expect(t *testing.T, text string, errors []string) {
	t.Helper()
	if text == "" {
		require.Empty(t, errors)
		return
	}
	require.Len(t, errors, 1)
	require.Contains(t, errors[0], text)
}

// A percent sign in a name is no verb.
func TestNamesAreNoFormats(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "100%s", Capacity: 5}, {Name: "b", Capacity: 5},
		{Name: "users", Demand: 9, Supplies: []topology.Supply{{Members: names{"100%s", "b"}}}},
	}}))
	require.Contains(t, holds(fleet, cascade.Each("100%s"))[0], "100%s lost")
}

func TestIndependent(t *testing.T) {
	feeds := func(upsOfB string) *topology.Topology {
		return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "ups-[1-2]"}, {Name: "feed-a-[01-30]", Needs: names{"ups-1"}}, {Name: "feed-b-[01-30]", Needs: names{upsOfB}},
			{Name: "rack-[01-30]", Kind: "rack", Needs: names{"1 of feed-[a,b]-{1}"}},
		}}))
	}
	run := func(fleet *topology.Topology, pattern string) []string {
		r := &recorder{}
		Independent(r, fleet, pattern)
		require.Equal(t, 1, r.helpers)
		return r.errors
	}
	expect(t, "", run(feeds("ups-2"), "rack"))
	expect(t, "", run(feeds("ups-2"), ""))
	expect(t, "no redundancy to test", run(feeds("ups-2"), "ups-[1-2]"))
	expect(t, "no redundancy to test", run(pool(50), "board"))
	expect(t, `did you mean "rack"?`, run(feeds("ups-2"), "rac"))
	expect(t, `the redundancy of "rack-07" is only on paper (1 found):`+"\n  rack-07 needs 1 of feed-[a,b]-07; all of them need ups-1", run(feeds("ups-1"), "rack-07"))
	expect(t, "the redundancy of the fleet is only on paper (30 found):\n  rack-01 ", run(feeds("ups-1"), ""))
	require.True(t, strings.HasSuffix(run(feeds("ups-1"), "rack")[0], "\n  and 10 more"))
	require.Equal(t, mostTold+2, len(strings.Split(run(feeds("ups-1"), "rack")[0], "\n")))
}

// Whoever imports this package does not pull in testing, nor a test framework.
func TestImports(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	seen := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, imported := range f.Imports {
			seen++
			require.NotContains(t, imported.Path.Value, "test", file)
		}
	}
	require.Greater(t, seen, 3)
}

func TestNoFleet(t *testing.T) {
	tb := &recorder{}
	Holds(tb, nil, cascade.Each("board"))
	require.Contains(t, strings.Join(tb.errors, ""), "there is no fleet")
}

// When o-3 and y-2 are lost, o-1 is overloaded, and so is y-1. If o-1 trips first, it relieves y-1, and all is served; if
// y-1 does, or both at once, nothing is.
func TestSurvivesByTripTimes(t *testing.T) {
	fleet := func(y topology.Overload) *topology.Topology {
		return topology.Must(topology.New(topology.Spec{
			Kinds: map[string]topology.Component{"o": {Capacity: 20, Supplies: []topology.Supply{{Members: names{"x"}, Base: 5, PerUnit: 1}}}},
			Components: []topology.Component{
				{Name: "y-[1-2]", Capacity: 17, Overload: y},
				{Name: "x", Supplies: []topology.Supply{{Members: names{"y-[1-2]"}}}},
				{Name: "o-1", Kind: "o", Capacity: 4}, {Name: "o-[2-3]", Kind: "o"},
				{Name: "users", Demand: 9, Supplies: []topology.Supply{{Members: names{"o"}}}},
			},
		}))
	}
	lost := cascade.Only(cascade.Lose("o-3", "y-2"))
	expect(t, "", survives(fleet(topology.Overload{After: time.Hour}), lost))
	expect(t, "1 of 1 scenario of", survives(fleet(topology.Overload{}), lost))
}
