package restart

import (
	"math"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A demand is how much of one component's demand is there.
type demand struct {
	id       topology.ID
	full     float64 // with the scenario's factor
	gated    bool
	reopen   topology.Reopen
	admitted float64 // fraction; 1 if it is not gated
	open     bool    // it comes: its component runs and, if it fell and is not gated, something has taken it up
	surge    float64 // on top of admitted, at
	at       time.Duration
}

// now returns the load at a time that is not before the latest change.
func (d *demand) now(at time.Duration) float64 {
	if !d.open {
		return 0
	}
	return d.full * (d.admitted + d.left(at))
}

// left returns what a surge has decayed to.
func (d *demand) left(at time.Duration) float64 {
	if d.surge == 0 {
		return 0
	}
	return d.surge * math.Exp(-float64(at-d.at)/float64(d.reopen.Decay))
}

// admit changes the fraction; what is added surges.
func (d *demand) admit(fraction float64, at time.Duration) {
	if d.open {
		d.surge, d.at = d.left(at)+float64(d.reopen.Surge*max(0, fraction-d.admitted)), at
	}
	d.admitted = fraction
}

// opens lets what is admitted come, with its surge.
func (d *demand) opens(at time.Duration) {
	d.open, d.surge, d.at = true, d.reopen.Surge*d.admitted, at
}
