package spare

import (
	"context"
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/spare/internal/sizes"
	"github.com/ridethrough/ridethrough/topology"
)

// A Trap is something that must not be bought on top of a plan: with it a scenario would no longer hold, for what is added
// takes more from what it draws on than it takes off its neighbours, or is the weakest of its pool.
type Trap struct {
	Purchase
	Binding
}

// String returns one line: "2 more like web-1, on board-1: after board-3, board-1 would carry 17.67 of 17 W".
func (t Trap) String() string {
	text := fmt.Sprintf("%d more like %s", t.Count, t.Like)
	if len(t.On) > 0 {
		text += ", on " + strings.Join(t.On, ", ")
	}
	when := "after " + t.Scenario.String()
	if len(t.Scenario.Lose)+len(t.Scenario.Drain) == 0 {
		when = "with " + t.Scenario.String()
	}
	return fmt.Sprintf("%s: %s, %s would carry %s", text, when, t.Component, topology.LoadOf(t.Load, t.Binding.Capacity, t.Unit))
}

const (
	maxTrapColumns = 32
	maxTrap        = 8 // of one column
)

// traps returns for each column the fewest on top of a purchase with which some scenario no longer holds, if they are few.
func (w *work) traps(ctx context.Context, x []int) (traps []Trap) {
	if len(w.columns) > maxTrapColumns || len(w.cases)*len(w.fleet.Classes) > maxListed/100 {
		return nil
	}
	for j, c := range w.columns {
		for n := 1; n <= min(maxTrap, c.most-x[j]) && !c.more && ctx.Err() == nil; n++ {
			if t, found := w.trap(j, n, x); found {
				traps = append(traps, t)
				break
			}
		}
	}
	return traps
}

// trap looks at n more of a column on top of x, and says what is overloaded most in the first case that does not hold then.
func (w *work) trap(j, n int, x []int) (t Trap, found bool) {
	more := append([]int(nil), x...)
	more[j] += n
	var fleet *topology.Topology
	for i, s := range w.cases {
		faults := w.fleet.Judge(s, more, false)
		if len(faults) == 0 {
			continue
		}
		b, known := w.fullest(i, faults)
		if !known {
			if fleet == nil {
				var err error
				if fleet, err = enlarge(w.t, w.columns, more); err != nil {
					return t, false
				}
			}
			b = w.tightest(i, w.short(fleet, i))
		}
		if b.Component != "" {
			c := &w.columns[j]
			return Trap{Purchase{Offer: c.offer, Count: n, On: c.on}, b}, true
		}
	}
	return t, false
}

// fullest says what is overloaded most in a case, of equals the first; false if that takes a look at single components: some
// of what there was is lost, or only what is bought is overloaded.
func (w *work) fullest(i int, faults []sizes.Fault) (b Binding, known bool) {
	s, most := w.cases[i], 0.0
	for _, f := range faults {
		first := w.fleet.Classes[f.Class].First
		if f.Unserved || s.Takes(f.Class) || int(first) >= w.t.Len() {
			return b, false
		}
		if part := f.Load / f.Capacity; part > most*(1+topology.Tolerance) {
			most = part
			b = Binding{Scenario: s.Of, Alike: w.alikeOf(i), Component: w.t.Name(first), Load: f.Load, Capacity: f.Capacity, Unit: w.t.Unit(first)}
		}
	}
	return b, true
}
