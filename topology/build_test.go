package topology_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

func to(patterns ...string) topology.Supply { return topology.Supply{Members: patterns} }

// with is a fleet of x with the given, y with a capacity of 10, and z-1 to z-3 of kind z.
func with(x topology.Component) topology.Spec {
	if x.Name == "" {
		x.Name = "x"
	}
	return topology.Spec{Components: []topology.Component{
		x, {Name: "y", Capacity: 10, Unit: "W", Labels: map[string]string{"zone": "a"}}, {Name: "z-[1-3]", Kind: "z", Capacity: 10},
	}}
}

func supplied(s topology.Supply) topology.Spec {
	return with(topology.Component{Supplies: []topology.Supply{s}})
}

// Everything that can be wrong, word for word.
func TestFaults(t *testing.T) {
	second, seen := time.Second, map[topology.Reason]bool{}
	for _, test := range []struct {
		spec topology.Spec
		want string
	}{
		{topology.Spec{}, `components: not found: a fleet needs at least one component`},
		{with(topology.Component{Capacity: -1}), `x: capacity: bad number: -1: give a finite number that is not negative`},
		{with(topology.Component{Demand: math.NaN()}), `x: demand: bad number: NaN: give a finite number that is not negative`},
		{with(topology.Component{Capacity: math.Inf(1)}), `x: capacity: bad number: +Inf: give a finite number that is not negative`},
		{with(topology.Component{Overload: topology.Overload{After: -second}}), `x: overload.after: bad number: -1s: give a duration that is not negative`},
		{with(topology.Component{Overload: topology.Overload{Curve: "XI"}}), `x: overload.curve: not found: no curve "XI": there are SI, VI, EI and LTI`},
		{with(topology.Component{Overload: topology.Overload{After: second, Curve: topology.SI}}), `x: overload.after: bad number: a component trips after a delay or by a curve: give one of them`},
		{with(topology.Component{Overload: topology.Overload{TMS: 2}}), `x: overload.tms: bad number: a time multiplier is for a curve: give one, or leave it out`},
		{with(topology.Component{Start: topology.Start{Cold: 1.5, WarmUp: second}}), `x: start.cold: bad number: 1.5: give a fraction from 0 to 1`},
		{with(topology.Component{Start: topology.Start{Cold: .5}}), `x: start.cold: bad number: a cold component warms up: give warmUp, or leave cold out`},
		{with(topology.Component{Reopen: topology.Reopen{Surge: 1}}), `x: reopen.surge: bad number: a surge decays: give decay, or leave surge out`},
		{with(topology.Component{Failing: topology.Failing{Unavailability: 1.1}}), `x: failing.unavailability: bad number: 1.1: give a fraction from 0 to 1`},
		{with(topology.Component{Failing: topology.Failing{MTBF: second}}), `x: failing: bad number: give both MTBF and MTTR`},
		{with(topology.Component{Failing: topology.Failing{OnDemand: -1}}), `x: failing.onDemand: bad number: -1: give a fraction from 0 to 1`},
		{with(topology.Component{Failing: topology.Failing{Unavailability: .1, MTBF: second, MTTR: second}}), `x: failing.unavailability: bad number: give the unavailability, or MTBF and MTTR, not both`},
		{with(topology.Component{Needs: topology.Names{"4 of z"}}), `x: needs[0]: bad number: 4 of z: there are only 3`},
		{with(topology.Component{Needs: topology.Names{"0 of z"}}), `x: needs[0]: bad number: "0 of z" asks for nothing: write a number from 1, or leave it out`},
		{with(topology.Component{Needs: topology.Names{"w"}}), `x: needs[0]: not found: no component and no kind is named "w"`},
		{with(topology.Component{Needs: topology.Names{"zone=b"}}), `x: needs[0]: not found: no component has the label zone=b`},
		{with(topology.Component{StartNeeds: topology.Names{"z-[1-4]"}}), `x: startNeeds[0]: not found: no component and no kind is named "z-4" (of "z-[1-4]"); did you mean "z-1"?`},
		{with(topology.Component{Needs: topology.Names{"z-[1"}}), `x: needs[0]: bad syntax: "z-[1": a bracket is not closed: write ] after its last item`},
		{with(topology.Component{Name: "y"}), `y: name: not unique: there is a second "y" (the first is declared as "y")`},
		{with(topology.Component{Name: "z"}), `z: name: not unique: "z" is also the kind of z-1: a name must not be the kind of another component`},
		{with(topology.Component{Name: "x-[1,1]"}), `x-[1,1]: name: not unique: there is a second "x-1" (the first is declared as "x-[1,1]")`},
		{with(topology.Component{Name: "x-[3-1]"}), `x-[3-1]: name: bad syntax: "x-[3-1]": 3-1 falls: write 1-3`},
		{supplied(to()), `x: supplies[0].members: not found: a supply needs members`},
		{supplied(to("w")), `x: supplies[0].members: not found: no component and no kind is named "w"`},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Need: 4}), `x: supplies[0].need: bad number: 4 of 3 members: need at most as many as there are`},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Need: -1}), `x: supplies[0].need: bad number: -1: give the number of members that must be up`},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Need: 1, Optional: true}), `x: supplies[0].optional: bad number: an optional supply needs no member: leave out need, or optional`},
		{supplied(topology.Supply{Members: topology.Names{"z"}, PerUnit: -2}), `x: supplies[0].perUnit: bad number: -2: give a finite number that is not negative`},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Share: "fair"}), `x: supplies[0].share: not found: no share "fair": there are equal, weighted, proportional, tiered, waterfall and each`},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Limit: .5}), `x: supplies[0].limit: bad number: only a waterfall share has this: set share to it, or leave this out`},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Overprovision: 2}), `x: supplies[0].overprovision: bad number: only a tiered share has this: set share to it, or leave this out`},
		{supplied(topology.Supply{Members: topology.Names{"z"}, Weights: []float64{1}}), `x: supplies[0].weights: bad number: only a weighted share has this: set share to it, or leave this out`},
		{supplied(topology.Supply{Members: topology.Names{"z", "y"}, Share: topology.Weighted, Weights: []float64{1}}), `x: supplies[0].weights: bad number: 1 weight for 2 entries of members: give one for each entry of members`},
		{supplied(topology.Supply{Members: topology.Names{"z", "y"}, Share: topology.Weighted, Weights: []float64{0, 0}}), `x: supplies[0].weights: bad number: the weights sum to 0: give at least one above 0, and a finite sum`},
		{supplied(topology.Supply{Members: topology.Names{"z", "y"}, Share: topology.Weighted, Weights: []float64{1, -1}}), `x: supplies[0].weights[1]: bad number: -1: give a finite number that is not negative`},
		{supplied(topology.Supply{Members: topology.Names{"z", "z-1"}, Share: topology.Tiered}), `x: supplies[0].members: not unique: "z-1" is in it twice: in a tiered share each member has one place`},
		{with(topology.Component{Name: "u-[1-2]", Supplies: []topology.Supply{to("u-2")}}), `u-[1-2]: load cycle: u-2 draws on u-2: load cannot come back to where it came from: take one of these supplies out, or make it a need`},
		{topology.Spec{Components: []topology.Component{{Name: "a"}, {Name: "b", Supplies: []topology.Supply{{Members: topology.Names{"a"}, Share: topology.Proportional}}}}}, `b: supplies[0].members: bad number: a has no capacity: a proportional share needs one of every member`},
		{topology.Spec{Components: []topology.Component{{Name: "a"}, {Name: "b", Supplies: []topology.Supply{{Members: topology.Names{"a"}, Share: topology.Waterfall}}}}}, `b: supplies[0].members: bad number: a has no capacity: a waterfall share needs one of every member`},
		{with(topology.Component{Unit: "VA", Supplies: []topology.Supply{to("y")}}), `x: supplies[0]: unit clash: it passes its load in VA on to y, whose unit is W: give perUnit, the W for each VA`},
		{with(topology.Component{Demand: 1}), `x: demand: dead demand: it reaches no component with a capacity, so nothing could ever be overloaded: give a capacity to what it draws on, or supplies to x`},
		{with(topology.Component{Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"y"}, Base: 1}}}), `x: demand: dead demand: it reaches no component with a capacity, so nothing could ever be overloaded: give a capacity to what it draws on, or supplies to x`},
		{topology.Spec{Components: []topology.Component{
			{Name: "a", Supplies: []topology.Supply{to("b")}}, {Name: "b", Supplies: []topology.Supply{to("c")}}, {Name: "c", Supplies: []topology.Supply{to("a")}},
		}}, `a: load cycle: a draws on b draws on c draws on a: load cannot come back to where it came from: take one of these supplies out, or make it a need`},
		{topology.Spec{Components: []topology.Component{
			{Name: "bus-1", Needs: topology.Names{"1 of [grid,bus-2]"}}, {Name: "bus-2", Needs: topology.Names{"bus-1"}}, {Name: "grid"},
		}}, `bus-1: need cycle: bus-1 needs bus-2 needs bus-1: bus-1 needs only 1 member of [grid,bus-2], so the cycle would hold itself up without any source: model a tie as a component of its own, with the sources that feed it behind it`},
		{topology.Spec{Components: []topology.Component{
			{Name: "grid"}, {Name: "bus-1", Supplies: []topology.Supply{to("grid", "tie")}}, {Name: "tie", Needs: topology.Names{"bus-1"}},
		}}, `bus-1: need cycle: bus-1 needs tie needs bus-1: bus-1 needs only 1 member of grid, tie, so the cycle would hold itself up without any source: model a tie as a component of its own, with the sources that feed it behind it`},
		{with(topology.Component{Name: "x-[1-20000000]"}), `x-[1-20000000]: name: too large: "x-[1-20000000]" stands for 20000000 names; a topology has at most `},
		{topology.Spec{Kinds: map[string]topology.Component{"k": {Capacity: -1, Name: "k", Kind: "l"}, "": {}}, Components: []topology.Component{{Name: "x"}, {}}}, `kinds: not found: a kind needs a name
kind "k": name: not unique: a kind has no name of its own: leave it out
kind "k": kind: not unique: a kind is of no other kind: leave it out
kind "k": capacity: bad number: -1: give a finite number that is not negative
components[1]: name: not found: a component needs a name`},
	} {
		_, err := topology.New(test.spec)
		require.Error(t, err, test.want)
		require.True(t, strings.HasPrefix(err.Error(), test.want), "%s\nwant %s", err, test.want)
		if !strings.HasSuffix(test.want, " ") { // numbers that stand elsewhere
			require.Equal(t, test.want, err.Error())
		}
		var faults topology.Faults
		require.ErrorAs(t, err, &faults)
		for _, f := range faults {
			require.Contains(t, f.Error(), string(f.Reason))
			seen[f.Reason] = true
		}
	}
	require.Len(t, seen, 9, "every reason")
}

// All that is wrong is reported at once, in order of the components.
func TestFaultsTogether(t *testing.T) {
	_, err := topology.New(topology.Spec{Components: []topology.Component{
		{Name: "a", Capacity: -1, Needs: topology.Names{"nobody"}},
		{Name: "b", Supplies: []topology.Supply{to("c")}},
		{Name: "c", Demand: -2, Supplies: []topology.Supply{{Members: topology.Names{"d"}, Need: 2}}},
		{Name: "d", Supplies: []topology.Supply{{Members: topology.Names{"e"}, Share: topology.Weighted, Weights: []float64{0}}}},
		{Name: "e"},
	}})
	var faults topology.Faults
	require.ErrorAs(t, err, &faults)
	var at []string
	for _, f := range faults {
		at = append(at, f.Component+" "+f.Field+" "+string(f.Reason))
	}
	require.Equal(t, []string{
		"a capacity bad number", "a needs[0] not found", "c demand bad number", "c supplies[0].need bad number", "d supplies[0].weights bad number",
	}, at)
}

func TestCyclesNamed(t *testing.T) {
	_, err := topology.New(topology.Spec{Components: []topology.Component{
		{Name: "d", Supplies: []topology.Supply{to("a")}}, {Name: "a", Supplies: []topology.Supply{to("b")}},
		{Name: "b", Supplies: []topology.Supply{to("c")}}, {Name: "c", Supplies: []topology.Supply{to("a")}},
	}})
	var faults topology.Faults
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults, 1)
	cycle := faults[0].Cycle
	slices.Sort(cycle)
	require.Equal(t, []string{"a", "b", "c"}, cycle)
}

// A cycle of needs is legal through all of a list, and a fault through some of it: held against every cycle that there is.
func TestNeedCyclesTwin(t *testing.T) {
	legal, illegal := 0, 0
	for seed := range uint64(cases(3000)) {
		spec := randomSpec(rand.New(rand.NewPCG(seed, 11)))
		for i := range spec.Components {
			spec.Components[i].Capacity, spec.Components[i].Overload = 5, topology.Overload{} // so that nothing else is wrong
			for k := range spec.Components[i].Supplies {
				if s := &spec.Components[i].Supplies[k]; s.Share == topology.Weighted {
					s.Weights[0] = 1
				}
			}
		}
		_, err := topology.New(spec)
		var faults topology.Faults
		if wrong, cycle := needCycles(spec); wrong {
			illegal++
			require.ErrorAs(t, err, &faults, text(t, seed, spec))
			for _, f := range faults {
				require.Equal(t, topology.NeedCycle, f.Reason)
				require.NotEmpty(t, f.Cycle)
			}
		} else {
			require.NoError(t, err, text(t, seed, spec))
			if cycle {
				legal++
			}
		}
	}
	require.Greater(t, min(legal, illegal), cases(200))
}

// needCycles reports whether a cycle of needs goes through some of a list, and whether there is any cycle.
func needCycles(spec topology.Spec) (wrong, cycle bool) {
	type edge struct {
		to  string
		any bool
	}
	edges := map[string][]edge{}
	add := func(from string, members []string, need int) {
		for _, m := range members {
			if need > 0 {
				edges[from] = append(edges[from], edge{m, need < len(members)})
			}
		}
	}
	for _, c := range spec.Components {
		for _, need := range c.Needs {
			k, rest, ok := strings.Cut(need, " of ")
			if !ok {
				rest = need
			}
			members, _ := topology.Expand(rest)
			number, err := strconv.Atoi(k)
			if err != nil {
				number = len(members)
			}
			add(c.Name, members, number)
		}
		for _, s := range c.Supplies {
			var members []string
			for _, entry := range s.Members {
				names, _ := topology.Expand(entry)
				members = append(members, names...)
			}
			need := max(1, s.Need)
			if s.Optional {
				need = 0
			}
			add(c.Name, members, need)
		}
	}
	reach := func(from, to string) bool {
		seen, work := map[string]bool{from: true}, []string{from}
		for ; len(work) > 0; work = work[1:] {
			if work[0] == to {
				return true
			}
			for _, e := range edges[work[0]] {
				if !seen[e.to] {
					seen[e.to], work = true, append(work, e.to)
				}
			}
		}
		return false
	}
	for from, out := range edges {
		for _, e := range out {
			if reach(e.to, from) {
				cycle, wrong = true, wrong || e.any
			}
		}
	}
	return wrong, cycle
}

// Two services that need each other run well once up.
func TestLegalCycle(t *testing.T) {
	_, err := topology.New(topology.Spec{Components: []topology.Component{
		{Name: "a", Needs: topology.Names{"b"}}, {Name: "b", Needs: topology.Names{"c-[1-2]"}},
		{Name: "c-[1-2]", Capacity: 1, Supplies: []topology.Supply{{Members: topology.Names{"d"}}}}, {Name: "d", Needs: topology.Names{"a"}},
	}})
	require.NoError(t, err)
}
