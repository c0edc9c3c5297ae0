package spare

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// hopeless says why no purchase helps, where one situation shows it at sight.
func (w *work) hopeless() string {
	for _, x := range w.cases {
		if x.fatal != "" {
			return fmt.Sprintf("%s cannot hold, whatever is bought: %s.", x.scenario, x.fatal)
		}
	}
	return ""
}

// shortage says what a situation lacks.
func (s *situation) shortage(t *topology.Topology) string {
	if l := s.tightest(); l != nil {
		load := l.base
		if s.n > 0 {
			load += float64(l.rate * (s.load / float64(s.n)))
		}
		return fmt.Sprintf("%s carries %s", t.Name(l.id), topology.LoadOf(load, l.capacity, t.Unit(l.id)))
	}
	if s.n == 0 && s.floor() == 0 {
		return "no server is left, nor any that is bought"
	}
	wanted := max(s.wanted(s.floor()), s.need)
	if wanted == math.MaxInt {
		return fmt.Sprintf("no number of servers carries %s", topology.Quantity(s.load, ""))
	}
	return fmt.Sprintf("%s left, and %d needed", servers(s.n), wanted)
}

// binding returns the situations that prove the bound: those that do so alone, or else those that do so together.
func (w *work) binding(ctx context.Context, m *model, s *found) []Binding {
	var alone, together []int
	for i, x := range w.cases {
		if x.holds(make([]int, len(w.columns))) {
			continue
		}
		if one := m.search(ctx, []int{i}); one.proven && one.best != nil && one.cost.Cmp(s.cost) >= 0 {
			alone = append(alone, i)
		}
		if s.used[i] {
			together = append(together, i)
		}
	}
	if len(alone) > 0 {
		return w.bindings(alone...)
	}
	return w.bindings(together...)
}

// bindings returns the scenarios of some situations, in order of the family.
func (w *work) bindings(in ...int) []Binding {
	type placed struct {
		Binding
		at int
	}
	var all []placed
	for _, i := range in {
		for k, s := range w.named[i] {
			b := placed{w.bindingOf(w.cases[i], s), s.at}
			if k == len(w.named[i])-1 {
				b.Alike = w.count[i] - k
			}
			all = append(all, b)
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return a.at - b.at })
	var bindings []Binding
	told := map[string]bool{} // a family may name a scenario twice
	for _, b := range all {
		if name := b.Scenario.String(); !told[name] {
			told[name] = true
			bindings = append(bindings, b.Binding)
		}
	}
	return bindings
}

func (w *work) bindingOf(x *situation, s same) Binding {
	t := w.t
	b := Binding{Scenario: s.scenario, Alike: 1}
	if l := x.tightest(); l != nil {
		b.Component, b.Capacity, b.Unit, b.Load = t.Name(l.id), l.capacity, t.Unit(l.id), l.base
		if x.n > 0 {
			b.Load += float64(l.rate * (x.load / float64(x.n)))
		}
		return b
	}
	if wanted := max(x.wanted(x.floor()), x.need); wanted < math.MaxInt {
		b.Missing = max(wanted-x.n, 0)
	}
	if x.n > 0 {
		b.Component, b.Load = s.weak, x.load/float64(x.n)
		if !math.IsInf(x.weakest, 1) {
			b.Capacity = x.weakest
		}
		if id, ok := t.Lookup(s.weak); ok {
			b.Unit = t.Unit(id)
		}
	}
	return b
}
