package restart

import (
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A luck is how boots go in one replay. Of a nil one they take as long as they should, and succeed.
type luck struct {
	takes []time.Duration // by ID
	fails []bool          // by ID
}

// boot returns how long a component boots that should boot so long.
func (l *luck) boot(id topology.ID, nominal time.Duration) time.Duration {
	if l == nil || l.takes == nil {
		return nominal
	}
	return l.takes[id]
}

// failing reports whether a component does not come up.
func (l *luck) failing(id topology.ID) bool { return l != nil && l.fails[id] }

// fail ends a boot without success: the component is down, and nobody tries again.
func (r *replay) fail(id topology.ID) {
	if r.failed == nil {
		r.failed = make([]bool, r.t.Len())
	}
	r.failed[id] = true
	r.state.Status[id] = topology.Down
}

func (r *replay) hasFailed(id topology.ID) bool { return r.failed != nil && r.failed[id] }
