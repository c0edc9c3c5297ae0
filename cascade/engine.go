package cascade

import (
	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// An Engine settles millions of scenarios of one topology, without allocating: what it does is what [Screen] runs.
//
// It is a state of the fleet, with nothing lost at first. Lose takes components down besides those that are, and Undo takes
// the latest Lose back, so that neighbours in a list of combinations cost only what differs. Holds and End ask about the
// state, and leave it as it is. It is not safe for concurrent use: each goroutine needs its own [Engine.Fork].
//
// All that is overloaded in one round trips together, whatever its trip curve: plain rounds. So Holds is always what [Run]
// says, and End wherever the order of trips does not matter; elsewhere it is the end of the plain rounds.
type Engine struct{ engine *engine.Engine }

// NewEngine compiles a topology, in time and memory proportional to its components and links.
func NewEngine(t *topology.Topology) *Engine { return &Engine{engine.New(t, engine.Start{})} }

// Fork returns an engine on the same compiled topology, with nothing lost. Forks share what does not change.
func (e *Engine) Fork() *Engine { return &Engine{e.engine.Fork()} }

// Lose takes components of the topology down, besides those already lost, and whatever needs too many of them.
func (e *Engine) Lose(ids ...topology.ID) { e.engine.Lose(ids...) }

// Undo takes back the latest Lose that has not been taken back. There must be one.
func (e *Engine) Undo() { e.engine.Undo() }

// Holds reports whether nothing is overloaded and every demand is served in full, but for those that were lost by name.
// It stops at the first overload.
func (e *Engine) Holds() bool { return e.engine.Holds() }

// End follows the plain rounds, and judges by all of every demand.
func (e *Engine) End() End { return ended(e.engine.End(), 1) }

// ended judges an end when a demand counts as served once a fraction of it is.
func ended(e engine.End, serve float64) End {
	end := End{Verdict: Holds, Served: e.Served, Up: e.Up}
	switch {
	case e.Served < serve-topology.Tolerance:
		end.Verdict = Collapses
	case e.Overloaded || e.Served < 1-topology.Tolerance:
		end.Verdict = Degrades
	}
	return end
}

// onlyHolds judges no further than whether a state holds.
func onlyHolds(e *engine.Engine) End {
	if e.Holds() {
		return End{Verdict: Holds, Served: 1, Up: e.Up()}
	}
	return End{Verdict: Fails, Up: e.Up()}
}
