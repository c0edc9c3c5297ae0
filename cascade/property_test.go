package cascade_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// calmFleet is a random fleet with a chance to pass the check of [cascade.Monotone], and to cascade nevertheless: of those
// that draw few trip, and those that trip have little to spare.
func calmFleet(seed uint64) (topology.Spec, *topology.Topology) {
	for r := rand.New(rand.NewPCG(seed, 5)); ; {
		spec := layeredSpec(r)
		if r.IntN(2) == 0 {
			spec = calm(r, randomSpec(r))
		}
		t, err := topology.New(spec)
		if err != nil {
			continue
		}
		tighten(r, spec, t)
		return spec, topology.Must(topology.New(spec))
	}
}

// calm takes from some of those that draw what makes the order matter.
func calm(r *rand.Rand, spec topology.Spec) topology.Spec {
	firm := float64(r.IntN(4)) / 3
	for i := range spec.Components {
		c := &spec.Components[i]
		if len(c.Supplies) == 0 || r.Float64() >= firm {
			continue
		}
		if c.Overload = (topology.Overload{Shed: true}); r.IntN(2) == 0 {
			c.Capacity, c.Overload = 0, topology.Overload{}
		}
		if r.IntN(2) == 0 {
			c.Needs = nil
		}
		for k := range c.Supplies {
			if r.IntN(4) > 0 {
				c.Supplies[k].Need = 0
			}
		}
	}
	return spec
}

// layeredSpec is users who draw on servers, some through relays that may shed, and servers that may need boards.
func layeredSpec(r *rand.Rand) topology.Spec {
	users := 1 + r.IntN(2)
	relays := users + r.IntN(4)
	servers := relays + 3 + r.IntN(4)
	boards := servers + r.IntN(3)
	m := randomMold(r)
	spec := topology.Spec{Components: make([]topology.Component, boards)}
	for i := range spec.Components {
		c := &spec.Components[i]
		c.Name = fmt.Sprintf("c-%d", i)
		switch {
		case i < users:
			c.Demand = float64(5 + r.IntN(30))
			c.Supplies = append(c.Supplies, randomSupply(r, m, users+(relays-users)*r.IntN(2), servers))
			if r.IntN(3) == 0 {
				c.Supplies = append(c.Supplies, randomSupply(r, m, users, servers))
			}
		case i < relays:
			if c.Supplies = []topology.Supply{randomSupply(r, m, relays, servers)}; r.IntN(3) == 0 {
				c.Capacity, c.Overload = 1, topology.Overload{Shed: true}
			}
		case i < servers:
			if c.Capacity, c.Overload = 1, randomOverload(r, m); boards > servers && r.IntN(2) == 0 {
				c.Needs = topology.Names{fmt.Sprintf("c-%d", servers+r.IntN(boards-servers))}
			}
		}
		for k := range c.Supplies {
			if r.IntN(5) > 0 {
				c.Supplies[k].Need = 0
			}
		}
	}
	return spec
}

// tighten makes capacities as large as loads, or up to half as large again.
func tighten(r *rand.Rand, spec topology.Spec, t *topology.Topology) {
	load := t.Flow(topology.State{}).Load
	for i := range spec.Components {
		if c := &spec.Components[i]; c.Capacity > 0 && load[i] > 0 {
			c.Capacity = load[i] * (1 + float64(r.IntN(6))/10)
		}
	}
}

func scenario(t *topology.Topology, lose ...topology.ID) (s cascade.Scenario) {
	for _, id := range lose {
		s.Lose = append(s.Lose, t.Name(id))
	}
	return s
}

// Where a run does not depend on timing, its end is the same with other trip times, and whichever trips first.
func TestTimingIsSafe(t *testing.T) {
	free, moved := 0, 0
	for seed := range uint64(cases(1500)) {
		spec, fleet := calmFleet(seed)
		r := rand.New(rand.NewPCG(seed, 6))
		for range 3 {
			s := randomScenario(r, fleet)
			o, err := cascade.Run(fleet, s)
			require.NoError(t, err)
			if o.Timing {
				continue
			}
			free++
			end := newPlot(fleet, s).run()
			if len(end.rounds) > 2 {
				moved++
			}
			for range 3 {
				if other := newPlot(fleet, s).shuffle(r); !slices.Equal(end.down, other.down) {
					require.Failf(t, "the order matters", "after %q of %s\n%s\nor else %v", s, text(t, seed, spec), o, other.down)
				}
				changed := spec
				changed.Components = slices.Clone(spec.Components)
				for i := range changed.Components {
					if c := &changed.Components[i]; c.Capacity > 0 && (!c.Overload.Shed || c.Overload.After > 0 || c.Overload.Curve != "") {
						c.Overload = topology.Overload{Shed: c.Overload.Shed, After: time.Duration(1+r.IntN(5)) * time.Second}
					}
				}
				other, err := cascade.Run(topology.Must(topology.New(changed)), s)
				require.NoError(t, err)
				require.Equal(t, fallen(o), fallen(other), text(t, seed, spec))
				require.Equal(t, o.Served, other.Served, text(t, seed, spec))
			}
		}
	}
	t.Logf("%d runs do not depend on timing, %d of them with a cascade", free, moved)
	require.Greater(t, moved, cases(250), "few of %d that do not depend on timing have a cascade", free)
}

func fallen(o *cascade.Outcome) (names []string) {
	for _, f := range o.Failures {
		names = append(names, f.Component)
	}
	slices.Sort(names)
	return names
}

// Where a fleet is monotone in what is lost, losing more saves nobody and relieves nobody that is ever overloaded, or that
// passes load on to one that is. Nor does it save a demand, where all that is up serves what is passed to it.
func TestMonotoneIsSafe(t *testing.T) {
	passed, moved := 0, 0
	for seed := range uint64(cases(1500)) {
		spec, fleet := calmFleet(seed)
		lost := someMonotone(rand.New(rand.NewPCG(seed, 7)), fleet)
		if lost == nil {
			continue
		}
		passed++
		var plots []*plot // by the bits of what is lost
		for set := range 1 << len(lost) {
			plots = append(plots, newPlot(fleet, scenario(fleet, chosen(lost, set)...)).run())
			if len(plots[set].rounds) > 2 {
				moved++
			}
		}
		counts := overloadable(fleet, plots)
		for more := range plots {
			for less := (more - 1) & more; more > 0; less = (less - 1) & more {
				if diff := relieved(plots[less], plots[more], counts); diff != "" {
					require.Failf(t, "losing more helps", "%s when %v rather than %v are lost in %s",
						diff, fleet.Names(chosen(lost, more)), fleet.Names(chosen(lost, less)), text(t, seed, spec))
				}
				if less == 0 {
					break
				}
			}
		}
	}
	t.Logf("%d fleets pass, %d of the runs of their scenarios with a cascade", passed, moved)
	require.Greater(t, passed, cases(500))
	require.Greater(t, moved, cases(700))
}

// someMonotone returns up to five components in whose loss a fleet is monotone; none if luck does not find any.
func someMonotone(r *rand.Rand, t *topology.Topology) []topology.ID {
	for most := 5; most > 0; most-- {
		var lost []topology.ID
		for _, id := range r.Perm(t.Len())[:min(most, t.Len())] {
			lost = append(lost, topology.ID(id))
		}
		if cascade.Monotone(t, lost...) {
			return lost
		}
	}
	return nil
}

func chosen(ids []topology.ID, set int) (some []topology.ID) {
	for i, id := range ids {
		if set>>i&1 == 1 {
			some = append(some, id)
		}
	}
	return some
}

// overloadable is what is overloaded in any of the plots, and what passes load on to it.
func overloadable(t *topology.Topology, plots []*plot) []bool {
	counts := make([]bool, t.Len())
	for _, p := range plots {
		for _, round := range p.rounds {
			for _, id := range round.over {
				counts[id] = true
			}
		}
	}
	for range t.Len() {
		for id := range topology.ID(t.Len()) {
			for _, l := range t.Links(id) {
				counts[id] = counts[id] || l.Supply != nil && slices.ContainsFunc(l.Members, func(m topology.ID) bool { return counts[m] })
			}
		}
	}
	return counts
}

// relieved says what is better in b, where more is lost than in a.
func relieved(a, b *plot, counts []bool) string {
	serves := true
	for id := range topology.ID(a.t.Len()) {
		serves = serves && !a.t.Overload(id).Shed && !slices.ContainsFunc(a.t.Component(id).Supplies, func(s topology.Supply) bool {
			return s.Optional || s.Share == topology.Weighted // those left may have no weight
		})
		switch {
		case a.down[id] && !b.down[id]:
			return a.t.Name(id) + " is up"
		case counts[id] && !b.down[id] && b.flow.Load[id] < a.flow.Load[id]*(1-1e-9):
			return fmt.Sprintf("the load of %s is %v, not %v", a.t.Name(id), b.flow.Load[id], a.flow.Load[id])
		}
	}
	for _, s := range b.served() {
		id, _ := a.t.Lookup(s.Demand)
		if serves && s.Fraction > a.flow.Served[id]*(1+1e-9) {
			return fmt.Sprintf("%s is served %v, not %v", s.Demand, s.Fraction, a.flow.Served[id])
		}
	}
	return ""
}

// The loads of a state are linear in the demand, or at least rise with it: a margin is where holding ends.
func TestMarginIsWhereHoldingEnds(t *testing.T) {
	kinds := map[string]int{}
	for seed := range uint64(cases(1500)) {
		spec, fleet := randomFleet(seed)
		s := randomScenario(rand.New(rand.NewPCG(seed, 8)), fleet)
		o, err := cascade.Run(fleet, s)
		require.NoError(t, err)
		holds := func(factor float64) bool {
			at := s
			at.Load = factor * max(s.Load, 0)
			if s.Load == 0 {
				at.Load = factor
			}
			return newPlot(fleet, at).verdict1() == cascade.Holds
		}
		where := func() string { return fmt.Sprintf("margin %v after %q of %s", o.Margin, s, text(t, seed, spec)) }
		switch m := o.Margin; {
		case m < 1e-12:
			kinds["never"]++
			require.False(t, holds(1e-6), where())
		case math.IsInf(m, 1):
			kinds["always"]++
			require.True(t, holds(1e7), where())
		default:
			kinds["until"]++
			if !holds(m*(1-1e-6)) || holds(m*(1+1e-6)) {
				require.Fail(t, "holding ends elsewhere", where())
			}
		}
		require.Equal(t, o.Verdict == cascade.Holds, o.Margin >= 1-1e-9, where())
	}
	require.Len(t, kinds, 3, kinds)
}

func (p *plot) verdict1() cascade.Verdict {
	p.rounds = p.rounds[:1]
	return p.verdict()
}

// Why is a chain: each failure in it was led to by others in it, back to the scenario, and what it says is true.
func TestWhyIsAChain(t *testing.T) {
	links := 0
	for seed := range uint64(cases(1500)) {
		spec, fleet := randomFleet(seed)
		s := randomScenario(rand.New(rand.NewPCG(seed, 9)), fleet)
		o, err := cascade.Run(fleet, s)
		require.NoError(t, err)
		at := map[string]int{}
		for i, f := range o.Failures {
			if diff := mistold(fleet, o, i); diff != "" {
				require.Failf(t, "not so", "%s: %+v\nafter %q of %s\n%s", diff, f, s, text(t, seed, spec), o)
			}
			at[f.Component] = i
		}
		for _, f := range o.Failures {
			chain := o.Why(f.Component)
			require.Equal(t, f, chain[len(chain)-1])
			in := map[string]bool{}
			for k, g := range chain {
				for _, cause := range names(t, g.Because) {
					if k, failed := at[cause]; in[cause] != (failed && k < at[g.Component]) { // a drain may fail later
						require.Failf(t, "a link is missing", "%s in why %s of %s", cause, f.Component, text(t, seed, spec))
					}
				}
				in[g.Component] = true
				require.True(t, k == 0 || at[chain[k-1].Component] < at[g.Component])
				links++
			}
		}
		for id := range topology.ID(fleet.Len()) {
			if _, ok := at[fleet.Name(id)]; !ok {
				require.Empty(t, o.Why(fleet.Name(id)))
			}
		}
	}
	require.Greater(t, links, cases(3000))
}

func names(t *testing.T, patterns topology.Names) (all []string) {
	for _, pattern := range patterns {
		names, err := topology.Expand(pattern)
		require.NoError(t, err)
		all = append(all, names...)
	}
	return all
}

// mistold says what of a failure is not true.
func mistold(t *topology.Topology, o *cascade.Outcome, i int) string {
	f, down := o.Failures[i], map[string]bool{}
	for _, g := range o.Failures[:i] {
		down[g.Component] = true
	}
	drained := map[string]bool{}
	ids, _ := t.Select(o.Scenario.Drain...)
	for _, id := range ids {
		drained[t.Name(id)] = true
	}
	id, _ := t.Lookup(f.Component)
	var because []string
	for _, pattern := range f.Because {
		names, _ := topology.Expand(pattern)
		because = append(because, names...)
	}
	for _, name := range because {
		if !down[name] && !drained[name] {
			return "because of " + name + ", which is up"
		}
	}
	switch f.Cause {
	case cascade.Initial:
		if f.Round != 0 || len(because) > 0 {
			return "initial"
		}
	case cascade.Tripped:
		if f.Load <= f.Capacity*(1+1e-9) || f.Round == 0 || len(f.Lost) > 0 {
			return "tripped"
		}
	case cascade.Unsupplied:
		return unmet(t, id, f, down, because)
	}
	return ""
}

// unmet says whether the link that a failure names is met, given what was down before it.
func unmet(t *topology.Topology, id topology.ID, f cascade.Failure, down map[string]bool, because []string) string {
	for _, l := range t.Links(id) {
		named := l.Names
		if len(l.Members) == 1 {
			named = t.Names(l.Members)
		}
		if l.Start || l.Need != f.Need || !slices.Equal(named, f.Lost) {
			continue
		}
		var gone []string
		for _, m := range l.Members {
			if down[t.Name(m)] {
				gone = append(gone, t.Name(m))
			}
		}
		slices.Sort(gone)
		slices.Sort(because)
		if left := len(l.Members) - len(gone); left != f.Left || left >= l.Need || !slices.Equal(gone, because) {
			return fmt.Sprintf("%d left and %s gone", left, strings.Join(gone, " "))
		}
		return ""
	}
	return "no such need"
}
