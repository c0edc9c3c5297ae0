package backtest

import (
	"math"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// ratio returns the demand after the loss in parts of that before, or says why it is not known.
//
// Where what asks was measured itself, before and after, it is the ratio of these. Else it is that of the load on what
// it draws on directly, all of which must have been measured: (measured after / predicted after) / (measured before /
// model before). Each member of a share that gives all to each is then counted as often in both.
func (c *comparison) ratio(o *cascade.Outcome) (float64, string) {
	asks := c.asks(o)
	if len(asks) == 0 {
		return math.NaN(), "no demand is left"
	}
	if own, ok := c.own(asks); ok {
		return own.ratio()
	}
	direct := c.total(c.direct(asks))
	if direct.missing != "" {
		return math.NaN(), direct.missing
	}
	return direct.ratio()
}

// asks returns the demands that are up in the end, or that the scenario has not lost itself.
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

// own returns what was measured of the demands themselves; false if not all were.
func (c *comparison) own(asks []topology.ID) (s totals, ok bool) {
	for _, id := range asks {
		before, after := measured(c.before, c.t.Name(id)), measured(c.after, c.t.Name(id))
		if math.IsNaN(before) || math.IsNaN(after) || c.t.Unit(id) != c.t.Unit(asks[0]) {
			return s, false
		}
		s.add(Pair{1, before}, Pair{1, after})
	}
	return s, true
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
	missing       string
}

func (c *comparison) total(ids []topology.ID) (s totals) {
	for _, id := range ids {
		name := c.t.Name(id)
		before, after := measured(c.before, name), measured(c.after, name)
		up := !math.IsNaN(c.first[id])
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
		s.add(Pair{c.intact[id], before}, Pair{c.first[id], after})
	}
	return s
}

// add adds loads; NaN is none.
func (s *totals) add(before, after Pair) {
	for _, side := range []struct {
		sum  *Pair
		pair Pair
	}{{&s.before, before}, {&s.after, after}} {
		if !math.IsNaN(side.pair.Predicted) {
			side.sum.Predicted += side.pair.Predicted
		}
		if !math.IsNaN(side.pair.Measured) {
			side.sum.Measured += side.pair.Measured
		}
	}
}

// farApart is a ratio that no demand changes by in the time of an outage.
const farApart = 1e6

func (s totals) ratio() (float64, string) {
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
	ratio := s.after.Measured / s.after.Predicted / (s.before.Measured / s.before.Predicted)
	if !(ratio > 1/farApart && ratio < farApart) {
		return math.NaN(), "the totals are a million times apart: were both measured in one unit?"
	}
	return ratio, ""
}
