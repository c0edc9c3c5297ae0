package cascade

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// A Scenario is a starting state: what is lost, what is out of rotation, how much is asked for.
type Scenario struct {
	Name  string         `json:"name,omitempty"`  // "" is called by what is in it
	Lose  topology.Names `json:"lose,omitempty"`  // down from the start
	Drain topology.Names `json:"drain,omitempty"` // up, and out of rotation: takes no load
	Load  float64        `json:"load,omitempty"`  // factor on every demand; 0 is 1
}

// Lose is the scenario in which all of these fail.
func Lose(patterns ...string) Scenario { return Scenario{Lose: patterns} }

// String returns the name, or what is in it: "board-1 + drain chat-[031-035] + load 1.2"; "nothing lost" if that is empty.
func (s Scenario) String() string {
	if s.Name != "" {
		return s.Name
	}
	if text := s.text(); text != "" {
		return text
	}
	return "nothing lost"
}

// text writes what is in a scenario, as [ParseFamily] reads it; "" for nothing.
func (s Scenario) text() string {
	var terms []string
	for _, pattern := range s.Lose {
		terms = append(terms, plain(pattern))
	}
	for _, pattern := range s.Drain {
		terms = append(terms, "drain "+plain(pattern))
	}
	if s.Load != 0 && s.Load != 1 {
		terms = append(terms, "load "+strconv.FormatFloat(s.Load, 'g', -1, 64))
	}
	return strings.Join(terms, " + ")
}

// A factor on the load lies between these: what is computed from it stays finite.
const leastLoad, mostLoad = 1e-300, 1e50

// A start is a scenario with its components found.
type start struct {
	lose, drain []topology.ID
	load        float64
}

func (s Scenario) find(t *topology.Topology) (start, error) {
	f := start{load: s.Load}
	if f.load == 0 {
		f.load = 1
	}
	if !(f.load >= leastLoad && f.load <= mostLoad) {
		return f, fmt.Errorf("scenario %q: load %v: give a factor from %v to %v", s, s.Load, leastLoad, mostLoad)
	}
	var err error
	if f.lose, err = t.Select(s.Lose...); err != nil {
		return f, fmt.Errorf("scenario %q: lose: %w%s", s, err, hint(strings.Join(s.Lose, "")))
	}
	if f.drain, err = t.Select(s.Drain...); err != nil {
		return f, fmt.Errorf("scenario %q: drain: %w", s, err)
	}
	return f, nil
}

// state returns the state that a scenario leaves once it is closed, and all that went down.
func (f start) state(t *topology.Topology) (topology.State, *topology.Closure, []topology.Loss) {
	s := topology.State{Status: make([]topology.Status, t.Len()), Demand: f.demand(t)}
	closure := t.Closure()
	lost := closure.Fail(f.lose...)
	for _, id := range f.drain {
		s.Status[id] = topology.Ready
	}
	for _, l := range lost {
		s.Status[l.ID] = topology.Down
	}
	return s, closure, lost
}

func (f start) demand(t *topology.Topology) []float64 {
	demand := make([]float64, t.Len())
	for id := range demand {
		demand[id] = f.load * t.Demand(topology.ID(id))
	}
	return demand
}
