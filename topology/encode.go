package topology

import (
	"encoding/json"
	"time"
)

// MarshalJSON writes durations as "26m0s" and a single name without brackets. What it writes [Read] reads back as the
// same spec, but for empty lists and maps, which may become nil, and for prefixes that its units have.
func (s Spec) MarshalJSON() ([]byte, error) {
	type plain Spec
	if s.Components == nil {
		s.Components = []Component{}
	}
	return json.Marshal(plain(s))
}

// MarshalJSON writes a single name without brackets, and none as an empty list.
func (n Names) MarshalJSON() ([]byte, error) {
	switch len(n) {
	case 0:
		return []byte("[]"), nil
	case 1:
		return json.Marshal(n[0])
	}
	return json.Marshal([]string(n))
}

// MarshalJSON writes durations as "250ms".
func (o Overload) MarshalJSON() ([]byte, error) {
	type plain Overload
	return json.Marshal(struct {
		plain
		After string `json:"after,omitempty"`
	}{plain(o), durationText(o.After)})
}

// MarshalJSON writes durations as "26m0s".
func (s Start) MarshalJSON() ([]byte, error) {
	type plain Start
	return json.Marshal(struct {
		plain
		Boot   string `json:"boot,omitempty"`
		WarmUp string `json:"warmUp,omitempty"`
	}{plain(s), durationText(s.Boot), durationText(s.WarmUp)})
}

// MarshalJSON writes durations as "10m0s".
func (r Reopen) MarshalJSON() ([]byte, error) {
	type plain Reopen
	return json.Marshal(struct {
		plain
		Decay string `json:"decay,omitempty"`
	}{plain(r), durationText(r.Decay)})
}

// MarshalJSON writes durations as "8760h0m0s".
func (f Failing) MarshalJSON() ([]byte, error) {
	type plain Failing
	return json.Marshal(struct {
		plain
		MTBF string `json:"mtbf,omitempty"`
		MTTR string `json:"mttr,omitempty"`
	}{plain(f), durationText(f.MTBF), durationText(f.MTTR)})
}

// durationText returns "" for 0, which is left out.
func durationText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}
