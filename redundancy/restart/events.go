package restart

import (
	"cmp"
	"math"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// An event is something that happens without a step.
type event struct {
	at   time.Duration
	kind eventKind
	id   topology.ID
}

type eventKind uint8

const (
	booted eventKind = iota // a boot ends
	begins                  // what needs no step has returned
	warmed                  // a warm-up ends
	looked                  // nothing: a timeline is to have this moment
)

// compare puts the first first; of one time, by kind and then in order of declaration.
func (e event) compare(other event) int {
	return cmp.Or(cmp.Compare(e.at, other.at), cmp.Compare(e.kind, other.kind), cmp.Compare(e.id, other.id))
}

// later adds to a time, at most to what a Duration holds.
func later(at, by time.Duration) time.Duration {
	if at > math.MaxInt64-by {
		return math.MaxInt64
	}
	return at + by
}
