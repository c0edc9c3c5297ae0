// Package backtest holds a prediction against what was measured.
//
// When something has been lost in earnest, a model of the fleet can be judged: what it would have said then, and what
// came. [Run] takes a fleet whose demands are those before the loss, the [cascade.Scenario] of what was lost, and the
// load measured of components before and after, and puts side by side, component by component:
//
//  1. Before the loss: the model's load with nothing lost, and the measured one. This shows whether the model's shares
//     describe the fleet at all: what is off here is off after the loss too.
//  2. After it: the load in the end of the predicted cascade, and the measured one. Compared are components that are up
//     in both. The error is predicted minus measured; relative, in parts of the measured load. The load of what sheds
//     is what comes to it, with what it rejects: measure that.
//  3. Who is down: components predicted down and measured with load, and those predicted up and measured with none, or
//     no longer.
//  4. The same at the demand after: users do not ask as much each minute, and a prediction cannot know that. Where the
//     total was measured before and after, the prediction is made again with all demands times the ratio at which the
//     model has this total. Both errors are told: the second is that of how the load was spread, among several demands
//     too. A total that falls may also be load that was no longer served; measurements of servers cannot tell these
//     apart.
//
// What was not measured is said, and not judged.
package backtest

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Result is a prediction beside what was measured. It prints as a table.
type Result struct {
	Outcome *cascade.Outcome // predicted, at the demand before times the scenario's Load
	Scaled  *cascade.Outcome // predicted at the demand after; nil if the ratio is not known

	// Ratio is that of the demand after to that of Outcome, as far as totals tell; NaN if they do not, and Unknown
	// says why.
	Ratio   float64
	Unknown string

	Rows       []Row          // components that were measured, in order of declaration
	Unmeasured topology.Names // components that carry load in the model, and were measured neither before nor after
	Strange    topology.Names // measured, and not in the fleet, by name

	Before      Fit // of the model to what was measured before the loss
	After       Fit // of the prediction at the demand before to what was measured after
	AfterScaled Fit // of the prediction at the demand after; zero if the ratio is not known
}

// A Row is what was predicted and measured of a component.
type Row struct {
	Component string
	Unit      string
	Capacity  float64 // +Inf: none
	Before    Pair    // with nothing lost
	After     Pair    // in the end
	Scaled    Pair    // in the end, at the demand after
}

// A Pair is two numbers for the same load, in the component's unit. NaN: down in the prediction, or not measured.
type Pair struct{ Predicted, Measured float64 }

// Error returns predicted minus measured; NaN if one is not known.
func (p Pair) Error() float64 { return p.Predicted - p.Measured }

// Relative returns the error in parts of what was measured; NaN also if that is 0.
func (p Pair) Relative() float64 {
	if p.Measured == 0 {
		return math.NaN()
	}
	return p.Error() / p.Measured
}

// State returns what became of a component of which this was predicted and measured after a loss.
func (p Pair) State() State {
	down := math.IsNaN(p.Predicted)
	switch loaded := p.Measured > 0; {
	case down && loaded:
		return Survived
	case down:
		return Lost
	case loaded, p.Measured == 0 && p.Predicted == 0:
		return Up
	}
	return Gone
}

// A State says what became of a component, as predicted and as measured.
type State string

// The states.
const (
	Up       State = "up"       // in both
	Lost     State = "lost"     // down in the prediction, and after the loss measured with no load, or not
	Survived State = "survived" // down in the prediction, and measured with load
	Gone     State = "gone"     // up in the prediction, and then measured with no load where it should have some, or not
)

// A Fit is how far predictions are from measurements.
type Fit struct {
	Components int     // compared: up in both, and measured with load
	Mean       float64 // of the relative errors without their signs; 0 of none
	Worst      string  // the component with the greatest, the first of equals; "" of none
	Most       float64 // its relative error
}

func (f *Fit) add(component string, p Pair) {
	relative := p.Relative()
	if math.IsNaN(relative) {
		return
	}
	f.Mean = float64(f.Mean*float64(f.Components)) + math.Abs(relative)
	f.Components++
	f.Mean /= float64(f.Components)
	if f.Worst == "" || math.Abs(relative) > math.Abs(f.Most) {
		f.Worst, f.Most = component, relative
	}
}

// Run predicts what a loss did, and compares. The demands of the fleet are those before it. A Load in the scenario is a
// change of demand known from elsewhere; what Ratio tells is then besides. Loads are by name of the component, in its
// unit; NaN is not measured.
//
// The error names what the fleet does not have of the scenario, and loads that are negative or infinite; and it says so
// if the fleet has none of the components measured before, or after.
func Run(t *topology.Topology, s cascade.Scenario, before, after map[string]float64) (*Result, error) {
	if err := check(t, before, after); err != nil {
		return nil, err
	}
	c := &comparison{t: t, before: before, after: after}
	c.intact = t.Flow(topology.State{}).Load
	outcome, err := cascade.Run(t, s)
	if err != nil {
		return nil, err
	}
	if err = c.predict(outcome); err != nil {
		return nil, err
	}
	r := &Result{Outcome: outcome}
	if r.Ratio, r.Unknown = c.ratio(outcome); r.Unknown == "" {
		if r.Scaled, c.second, err = c.again(s, r.Ratio); err != nil {
			return nil, err
		}
	}
	c.fill(r)
	return r, nil
}

// check returns what is wrong with measured loads.
func check(t *topology.Topology, before, after map[string]float64) error {
	var faults topology.Faults
	for _, side := range []struct {
		when  string
		loads map[string]float64
	}{{"before", before}, {"after", after}} {
		known := 0
		for _, name := range slices.Sorted(maps.Keys(side.loads)) {
			if _, ok := t.Lookup(name); ok {
				known++
			}
			if load := side.loads[name]; load < 0 || math.IsInf(load, 0) {
				faults = append(faults, topology.Fault{
					Component: name, Field: side.when, Reason: topology.BadNumber,
					Text: fmt.Sprintf("%v: want a load from 0, or NaN for not measured", load),
				})
			}
		}
		if known == 0 {
			faults = append(faults, topology.Fault{
				Component: side.when, Reason: topology.NotFound, Text: nothing(slices.Sorted(maps.Keys(side.loads))),
			})
		}
	}
	if faults != nil {
		return faults
	}
	return nil
}

func nothing(names []string) string {
	if len(names) == 0 {
		return "nothing was measured: give the load of components, by name"
	}
	return fmt.Sprintf("no component of the fleet was measured: it has none called %q", names[0])
}
