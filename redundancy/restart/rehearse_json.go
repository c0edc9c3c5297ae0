package restart

import (
	"encoding/json"
	"fmt"
	"time"

	times "github.com/ridethrough/ridethrough/redundancy/internal/clock"
)

type plainRehearsal Rehearsal

// MarshalJSON writes times as "26m0s", or "never".
func (r *Rehearsal) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		*plainRehearsal
		Until times.Text          `json:"until"`
		Full  Figures[times.Text] `json:"full"`
	}{(*plainRehearsal)(r), times.Text(r.Until), figuresAs[times.Text](r.Full)})
}

// UnmarshalJSON reads what [Rehearsal.MarshalJSON] writes.
func (r *Rehearsal) UnmarshalJSON(data []byte) error {
	var read struct {
		plainRehearsal
		Until times.Text          `json:"until"`
		Full  Figures[times.Text] `json:"full"`
	}
	if err := strict(data, &read); err != nil {
		return fmt.Errorf("rehearsal: %w", err)
	}
	*r = Rehearsal(read.plainRehearsal)
	r.Until, r.Full = time.Duration(read.Until), figuresAs[time.Duration](read.Full)
	return nil
}

func figuresAs[To, From ~int64](f Figures[From]) Figures[To] {
	return Figures[To]{To(f.Nominal), To(f.Median), To(f.P95), To(f.Worst)}
}
