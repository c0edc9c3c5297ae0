package growth

import (
	"encoding/json"
	"math"
	"math/big"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
)

// A Limit is where a scenario ceases to hold as load grows.
type Limit struct {
	Scenario cascade.Scenario `json:"scenario"`
	Alike    *big.Int         `json:"alike,omitempty"` // scenarios that it stands for, if more than itself
	Margin   float64          `json:"margin"`          // the factor to which all load may grow; below 1, it must shrink to; 0: it holds at no load; +Inf (null in JSON): at any
	Full     string           `json:"full,omitempty"`  // the component that is at its capacity then, of several the first; "" if it is not that which ends it
}

// A Deadline is the day on which a scenario's margin is used up.
type Deadline struct {
	Limit
	Months float64   // from Options.From on; 0 if it is used up already; +Inf (null in JSON) if it never is
	Until  time.Time // the day, in UTC; zero if From was not given, or if it is more than a hundred years ahead. In JSON "2027-03-14"
}

// Already reports whether the scenario does not hold as it is. One that is just at a capacity holds, and its day is today.
func (d Deadline) Already() bool { return behind(math.Log(d.Margin)) }

// number is a float64 whose infinity is null.
func number(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

func infinite(x *float64) float64 {
	if x == nil {
		return math.Inf(1)
	}
	return *x
}

// A plainLimit and a plainDeadline are how they are written.
type plainLimit struct {
	Scenario cascade.Scenario `json:"scenario"`
	Alike    *big.Int         `json:"alike,omitempty"`
	Margin   *float64         `json:"margin"`
	Full     string           `json:"full,omitempty"`
}

type plainDeadline struct {
	plainLimit
	Months *float64 `json:"months"`
	Until  string   `json:"until,omitempty"`
}

func (l Limit) plain() plainLimit { return plainLimit{l.Scenario, l.Alike, number(l.Margin), l.Full} }

func (p plainLimit) limit() Limit { return Limit{p.Scenario, p.Alike, infinite(p.Margin), p.Full} }

// MarshalJSON writes an infinite margin as null.
func (l Limit) MarshalJSON() ([]byte, error) { return json.Marshal(l.plain()) }

// UnmarshalJSON reads what MarshalJSON writes.
func (l *Limit) UnmarshalJSON(data []byte) error {
	var p plainLimit
	err := json.Unmarshal(data, &p)
	if err == nil {
		*l = p.limit()
	}
	return err
}

// MarshalJSON writes a day as "2027-03-14", and what never comes as null.
func (d Deadline) MarshalJSON() ([]byte, error) {
	return json.Marshal(plainDeadline{d.plain(), number(d.Months), dateText(d.Until)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Deadline) UnmarshalJSON(data []byte) error {
	var p plainDeadline
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	until, err := readDate(p.Until)
	if err == nil {
		*d = Deadline{p.limit(), infinite(p.Months), until}
	}
	return err
}
