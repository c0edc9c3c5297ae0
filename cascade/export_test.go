package cascade

import (
	"slices"

	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// Timing reports whether the end of a cascade from a closed state may depend on which component trips first.
var Timing = timing

// Unrelieved returns the end of the cascade from a closed state in which the dead keep drawing: who is up, the status
// that loads are computed with, and these.
func Unrelieved(t *topology.Topology, s topology.State) (up []bool, status []topology.Status, load []float64) {
	c := t.Closure()
	for id, status := range s.Status {
		if status == topology.Down {
			c.Fail(topology.ID(id))
		}
	}
	s.Status = slices.Clone(s.Status)
	b := neverRelieved(t, s, c)
	for id := range topology.ID(t.Len()) {
		up = append(up, !c.Down(id))
	}
	return up, s.Status, b.load
}

// EngineOf is an engine of a fleet of which some is out of rotation, at a factor on the demand.
func EngineOf(t *topology.Topology, drain []topology.ID, load float64) *Engine {
	return &Engine{engine.New(t, engine.Start{Drain: drain, Load: load})}
}
