package restart_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// burn has some of what is down never return; it returns their names.
func burn(r *rand.Rand, d *dark) (never []string) {
	outcome, _ := cascade.Run(d.fleet, d.scenario)
	back := maps.Clone(d.options.Return)
	d.options.Return = map[string]time.Duration{}
	for _, f := range outcome.Failures {
		at := time.Duration(0)
		for pattern, b := range back {
			ids, _ := d.fleet.Select(pattern)
			if id, _ := d.fleet.Lookup(f.Component); slices.Contains(ids, id) {
				at = max(at, b)
			}
		}
		if d.options.Return[f.Component] = at; r.IntN(3) == 0 {
			d.options.Return[f.Component] = -1
			never = append(never, f.Component)
		}
	}
	return never
}

// value is what a plan serves in the end, by value, in parts of all.
func (d *dark) value(served []cascade.Served) float64 {
	sum, all := 0., 0.
	for _, s := range served {
		id, _ := d.fleet.Lookup(s.Demand)
		worth := d.fleet.Demand(id)
		for pattern, v := range d.options.Value {
			if ids, _ := d.fleet.Select(pattern); slices.Contains(ids, id) {
				worth *= v
			}
		}
		sum, all = sum+worth*s.Fraction, all+worth
	}
	if all == 0 {
		return 1
	}
	return sum / all
}

// with makes the plan with some components returned at once.
func (d *dark) with(t *testing.T, names ...string) *restart.Plan {
	o := d.options
	o.Return = maps.Clone(o.Return)
	for _, name := range names {
		delete(o.Return, name)
	}
	p, err := restart.Make(t.Context(), d.fleet, d.scenario, o)
	require.NoError(t, err)
	return p
}

// starts reports whether a component can start at all if some that do not return do.
func (d *dark) starts(name string, never, returned []string) bool {
	runs := make([]bool, d.fleet.Len())
	for id := range runs {
		_, down := d.options.Return[d.fleet.Name(topology.ID(id))]
		runs[id] = !down
	}
	for again := true; again; {
		again = false
		for id := range topology.ID(d.fleet.Len()) {
			can := !runs[id] && (!slices.Contains(never, d.fleet.Name(id)) || slices.Contains(returned, d.fleet.Name(id)))
			for _, l := range d.fleet.Links(id) {
				can = can && among(&l, runs) >= l.Need
			}
			if can {
				runs[id], again = true, true
			}
		}
	}
	id, _ := d.fleet.Lookup(name)
	return runs[id]
}

// fewest returns how many have to return for one to start; 0 if it cannot.
func (d *dark) fewest(name string, never []string) int {
	best := 0
	for subset := range 1 << len(never) {
		var returned []string
		for i, other := range never {
			if subset>>i&1 > 0 {
				returned = append(returned, other)
			}
		}
		if n := len(returned); (best == 0 || n < best) && slices.Contains(returned, name) && d.starts(name, never, returned) {
			best = n
		}
	}
	return best
}

// Every single component that does not return is tried by a plan of its own, and every repair that is named.
func TestRepairTwin(t *testing.T) {
	named, groups, others := 0, 0, 0
	for seed := range uint64(60) {
		d := newDark(seed)
		never := burn(rand.New(rand.NewPCG(seed, 31)), &d)
		if len(never) == 0 || len(never) > 8 {
			continue
		}
		p := d.with(t)
		require.Zero(t, p.Untried)
		d.options.Soonest = false // what can be served is asked whatever the objective is
		has := max(d.value(p.Served), d.value(d.with(t).Served))
		for _, name := range never {
			if single := d.value(d.with(t, name).Served); single > has+1e-5 {
				require.NotEmpty(t, p.Repair, "seed %d: %s", seed, name)
				require.GreaterOrEqual(t, p.Repair[0].Value, single-1e-5, "seed %d: %s: %v", seed, name, p)
				require.True(t, slices.ContainsFunc(p.Repair, func(r restart.Repair) bool {
					return single-r.Value < 1e-5 && (r.Others > 0 || slices.Contains(r.What, name))
				}), "seed %d: %s: %v", seed, name, p)
			}
		}
		last := 1.
		for _, r := range p.Repair {
			ids, err := d.fleet.Select(r.What...)
			require.NoError(t, err)
			var names []string
			for _, id := range ids {
				names = append(names, d.fleet.Name(id))
			}
			made := d.with(t, names...)
			require.Len(t, r.Served, len(made.Served))
			for i, s := range made.Served {
				require.Equal(t, s.Demand, r.Served[i].Demand)
				require.InDelta(t, s.Fraction, r.Served[i].Fraction, 1e-5, "seed %d: %v", seed, r)
			}
			require.InDelta(t, d.value(r.Served), r.Value, 1e-9)
			require.Greater(t, r.Value, has)
			require.LessOrEqual(t, r.Value, last+1e-6)
			require.True(t, slices.ContainsFunc(names, func(name string) bool { return d.fewest(name, never) == len(names) }), "seed %d: %v", seed, names)
			require.Contains(t, p.String(), "repair first  ")
			last = r.Value
			named++
			if others += r.Others; len(names) > 1 {
				groups++
			}
		}
	}
	t.Log(named, "repairs,", groups, "of several components,", others, "others")
	require.Greater(t, named, 40)
	require.Greater(t, groups, 10)
}

// Of a hundred servers at 80 % thirty hang on board-1, ten on each of the others beside it.
func TestRepairFirst(t *testing.T) {
	never := map[string]time.Duration{"board-1": -1, "chat-[031-033]": -1, "server": minute, "chat-034": -1}
	p := plan(t, hundred(nil), cascade.Lose("board-1", "server"), restart.Options{Return: never})
	t.Log(p)
	require.InDelta(t, .825, p.Served[0].Fraction, 1e-9)
	require.Equal(t, topology.Names{"board-1"}, p.Repair[0].What)
	require.Equal(t, 1., p.Repair[0].Value)
	require.Contains(t, p.String(), "repair first  board-1: 100 % of users could be served (instead of 82.5 %)")
	// Of the four servers each carries as much; and they are alike as far as they hang on one board.
	require.Equal(t, 67./80, p.Repair[1].Value)
	require.Equal(t, topology.Names{"chat-031"}, p.Repair[1].What)
	require.Equal(t, 3, p.Repair[1].Others)
	require.Len(t, p.Repair, 2)
	// Nothing more is said where all is served.
	p = plan(t, hundred(nil), cascade.Lose("board-1"), restart.Options{})
	require.Empty(t, p.Repair)
	require.NotContains(t, p.String(), "repair")
}

// A board that has burnt with what feeds it: neither is of use alone, so they are one repair. The other board serves less.
func TestRepairChain(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "ups"}, {Name: "gen-[1-2]"},
		{Name: "board-1", Needs: topology.Names{"ups", "1 of gen-[1-2]"}}, {Name: "board-2"},
		{Name: "a-[1-6]", Kind: "server", Capacity: 10, Needs: topology.Names{"board-1"}},
		{Name: "b-[1-3]", Kind: "server", Capacity: 10, Needs: topology.Names{"board-2"}},
		{Name: "c", Kind: "server", Capacity: 10},
		{Name: "users", Demand: 100, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	all := cascade.Lose("ups", "gen-[1-2]", "board-1", "board-2")
	never := map[string]time.Duration{"ups": -1, "gen-[1-2]": -1, "board-1": -1, "board-2": -1}
	p := plan(t, fleet, all, restart.Options{Return: never})
	t.Log(p)
	require.Len(t, p.Repair, 2)
	require.Equal(t, topology.Names{"ups", "gen-1", "board-1"}, p.Repair[0].What)
	require.InDelta(t, .7, p.Repair[0].Value, 1e-9)
	require.Equal(t, topology.Names{"board-2"}, p.Repair[1].What)
	require.InDelta(t, .4, p.Repair[1].Value, 1e-9)
	// If only the feeds do not return, each of them is not enough, and there is nothing that needs both and does not return itself.
	p = plan(t, fleet, all, restart.Options{Return: map[string]time.Duration{"ups": -1, "gen-[1-2]": -1}})
	require.Empty(t, p.Repair)
}
