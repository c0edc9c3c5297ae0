package risk

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
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
	overload, needs, fewer, plain, monotone := 0, 0, 0, 0, 0
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
		near(t, want.all, got.Unavailability.Low)
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
	t.Log(overload, needs, fewer, plain, monotone)
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

var _ = json.Marshal
var _ = big.NewInt
var _ = phrase.Expand
