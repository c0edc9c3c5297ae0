package cascade_test

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// mixedFleet is one of the small random fleets.
func mixedFleet(seed uint64) (topology.Spec, *topology.Topology) {
	if seed%2 == 1 {
		return calmFleet(seed)
	}
	return randomFleet(seed)
}

// An engine ends where plain rounds do, by definition; and where Run does, where trip times do not matter.
func TestEngineTwin(t *testing.T) {
	verdicts, free := map[cascade.Verdict]int{}, 0
	for seed := range uint64(cases(1000)) {
		spec, fleet := mixedFleet(seed)
		r := rand.New(rand.NewPCG(seed, 22))
		base := randomScenario(r, fleet)
		drain, err := fleet.Select(base.Drain...)
		require.NoError(t, err)
		w := walk{Rand: r, engine: cascade.EngineOf(fleet, drain, base.Load)}
		for range 6 {
			w.step(func() []topology.ID {
				ids, _ := fleet.Select(randomScenario(r, fleet).Lose...)
				return ids
			})
			s := scenario(fleet, w.lost()...)
			s.Drain, s.Load = base.Drain, base.Load
			want := newPlot(fleet, s).plain().end()
			if diff := unlike(w.engine, want); diff != "" {
				require.Failf(t, "not as defined", "%s after %q of %s", diff, s, text(t, seed, spec))
			}
			verdicts[want.Verdict]++
			if diff := unrun(fleet, s, w.engine, &free); diff != "" {
				require.Failf(t, "not as it runs", "%s after %q of %s", diff, s, text(t, seed, spec))
			}
		}
	}
	require.Greater(t, min(verdicts[cascade.Holds], verdicts[cascade.Degrades], verdicts[cascade.Collapses], free), cases(50), "%v %d", verdicts, free)
}

// unrun says how an engine's state is not what Run makes of it, and counts those whose end it compared.
func unrun(t *topology.Topology, s cascade.Scenario, e *cascade.Engine, free *int) string {
	o, err := cascade.Run(t, s)
	if err != nil {
		return err.Error()
	}
	if o.Timing {
		if e.Holds() != (o.Verdict == cascade.Holds) {
			return fmt.Sprintf("holds is %v, Run says it %s", e.Holds(), o.Verdict)
		}
		return ""
	}
	*free++
	want := cascade.End{Verdict: o.Verdict, Served: 1, Up: o.Rounds[len(o.Rounds)-1].Up}
	for _, served := range o.Served {
		want.Served = min(want.Served, served.Fraction)
	}
	return unlike(e, want)
}

// The same of fleets in which many are alike, and are counted rather than listed.
func TestEngineOfBulk(t *testing.T) {
	verdicts := map[cascade.Verdict]int{}
	for seed := range uint64(cases(600)) {
		spec, fleet := bulkFleet(seed)
		if seed%4 == 3 {
			spec, fleet = rowFleet(seed)
		}
		r := rand.New(rand.NewPCG(seed, 23))
		load, drain := []float64{1, 1, 1, .8, .5, 1.1}[r.IntN(6)], []topology.ID(nil)
		if r.IntN(4) == 0 {
			drain = bulkLoss(r, fleet)
		}
		demand := times(load, fleet)
		w := walk{Rand: r, engine: cascade.EngineOf(fleet, drain, load)}
		for range 8 {
			want := settle(fleet, demand, drain, w.lost())
			if diff := unlike(w.engine, want); diff != "" {
				require.Failf(t, "not as defined", "%s after the loss of %v, drained %v, load %v of %s",
					diff, fleet.Names(w.lost()), fleet.Names(drain), load, text(t, seed, spec))
			}
			verdicts[want.Verdict]++
			w.step(func() []topology.ID {
				if len(w.stack) == 0 {
					return brim(seed, fleet)
				}
				return bulkLoss(r, fleet)
			})
		}
	}
	require.Greater(t, min(verdicts[cascade.Holds], verdicts[cascade.Degrades], verdicts[cascade.Collapses]), cases(30), "%v", verdicts)
}

func times(load float64, t *topology.Topology) []float64 {
	demand := make([]float64, t.Len())
	for id := range demand {
		demand[id] = load * t.Demand(topology.ID(id))
	}
	return demand
}

// And of the fleets of the benchmarks, which are larger, made small.
func TestEngineOfBenchmarks(t *testing.T) {
	for name, spec := range map[string]func() topology.Spec{
		"flat": flat(300), "hall": hall(50, false), "mixed hall": hall(50, true), "pods": pods(40, 45),
	} {
		fleet := topology.Must(topology.New(spec()))
		for _, load := range []float64{1, 1.2, 1.7} {
			r := rand.New(rand.NewPCG(26, 26))
			w := walk{Rand: r, engine: cascade.EngineOf(fleet, nil, load)}
			for range cases(30) {
				w.step(func() []topology.ID {
					if len(w.stack) == 0 {
						return []topology.ID{topology.ID(r.IntN(fleet.Len()))}
					}
					return bulkLoss(r, fleet)
				})
				want := settle(fleet, times(load, fleet), nil, w.lost())
				require.Empty(t, unlike(w.engine, want), "%s at %v after the loss of %v", name, load, fleet.Names(w.lost()))
			}
		}
	}
}

// Every loss of at most two components of a fleet, walked as a list of combinations is: only what differs is lost and
// taken back.
func TestEngineWalksAllPairs(t *testing.T) {
	for seed := range uint64(cases(60)) {
		spec, fleet := mixedFleet(seed + 1_000_000)
		e := cascade.NewEngine(fleet)
		check := func(lost ...topology.ID) {
			want := settle(fleet, nil, nil, lost)
			if diff := unlike(e, want); diff != "" {
				require.Failf(t, "not as defined", "%s after the loss of %v of %s", diff, fleet.Names(lost), text(t, seed, spec))
			}
		}
		check()
		for a := range topology.ID(fleet.Len()) {
			e.Lose(a)
			check(a)
			for b := a + 1; int(b) < fleet.Len(); b++ {
				e.Lose(b)
				check(a, b)
				e.Undo()
			}
			e.Undo()
		}
	}
}

// What is lost and taken back leaves nothing behind: to the last bit all is as if it had never been.
func TestEngineUndoRestores(t *testing.T) {
	for seed := range uint64(cases(200)) {
		spec, fleet := bulkFleet(seed)
		r := rand.New(rand.NewPCG(seed, 24))
		w := walk{Rand: r, engine: cascade.NewEngine(fleet)}
		for range 12 {
			w.step(func() []topology.ID { return bulkLoss(r, fleet) })
			if r.IntN(2) == 0 {
				w.engine.End()
			}
			if r.IntN(3) == 0 {
				w.engine.Holds()
			}
		}
		for ; ; w.engine.Undo() {
			other := w.engine.Fork()
			for _, ids := range w.stack {
				other.Lose(ids...)
			}
			if w.engine.Holds() != other.Holds() || w.engine.End() != other.End() {
				require.Failf(t, "not restored", "%+v, not %+v with %v of %s", w.engine.End(), other.End(), fleet.Names(w.lost()), text(t, seed, spec))
			}
			if len(w.stack) == 0 {
				break
			}
			w.stack = w.stack[:len(w.stack)-1]
		}
	}
}

// An engine that has settled a scenario settles it again without allocating.
func TestEngineDoesNotAllocate(t *testing.T) {
	if race {
		t.Skip("the detector allocates")
	}
	for seed := range uint64(cases(100)) {
		spec, fleet := bulkFleet(seed)
		lost := bulkLoss(rand.New(rand.NewPCG(seed, 25)), fleet)
		e := cascade.NewEngine(fleet)
		for name, ask := range map[string]func(){"Holds": func() { e.Holds() }, "End": func() { e.End() }} {
			allocs := testing.AllocsPerRun(2, func() { // once before they are counted
				e.Lose(lost...)
				ask()
				e.Undo()
			})
			require.Zero(t, allocs, "%s after the loss of %v of %s", name, fleet.Names(lost), text(t, seed, spec))
		}
	}
}

// chain is components that each draw on the next, the first of them the users.
func chain(n int, last float64) *topology.Topology {
	spec := topology.Spec{Components: make([]topology.Component, n)}
	for i := range spec.Components {
		c := &spec.Components[i]
		if c.Name = fmt.Sprintf("c-%d", i); i+1 < n {
			c.Supplies = []topology.Supply{{Members: topology.Names{fmt.Sprintf("c-%d", i+1)}}}
		}
	}
	spec.Components[0].Demand = 1
	spec.Components[n-1].Capacity = last
	return topology.Must(topology.New(spec))
}

// A chain is as deep as it is long: neither recursion nor a look at every depth for every loss.
func TestEngineOfDeepChain(t *testing.T) {
	const n = 20_000
	e := cascade.NewEngine(chain(n, 1))
	require.True(t, e.Holds())
	require.Equal(t, cascade.End{Verdict: cascade.Holds, Served: 1, Up: n}, e.End())
	for id := topology.ID(n - 1); id > 0; id -= n / 10 {
		e.Lose(id)
		require.False(t, e.Holds())
		require.Equal(t, cascade.End{Verdict: cascade.Collapses, Up: n - 1 - int(id)}, e.End())
		e.Undo()
	}
	e.Lose(0) // nobody asks for anything
	require.Equal(t, cascade.End{Verdict: cascade.Holds, Served: 1, Up: n - 1}, e.End())
	require.Equal(t, cascade.End{Verdict: cascade.Collapses}, cascade.NewEngine(chain(n, .5)).End())
}

// Load that finds no member at the end of a chain is followed back without recursion.
func TestEngineOfDeepChainThatEndsNowhere(t *testing.T) {
	const n = 20_000
	spec := chain(n, 1).Spec()
	for i := range spec.Components[:n-1] {
		spec.Components[i].Supplies[0].Optional = true
	}
	e := cascade.NewEngine(topology.Must(topology.New(spec)))
	defer debug.SetMaxStack(debug.SetMaxStack(4 << 20))
	e.Lose(n - 1)
	require.False(t, e.Holds())
	require.Equal(t, cascade.End{Verdict: cascade.Collapses, Up: n - 1}, e.End())
}

func TestEngineOfLittle(t *testing.T) {
	alone := cascade.NewEngine(topology.Must(topology.New(topology.Spec{Components: []topology.Component{{Name: "a"}}})))
	require.True(t, alone.Holds())
	require.Equal(t, cascade.End{Verdict: cascade.Holds, Served: 1, Up: 1}, alone.End())
	alone.Lose(0)
	require.Equal(t, cascade.End{Verdict: cascade.Holds, Served: 1}, alone.End())
	alone.Lose(0, 0)
	alone.Lose()
	require.True(t, alone.Holds())

	over := cascade.NewEngine(topology.Must(topology.New(topology.Spec{Components: []topology.Component{{Name: "a", Demand: 2, Capacity: 1}}})))
	require.False(t, over.Holds())
	require.Equal(t, cascade.End{Verdict: cascade.Collapses}, over.End())
	over.Lose(0)
	require.True(t, over.Holds()) // it is not asked for

	idle := cascade.NewEngine(topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board"}, {Name: "s-[1-3]", Capacity: 1, Needs: topology.Names{"board"}},
	}})))
	idle.Lose(0)
	require.Equal(t, cascade.End{Verdict: cascade.Holds, Served: 1}, idle.End())
}
