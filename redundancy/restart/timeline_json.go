package restart

import (
	"encoding/json"
	"fmt"
	"time"

	times "github.com/ridethrough/ridethrough/redundancy/internal/clock"
)

type plainMoment Moment

// A momentText is a moment with its time as text.
type momentText struct {
	At times.Text `json:"at"`
	plainMoment
}

// MarshalJSON writes the time as "26m0s".
func (m Moment) MarshalJSON() ([]byte, error) {
	return json.Marshal(momentText{times.Text(m.At), plainMoment(m)})
}

// UnmarshalJSON reads what [Moment.MarshalJSON] writes.
func (m *Moment) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var w momentText
	if err := strict(data, &w); err != nil {
		return fmt.Errorf("moment: %w", err)
	}
	w.plainMoment.At = time.Duration(w.At)
	*m = Moment(w.plainMoment)
	return nil
}
