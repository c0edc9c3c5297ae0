package restart

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	times "github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/topology"
)

// A Violation is the first thing that goes wrong in a plan. It can be saved as JSON.
type Violation struct {
	Step   int           `json:"step"` // the latest at that time, from 0; -1 if there is none, or if it is as bad without any
	At     time.Duration `json:"at"`
	Reason Reason        `json:"reason"`

	// Failure is what would fail. Of an Overload its cause is cascade.Tripped, with load and capacity; of a NeedNotMet
	// cascade.Unsupplied, with what is needed and how much of it is ready; else only its component is set.
	Failure cascade.Failure `json:"failure"`

	Detail string `json:"detail,omitempty"` // what was found and what would be right; "" where Failure says it
}

// A Reason is a category of violation.
type Reason string

// The reasons.
const (
	Overload   Reason = "overload"          // more load than capacity
	TooEarly   Reason = "too early"         // powered on before it returns
	NeedNotMet Reason = "need not met"      // powered on before what it needs is ready
	TooMany    Reason = "too many at once"  // more boot together than may
	NotReady   Reason = "not ready"         // put in rotation before it is ready
	NotGated   Reason = "not gated"         // admitted, but it cannot be held back
	BadAdmit   Reason = "no fraction"       // admitted to less than 0 or more than 1
	OffGrid    Reason = "off the grid"      // admitted between the times of the plan's grid
	BadTime    Reason = "no such time"      // before 0
	BadStep    Reason = "no such step"      // an action that does not exist
	BadWhen    Reason = "no such condition" // one that states nothing, or what cannot be
	Unknown    Reason = "unknown component" // nothing of that name
)

// Error says what goes wrong, when and why.
func (v *Violation) Error() string {
	f := v.Failure
	text := fmt.Sprintf("at %s %s", clock(v.At), f.Component)
	switch {
	case v.Reason == Overload:
		text += " would be overloaded: " + topology.LoadOf(f.Load, f.Capacity, f.Unit)
	case v.Reason == NeedNotMet && f.Left == 0:
		text += fmt.Sprintf(" cannot start: %s is not ready", strings.Join(f.Lost, ", "))
	case v.Reason == NeedNotMet:
		text += fmt.Sprintf(" cannot start: only %d of %s are ready, and it needs %d", f.Left, strings.Join(f.Lost, ", "), f.Need)
	default:
		text += " " + v.Detail
	}
	if v.Step < 0 {
		return text + ", before any step"
	}
	return text
}

type plainViolation Violation

// MarshalJSON writes the time as "26m0s".
func (v *Violation) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		*plainViolation
		At times.Text `json:"at"`
	}{(*plainViolation)(v), times.Text(v.At)})
}

// UnmarshalJSON reads what [Violation.MarshalJSON] writes.
func (v *Violation) UnmarshalJSON(data []byte) error {
	var read struct {
		plainViolation
		At times.Text `json:"at"`
	}
	if err := strict(data, &read); err != nil {
		return fmt.Errorf("violation: %w", err)
	}
	*v = Violation(read.plainViolation)
	v.At = time.Duration(read.At)
	return nil
}

// clock writes a time as a runbook does: "26:00", "1:05:00", "0:01.5".
func clock(d time.Duration) string { return times.Time(d) }
