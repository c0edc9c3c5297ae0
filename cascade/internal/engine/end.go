package engine

import "github.com/ridethrough/ridethrough/topology"

// An End is how a scenario ends.
type End struct {
	Overloaded bool    // something is, before anything trips
	Tripped    bool    // something did
	Served     float64 // fraction of the worst served demand; 1 if there is none to judge by
	Up         int     // components
}

// Holds reports whether nothing is overloaded, and every demand is served in full that the scenario did not take down.
func (e *Engine) Holds() bool {
	if e.unmet > 0 {
		return false
	}
	e.look(true)
	return len(e.bounds.over) == 0 && e.served() >= 1-topology.Tolerance
}

// End follows the rounds until nothing trips, and returns to the state before them.
func (e *Engine) End() End {
	before := e.state.mark()
	e.look(false)
	end := End{Overloaded: len(e.bounds.over) > 0}
	for e.round() {
		end.Tripped = true
		e.look(false)
	}
	end.Served, end.Up = e.served(), e.Up()
	e.state.restore(before)
	e.values.epoch++
	return end
}

// round trips all that is overloaded, and closes; false if nothing trips.
func (e *Engine) round() bool {
	trips := false
	if over := e.bounds.over; len(over) == 1 && e.groups[over[0].group].alone {
		e.avalanche(over[0])
		trips = true
	} else {
		for _, o := range over {
			if e.groups[o.group].trips {
				e.trip(o.group, o.load)
				trips = true
			}
		}
	}
	e.close()
	e.values.epoch++
	return trips
}
