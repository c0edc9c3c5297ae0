package restart

import (
	"encoding/json"
	"fmt"
	"time"

	times "github.com/ridethrough/ridethrough/redundancy/internal/clock"
)

type plainSlack Slack

// A slackText is a slack with its times as text: a time without end is left out.
type slackText struct {
	Later   *times.Text `json:"later,omitempty"`
	Free    *times.Text `json:"free,omitempty"`
	Earlier times.Text  `json:"earlier"`
	plainSlack
}

// MarshalJSON writes times as "26m0s", and leaves out one that is without end.
func (s Slack) MarshalJSON() ([]byte, error) {
	ending := func(d *time.Duration) *times.Text {
		if *d < 0 {
			return nil
		}
		return (*times.Text)(d)
	}
	return json.Marshal(slackText{ending(&s.Later), ending(&s.Free), times.Text(s.Earlier), plainSlack(s)})
}

// UnmarshalJSON reads what [Slack.MarshalJSON] writes.
func (s *Slack) UnmarshalJSON(data []byte) error {
	later, free := times.Text(never), times.Text(never)
	read := slackText{Later: &later, Free: &free}
	if err := strict(data, &read); err != nil {
		return fmt.Errorf("slack: %w", err)
	}
	*s = Slack(read.plainSlack)
	s.Later, s.Free, s.Earlier = time.Duration(later), time.Duration(free), time.Duration(read.Earlier)
	return nil
}
