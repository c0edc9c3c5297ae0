package spare_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// asked is a case with its names found.
type asked struct {
	everyCase
	top    *topology.Topology
	family cascade.Family
	things []thing
	worst  int // scenario that broke the latest purchase: asked first
}

// ask returns a case if it makes sense: nil if its fleet has a fault, or a name is not there.
func ask(c everyCase) *asked {
	top, err := topology.New(c.Spec)
	if err != nil {
		return nil
	}
	f, err := cascade.ParseFamily(c.Family)
	if err != nil {
		return nil
	}
	if n, err := f.Count(top); err != nil || !n.IsInt64() || n.Int64() > 40 {
		return nil
	}
	for _, o := range c.Offers {
		if id, found := top.Lookup(o.Like); o.Like != "" && (!found || top.Demand(id) > 0) {
			return nil
		}
		if _, err := top.Select(o.For); o.For != "" && err != nil {
			return nil
		}
		if !asksWell(c.Spec, o.Needs) {
			return nil
		}
	}
	a := &asked{c, top, f, things(top, c.Offers), 0}
	if len(a.things) == 0 || len(a.things) > 5 {
		return nil
	}
	for j := range c.Offers {
		if !slices.ContainsFunc(a.things, func(t thing) bool { return t.offer == j }) {
			return nil
		}
	}
	return a
}

func asksWell(s topology.Spec, needs topology.Names) bool {
	s.Components = append(slices.Clone(s.Components), topology.Component{Name: "asking", Needs: needs})
	_, err := topology.New(s)
	return err == nil
}

// most of each thing that brute force tries.
func (a *asked) bound() int { return []int{0, 7, 4, 3, 2, 1}[len(a.things)] }

// purchases are all within the bound, the cheapest first; of those that cost the same, most of the first thing first.
func (a *asked) purchases() (all [][]int) {
	x := make([]int, len(a.things))
	var visit func(j int)
	visit = func(j int) {
		if j == len(x) {
			all = append(all, slices.Clone(x))
			return
		}
		for n := a.bound(); n >= 0; n-- {
			if most := a.things[j].most; most == 0 || n <= most {
				x[j] = n
				visit(j + 1)
			}
		}
		x[j] = 0
	}
	visit(0)
	slices.SortStableFunc(all, func(x, y []int) int { return a.tenths(x) - a.tenths(y) })
	return all
}

func (a *asked) tenths(x []int) (sum int) {
	for j, n := range x {
		sum += n * a.things[j].tenths
	}
	return sum
}

// cheapest is the first purchase within the bound with which everything holds; nil if there is none.
func (a *asked) cheapest() ([]int, error) {
	for _, x := range a.purchases() {
		why, err := a.judge(x)
		if err != nil {
			return nil, err
		}
		if why == "" {
			return x, nil
		}
	}
	return nil, nil
}

func (a *asked) judge(x []int) (string, error) {
	e := &enlarged{old: a.top, things: a.things, count: x}
	why, err := e.judge(a.family, a.True, &a.worst)
	return why, err
}

// sells reports whether a thing is what a purchase says.
func (a *asked) sells(j int, b spare.Offer) bool {
	t, o := a.things[j], a.Offers[a.things[j].offer]
	named := t.grow < 0 && o.For == b.For || t.grow >= 0 && a.top.Name(t.grow) == b.For
	return named && o.Like == b.Like && o.By == b.By && o.Cost == b.Cost && slices.Equal(o.Needs, b.Needs)
}

// counts finds the things that a plan buys; it says what is wrong if it cannot.
func (a *asked) counts(p *spare.Plan) ([]int, string) {
	x := make([]int, len(a.things))
	for _, b := range p.Buy {
		j := 0
		for j < len(a.things) && (x[j] > 0 || !a.sells(j, b.Offer)) {
			j++
		}
		if j == len(x) {
			return nil, fmt.Sprintf("%v is none of the offers", b)
		}
		if x[j] = b.Count; b.Count < 1 || a.things[j].most > 0 && b.Count > a.things[j].most {
			return nil, fmt.Sprintf("%d of %v", b.Count, b)
		}
	}
	return x, ""
}

// minimum calls Minimum with a limit of time; it says what is wrong if it panics or takes longer.
func (a *asked) minimum(workers int, limit time.Duration) (p *spare.Plan, wrong string) {
	defer func() {
		if r := recover(); r != nil {
			wrong = fmt.Sprintf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	p, err := spare.Minimum(within, a.top, a.family, spare.Options{Offers: a.Offers, TrueDraw: a.True, Workers: workers})
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return p, "takes too long"
	case err != nil:
		return nil, "error: " + err.Error()
	}
	return p, ""
}

// verdict is what comes of holding a plan against every purchase: wrong is a category, "" if all is well.
type verdict struct {
	wrong, text string
	plan        *spare.Plan
	best        []int
}

func (a *asked) hold(limit time.Duration) (v verdict) {
	p, wrong := a.minimum(1, limit)
	v.plan = p
	if wrong != "" {
		v.wrong = wrong
		return v
	}
	best, err := a.cheapest()
	v.best = best
	if err != nil {
		v.wrong, v.text = "the enlarged fleet has a fault", err.Error()
		return v
	}
	v.wrong, v.text = a.compare(p, best)
	return v
}

func (a *asked) compare(p *spare.Plan, best []int) (wrong, text string) {
	optimum := math.Inf(1)
	if best != nil {
		optimum = float64(a.tenths(best)) / 10
	}
	text = fmt.Sprintf("of every purchase %v at %v is the cheapest", best, optimum)
	if p.Infeasible {
		if best != nil {
			return "infeasible, and is not", text
		}
		return "", ""
	}
	if p.Bound > optimum+1e-9 {
		return "bound above the minimum", text
	}
	if p.Fleet == nil {
		if p.Certainty != cascade.Undetermined && p.Certainty != cascade.Bounded {
			return "no fleet", text
		}
		return "", ""
	}
	x, odd := a.counts(p)
	if odd != "" {
		return "not an offer", odd
	}
	if math.Abs(float64(a.tenths(x))/10-p.Cost) > 1e-9 {
		return "cost is not that of the purchase", fmt.Sprint(p.Cost)
	}
	if why, err := a.judge(x); why != "" || err != nil {
		category := "plan does not hold"
		if len(why) > 10 && why[:10] == "nameplate:" {
			category = "plan does not respect nameplate"
		}
		return category, fmt.Sprint(why, err, "; ", text)
	}
	if p.Certainty != cascade.Proven && p.Certainty != cascade.Exact {
		return "", ""
	}
	switch {
	case math.Abs(p.Bound-p.Cost) > 1e-9:
		return "proven, and the bound is below the cost", text
	case p.Cost > optimum+1e-9:
		return "proven, and not the minimum", text
	}
	for j := range x {
		if x[j] > 0 {
			x[j]--
			if why, err := a.judge(x); why == "" && err == nil {
				return "proven, and one less will do", fmt.Sprint(x)
			}
			x[j]++
		}
	}
	if best != nil && a.tenths(x) == a.tenths(best) && slices.Max(x) <= a.bound() && !slices.Equal(x, best) {
		return "another of the same cost", text
	}
	return a.fleet(p, x)
}

// fleet checks the enlarged fleet that a plan returns.
func (a *asked) fleet(p *spare.Plan, x []int) (wrong, text string) {
	s, err := cascade.Screen(ctx, p.Fleet, a.family, cascade.Options{Workers: 1})
	if err != nil {
		return "fleet is not one", err.Error()
	}
	if s.Failing.Sign() != 0 || s.Intact.Verdict != cascade.Holds {
		return "fleet does not hold", s.String()
	}
	n := a.top.Len()
	for j, t := range a.things {
		if t.like >= 0 {
			n += x[j]
		}
	}
	if p.Fleet.Len() != n {
		return "fleet has another number of components", fmt.Sprint(p.Fleet.Len(), " and not ", n)
	}
	return "", ""
}

// sameBytes reports whether the number of workers changes nothing.
func (a *asked) sameBytes(limit time.Duration) bool {
	one, wrong := a.minimum(1, limit)
	eight, also := a.minimum(8, limit)
	if wrong == "takes too long" || also == "takes too long" {
		return true // how far it came depends on the machine
	}
	if wrong != "" || also != "" {
		return wrong == also
	}
	x, _ := json.Marshal(one)
	y, _ := json.Marshal(eight)
	return bytes.Equal(x, y)
}
