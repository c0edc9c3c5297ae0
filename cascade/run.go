package cascade

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// simultaneous is how far apart events may be, in parts of their time, and still count as one.
const simultaneous = 1e-9

// Run follows one scenario in time, component by component. The error names what the topology does not have.
//
// Round 0 takes the scenario's components down, and whatever needs too many of them. Then, again and again: loads are
// computed; components above their capacity wear, by dt/T(load/capacity); time moves to the first that trips; it and all
// that trip with it go down, and whatever needs too many of those. It ends when nothing that trips is overloaded.
//
// Each round takes time in proportion to the components and links of the topology.
func Run(t *topology.Topology, s Scenario) (*Outcome, error) {
	begin, err := s.find(t)
	if err != nil {
		return nil, err
	}
	r := newRun(t, s, begin, false)
	for r.trip() {
		r.settle()
	}
	r.end()
	return r.outcome, nil
}

// A run is a scenario under way.
type run struct {
	t       *topology.Topology
	outcome *Outcome
	start   topology.State // once the scenario has closed
	state   topology.State
	closure *topology.Closure
	flow    *topology.Flow
	now     float64 // seconds
	round   int

	fuses []fuse
	blame *blame        // nil: only how it ends is asked
	asked []topology.ID // the demands that count
}

// A fuse is a component that trips, and how far it has come to it.
type fuse struct {
	id       topology.ID
	overload topology.Overload
	wear     float64 // at 1 it trips
	left     float64 // seconds until then, if nothing changes
}

func newRun(t *topology.Topology, s Scenario, begin start, quiet bool) *run {
	r := &run{t: t, outcome: &Outcome{Scenario: s, Failures: []Failure{}, t: t}}
	state, closure, lost := begin.state(t)
	r.state, r.closure = state, closure
	r.start = topology.State{Status: append([]topology.Status(nil), state.Status...), Demand: state.Demand}
	if !quiet {
		r.blame = newBlame(t, begin, state)
	}
	r.asked = counted(t, begin)
	r.fuses = newFuses(t, state)
	r.record(lost, nil)
	r.flow = t.Flow(r.state)
	r.settled()
	r.outcome.overloaded = overloaded(t, r.flow, r.state)
	return r
}

// counted returns the demands but for those that the scenario itself takes down.
func counted(t *topology.Topology, begin start) []topology.ID {
	lost := map[topology.ID]bool{}
	for _, id := range begin.lose {
		lost[id] = true
	}
	var asked []topology.ID
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) > 0 && !lost[id] {
			asked = append(asked, id)
		}
	}
	return asked
}

func newFuses(t *topology.Topology, s topology.State) []fuse {
	var fuses []fuse
	for id := range topology.ID(t.Len()) {
		if math.IsInf(t.Capacity(id), 1) || s.Status[id] == topology.Down {
			continue
		}
		if o := t.Overload(id); engine.Trips(o) {
			fuses = append(fuses, fuse{id: id, overload: o})
		}
	}
	return fuses
}

// trip moves time to the next trip and takes down all that trip then; false if nothing will.
func (r *run) trip() bool {
	first := math.Inf(1)
	for i := range r.fuses {
		f := &r.fuses[i]
		f.left = r.left(f)
		first = min(first, f.left)
	}
	if math.IsInf(first, 1) {
		return false
	}
	at := r.now + first
	latest := at + float64(at*simultaneous)
	var tripped []topology.ID
	kept := r.fuses[:0]
	for _, f := range r.fuses {
		switch {
		case r.closure.Down(f.id):
			continue
		case r.now+f.left <= latest:
			tripped = append(tripped, f.id)
			continue
		case math.IsInf(f.left, 1):
			f.wear = 0 // it is lost when the overload ends
		default:
			f.wear += first / tripSeconds(f.overload, r.ratio(f.id))
		}
		kept = append(kept, f)
	}
	r.fuses, r.now = kept, at
	r.round++
	r.record(r.closure.Fail(tripped...), r.flow.Load)
	return true
}

// left returns the seconds until a component trips if nothing changes.
func (r *run) left(f *fuse) float64 {
	if r.closure.Down(f.id) || !topology.Overloaded(r.flow.Load[f.id], r.t.Capacity(f.id)) {
		return math.Inf(1)
	}
	return max(0, 1-f.wear) * tripSeconds(f.overload, r.ratio(f.id))
}

func (r *run) ratio(id topology.ID) float64 { return r.flow.Load[id] / r.t.Capacity(id) }

// record writes down what went down together: the scenario's own where load is nil, else what tripped at that load.
func (r *run) record(lost []topology.Loss, load []float64) {
	for _, l := range lost {
		r.state.Status[l.ID] = topology.Down
		if r.blame != nil {
			r.outcome.Failures = append(r.outcome.Failures, r.failure(l, load))
			r.blame.failed(l.ID, r.round)
		}
	}
}

func (r *run) failure(l topology.Loss, load []float64) Failure {
	f := Failure{Component: r.t.Name(l.ID), Round: r.round, At: duration(r.now), Cause: Initial}
	switch {
	case l.Link != nil:
		f.Cause, f.Lost, f.Of, f.Left, f.Need = Unsupplied, l.Link.Names, len(l.Link.Members), l.Left, l.Link.Need
		if f.Of == 1 { // by its name, where a kind or a label stands for it
			f.Lost = r.t.Names(l.Link.Members)
		}
		f.Because = r.blame.members(l, r.round)
	case load != nil:
		f.Cause, f.Load, f.Capacity, f.Unit = Tripped, load[l.ID], r.t.Capacity(l.ID), r.t.Unit(l.ID)
		f.Because = r.blame.because(l.ID)
	}
	return f
}

// settle computes the loads that a round of trips leaves.
func (r *run) settle() {
	r.flow.Update(r.state)
	r.settled()
}

func (r *run) settled() {
	if r.blame != nil {
		r.blame.raised(r.flow.Load, r.round)
	}
	round := Round{At: duration(r.now), Served: r.served()}
	for id := range topology.ID(r.t.Len()) {
		if r.state.Status[id] == topology.Down {
			continue
		}
		round.Up++
		if capacity := r.t.Capacity(id); !math.IsInf(capacity, 1) && (round.Busiest == "" || r.ratio(id) > round.Use) {
			round.Busiest, round.Use = r.t.Name(id), r.ratio(id)
		}
	}
	r.outcome.Rounds = append(r.outcome.Rounds, round)
}

// served returns what is served of each demand; of rounds in which nothing of it changes, the same slice.
func (r *run) served() []Served {
	all := make([]Served, len(r.asked))
	for i, id := range r.asked {
		all[i] = Served{Demand: r.t.Name(id), Fraction: r.flow.Served[id]}
	}
	if n := len(r.outcome.Rounds); n > 0 && slices.Equal(all, r.outcome.Rounds[n-1].Served) {
		return r.outcome.Rounds[n-1].Served
	}
	return all
}

// end draws the conclusions.
func (r *run) end() {
	o := r.outcome
	o.Served = o.Rounds[len(o.Rounds)-1].Served
	o.Margin = margin(r.t, r.start, r.asked)
	o.Verdict = o.Judge(1)
	if len(o.Rounds) > 1 {
		o.Timing = timing(r.t, r.start)
	}
}
