package maintenance

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A loss is a scenario of the family, found.
type loss struct {
	of          cascade.Scenario
	lose, drain []topology.ID
	load        float64
	nothing     bool // else lost: it must hold, whatever is enough for the family
}

func (q *question) loss(s cascade.Scenario) loss {
	lose, _ := q.t.Select(s.Lose...) // the family has been looked up
	drain, _ := q.t.Select(s.Drain...)
	return loss{of: s, lose: lose, drain: drain, load: cmp.Or(s.Load, 1)}
}

// nothing is that nothing else is lost.
func nothing(q *question) loss { return loss{load: q.load, nothing: true} }

// cases returns one scenario of each case of the family, what goes out with a group being told apart from what does not;
// before them, that nothing else is lost. Where what is alike in a group does not start alike, each of it is told apart from all
// others. The reason says why they cannot all be looked at.
func (q *question) cases(out []topology.ID) (all []loss, reason string, err error) {
	apart := cascade.Scenario{Lose: q.t.Names(out)}
	if q.uniform(out) {
		apart = cascade.Scenario{Drain: apart.Lose}
	}
	first := cascade.Scenario{Lose: slices.Concat(q.o.Now.Lose, apart.Lose), Drain: slices.Concat(q.o.Now.Drain, apart.Drain), Load: q.o.Now.Load}
	plan, err := cascade.NewPlan(q.t, cascade.Product(cascade.Only(first), q.family), cascade.Options{Cases: q.o.Cases, Samples: 1})
	if err != nil {
		return nil, "", err
	}
	if plan.Sampled() {
		n, err := q.family.Count(q.t)
		return nil, fmt.Sprintf("the family has %v scenarios, more than %d cases: ask for fewer, or for more Cases", n, q.o.Cases), err
	}
	all = append(all, nothing(q))
	for s := range plan.Cases() {
		found := q.loss(only(s, first))
		found.load = cmp.Or(s.Load, 1)
		all = append(all, found)
	}
	return all, "", nil
}

// only returns what a scenario has beyond what all begin with.
func only(s, first cascade.Scenario) cascade.Scenario {
	s.Lose, s.Drain = slices.Clip(s.Lose[len(first.Lose):]), slices.Clip(s.Drain[len(first.Drain):])
	if len(s.Lose) == 0 {
		s.Lose = nil
	}
	if len(s.Drain) == 0 {
		s.Drain = nil
	}
	load := cmp.Or(s.Load, 1) / cmp.Or(first.Load, 1)
	if near := math.Round(load*1e9) / 1e9; math.Abs(near-load) <= 1e-12*load { // as it was written
		load = near
	}
	if s.Load = load; load == 1 {
		s.Load = 0
	}
	return s
}

// uniform reports whether components start alike that the engine may take to be interchangeable, for it does not look at how
// they start.
func (q *question) uniform(out []topology.ID) bool {
	first := map[string]topology.ID{}
	for i, id := range out {
		if i > 0 && q.t.Declaration(id) == q.t.Declaration(out[i-1]) && q.startAlike(id, out[i-1]) {
			continue
		}
		key := q.shape(id)
		like, known := first[key]
		if !known {
			first[key] = id
		} else if !q.startAlike(id, like) {
			return false
		}
	}
	return true
}

// startAlike reports whether two components start alike. Where all of a group goes at one instant and a limit counts them, one
// may boot while the other waits: then which of them is lost makes a difference.
func (q *question) startAlike(a, b topology.ID) bool {
	limits := q.limitsOf(a)
	return q.t.Start(a) == q.t.Start(b) && limits == q.limitsOf(b) && !(q.o.Together && strings.Contains(limits, "\x01")) &&
		slices.EqualFunc(q.t.Links(a), q.t.Links(b), startsAlike)
}

// shape writes some of what the engine looks at: interchangeable components have the same.
func (q *question) shape(id topology.ID) string {
	var b strings.Builder
	fmt.Fprint(&b, q.t.Capacity(id), q.t.Demand(id), q.t.Overload(id).Shed)
	for _, l := range q.t.Links(id) {
		if l.Start {
			continue
		}
		fmt.Fprint(&b, " ", l.Need, len(l.Members))
		if l.Supply != nil {
			fmt.Fprint(&b, " ", l.Supply.Base, l.Supply.Rate())
		}
	}
	return b.String()
}

// startsAlike reports whether two links ask the same of a start. What else they ask the engine compares.
func startsAlike(a, b topology.Link) bool {
	if a.Start || b.Start {
		return a.Start == b.Start && a.Set == b.Set && a.Need == b.Need
	}
	return (a.Supply == nil) == (b.Supply == nil) && (a.Supply == nil || a.Supply.Inrush == b.Supply.Inrush)
}

// limitsOf writes which limits on booting count a component.
func (q *question) limitsOf(id topology.ID) string {
	of := make([]byte, len(q.limits))
	for i, l := range q.limits {
		if l.has[id] {
			of[i] = 1
		}
	}
	return string(of)
}
