package restart

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// A jsonTime is a time as JSON has it: "26m0s"; "never" if it is negative.
type jsonTime time.Duration

// MarshalText writes it.
func (d jsonTime) MarshalText() ([]byte, error) {
	if d < 0 {
		return []byte("never"), nil
	}
	return []byte(time.Duration(d).String()), nil
}

// UnmarshalText reads it.
func (d *jsonTime) UnmarshalText(b []byte) error {
	if string(b) == "never" {
		*d = jsonTime(never)
		return nil
	}
	read, err := time.ParseDuration(string(b))
	if err != nil {
		return fmt.Errorf(`%q is no time: write "26m", "1h30m" or "never"`, b)
	}
	*d = jsonTime(read)
	return nil
}

// plainPlan and plainStep have no methods, so that encoding/json sees their fields.
type (
	plainPlan Plan
	plainStep Step
)

// A planText is a plan with its times as text.
type planText struct {
	*plainPlan
	Return   map[string]jsonTime `json:"return,omitempty"`
	Grid     jsonTime            `json:"grid,omitempty"`
	Full     jsonTime            `json:"full"`
	Finish   jsonTime            `json:"finish"`
	Earliest jsonTime            `json:"earliest"`
}

// MarshalJSON writes times as "26m0s", and "never" in Return.
func (p *Plan) MarshalJSON() ([]byte, error) {
	w := planText{plainPlan: (*plainPlan)(p), Grid: jsonTime(p.Grid), Full: jsonTime(p.Full), Finish: jsonTime(p.Finish), Earliest: jsonTime(p.Earliest)}
	if p.Return != nil {
		w.Return = make(map[string]jsonTime, len(p.Return))
		for pattern, at := range p.Return {
			w.Return[pattern] = jsonTime(at)
		}
	}
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
	read.Grid, read.Full = time.Duration(w.Grid), time.Duration(w.Full)
	read.Finish, read.Earliest = time.Duration(w.Finish), time.Duration(w.Earliest)
	if w.Return != nil {
		read.Return = make(map[string]time.Duration, len(w.Return))
		for pattern, at := range w.Return {
			read.Return[pattern] = time.Duration(at)
		}
	}
	*p = read
	return nil
}

// A stepText is a step with its time as text; the order of fields is that of reading.
type stepText struct {
	At jsonTime `json:"at"`
	plainStep
}

// MarshalJSON writes the time as "26m0s", and the fraction of every Admit, 0 included.
func (s Step) MarshalJSON() ([]byte, error) {
	if s.Do == Admit {
		return json.Marshal(struct {
			stepText
			Admit float64 `json:"admit"`
		}{stepText{jsonTime(s.At), plainStep(s)}, s.Admit})
	}
	return json.Marshal(stepText{jsonTime(s.At), plainStep(s)})
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
