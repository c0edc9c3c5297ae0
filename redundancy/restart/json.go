package restart

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	times "github.com/ridethrough/ridethrough/redundancy/internal/clock"
)

// plainPlan and plainStep have no methods, so that encoding/json sees their fields.
type (
	plainPlan Plan
	plainStep Step
)

// A planText is a plan with its times as text.
type planText struct {
	*plainPlan
	Return   map[string]times.Text `json:"return,omitempty"`
	Grid     times.Text            `json:"grid,omitempty"`
	Full     times.Text            `json:"full"`
	Finish   times.Text            `json:"finish"`
	Earliest times.Text            `json:"earliest"`
}

// MarshalJSON writes times as "26m0s", and "never" in Return.
func (p *Plan) MarshalJSON() ([]byte, error) {
	w := planText{plainPlan: (*plainPlan)(p), Return: retimed[times.Text](p.Return), Grid: times.Text(p.Grid),
		Full: times.Text(p.Full), Finish: times.Text(p.Finish), Earliest: times.Text(p.Earliest)}
	if p.Steps == nil {
		filled := *w.plainPlan
		filled.Steps = []Step{}
		w.plainPlan = &filled
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what [Plan.MarshalJSON] writes. A field that a plan does not have is an error: it would be ignored
// where someone meant it.
func (p *Plan) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var read Plan
	w := planText{plainPlan: (*plainPlan)(&read)}
	if err := strict(data, &w); err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	read.Return, read.Grid, read.Full = retimed[time.Duration](w.Return), time.Duration(w.Grid), time.Duration(w.Full)
	read.Finish, read.Earliest = time.Duration(w.Finish), time.Duration(w.Earliest)
	*p = read
	return nil
}

func retimed[To, From ~int64](times map[string]From) map[string]To {
	if times == nil {
		return nil
	}
	all := make(map[string]To, len(times))
	for pattern, at := range times {
		all[pattern] = To(at)
	}
	return all
}

// A stepText is a step with its time as text; the order of fields is that of reading.
type stepText struct {
	At times.Text `json:"at"`
	plainStep
}

// MarshalJSON writes the time as "26m0s", and the fraction of every Admit, 0 included.
func (s Step) MarshalJSON() ([]byte, error) {
	if s.Do == Admit {
		return json.Marshal(struct {
			stepText
			Admit float64 `json:"admit"`
		}{stepText{times.Text(s.At), plainStep(s)}, s.Admit})
	}
	return json.Marshal(stepText{times.Text(s.At), plainStep(s)})
}

// UnmarshalJSON reads what [Step.MarshalJSON] writes.
func (s *Step) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var w stepText
	if err := strict(data, &w); err != nil {
		return fmt.Errorf("step: %w", err)
	}
	w.plainStep.At = time.Duration(w.At)
	*s = Step(w.plainStep)
	return nil
}

func strict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
