// Package engine settles millions of scenarios of one topology, one after the other: what is lost goes down, and what
// needs too many of those; then loads are compared with capacities, and what is overloaded trips, round by round.
//
// It is fast because it does not look at what cannot have changed.
//
//   - Components that nothing tells apart but their capacity are counted, not listed (see program).
//   - Loads are computed when they are asked for, from the counts, by the formulas of package topology. A load is asked
//     for only where a bound on it exceeds the capacity (see bound.go).
//   - What a loss changes is restored from a trail of old values. Nothing is subtracted, so nothing drifts.
//
// All that is overloaded at once trips at once, whatever its trip curve: plain rounds.
package engine

import "github.com/ridethrough/ridethrough/topology"

// An Engine is a state of a fleet: nothing lost at first. It is not safe for concurrent use; each goroutine needs a Fork.
type Engine struct {
	*program
	state
	undo []mark

	values  values
	bounds  bounds
	rejects rejects
	ghosts  ghosts
	queue   []int32 // sets that have lost members, and may be met no longer
}

// New compiles a topology. It takes time and memory in proportion to its components and links.
func New(t *topology.Topology, s Start) *Engine { return compile(t, s).engine() }

// Fork returns an engine of the same compiled topology, with nothing lost.
func (e *Engine) Fork() *Engine { return e.program.engine() }

func (p *program) engine() *Engine {
	e := &Engine{program: p}
	e.tally = p.start.tally
	e.ints = append([]int32(nil), p.start.ints...)
	e.sums = append([]float64(nil), p.start.sums...)
	e.lost, e.named = make([]uint8, len(p.at)), make([]bool, len(p.at))
	e.values.reset(p)
	e.bounds.reset(p)
	return e
}

// Alike returns the class and the capacity of a component. Components of which both are the same are interchangeable:
// whichever of them are lost, the end is the same.
func (e *Engine) Alike(id topology.ID) (class int32, capacity float64) {
	return e.at[id].class, e.limit[e.at[id].slot]
}

// Classes returns how many classes there are.
func (e *Engine) Classes() int { return len(e.classes) }

// Up returns how many components are up.
func (e *Engine) Up() int { return int(e.up) }

// Unasked reports whether no demand is left to judge by: the scenario took all of them down, or there is none.
func (e *Engine) Unasked() bool { return int(e.unasked) == e.asked }

// Down reports whether a component is down.
func (e *Engine) Down(id topology.ID) bool {
	k, slot := e.at[id].class, e.at[id].slot
	return slot < e.classes[k].from+e.ints[e.layout.head+k] || e.lost[slot] != 0
}
