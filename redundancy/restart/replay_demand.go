package restart

import (
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A demand is how much of one component's demand is there, in a replay.
type demand struct {
	gate  // what is admitted: all if it is not gated
	id    topology.ID
	full  float64 // with the scenario's factor
	gated bool
	open  bool // it comes: its component runs and, if it fell and is not gated, something has taken it up
}

// demandOf returns the demand of a component as a cascade leaves it, under a factor on the load: nothing is let in of what fell.
func demandOf(c topology.Component, id topology.ID, load float64, open bool) demand {
	d := demand{id: id, full: load * c.Demand, gated: c.Gated, open: open, gate: gate{fraction: 1, reopen: c.Reopen}}
	if c.Gated && !open {
		d.fraction = 0
	}
	return d
}

// now returns the load at a time that is not before the latest change.
func (d *demand) now(at time.Duration) float64 {
	if !d.open {
		return 0
	}
	return d.full * d.comes(at)
}

// admit changes the fraction; it surges from when it comes.
func (d *demand) admit(fraction float64, at time.Duration) {
	if d.open {
		d.set(fraction, at)
	}
	d.fraction = fraction
}

// opens lets what is admitted come.
func (d *demand) opens(at time.Duration) {
	d.open = true
	d.gate.opens(at)
}
