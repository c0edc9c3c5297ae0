package cascade

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A Verdict is how a scenario ends.
type Verdict string

// The verdicts, best first.
const (
	Holds     Verdict = "holds"     // nothing is overloaded, every demand is served in full
	Degrades  Verdict = "degrades"  // something trips or rejects, and in the end every demand is served enough
	Collapses Verdict = "collapses" // in the end some demand is not
	Fails     Verdict = "fails"     // it does not hold; what becomes of it was not asked
)

// Certainty is how sure an answer is, for the model: inputs are as good as they are.
type Certainty string

// From surest down.
const (
	Exact        Certainty = "exact"          // every case was looked at, or a closed form covers them
	Proven       Certainty = "proven"         // a bound equals it
	Bounded      Certainty = "bounded"        // it lies between bounds
	Sampled      Certainty = "sampled"        // it lies between them with 95 % confidence
	Undetermined Certainty = "not determined" // the reason is said beside it
)

// An Outcome is what became of a scenario. It prints as the story, round by round.
type Outcome struct {
	Scenario Scenario `json:"scenario"`
	Verdict  Verdict  `json:"verdict"`

	// Margin is the factor by which the scenario's load may grow before it no longer holds; below 1, it must shrink to.
	// 0: it does not hold at any load. +Inf (null in JSON): nothing that is left has a limit.
	Margin float64 `json:"margin"`

	// Timing says that the end may depend on which component trips first; then it is right for the trip times given.
	Timing bool `json:"timing,omitempty"`

	Served   []Served  `json:"served"`   // each demand, in order of declaration, but for those that the scenario takes down
	Failures []Failure `json:"failures"` // in order of time; a cause before what it brings down
	Rounds   []Round   `json:"rounds"`   // after the losses of the scenario, and after each round of trips

	t          *topology.Topology // nil if it was not made by Run
	overloaded bool               // something is, once the scenario has closed
}

// Judge returns the verdict when a demand counts as served once a fraction of it is. Verdict is that of 1.
func (o *Outcome) Judge(serve float64) Verdict {
	worst := 1.0
	for _, s := range o.Served {
		worst = min(worst, s.Fraction)
	}
	switch {
	case worst < serve-topology.Tolerance:
		return Collapses
	case o.overloaded || worst < 1-topology.Tolerance:
		return Degrades
	default:
		return Holds
	}
}

// Served is how much of a demand is served.
type Served struct {
	Demand   string  `json:"demand"`
	Fraction float64 `json:"fraction"` // from 0 to 1
}

// A Failure is one component going down, and why.
type Failure struct {
	Component string         `json:"component"`
	Round     int            `json:"round"` // 0 is the scenario itself
	At        time.Duration  `json:"at"`    // after the scenario; at most 292 years
	Cause     Cause          `json:"cause"`
	Load      float64        `json:"load,omitempty"`     // Tripped: above
	Capacity  float64        `json:"capacity,omitempty"` // in
	Unit      string         `json:"unit,omitempty"`
	Lost      topology.Names `json:"lost,omitempty"`    // Unsupplied: of these members, as its owner names them; a single one by its own name
	Of        int            `json:"of,omitempty"`      // of which there are so many,
	Left      int            `json:"left,omitempty"`    // so many were up when it went down,
	Need      int            `json:"need,omitempty"`    // fewer than so many
	Because   topology.Names `json:"because,omitempty"` // the failures and drains that led to it; none if it was overloaded before them
}

// A Cause is a category of failure.
type Cause string

// The causes.
const (
	Initial    Cause = "initial"    // lost in the scenario
	Unsupplied Cause = "unsupplied" // too few members of a need or a supply are up
	Tripped    Cause = "tripped"    // overloaded for as long as it can bear
)

// String returns one line: "chat-042 tripped at 114.3 of 100 requests/s".
func (f Failure) String() string {
	switch {
	case f.Cause == Initial:
		return f.Component + " lost"
	case f.Cause == Tripped:
		text := f.Component + " tripped at " + topology.LoadOf(f.Load, f.Capacity, f.Unit)
		if f.At > 0 {
			text += " after " + clock(f.At)
		}
		return text
	case f.Of == 1:
		return fmt.Sprintf("%s lost %s", f.Component, list(f.Lost))
	case f.Left == 0 && f.Of == 2:
		return fmt.Sprintf("%s lost both of %s", f.Component, list(f.Lost))
	case f.Left == 0:
		return fmt.Sprintf("%s lost all %d of %s", f.Component, f.Of, list(f.Lost))
	default:
		return fmt.Sprintf("%s has %d left of %d of %s, and needs %d", f.Component, f.Left, f.Of, list(f.Lost), f.Need)
	}
}

// MarshalJSON writes the time as "26m0s".
func (f Failure) MarshalJSON() ([]byte, error) {
	type plain Failure
	return json.Marshal(struct {
		plain
		At string `json:"at"`
	}{plain(f), f.At.String()})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Failure) UnmarshalJSON(data []byte) error {
	type plain Failure
	return withTime(data, (*plain)(f), &f.At)
}

// withTime reads an object whose field "at" is a time as text.
func withTime[T any](data []byte, plain *T, at *time.Duration) error {
	var clock struct{ At string }
	if err := json.Unmarshal(data, &clock); err != nil {
		return err
	}
	var rest map[string]json.RawMessage
	if err := json.Unmarshal(data, &rest); err != nil {
		return err
	}
	delete(rest, "at")
	data, err := json.Marshal(rest)
	if err == nil {
		err = json.Unmarshal(data, plain)
	}
	if err == nil && clock.At != "" {
		*at, err = time.ParseDuration(clock.At)
	}
	return err
}

// A Round is the state of the fleet once a round of failures has settled.
type Round struct {
	At      time.Duration `json:"at"`
	Up      int           `json:"up"` // components
	Served  []Served      `json:"served"`
	Busiest string        `json:"busiest,omitempty"` // the component with the highest utilization; "" if none has a capacity
	Use     float64       `json:"utilization"`       // and that: load/capacity
}

// MarshalJSON writes the time as "26m0s".
func (r Round) MarshalJSON() ([]byte, error) {
	type plain Round
	return json.Marshal(struct {
		plain
		At string `json:"at"`
	}{plain(r), r.At.String()})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Round) UnmarshalJSON(data []byte) error {
	type plain Round
	return withTime(data, (*plain)(r), &r.At)
}

// UnmarshalJSON reads what MarshalJSON writes. An outcome that was read tells its story without the fleet's kinds.
func (o *Outcome) UnmarshalJSON(data []byte) error {
	type plain Outcome
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	var margin struct{ Margin *float64 }
	if err := json.Unmarshal(data, &margin); err != nil {
		return err
	}
	if margin.Margin == nil {
		o.Margin = math.Inf(1)
	}
	return nil
}

// MarshalJSON writes an infinite margin as null.
func (o *Outcome) MarshalJSON() ([]byte, error) {
	type plain Outcome
	margin := &o.Margin
	if math.IsInf(o.Margin, 1) {
		margin = nil
	}
	return json.Marshal(struct {
		*plain
		Margin *float64 `json:"margin"`
	}{(*plain)(o), margin})
}

// Why returns the failures that led from the scenario to that of a component, in order, its own last.
// None if it is up.
func (o *Outcome) Why(component string) []Failure {
	at := make(map[string]int, len(o.Failures))
	for i, f := range o.Failures {
		at[f.Component] = i
	}
	last, ok := at[component]
	if !ok {
		return nil
	}
	led := map[int]bool{last: true}
	for i := last; i >= 0; i-- { // causes come before what they bring down
		if !led[i] {
			continue
		}
		for _, pattern := range o.Failures[i].Because {
			names, _ := topology.Expand(pattern) // folded by us
			for _, name := range names {
				if j, ok := at[name]; ok && j < i {
					led[j] = true
				}
			}
		}
	}
	var chain []Failure
	for i := 0; i <= last; i++ {
		if led[i] {
			chain = append(chain, o.Failures[i])
		}
	}
	return chain
}
