package spare

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/triage"
	"github.com/ridethrough/ridethrough/topology"
)

// An emergency is one search for a shedding in any topology.
type emergency struct {
	*Shedding
	triage.Problem
	asked []topology.ID // demands that count: those that the scenario does not take down by name
	worth map[string]float64
}

// emergencyOf is the state that a scenario leaves, once more has failed.
func emergencyOf(t *topology.Topology, s cascade.Scenario, failed []topology.ID, worth map[string]float64) (*emergency, error) {
	lose, err := t.Select(s.Lose...)
	if err != nil {
		return nil, err
	}
	drain, err := t.Select(s.Drain...)
	if err != nil {
		return nil, err
	}
	e := &emergency{Shedding: &Shedding{Certainty: cascade.Undetermined, Scenario: scenarioWith(s, t, failed)}, worth: worth}
	e.Problem = triage.Problem{Topology: t, Status: make([]topology.Status, t.Len())}
	e.Demand, e.Worth = make([]float64, t.Len()), make([]float64, t.Len())
	for _, id := range drain {
		e.Status[id] = topology.Ready
	}
	for _, l := range t.Closure().Fail(slices.Concat(lose, failed)...) {
		e.Status[l.ID] = topology.Down
	}
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) == 0 {
			continue
		}
		e.Demand[id] = cmp.Or(s.Load, 1) * t.Demand(id)
		if !slices.Contains(lose, id) {
			e.asked = append(e.asked, id)
			e.Worth[id] = 1
			if v, ok := worth[t.Name(id)]; ok {
				e.Worth[id] = v
			}
		}
	}
	return e, nil
}

func (e *emergency) run(ctx context.Context) error {
	a, err := triage.Solve(ctx, e.Problem)
	e.Lost, e.Bound = a.Total, max(0, a.Total-a.Most)
	e.Stay = stay(a)
	switch {
	case a.Fits:
		e.take(a)
		e.judge(a)
		e.confirm(a)
	case len(e.asked) == 0:
		e.Lost, e.Bound = 0, 0
		e.Reason = "the scenario loses the demand itself, so refusing it changes nothing."
	case a.Hopeless:
		e.Certainty, e.Reason = cascade.Proven, "No load would be small enough: something is overloaded without any."
		e.refuse()
		e.Bound = e.Lost
	default:
		e.refuse()
		e.Reason = "something is overloaded without any load, and nothing was found that helps."
		if err != nil {
			e.Reason = "The search was not finished."
		}
	}
	return err
}

// stay returns the part of the value that is refused if every server stays.
func stay(a *triage.Answer) float64 {
	switch {
	case a.Stay < 0:
		return 1
	case a.Total == 0:
		return 0
	default:
		return max(0, min(1, (a.Total-a.Stay)/a.Total))
	}
}

// refuse refuses everything.
func (e *emergency) refuse() {
	for _, id := range e.asked {
		e.Admit = append(e.Admit, cascade.Served{Demand: e.Topology.Name(id)})
	}
}

// take fills in what an answer asks for.
func (e *emergency) take(a *triage.Answer) {
	t := e.Topology
	var open, dark []string
	e.Lost = 0
	for _, id := range e.asked {
		e.Lost += float64(float64((1-a.Admit[id])*e.Demand[id]) * e.Worth[id])
		e.Admit = append(e.Admit, cascade.Served{Demand: t.Name(id), Fraction: a.Admit[id]})
		switch {
		case e.Status[id] != topology.Up:
			dark = append(dark, t.Name(id))
		case a.Admit[id] < 1 && !t.Component(id).Gated:
			open = append(open, t.Name(id))
		}
	}
	e.Drain, e.Off, e.Live = t.Names(a.Out), t.Names(a.Off), a.Live
	var why []string
	if len(dark) > 0 {
		why = append(why, fmt.Sprintf("Nothing that is left can serve %s.", someOf(topology.Fold(dark))))
	}
	switch len(open) {
	case 0:
	case 1:
		why = append(why, open[0]+" is not gated: refusing takes a gate in front of it.")
	default:
		why = append(why, someOf(topology.Fold(open))+" are not gated: refusing takes a gate in front of them.")
	}
	e.Reason = strings.Join(why, " ")
}

// judge says how sure it is.
func (e *emergency) judge(a *triage.Answer) {
	e.Certainty, e.Bound = cascade.Bounded, min(e.Bound, e.Lost)
	if a.Proven() {
		e.Certainty, e.Bound = cascade.Proven, e.Lost
	}
}

// confirm computes the loads of every component with what is to be done; what does not hold is taken back.
func (e *emergency) confirm(a *triage.Answer) {
	t := e.Topology
	state := topology.State{Status: slices.Clone(e.Status), Demand: make([]float64, t.Len())}
	for _, id := range a.Out {
		state.Status[id] = topology.Ready
	}
	var down []topology.ID
	for id, s := range e.Status {
		if s == topology.Down {
			down = append(down, topology.ID(id))
		}
	}
	for _, l := range t.Closure().Fail(slices.Concat(down, a.Off)...) {
		state.Status[l.ID] = topology.Down
	}
	for _, id := range e.asked {
		state.Demand[id] = float64(e.Demand[id] * a.Admit[id])
	}
	flow := t.Flow(state)
	if wrong := e.wrong(a, state, flow); wrong != "" {
		*e.Shedding = Shedding{Certainty: cascade.Undetermined, Scenario: e.Scenario, Bound: e.Bound,
			Reason: "what was found does not pass its check: " + wrong + "."}
		return
	}
	if e.Lost == 0 {
		return
	}
	for _, id := range a.Tight {
		e.Binding = append(e.Binding, Binding{Scenario: e.Scenario, Alike: 1, Component: t.Name(id), Load: flow.Load[id], Capacity: t.Capacity(id), Unit: t.Unit(id)})
	}
}

func (e *emergency) wrong(a *triage.Answer, s topology.State, flow *topology.Flow) string {
	t := e.Topology
	for id := range topology.ID(t.Len()) {
		if s.Status[id] != topology.Down && topology.Overloaded(flow.Load[id], t.Capacity(id)) {
			return fmt.Sprintf("%s carries %s", t.Name(id), topology.LoadOf(flow.Load[id], t.Capacity(id), t.Unit(id)))
		}
	}
	for _, id := range e.asked {
		if a.Admit[id] > 0 && flow.Served[id] < 1-topology.Tolerance {
			return fmt.Sprintf("%s is not served", t.Name(id))
		}
	}
	return ""
}
