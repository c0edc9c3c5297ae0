package maintenance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// A jsonTime is a time as JSON has it: "26m0s".
type jsonTime time.Duration

// MarshalText writes it.
func (d jsonTime) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads it.
func (d *jsonTime) UnmarshalText(b []byte) error {
	read, err := time.ParseDuration(string(b))
	if err != nil {
		return fmt.Errorf(`%q is no time: write "26m" or "1h30m"`, b)
	}
	*d = jsonTime(read)
	return nil
}

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
		Takes jsonTime `json:"takes"`
	}{(*plainAnswer)(a), jsonTime(a.Takes)})
}

// MarshalJSON writes the time as "26m0s".
func (g Group) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		plainGroup
		Takes jsonTime `json:"takes"`
	}{plainGroup(g), jsonTime(g.Takes)})
}

// MarshalJSON writes the time as "26m0s".
func (r *Rolling) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		*plainRolling
		Takes jsonTime `json:"takes"`
	}{(*plainRolling)(r), jsonTime(r.Takes)})
}

// UnmarshalJSON reads what MarshalJSON writes. A field that an answer does not have is an error.
func (a *Answer) UnmarshalJSON(data []byte) error {
	var read struct {
		plainAnswer
		Takes jsonTime `json:"takes"`
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
		Takes jsonTime `json:"takes"`
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
		Takes jsonTime `json:"takes"`
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
