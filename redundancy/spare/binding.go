package spare

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/triage"
	"github.com/ridethrough/ridethrough/topology"
)

// maxAsked is of how many cases it is asked whether each proves the bound alone; maxBinding is how many are told.
const (
	maxAsked   = 64
	maxBinding = 16
	maxShort   = 3 // components of one case that are told
)

// binding returns the cases that prove the bound: those that do so alone, or else those that do so together.
func (w *work) binding(ctx context.Context, s found) (bindings []Binding) {
	var alone, together []int
	none := make([]int, len(w.columns))
	cheaper := slices.DeleteFunc(slices.Clone(s.tried), func(x []int) bool { return w.price(x).Cmp(s.cost) >= 0 })
	asked := 0
	for i := range w.cases {
		if ctx.Err() != nil {
			return nil // whether none proves it alone is not known
		}
		if len(s.used) > i && s.used[i] {
			together = append(together, i) // though it may hold as the fleet is, and leave no room for what others need
		}
		if asked == maxAsked || len(w.fleet.Judge(w.cases[i], none, w.plates)) == 0 {
			continue
		}
		if w.holdsWithAny(i, cheaper) {
			continue
		}
		asked++
		if one := w.search(ctx, []int{i}); one.bound != nil && one.bound.Cmp(s.cost) >= 0 {
			alone = append(alone, i)
		}
	}
	if len(alone) == 0 {
		alone = together
	}
	for _, i := range alone {
		if len(bindings) >= maxBinding {
			break
		}
		bindings = append(bindings, w.bindingsOf(i)...)
	}
	return bindings
}

// holdsWithAny reports whether a case is known to hold with any of some purchases.
func (w *work) holdsWithAny(i int, all [][]int) bool {
	return !w.options.Survive && slices.ContainsFunc(all, func(x []int) bool { return len(w.fleet.Judge(w.cases[i], x, w.plates)) == 0 })
}

// bindingsOf says what is short in a case as the fleet is: where several pools of servers are, the most overloaded of each.
func (w *work) bindingsOf(i int) []Binding {
	if w.servers == nil {
		w.servers = triage.Servers(w.t)
	}
	short := w.short(w.t, i)
	servers := slices.DeleteFunc(slices.Clone(short), func(b Binding) bool {
		id, _ := w.t.Lookup(b.Component)
		return !w.servers[id]
	})
	if len(servers) < 2 {
		return []Binding{w.bindingOf(i, short)}
	}
	return servers[:min(len(servers), maxShort)]
}

// bindingOf says what is short in a case as the fleet is: of all that is, the component that is overloaded most.
func (w *work) bindingOf(i int, short []Binding) Binding {
	b := w.tightest(i, short)
	b.Missing = w.missing(i)
	if b.Component == "" {
		b.Down = w.down(b.Scenario, "")
	}
	if b.Component == "" && b.Down == nil && w.plates {
		w.reserved(&b, i)
	}
	return b
}

// reserved says what is the least free by nameplate in a case, as the fleet is.
func (w *work) reserved(b *Binding, i int) {
	most, ok := w.fleet.Nameplate(w.cases[i], make([]int, len(w.columns)))
	if !ok {
		return
	}
	_, up := loads(w.t, b.Scenario)
	for id := range topology.ID(w.t.Len()) {
		if w.fleet.Of(id) == most.Class && up(id) {
			b.Component, b.Load, b.Capacity, b.Unit, b.Nameplate = w.t.Name(id), most.Load, most.Capacity, w.t.Unit(id), true
			return
		}
	}
}

// alikeOf returns how many scenarios a case stands for, as far as an int tells.
func (w *work) alikeOf(i int) int {
	if n := w.alike[i]; n.Sign() > 0 && n.IsInt64() && n.Cmp(big.NewInt(1<<40)) < 0 {
		return int(n.Int64())
	}
	return 1
}

// tightest returns what is overloaded most of all that is short in a case.
func (w *work) tightest(i int, short []Binding) Binding {
	if len(short) == 0 {
		return Binding{Scenario: w.cases[i].Of, Alike: w.alikeOf(i)}
	}
	return slices.MaxFunc(short, func(a, b Binding) int { return cmp.Compare(a.Load/a.Capacity, b.Load/b.Capacity) })
}

// short says what is overloaded most in a case, in some fleet, of the components of each pool, in order of declaration.
func (w *work) short(t *topology.Topology, i int) (all []Binding) {
	s := w.cases[i].Of
	load, up := loads(t, s)
	type pools struct {
		first, last int32
		n           int
	}
	at := map[pools]int{}
	for id := range topology.ID(t.Len()) {
		capacity := t.Capacity(id)
		if !up(id) || !topology.Overloaded(load[id], capacity) {
			continue
		}
		b := Binding{Scenario: s, Alike: w.alikeOf(i), Component: t.Name(id), Load: load[id], Capacity: capacity, Unit: t.Unit(id)}
		in := pools{-1, -1, 0}
		if p := t.PoolsOf(id); len(p) > 0 {
			in = pools{p[0], p[len(p)-1], len(p)}
		}
		k, known := at[in]
		switch {
		case !known:
			at[in] = len(all)
			all = append(all, b)
		case b.Load/b.Capacity > all[k].Load/all[k].Capacity:
			all[k] = b
		}
	}
	return all
}

// down says why a demand went down, the first that did if none is named; nil if it did not.
func (w *work) down(s cascade.Scenario, demand string) *cascade.Failure {
	o, err := cascade.Run(w.t, s)
	if err != nil {
		return nil
	}
	for _, served := range o.Served {
		if why := o.Why(served.Demand); len(why) > 0 && (demand == "" || served.Demand == demand) {
			return &why[len(why)-1]
		}
	}
	return nil
}

// missing returns how many more components a case asks for, whichever they are; 0 if that is not what it asks for.
func (w *work) missing(i int) (most int) {
	for _, r := range w.rules {
		if contains(r.of, i) && w.counts(r) {
			most = max(most, int(min(r.Least, maxOffered+1)))
		}
	}
	if most > maxOffered {
		return 0 // no number is enough
	}
	return most
}

// counts reports whether a rule asks for so many components.
func (w *work) counts(r *rule) bool {
	for at, j := range r.On {
		if r.Of[at] != 1 || w.columns[j].more {
			return false
		}
	}
	return len(r.On) > 0
}

// loads returns the loads that a scenario of a fleet leaves, and what is up.
func loads(t *topology.Topology, s cascade.Scenario) (load []float64, up func(topology.ID) bool) {
	e, err := emergencyOf(t, s, nil, nil)
	if err != nil {
		return nil, func(topology.ID) bool { return false } // it is none of this fleet
	}
	flow := t.Flow(topology.State{Status: e.Status, Demand: e.Demand})
	return flow.Load, func(id topology.ID) bool { return e.Status[id] != topology.Down }
}
