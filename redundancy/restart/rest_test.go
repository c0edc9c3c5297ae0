package restart_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// ends returns what is down, and what is ready and out of rotation, when a plan is over.
func ends(t *testing.T, d dark, p *restart.Plan) (down, out []string) {
	t.Helper()
	outcome, err := cascade.Run(d.fleet, d.scenario)
	require.NoError(t, err)
	on, turned := map[string]bool{}, map[string]bool{}
	for id := range topology.ID(d.fleet.Len()) {
		on[d.fleet.Name(id)], turned[d.fleet.Name(id)] = true, true
	}
	for _, name := range names(t, d, d.scenario.Drain) {
		turned[name] = false
	}
	for _, f := range outcome.Failures {
		on[f.Component], turned[f.Component] = false, false
	}
	for _, s := range p.Steps {
		for _, name := range names(t, d, s.What) {
			switch s.Do {
			case restart.PowerOn:
				on[name] = true
			case restart.Rotate:
				turned[name] = true
			}
		}
	}
	for _, name := range newRival(0, d, p).names {
		if !on[name] {
			down = append(down, name)
		}
	}
	for _, name := range newRival(0, d, p).turn {
		if on[name] && !turned[name] {
			out = append(out, name)
		}
	}
	return down, out
}

func names(t *testing.T, d dark, patterns topology.Names) (all []string) {
	ids, err := d.fleet.Select(patterns...)
	require.NoError(t, err)
	for _, id := range ids {
		all = append(all, d.fleet.Name(id))
	}
	return all
}

// spared returns a step that a plan could go on with when all of it has settled, and serve no less; nil if there is none.
func spared(t *testing.T, d dark, p *restart.Plan) *restart.Step {
	t.Helper()
	last := p.Finish
	for _, s := range p.Steps {
		last = max(last, s.At)
	}
	var all []restart.Step
	down, out := ends(t, d, p)
	far := last + 1000*time.Hour
	for _, name := range down {
		all = append(all, on(far, name))
	}
	for _, name := range out {
		all = append(all, in(far, name))
	}
	for _, s := range all {
		more := *p
		more.Steps = append(slices.Clone(p.Steps), s)
		if more.Measure(t.Context(), d.fleet) != nil {
			continue
		}
		less := false
		for i, served := range more.Served {
			less = less || served.Fraction < p.Served[i].Fraction-1e-12
		}
		if !less {
			return &s
		}
	}
	return nil
}

// darks are generators of random fleets: of any shape, and of the common one.
var darks = []func(seed uint64) dark{
	func(seed uint64) dark { return newDark(seed + 11_000_000) },
	func(seed uint64) dark {
		r := rand.New(rand.NewPCG(seed, 29))
		p := randomPuzzle(r, 2+r.IntN(4))
		return dark{p.fleet, p.scenario, p.options}
	},
}

// Nothing is left off, or out of rotation, that could be brought back alone when all has settled; and what comes after full service
// changes nothing of what is served.
func TestNothingIsLeftOff(t *testing.T) {
	t.Parallel()
	n := uint64(2000)
	if testing.Short() {
		n = 150
	}
	for _, next := range darks {
		goOn, stay := 0, 0
		for seed := range n {
			d := next(seed)
			p, err := restart.Make(t.Context(), d.fleet, d.scenario, d.options)
			require.NoError(t, err)
			if p.Certainty == cascade.Undetermined {
				continue
			}
			require.NoError(t, restart.Verify(t.Context(), d.fleet, p), "seed %d", seed)
			require.Nil(t, spared(t, d, p), "seed %d: %v", seed, p)
			if down, out := ends(t, d, p); len(down)+len(out) > 0 {
				stay++
			}
			until := *p
			until.Steps = slices.DeleteFunc(slices.Clone(p.Steps), func(s restart.Step) bool { return s.At > p.Full })
			if len(until.Steps) < len(p.Steps) {
				goOn++
			}
			require.NoError(t, until.Measure(t.Context(), d.fleet), "seed %d: %v", seed, p)
			require.Equal(t, p.Full, until.Full, "seed %d", seed)
			require.InDelta(t, p.Unserved, until.Unserved, 1e-9*p.Unserved, "seed %d", seed)
			require.Equal(t, p.Served, until.Served, "seed %d", seed)
		}
		t.Log(goOn, "go on after full service, of", stay, "something cannot be brought back")
		require.NotZero(t, goOn)
	}
}

// What stays off, or out of rotation, is told with what would be overloaded by it.
func TestWhatStays(t *testing.T) {
	draws := []topology.Supply{{Members: topology.Names{"board"}, Base: 4, Inrush: 2}}
	fleet := func(room float64, start topology.Start) *topology.Topology {
		return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
			{Name: "board", Capacity: room, Unit: "W"},
			{Name: "s-[1-4]", Kind: "s", Capacity: 10, Start: start, Supplies: draws},
			{Name: "users", Demand: 16, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}},
		}}))
	}
	// Three servers run on 12 W; a fourth would draw 4 + 2 W while it boots.
	p := plan(t, fleet(17, topology.Start{Boot: minute}), cascade.Lose("board"), restart.Options{})
	require.Equal(t, "s-4 stays off: with it board would be overloaded: 18 of 17 W", p.Reason)

	// Two servers start at once and carry all; the others return later. Nobody gets less for them, and they are told apart.
	p = plan(t, fleet(100, topology.Start{Boot: minute}), cascade.Lose("board"), restart.Options{Return: map[string]time.Duration{"s-[3-4]": 5 * minute}})
	require.Equal(t, []restart.Step{
		on(0, "board", "s-[1-2]"), in(minute, "s-[1-2]"), admit(minute, 1), on(5*minute, "s-[3-4]"), in(6*minute, "s-[3-4]"),
	}, p.Steps)
	require.Empty(t, p.Reason)
	require.Contains(t, p.String(), "  3            admit 100 % of users\n               from here on everybody is served; the rest follows\n  4      5:00  power on")

	// Cold, a server carries 2 of the 16 / 3 that would be its part.
	cold := topology.Start{Boot: minute, WarmUp: minute, Cold: .2}
	p = plan(t, fleet(100, cold), cascade.Scenario{Lose: topology.Names{"s-4"}}, restart.Options{})
	require.Equal(t, "s-4 stays out of rotation: with it s-4 would be overloaded while it is cold: 4 of 2", p.Reason)
	require.True(t, p.Finish == minute && p.Full == 0)
}

// More than 20,000 servers: of 40 on a board 39 carry all that is asked for, and the last has no room to boot beside the surge.
func TestRestOfALargeFleet(t *testing.T) {
	const boards = 512
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Start: topology.Start{Boot: 2 * minute}}},
		Components: []topology.Component{
			{Name: "main"},
			{Name: fmt.Sprintf("board-[1-%d]", boards), Kind: "board", Capacity: 20_000, Unit: "W", Needs: []string{"main"}},
			{Name: fmt.Sprintf("s-[1-%d]-[1-40]", boards), Kind: "server",
				Supplies: []topology.Supply{{Members: []string{"board-{1}"}, Base: 200, PerUnit: 3, Inrush: 450}}},
			{Name: "users", Demand: 80 * 40 * boards, Gated: true, Reopen: topology.Reopen{Surge: .5, Decay: 10 * minute},
				Supplies: []topology.Supply{{Members: []string{"server"}}}},
		},
	}))
	d := dark{fleet: fleet, scenario: cascade.Lose("main"), options: restart.Options{AtOnce: map[string]int{"server": 5000}}}
	p := plan(t, fleet, d.scenario, d.options)
	down, out := ends(t, d, p)
	require.Empty(t, down)
	require.Empty(t, out)
	require.Less(t, p.Full, p.Finish)
	after := slices.DeleteFunc(slices.Clone(p.Steps), func(s restart.Step) bool { return !p.AfterFull(s) })
	require.Len(t, after, 2, "%v", after) // all of them boot together, and enter rotation together
}
