package clock

import (
	"fmt"
	"time"
)

// Never stands for a time that does not come.
const Never time.Duration = -1

// A Text is a time as JSON has it: "26m0s", or "never".
type Text time.Duration

// MarshalText writes it.
func (d Text) MarshalText() ([]byte, error) {
	if time.Duration(d) == Never {
		return []byte("never"), nil
	}
	return []byte(time.Duration(d).String()), nil
}

// UnmarshalText reads it.
func (d *Text) UnmarshalText(b []byte) error {
	if string(b) == "never" {
		*d = Text(Never)
		return nil
	}
	read, err := time.ParseDuration(string(b))
	if err != nil {
		return fmt.Errorf(`%q is no time: write "26m", "1h30m" or "never"`, b)
	}
	*d = Text(read)
	return nil
}
