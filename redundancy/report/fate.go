package report

import (
	"fmt"
	"math"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A fate is what became of a component: the round in which it went down, or how it is up.
type fate int

const (
	up         fate = -3
	drained    fate = -2 // up, out of rotation
	overloaded fate = -1 // up, and above its capacity
)

// A class is fates of one colour.
type class int

const (
	isUp class = iota
	isDrained
	isOverloaded
	round0
	later   = round0 + 4 // rounds from 4 on
	classes = later + 1
)

func (f fate) class() class {
	if f < 0 {
		return class(f - up)
	}
	return min(round0+class(f), later)
}

// text says what the components of a class are.
func (c class) text() string {
	switch c {
	case isUp:
		return "up"
	case isDrained:
		return "out of rotation"
	case isOverloaded:
		return "overloaded"
	case later:
		return fmt.Sprintf("down in round %d or later", later-round0)
	default:
		return fmt.Sprintf("down in round %d", c-round0)
	}
}

// A paint is how a class looks. Every node says in words what it is as well.
type paint struct{ id, fill, text string }

func (c class) paint() paint {
	return [classes]paint{
		{"up", "#e5f5e0", "#000000"},
		{"drained", "#d9d9d9", "#000000"},
		{"over", "#ffe066", "#000000"},
		{"round0", "#3b0a45", "#ffffff"},
		{"round1", "#a50f15", "#ffffff"},
		{"round2", "#de2d26", "#ffffff"},
		{"round3", "#fb8a6a", "#000000"},
		{"round4", "#fdd0bc", "#000000"},
	}[c]
}

// fates are those of all components, by ID.
type fates struct {
	fate []fate
	use  []float64 // load by capacity; NaN for what is down or has no limit
	told bool      // by an outcome, else nothing is lost
}

func fatesOf(t *topology.Topology, o *cascade.Outcome) (fates, error) {
	f := fates{fate: make([]fate, t.Len()), use: make([]float64, t.Len()), told: o != nil}
	s := topology.State{Status: make([]topology.Status, t.Len())}
	for id := range f.fate {
		f.fate[id] = up
	}
	if o != nil {
		if err := f.follow(t, o, &s); err != nil {
			return f, err
		}
	}
	f.measure(t, t.Flow(s).Load)
	return f, nil
}

// follow takes over what an outcome says, and the state in which it ends.
func (f *fates) follow(t *topology.Topology, o *cascade.Outcome, s *topology.State) error {
	out, err := t.Select(o.Scenario.Drain...)
	if err != nil {
		return fmt.Errorf("outcome of %q: this is not the topology that was run: %w", o.Scenario, err)
	}
	for _, id := range out {
		f.fate[id], s.Status[id] = drained, topology.Ready
	}
	for _, failure := range o.Failures {
		id, ok := t.Lookup(failure.Component)
		if !ok {
			return fmt.Errorf("outcome of %q: this is not the topology that was run: it has no component %q", o.Scenario, failure.Component)
		}
		f.fate[id], s.Status[id] = fate(max(failure.Round, 0)), topology.Down
	}
	if o.Scenario.Load != 0 {
		s.Demand = make([]float64, t.Len())
		for id := range s.Demand {
			s.Demand[id] = o.Scenario.Load * t.Demand(topology.ID(id))
		}
	}
	return nil
}

func (f *fates) measure(t *topology.Topology, load []float64) {
	for id := range topology.ID(t.Len()) {
		capacity := t.Capacity(id)
		f.use[id] = math.NaN()
		if f.fate[id] >= 0 || math.IsInf(capacity, 1) {
			continue
		}
		f.use[id] = load[id] / capacity
		if topology.Overloaded(load[id], capacity) {
			f.fate[id] = overloaded
		}
	}
}
