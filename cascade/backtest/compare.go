package backtest

import (
	"maps"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A comparison is a fleet with what was measured of it, and what was predicted, by ID; NaN is down.
type comparison struct {
	t             *topology.Topology
	before, after map[string]float64
	intact        []float64      // nothing lost
	first         []float64      // in the end, at the demand before
	arriving      []float64      // the same, of what is down what comes to it all the same: its demand
	base          []float64      // the same without any demand
	state         topology.State // in the end
	second        []float64      // at the demand after; nil if that is not known
}

// end returns the state at the end of an outcome.
func (c *comparison) end(o *cascade.Outcome) (topology.State, error) {
	state := topology.State{Status: make([]topology.Status, c.t.Len()), Demand: make([]float64, c.t.Len())}
	drained, err := c.t.Select(o.Scenario.Drain...)
	if err != nil {
		return state, err // not after cascade.Run
	}
	for _, id := range drained {
		state.Status[id] = topology.Ready
	}
	for _, f := range o.Failures {
		id, _ := c.t.Lookup(f.Component)
		state.Status[id] = topology.Down
	}
	factor := o.Scenario.Load
	if factor == 0 {
		factor = 1
	}
	for id := range state.Demand {
		state.Demand[id] = factor * c.t.Demand(topology.ID(id))
	}
	return state, nil
}

// predict takes over the loads in the end of the outcome at the demand before.
func (c *comparison) predict(o *cascade.Outcome) error {
	state, err := c.end(o)
	if err != nil {
		return err
	}
	c.arriving = c.t.Flow(state).Load
	c.first, c.state = upOnly(state, c.arriving), state
	state.Demand = make([]float64, c.t.Len())
	c.base = c.t.Flow(state).Load
	return nil
}

// upOnly returns loads with NaN where a component is down.
func upOnly(state topology.State, loads []float64) []float64 {
	loads = slices.Clone(loads)
	for id, status := range state.Status {
		if status == topology.Down {
			loads[id] = math.NaN()
		}
	}
	return loads
}

// again predicts with the demand times a ratio.
func (c *comparison) again(s cascade.Scenario, ratio float64) (*cascade.Outcome, []float64, error) {
	if s.Load == 0 {
		s.Load = 1
	}
	s.Load *= ratio
	outcome, err := cascade.Run(c.t, s)
	if err != nil {
		return nil, nil, err
	}
	state, err := c.end(outcome)
	if err != nil {
		return nil, nil, err
	}
	return outcome, upOnly(state, c.t.Flow(state).Load), nil
}

// measured returns what was measured of a component; NaN if nothing was.
func measured(loads map[string]float64, name string) float64 {
	if load, ok := loads[name]; ok {
		return load
	}
	return math.NaN()
}

// fill writes the rows and what they come to.
func (c *comparison) fill(r *Result) {
	var unmeasured []string
	for id := range topology.ID(c.t.Len()) {
		row := c.row(id)
		if !math.IsNaN(row.Before.Measured) || !math.IsNaN(row.After.Measured) {
			r.Rows = append(r.Rows, row)
		} else if row.Before.Predicted > 0 || row.After.Predicted > 0 {
			unmeasured = append(unmeasured, row.Component)
		}
		r.Before.add(row.Component, row.Before)
		r.After.add(row.Component, row.After)
		r.AfterScaled.add(row.Component, row.Scaled)
	}
	r.Unmeasured = topology.Fold(unmeasured)
	r.Strange = topology.Fold(c.strange())
}

func (c *comparison) row(id topology.ID) Row {
	name := c.t.Name(id)
	row := Row{
		Component: name, Unit: c.t.Unit(id), Capacity: c.t.Capacity(id),
		Before: Pair{c.intact[id], measured(c.before, name)},
		After:  Pair{c.first[id], measured(c.after, name)},
		Scaled: Pair{math.NaN(), measured(c.after, name)},
	}
	if c.second != nil {
		row.Scaled.Predicted = c.second[id]
	}
	return row
}

// strange returns names that were measured, and that the fleet does not have.
func (c *comparison) strange() []string {
	names := map[string]bool{}
	for _, loads := range []map[string]float64{c.before, c.after} {
		for name := range loads {
			if _, ok := c.t.Lookup(name); !ok && name != "" {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}
