package tipping

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Collapse is when it comes: by [cascade.Run], which goes by the trip times.
type Collapse struct {
	Scenario cascade.Scenario `json:"scenario"`
	After    time.Duration    `json:"after"` // the first demand fell below what must be served of it
}

// MarshalJSON writes the time as "26m0s".
func (c Collapse) MarshalJSON() ([]byte, error) {
	type plain Collapse
	return json.Marshal(struct {
		plain
		After string `json:"after"`
	}{plain(c), c.After.String()})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Collapse) UnmarshalJSON(data []byte) (err error) {
	var written struct {
		Scenario cascade.Scenario
		After    string
	}
	if err := json.Unmarshal(data, &written); err != nil {
		return err
	}
	c.Scenario = written.Scenario
	if c.After, err = time.ParseDuration(written.After); err != nil {
		return fmt.Errorf("after: %w", err)
	}
	return nil
}

// collapse runs the worst loss that the fleet does not survive.
func (f *finder) collapse(_ context.Context, p *Point) error {
	l := p.Surviving
	if l.AnyMost == p.Count || l.Certainty == cascade.Undetermined {
		return nil
	}
	o, err := cascade.Run(f.t, l.Worst)
	if err != nil || o.Judge(f.serve()) != cascade.Collapses {
		return err
	}
	for _, r := range o.Rounds {
		for _, s := range r.Served {
			if s.Fraction < f.serve()-topology.Tolerance {
				p.Collapse = &Collapse{l.Worst, r.At}
				return nil
			}
		}
	}
	return nil
}
