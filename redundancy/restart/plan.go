package restart

import (
	"iter"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Plan is the way back: plain data to print, to save as JSON, to edit, and to [Verify] again.
// Once edited, [Plan.Measure] brings its figures up to date.
type Plan struct {
	Scenario cascade.Scenario         `json:"scenario"`
	Return   map[string]time.Duration `json:"return,omitempty"` // as in [Options]
	AtOnce   map[string]int           `json:"atOnce,omitempty"`
	Value    map[string]float64       `json:"value,omitempty"`
	Soonest  bool                     `json:"soonest,omitempty"`
	Grid     time.Duration            `json:"grid,omitempty"` // admission changes at its multiples; 0 is at any time
	Steps    []Step                   `json:"steps"`          // in any order; those of one instant together

	Asked         float64           `json:"asked"`            // by all demands that are counted, by value
	Unit          string            `json:"unit,omitempty"`   // of Asked, if all of them have it, and none is worth more or less than 1
	Unserved      float64           `json:"unserved"`         // until Full: demand × minutes, by value
	LeastPossible float64           `json:"leastPossible"`    // nothing safe that serves as much in the end leaves less
	Full          time.Duration     `json:"full"`             // from then on all is served that can be
	Finish        time.Duration     `json:"finish"`           // all that is started is ready
	Earliest      time.Duration     `json:"earliest"`         // nothing safe that starts all that finishes earlier
	Certainty     cascade.Certainty `json:"certainty"`        // of the objective: Proven where it meets its bound
	Reason        string            `json:"reason,omitempty"` // why there is no plan, what it cannot bring back, or why it waits
	Served        []cascade.Served  `json:"served"`           // in the end: each demand that the scenario did not take down itself

	Deadlocks  []Deadlock `json:"deadlocks,omitempty"`  // a smallest one found, and others that have no component in common
	Break      []Need     `json:"break,omitempty"`      // the cheapest needs found without which all can start that is to
	BreakCost  float64    `json:"breakCost,omitempty"`  // of these
	BreakBound float64    `json:"breakBound,omitempty"` // nothing that suffices costs less
	Repair     []Repair   `json:"repair,omitempty"`     // if not all is served: what serves more if it returns, the best first
	Untried    int        `json:"untried,omitempty"`    // of what does not return, so many more for which no plan was made
}

// act adds a step that starts components or puts them in rotation, if there are any.
func (p *Plan) act(t *topology.Topology, at time.Duration, do Action, ids []topology.ID) {
	if len(ids) > 0 {
		p.Steps = append(p.Steps, Step{At: at, Do: do, What: t.Names(slices.Sorted(slices.Values(ids)))})
	}
}

// admit adds a step that admits a fraction.
func (p *Plan) admit(t *topology.Topology, at time.Duration, id topology.ID, fraction float64) {
	p.Steps = append(p.Steps, Step{At: at, Do: Admit, What: t.Names([]topology.ID{id}), Admit: fraction})
}

// doing yields what the steps of one kind act on, and when, in order of the steps. The plan was replayed.
func (p *Plan) doing(t *topology.Topology, do Action) iter.Seq2[time.Duration, topology.ID] {
	return func(yield func(time.Duration, topology.ID) bool) {
		for _, s := range p.Steps {
			if s.Do != do {
				continue
			}
			ids, _ := t.Select(s.What...)
			for _, id := range ids {
				if !yield(s.At, id) {
					return
				}
			}
		}
	}
}

// AfterFull reports whether a step of the plan comes after full service: it serves nobody more, and brings back the rest. No step
// does where nothing is served in the end, or all is from the beginning, or nobody has measured the plan.
func (p *Plan) AfterFull(s Step) bool {
	return p.Full > 0 && s.At > p.Full && !p.nobody()
}

// blank returns a plan for the same, without steps.
func (p *Plan) blank() *Plan {
	return &Plan{Scenario: p.Scenario, Return: p.Return, AtOnce: p.AtOnce, Value: p.Value, Soonest: p.Soonest, Grid: p.Grid,
		Steps: []Step{}, Certainty: cascade.Undetermined}
}
