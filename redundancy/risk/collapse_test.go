package risk

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// loaded returns a small fleet of servers on boards, with users. Many are alike, boards with all that is on them too; some shed, trip
// late, need a database of three, or are unlike the others in this or that.
func loaded(r *rand.Rand) topology.Spec {
	sort := func(name string) topology.Component { // what most of a sort have
		c := []topology.Component{{Name: name, Capacity: float64(20 + r.IntN(100))}}
		rated(r, c)
		return c[0]
	}
	board, server, db := sort("board"), sort("web"), sort("db-[1-3]")
	board.Capacity *= float64(r.IntN(3)) / 2
	server.Capacity /= 5
	odd := func(c topology.Component) topology.Component {
		switch r.IntN(24) {
		case 0:
			c.Capacity = float64(5 + r.IntN(20))
		case 1:
			c.Overload.Shed = true
			c.Capacity *= .8
		case 2:
			c.Overload.After = time.Duration(1+r.IntN(3)) * time.Minute
		case 3:
			c.Failing = topology.Failing{Unavailability: .9 * r.Float64()}
		}
		return c
	}
	spec := topology.Spec{Components: []topology.Component{db}}
	boards, each, wiring := 2+r.IntN(3), 1+r.IntN(2), r.IntN(4)
	if r.IntN(3) == 0 {
		server.Overload.Shed = r.IntN(2) == 0
		server.Overload.After = time.Duration(r.IntN(2)) * time.Minute
	}
	var servers topology.Names
	for i := range boards {
		b, s := odd(board), odd(server)
		b.Name, s.Name = fmt.Sprint("board-", i), fmt.Sprintf("web-%d-[1-%d]", i, max(1, each-r.IntN(6)/5))
		on := wiring
		if r.IntN(6) == 0 {
			on = r.IntN(4)
		}
		switch on {
		case 0:
			s.Needs = topology.Names{b.Name}
		case 1:
			s.Needs = topology.Names{b.Name, "2 of db-[1-3]"}
		case 2:
			s.Needs = topology.Names{fmt.Sprintf("1 of board-[%d,%d]", min(i/2*2, boards-2), min(i/2*2, boards-2)+1)}
		case 3:
			s.Supplies = []topology.Supply{{Members: topology.Names{b.Name}, Base: 5, PerUnit: 1, Optional: r.IntN(8) == 0}}
		}
		spec.Components = append(spec.Components, b, s)
		servers = append(servers, s.Name)
	}
	users := topology.Component{Name: "users", Demand: float64(5+r.IntN(15)) / 5 * float64(boards*each), Supplies: []topology.Supply{{Members: servers, Optional: r.IntN(4) == 0}}}
	users.Demand *= server.Capacity / 4
	spec.Components = append(spec.Components, users)
	if r.IntN(6) == 0 {
		users.Name, users.Demand = "guests", .1
		spec.Components = append(spec.Components, users)
	}
	return spec
}

// Each set of losses is followed by itself.
func TestCollapseTwin(t *testing.T) {
	overload, needs, fewer, plain, monotone, raised := 0, 0, 0, 0, 0, 0
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 13))
		f := topology.Must(topology.New(loaded(r)))
		o := Options{Size: 1 + r.IntN(4)}
		switch r.IntN(5) {
		case 0:
			o.Failing = topology.Names{"board-0", "board-1", "web-1-1", "db-[1-2]"}
		case 1:
			o.Failing = topology.Names{"board-0", "board-1", "web-0-1", "web-1-1", "users"}
		}
		got, err := Collapse(t.Context(), f, o)
		if intact, _ := cascade.Run(f, cascade.Scenario{}); intact.Verdict == cascade.Collapses {
			require.ErrorContains(t, err, "collapses with nothing lost")
			continue
		}
		require.NoError(t, err)
		may, err := o.mayFail(f)
		require.NoError(t, err)
		want := everyCollapse(t, f, may, got)
		require.Equal(t, want.sets, got.Sets.Int64())
		require.Equal(t, want.byOverload.counts, counts(f, got.ByOverload), "seed %d", seed)
		require.Equal(t, want.byNeeds.counts, counts(f, got.ByNeeds), "seed %d", seed)
		for _, g := range got.ByOverload {
			plain += want.byOverload.check(t, f, g)
		}
		for _, g := range got.ByNeeds {
			plain += want.byNeeds.check(t, f, g)
		}
		if low := got.Unavailability.Low; low > want.all*(1+1e-9) {
			o.Size = f.Len()
			every, err := Collapse(t.Context(), f, o)
			require.NoError(t, err)
			require.LessOrEqual(t, low, every.Unavailability.High*(1+1e-9))
			raised++
		} else {
			require.GreaterOrEqual(t, low, want.all*(1-1e-9))
		}
		near(t, want.overload, got.Overload.Low)
		near(t, min(1, want.all+want.larger), got.Unavailability.High)
		near(t, min(1, want.overload+want.larger), got.Overload.High)
		overload, needs = overload+len(want.byOverload.sets), needs+len(want.byNeeds.sets)
		fewer += len(want.byOverload.sets) - len(got.ByOverload)
		if got.Monotone {
			monotone++
		}
		require.LessOrEqual(t, got.Cases, want.sets)
	}
	require.Greater(t, overload, 4000)
	require.Greater(t, needs, 400)
	require.Greater(t, fewer, 2000)
	require.Greater(t, plain, 800)
	require.Greater(t, monotone, 300)
	require.Greater(t, raised, 100)
}

// Minimal groups, each in its text, and how many there are of so many components with such unavailabilities.
type groupsFound struct {
	sets   map[string]bool
	counts map[string]int64
}

func (g *groupsFound) add(f *topology.Topology, names []string) {
	g.sets[strings.Join(names, " + ")] = true
	g.counts[sortOf(f, names)]++
}

// check has a sort of groups be what it says, and reports whether it says which they are.
func (g *groupsFound) check(t *testing.T, f *topology.Topology, a Alike) (plain int) {
	require.Contains(t, g.sets, a.Group.String())
	p := 1.0
	for _, name := range a.Components {
		id, _ := f.Lookup(name)
		p *= f.Unavailability(id)
	}
	near(t, p, a.Probability)
	near(t, min(1, p*float64(a.Count.Int64())), a.Sum)
	if a.Of == nil {
		return 0
	}
	groups := chosen(t, f, a.Of)
	require.Len(t, groups, int(a.Count.Int64()))
	for _, ids := range groups {
		slices.Sort(ids)
		var names []string
		for _, id := range ids {
			names = append(names, f.Name(id))
		}
		require.Contains(t, g.sets, strings.Join(names, " + "), "%v", a)
	}
	return 1
}

// chosen returns every group that takes so many of each.
func chosen(t *testing.T, f *topology.Topology, all []Choice) [][]topology.ID {
	if len(all) == 0 {
		return [][]topology.ID{nil}
	}
	ids, err := f.Select(all[0].Of...)
	require.NoError(t, err)
	var groups [][]topology.ID
	for _, rest := range chosen(t, f, all[1:]) {
		for state := range 1 << len(ids) {
			some := slices.Clone(rest)
			for i, id := range ids {
				if state>>i&1 == 1 {
					some = append(some, id)
				}
			}
			if len(some)-len(rest) == all[0].Take {
				groups = append(groups, some)
			}
		}
	}
	return groups
}

func counts(f *topology.Topology, all []Alike) map[string]int64 {
	counts := map[string]int64{}
	for _, a := range all {
		counts[sortOf(f, a.Components)] += a.Count.Int64()
	}
	return counts
}

func sortOf(f *topology.Topology, names []string) string {
	var q []float64
	for _, name := range names {
		id, _ := f.Lookup(name)
		q = append(q, f.Unavailability(id))
	}
	slices.Sort(q)
	return fmt.Sprint(q)
}

type collapses struct {
	byOverload, byNeeds   groupsFound
	sets                  int64
	all, overload, larger float64
}

// everyCollapse follows each set of losses up to a size in plain rounds, and those whose order does not matter by cascade.Run.
func everyCollapse(t *testing.T, f *topology.Topology, may func(topology.ID) bool, got *Collapses) *collapses {
	var ids []topology.ID
	for id := range topology.ID(f.Len()) {
		if may(id) {
			ids = append(ids, id)
		}
	}
	found := &collapses{
		byOverload: groupsFound{map[string]bool{}, map[string]int64{}}, byNeeds: groupsFound{map[string]bool{}, map[string]int64{}},
	}
	bad := make([]bool, 1<<len(ids))
	for state := 1; state < 1<<len(ids); state++ {
		var lost []topology.ID
		var names []string
		p := 1.0
		for i, id := range ids {
			q := f.Unavailability(id)
			if state>>i&1 == 1 {
				lost, names = append(lost, id), append(names, f.Name(id))
				p *= q
			} else {
				p *= 1 - q
			}
		}
		if len(lost) > got.Size {
			found.larger += p
			continue
		}
		found.sets++
		bad[state] = collapsesByRounds(f, lost, true)
		if got.Monotone {
			out, err := cascade.Run(f, cascade.Lose(names...))
			require.NoError(t, err)
			require.Equal(t, bad[state], out.Verdict == cascade.Collapses)
		}
		minimal := true
		for part := (state - 1) & state; part > 0; part = (part - 1) & state {
			minimal = minimal && !bad[part]
		}
		if !bad[state] {
			require.False(t, got.Monotone && !minimal, "to lose more helps: %v", names)
			continue
		}
		found.all += p
		groups := &found.byNeeds
		if !collapsesByRounds(f, lost, false) {
			found.overload += p
			groups = &found.byOverload
		}
		if minimal {
			groups.add(f, names)
		}
	}
	return found
}

// collapsesByRounds follows plain rounds, by looking at everything anew in each.
func collapsesByRounds(f *topology.Topology, lost []topology.ID, limits bool) bool {
	s := topology.State{Status: make([]topology.Status, f.Len()), Capacity: make([]float64, f.Len())}
	dead := slices.Clone(lost)
	for id := range s.Capacity {
		s.Capacity[id] = f.Capacity(topology.ID(id))
		if !limits {
			s.Capacity[id] *= 1e9
		}
	}
	for {
		for id, down := range naiveClosure(f, dead...) {
			if down {
				s.Status[id] = topology.Down
			}
		}
		flow := f.Flow(s)
		before := len(dead)
		for id := range topology.ID(f.Len()) {
			o := f.Overload(id)
			trips := !o.Shed || o.After > 0 || o.Curve != ""
			if s.Status[id] == topology.Up && trips && topology.Overloaded(flow.Load[id], s.Capacity[id]) {
				dead = append(dead, id)
			}
		}
		if len(dead) > before {
			continue
		}
		for id := range topology.ID(f.Len()) {
			if f.Demand(id) > 0 && !slices.Contains(lost, id) && flow.Served[id] < 1-topology.Tolerance {
				return true
			}
		}
		return false
	}
}

// Of four boards with two servers each, of which any five of eight are enough: two boards, a board and two servers of others, or four
// servers. What is alike is one line.
func TestCollapseText(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{
		{Name: "switch"},
		{Name: "board-[1-4]", Needs: topology.Names{"switch"}, Failing: topology.Failing{Unavailability: .001}},
		{Name: "web-[1-4]-[1-2]", Kind: "web", Capacity: 100, Needs: topology.Names{"board-{1}"}, Failing: topology.Failing{Unavailability: .002}},
		{Name: "users", Demand: 500, Supplies: []topology.Supply{{Members: topology.Names{"web"}}}},
	}}
	fleet := topology.Must(topology.New(spec))
	found, err := Collapse(t.Context(), fleet, Options{Size: 4})
	require.NoError(t, err)
	require.Equal(t, `Every set of up to 4 losses was followed to its end, 1,092 sets as 49 cases of what is alike.
  fail by overload   6e-06      any 2 of board-[1-4]
                     2.4e-07    60 such as board-1 + web-2-1 + web-2-2
                     1.12e-09   any 4 of web-[1-4]-[1-2]
  fail by needs      switch
  unavailability     XX
    by overload      XX
    not followed     XX
  taken for perfect  switch: no unavailability is given`, masked(found.String()))

	data, err := json.Marshal(found.ByOverload[:2])
	require.NoError(t, err)
	require.JSONEq(t, `[
		{"components": ["board-1", "board-2"], "probability": 1e-6, "count": 6, "of": [{"take": 2, "of": "board-[1-4]"}], "sum": 6e-6},
		{"components": ["board-1", "web-2-1", "web-2-2"], "probability": 4e-9, "count": 60, "sum": 2.4000000000000003e-7}
	]`, string(data))
}

// masked hides what is told of probabilities.
func masked(text string) string {
	return regexp.MustCompile(`(?m)^( +(?:unavailability|by overload|not followed) +).*$`).ReplaceAllString(text, "${1}XX")
}

func TestCollapseOptions(t *testing.T) {
	fleet := crew(20, 2)
	for _, test := range []struct {
		options Options
		want    string
	}{
		{Options{Size: -1}, "size -1: give"},
		{Options{Failing: topology.Names{"x"}}, "failing: "},
		{Options{Common: []CommonCause{{Of: topology.Names{"web"}, Beta: .1}}}, "common: Analyze alone"},
	} {
		_, err := Collapse(t.Context(), fleet, test.options)
		require.ErrorContains(t, err, test.want)
	}
	_, err := Scan(t.Context(), fleet, nil, Options{Common: []CommonCause{{Of: topology.Names{"web"}, Beta: .1}}})
	require.ErrorContains(t, err, "common: Analyze alone")
	found, err := Collapse(t.Context(), fleet, Options{Failing: topology.Names{"ups-a"}})
	require.NoError(t, err)
	require.Equal(t, 1, found.Size)
	require.Contains(t, found.String(), "1 loss was followed to its end, 1 set.")
}

// Servers that all differ are cases of their own.
func TestCollapseTooMany(t *testing.T) {
	spec := topology.Spec{}
	for i := range 700 {
		spec.Components = append(spec.Components, topology.Component{Name: fmt.Sprint("web-", i), Kind: "web", Capacity: 100 + float64(i)})
	}
	spec.Components = append(spec.Components, topology.Component{Name: "users", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"web"}, Need: 700}}})
	fleet := topology.Must(topology.New(spec))
	_, err := Collapse(t.Context(), fleet, Options{Size: 3})
	require.ErrorContains(t, err, "more than 50000000 cases of up to 3 losses of the 700 components")

	s, err := newCollapsing(t.Context(), fleet, Options{Size: 1})
	require.NoError(t, err)
	s.mostTold = 3
	require.ErrorContains(t, s.follow(t.Context(), 1), "more than 3 sorts")

	told := []cascade.Progress{}
	_, err = Collapse(t.Context(), fleet, Options{Size: 2, Progress: func(p cascade.Progress) { told = append(told, p) }})
	require.NoError(t, err)
	last := told[len(told)-1]
	require.Equal(t, float64(700+700*699/2), last.Done)
	require.Equal(t, last.Done, last.Total)
	require.Zero(t, last.Left)
	require.IsIncreasing(t, doneOf(told))

	ctx, cancel := context.WithCancel(t.Context())
	_, err = Collapse(ctx, fleet, Options{Size: 2, Progress: func(cascade.Progress) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
}

func doneOf(told []cascade.Progress) (done []float64) {
	for _, p := range told {
		done = append(done, p.Done)
	}
	return done
}

// All of a fleet's size may be asked for, and the numbers hold however many sets there are.
func TestCollapseOfMany(t *testing.T) {
	fleet := crew(3000, 0)
	found, err := Collapse(t.Context(), fleet, Options{Size: 901})
	require.NoError(t, err)
	require.Equal(t, int64(901), found.Cases)
	require.Len(t, found.ByOverload, 1)
	require.Equal(t, "any 901 of web-[1-3000]", found.ByOverload[0].String())
	require.Zero(t, new(big.Int).Binomial(3000, 901).Cmp(found.ByOverload[0].Count))
	require.Zero(t, found.ByOverload[0].Probability)
}
