package spare

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

const (
	maxConflict = 64 // cases, and limits, of a conflict that are looked at one by one
	maxPatience = 50 // branches of a search that looks at one
)

// conflict finds a smallest set of scenarios that no purchase meets, and of limits that keep it from doing so: with any one
// of them left out, there is a purchase, as far as that could be found out.
func (w *work) conflict(ctx context.Context, s found) *Plan {
	p := &Plan{Infeasible: true, Survive: w.options.Survive, Nameplate: w.kept}
	w.patience = maxPatience
	cases := s.cases()
	if !w.rulesOut(ctx, cases) {
		cases = w.open() // the proof rests on scenarios of what is bought, one by one, or on running them
	}
	if len(cases) <= maxConflict && w.rulesOut(ctx, cases) {
		cases = fewest(cases, func(some []int) bool { return w.rulesOut(ctx, some) })
		p.Most, p.Limits = w.limits(ctx, cases)
	}
	for _, i := range cases[:min(len(cases), maxBinding)] {
		p.Binding = append(p.Binding, w.hopeless(i))
	}
	p.Reason = p.excluded(w)
	return p
}

// open returns the cases that may be part of a conflict: all, but those that hold as the fleet is where they need only survive.
func (w *work) open() (cases []int) {
	none := make([]int, len(w.columns))
	for i := range w.cases {
		if !w.options.Survive || len(w.fleet.Judge(w.cases[i], none, false)) > 0 {
			cases = append(cases, i)
		}
	}
	return cases
}

// hopeless says what keeps a case from holding: a demand that is down even with all that can be bought, or else what is
// overloaded most without any of it.
func (w *work) hopeless(i int) Binding {
	for _, f := range w.fleet.Judge(w.cases[i], w.box().Most, w.plates) {
		if !f.Unserved {
			continue
		}
		demand := w.t.Name(w.fleet.Classes[f.Class].First)
		if down := w.down(w.cases[i].Of, demand); down != nil {
			return Binding{Scenario: w.cases[i].Of, Alike: w.alikeOf(i), Down: down}
		}
	}
	return w.bindingOf(i, w.short(w.t, i))
}

// rulesOut reports whether it is proven that no purchase meets some cases.
func (w *work) rulesOut(ctx context.Context, cases []int) bool {
	if w.options.Survive {
		return false // it is shown by running, not by rows alone
	}
	s := w.search(ctx, cases)
	return s.proven && s.best == nil
}

// fewest leaves out what is not needed, the last first.
func fewest[T any](all []T, enough func([]T) bool) []T {
	for i := len(all) - 1; i >= 0; i-- {
		if less := slices.Delete(slices.Clone(all), i, i+1); enough(less) {
			all = less
		}
	}
	return all
}

// A bar is something that limits what can be bought.
type bar struct {
	column int         // how many there are of it; -1: not that
	limit  topology.ID // the capacity of it
}

// limits returns the offers and the components whose limits are part of a conflict of cases.
func (w *work) limits(ctx context.Context, cases []int) (most []Purchase, limits topology.Names) {
	var bars []bar
	for j, c := range w.columns {
		if c.most < maxOffered {
			bars = append(bars, bar{j, -1})
		}
	}
	overloaded := w.overloaded(ctx, cases)
	for k := range int32(len(w.fleet.Classes)) {
		c := &w.fleet.Classes[k]
		if c.Limited() && (len(w.fleet.Draws(k)) > 0 || overloaded[k]) && len(c.Columns) == 0 && !w.tellsMore(k) {
			bars = append(bars, bar{-1, c.First})
		}
	}
	if len(bars) > maxConflict {
		return nil, nil
	}
	kept := fewest(bars, func(some []bar) bool { return w.without(bars, some).rulesOut(ctx, cases) })
	for _, b := range kept {
		if b.column >= 0 {
			c := &w.columns[b.column]
			most = append(most, Purchase{Offer: c.offer, Count: c.most, On: c.on})
		} else {
			limits = append(limits, topology.Fold(w.alikeTo(b.limit))...)
		}
	}
	return most, limits
}

// alikeTo returns the names of the class of a component: a limit is lifted for all of it.
func (w *work) alikeTo(first topology.ID) (names []string) {
	for id := range topology.ID(w.t.Len()) {
		if w.fleet.Of(id) == w.fleet.Of(first) {
			names = append(names, w.t.Name(id))
		}
	}
	return names
}

// tellsMore reports whether the capacity of a class is more than a limit: a weight, or what its draws are counted by.
func (w *work) tellsMore(class int32) bool {
	return w.fleet.Weighs(class) || w.plates && w.fleet.Plates(class) != nil
}

// overloaded returns the classes that are, in one of some cases, without any purchase.
func (w *work) overloaded(ctx context.Context, cases []int) map[int32]bool {
	none, all := make([]int, len(w.columns)), map[int32]bool{}
	for _, i := range cases {
		if ctx.Err() != nil {
			break
		}
		for _, f := range w.fleet.Judge(w.cases[i], none, w.plates) {
			if !f.Unserved {
				all[f.Class] = true
			}
		}
	}
	return all
}

// without is the work with only some of all bars.
func (w *work) without(all, some []bar) *work {
	less := *w
	less.columns, less.fleet = slices.Clone(w.columns), w.fleet.Clone()
	less.forget()
	for _, b := range all {
		switch {
		case slices.Contains(some, b):
		case b.column >= 0:
			less.columns[b.column].most = maxOffered
		default:
			less.fleet.Lift(less.fleet.Of(b.limit))
		}
	}
	return &less
}

// whatever says what no number of helps: where no offers were given it names what was taken in their place.
func (w *work) whatever() string {
	if len(w.options.Offers) > 0 || len(w.columns) == 0 {
		return "whatever of the offers is bought"
	}
	var names []string
	for _, c := range w.columns[:min(len(w.columns), 3)] {
		names = append(names, c.offer.Like)
	}
	text := strings.Join(names, ", ")
	if more := len(w.columns) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return "however many like " + text + " are bought"
}

// excluded says what cannot be met.
func (p *Plan) excluded(w *work) string {
	var names []string
	for _, b := range p.Binding {
		names = append(names, b.Scenario.String())
	}
	hold := "hold"
	if p.Survive {
		hold = "be survived"
	}
	text := "some scenarios cannot hold together"
	switch len(names) {
	case 0:
	case 1:
		text = names[0] + " cannot " + hold
	case 2, 3:
		text = strings.Join(names, " and ") + " cannot all " + hold
	default:
		text = fmt.Sprintf("%s and %s cannot all %s", names[0], others(len(names), 1), hold)
	}
	if len(p.Most)+len(p.Limits) == 0 {
		return text + ", " + w.whatever() + "."
	}
	var because []string
	for _, m := range purchases(w.t, p.Most) {
		because = append(because, "at most "+m)
	}
	if len(p.Limits) > 0 {
		because = append(because, "the capacity of "+strings.Join(p.Limits, ", "))
	}
	return text + " with " + strings.Join(because, "; ") + "."
}
