package maintenance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	times "github.com/ridethrough/ridethrough/redundancy/internal/clock"
)

// These have no methods, so that encoding/json sees their fields.
type (
	plainAnswer  Answer
	plainRolling Rolling
	plainGroup   Group
)

// MarshalJSON writes the time as "26m0s".
func (a *Answer) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		*plainAnswer
		Takes times.Text `json:"takes"`
	}{(*plainAnswer)(a), times.Text(a.Takes)})
}

// MarshalJSON writes the time as "26m0s".
func (g Group) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		plainGroup
		Takes times.Text `json:"takes"`
	}{plainGroup(g), times.Text(g.Takes)})
}

// MarshalJSON writes the time as "26m0s".
func (r *Rolling) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		*plainRolling
		Takes times.Text `json:"takes"`
	}{(*plainRolling)(r), times.Text(r.Takes)})
}

// UnmarshalJSON reads what MarshalJSON writes. A field that an answer does not have is an error.
func (a *Answer) UnmarshalJSON(data []byte) error {
	var read struct {
		plainAnswer
		Takes times.Text `json:"takes"`
	}
	if err := strict(data, &read); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	*a = Answer(read.plainAnswer)
	a.Takes = time.Duration(read.Takes)
	return nil
}

// UnmarshalJSON reads what MarshalJSON writes. A field that a group does not have is an error: it would be ignored where
// someone meant it.
func (g *Group) UnmarshalJSON(data []byte) error {
	var read struct {
		plainGroup
		Takes times.Text `json:"takes"`
	}
	if err := strict(data, &read); err != nil {
		return fmt.Errorf("group: %w", err)
	}
	*g = Group(read.plainGroup)
	g.Takes = time.Duration(read.Takes)
	return nil
}

// UnmarshalJSON reads what MarshalJSON writes. A field that a rolling does not have is an error.
func (r *Rolling) UnmarshalJSON(data []byte) error {
	var read struct {
		plainRolling
		Takes times.Text `json:"takes"`
	}
	if err := strict(data, &read); err != nil {
		return fmt.Errorf("rolling: %w", err)
	}
	*r = Rolling(read.plainRolling)
	r.Takes = time.Duration(read.Takes)
	return nil
}

func strict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
