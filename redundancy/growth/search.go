package growth

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A search finds the scenarios of a family that are the first to go on a way of growth. It screens the family at places on
// the way, and halves, until at one of them not many more have gone than are wanted; then each of these is run.
type search struct {
	t      *topology.Topology
	family cascade.Family
	path   *path
	o      cascade.Options
	keep   int // so many are wanted
}

// A look is what has gone at a place on the way.
type look struct {
	u float64
	*cascade.Screening
}

// at screens the family at a place on the way.
func (s *search) at(ctx context.Context, u float64) (look, error) {
	t, factor, err := s.path.fleet(u)
	if err != nil {
		return look{}, err
	}
	grown := cascade.Product(s.family, cascade.Only(cascade.Scenario{Load: factor}))
	screening, err := cascade.Screen(ctx, t, grown, s.o)
	if err != nil {
		return look{}, err
	}
	for i := range screening.Worst {
		load := &screening.Worst[i].Scenario.Load
		*load = divided(*load, factor)
	}
	return look{u, screening}, nil
}

// divided returns the factor of a scenario's load that another made this of; 0 if it was 1. Of those that rounding leaves it
// is the one with the fewest digits, for people wrote it.
func divided(load, by float64) float64 {
	if load = cmp.Or(load, 1); load == by {
		return 0
	}
	for digits := 1; digits < 17; digits++ {
		x, err := strconv.ParseFloat(strconv.FormatFloat(load/by, 'g', digits, 64), 64)
		if err == nil && float64(x*by) == load {
			return x
		}
	}
	return load / by
}

// reaches reports whether as many have gone as are wanted, or as there are.
func (s *search) reaches(l look) bool {
	return int64(len(l.Worst)) >= min(int64(s.keep), l.Items())
}

// few reports whether all that have gone are known.
func (s *search) few(l look) bool {
	return len(l.Worst) < s.o.Worst || int64(len(l.Worst)) == l.Items()
}

// near is how close places on the way are when nothing tells them apart.
const near = 1e-10

// first returns the scenarios that may be among the first to go, in order of the family, and the last look at it.
func (s *search) first(ctx context.Context, start float64) ([]cascade.Case, look, error) {
	low, high, err := s.bracket(ctx, start)
	for err == nil && s.reaches(high) && !s.few(high) && high.u-low.u > near {
		var middle look
		if middle, err = s.at(ctx, low.u+(high.u-low.u)/2); err != nil {
			break
		}
		if s.reaches(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	if err != nil {
		return nil, high, err
	}
	cases := high.Worst
	if !s.few(high) { // many go at once: those that went before come first
		cases = append(slices.Clone(low.Worst), cases...)
	}
	return distinct(cases), high, nil
}

// bracket returns places between which as many have gone as are wanted, or one place twice if there is nothing to be halved.
func (s *search) bracket(ctx context.Context, start float64) (low, high look, err error) {
	if math.IsInf(start, 1) {
		start = 0
	}
	start = min(max(start, least), s.path.top())
	const first = .5
	if high, err = s.at(ctx, start); err != nil {
		return low, high, err
	}
	low = high
	for step := first; !s.reaches(high) && high.u < s.path.top(); step *= 2 {
		low = high
		if high, err = s.at(ctx, min(low.u+step, s.path.top())); err != nil {
			return low, low, err
		}
	}
	for step := first; s.reaches(low) && !s.few(low) && low.u > least; step *= 2 {
		high = low
		if low, err = s.at(ctx, max(high.u-step, least)); err != nil {
			return high, high, err
		}
	}
	if s.reaches(low) {
		high = low
	}
	return low, high, nil
}

// distinct returns each case once, in order of the family.
func distinct(cases []cascade.Case) []cascade.Case {
	cases = slices.Clone(cases)
	slices.SortStableFunc(cases, func(a, b cascade.Case) int { return cmp.Compare(a.Item, b.Item) })
	seen := map[string]bool{}
	return slices.DeleteFunc(cases, func(c cascade.Case) bool {
		key := strconv.Itoa(len(c.Scenario.Name)) + c.Scenario.Name + cascade.Only(c.Scenario).String()
		was := seen[key]
		seen[key] = true
		return was
	})
}

// A fate is a case, and where on the way it goes.
type fate struct {
	Limit
	u float64
}

// fates returns where the first of a family go, the earliest first; those that go together in order of the family.
func (s *search) fates(ctx context.Context, start float64) ([]fate, look, error) {
	cases, last, err := s.first(ctx, start)
	var all []fate
	for _, c := range cases {
		if err = ctx.Err(); err != nil {
			break
		}
		var one fate
		if one, err = fateOf(s.path, c.Scenario); err != nil {
			break
		}
		one.Alike = c.Alike
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b fate) int { return cmp.Compare(steps(a.u), steps(b.u)) })
	return all[:min(len(all), s.keep)], last, err
}

// steps returns a place on the way in steps so small that only rounding is below them.
func steps(u float64) float64 { return math.Floor(float64(u*1e9) + .6180339887498949) }

// fateOf runs one scenario.
func fateOf(p *path, s cascade.Scenario) (fate, error) {
	o, err := cascade.Run(p.t, s)
	if err != nil {
		return fate{}, err
	}
	st, err := newState(p.t, s)
	if err != nil {
		return fate{}, err
	}
	f := fate{Limit{Scenario: s, Margin: o.Margin}, math.Log(o.Margin)}
	if p.rates != nil && !behind(f.u) {
		f.u = p.until(st)
	}
	if !math.IsInf(f.u, 1) {
		f.Full = st.ending(p, f.u)
	}
	return f, nil
}

// until returns the months to which a state that holds now does, by halving; +Inf if that is beyond the way.
func (p *path) until(st *state) float64 {
	holds := func(u float64) bool { st.at(p, u); return st.holds() }
	if holds(lastMonth) {
		return math.Inf(1)
	}
	low, high := 0.0, float64(lastMonth)
	for high-low > near {
		if middle := low + (high-low)/2; holds(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}
