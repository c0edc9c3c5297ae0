package backtest

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// ratio returns the demand after the loss in parts of what the prediction had, or says why it is not known.
//
// It is told by the load of what asks itself, if all of that was measured before and after; else of what it draws on
// directly, all of which must have been measured, where it is not predicted to go down with that. Of this load the model
// has P before, and predicts Q after, of which Q₀ is there whatever the demand: the base of supplies. If M and N were
// measured, it is (N/M · P − Q₀) / (Q − Q₀); where load does not grow evenly, as in a waterfall, it is looked for. Each
// member of a share that gives all to each is counted as often in both.
func (c *comparison) ratio(o *cascade.Outcome) (float64, string) {
	asks := c.asks(o)
	if len(asks) == 0 {
		return math.NaN(), "no demand is left"
	}
	own := c.total(asks, c.arriving)
	if own.missing == "" {
		return c.ratioOf(own)
	}
	asks = slices.DeleteFunc(asks, func(id topology.ID) bool { return math.IsNaN(c.first[id]) })
	if len(asks) == 0 {
		return math.NaN(), "all that would carry the load is predicted to be down"
	}
	direct := c.total(c.direct(asks), c.first)
	if direct.missing != "" {
		return math.NaN(), direct.missing
	}
	return c.ratioOf(direct)
}

// asks returns the demands that the scenario has not lost itself.
func (c *comparison) asks(o *cascade.Outcome) []topology.ID {
	initial := map[string]bool{}
	for _, f := range o.Failures {
		if f.Cause == cascade.Initial {
			initial[f.Component] = true
		}
	}
	var asks []topology.ID
	for id := range topology.ID(c.t.Len()) {
		if c.t.Demand(id) > 0 && !initial[c.t.Name(id)] {
			asks = append(asks, id)
		}
	}
	return asks
}

// direct returns the members that demands draw on, and the demands that draw on nothing; each once.
func (c *comparison) direct(asks []topology.ID) []topology.ID {
	var direct []topology.ID
	seen := make([]bool, c.t.Len())
	add := func(id topology.ID) {
		if !seen[id] {
			seen[id] = true
			direct = append(direct, id)
		}
	}
	for _, id := range asks {
		draws := false
		for _, link := range c.t.Links(id) {
			if link.Supply == nil {
				continue
			}
			draws = true
			for _, member := range link.Members {
				add(member)
			}
		}
		if !draws {
			add(id)
		}
	}
	return direct
}

// totals are sums over some components; missing says why there are none.
type totals struct {
	before, after Pair
	base          float64 // of what is predicted after, what no demand places
	of            []topology.ID
	missing       string
}

// total adds up components, of which these loads are predicted after; NaN is none.
func (c *comparison) total(ids []topology.ID, predicted []float64) (s totals) {
	for _, id := range ids {
		name := c.t.Name(id)
		before, after := measured(c.before, name), measured(c.after, name)
		up := !math.IsNaN(predicted[id])
		switch {
		case c.t.Unit(id) != c.t.Unit(ids[0]):
			s.missing = "it would be a sum of several units"
		case math.IsNaN(before):
			s.missing = name + " was not measured before"
		case up && math.IsNaN(after):
			s.missing = name + " was not measured after, and is predicted to be up"
		}
		if s.missing != "" {
			return s
		}
		s.before.Predicted += c.intact[id]
		s.before.Measured += before
		if up {
			s.after.Predicted += predicted[id]
			s.base += c.base[id]
			s.of = append(s.of, id)
		}
		if !math.IsNaN(after) {
			s.after.Measured += after
		}
	}
	return s
}

// farApart is a ratio that no demand changes by in the time of an outage.
const farApart = 1e6

func (c *comparison) ratioOf(s totals) (float64, string) {
	switch {
	case s.before.Measured == 0:
		return math.NaN(), "no load was measured before"
	case s.after.Predicted == 0:
		return math.NaN(), "all that would carry the load is predicted to be down"
	case s.after.Measured == 0:
		return math.NaN(), "no load was measured after"
	case s.before.Predicted == 0:
		return math.NaN(), "the model has no load there before"
	}
	total, base := s.after.Measured/s.after.Predicted/(s.before.Measured/s.before.Predicted), s.base/s.after.Predicted
	switch {
	case !(total > 1/farApart && total < farApart):
		return math.NaN(), "the totals are a million times apart: were both measured in one unit?"
	case base > 1-topology.Tolerance:
		return math.NaN(), "the load that was measured does not depend on it"
	case total < base+1/farApart:
		return math.NaN(), "less was measured than the model has there without any demand"
	}
	want := total * s.after.Predicted
	if ratio := (total - base) / (1 - base); math.Abs(c.at(ratio, s.of)-want) <= topology.Tolerance*want {
		return ratio, ""
	}
	return c.lookFor(want, s.of)
}

// at returns the load of some components in the end, at a multiple of the demand.
func (c *comparison) at(ratio float64, ids []topology.ID) (sum float64) {
	state := c.state
	state.Demand = slices.Clone(state.Demand)
	for id := range state.Demand {
		state.Demand[id] *= ratio
	}
	load := c.t.Flow(state).Load
	for _, id := range ids {
		sum += load[id]
	}
	return sum
}

// lookFor finds the multiple of the demand at which some components have a load in the end. It rises with the demand.
func (c *comparison) lookFor(want float64, ids []topology.ID) (float64, string) {
	low, high := 1/farApart, farApart
	if !(c.at(low, ids) <= want && c.at(high, ids) >= want) {
		return math.NaN(), "the model has what was measured there at no demand"
	}
	for high/low > 1+1e-12 {
		if middle := math.Sqrt(low * high); c.at(middle, ids) < want {
			low = middle
		} else {
			high = middle
		}
	}
	return high, ""
}
