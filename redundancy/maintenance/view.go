package maintenance

import (
	"math"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A viewer looks at states of a fleet, one after the other.
type viewer struct {
	q       *question
	closure *topology.Closure
	state   topology.State
	flow    *topology.Flow
	named   []bool
}

// A view is what the loads of a state come to.
type view struct {
	holds    bool
	fullest  topology.ID // -1 if nothing that is up has a capacity
	use      float64     // load/capacity
	load     float64
	capacity float64
	unserved topology.ID // -1 if every demand is served in full
}

func newViewer(q *question) *viewer {
	n := q.t.Len()
	v := &viewer{q: q, closure: q.t.Closure(), named: make([]bool, n)}
	v.state = topology.State{Status: make([]topology.Status, n), Demand: make([]float64, n), Capacity: make([]float64, n)}
	v.closure.Fail(q.lose...)
	v.flow = q.t.Flow(v.state)
	return v
}

// view looks at a group's stage when something else is lost.
func (v *viewer) view(s *stage, l loss) view {
	v.name(s, l, true)
	v.set(s, l)
	v.flow.Update(v.state)
	seen := v.judge()
	v.name(s, l, false)
	return seen
}

// name marks what is lost by name: a demand among it is not asked for.
func (v *viewer) name(s *stage, l loss, on bool) {
	for _, ids := range [][]topology.ID{v.q.lose, l.lose, s.named} {
		for _, id := range ids {
			v.named[id] = on
		}
	}
}

// set sets the state. The load of a scenario has that of now in it.
func (v *viewer) set(s *stage, l loss) {
	v.plain(l)
	lost := v.closure.Fail(l.lose...)
	out := v.closure.Fail(s.off...)
	booting := v.closure.Fail(s.boot...)
	for id := range v.state.Status {
		if v.closure.Down(topology.ID(id)) {
			v.state.Status[id] = topology.Down
		}
	}
	for _, ids := range [][]topology.ID{v.q.drain, l.drain, s.drain} {
		for _, id := range ids {
			if v.state.Status[id] == topology.Up {
				v.state.Status[id] = topology.Ready
			}
		}
	}
	for i := range booting {
		if id := booting[i].ID; i < len(s.boot) && booting[i].Link == nil && v.starts(id) {
			v.state.Status[id] = topology.Booting
		}
	}
	for _, id := range s.cold {
		v.state.Capacity[id] = v.q.cold(id)
	}
	v.closure.Undo(booting)
	v.closure.Undo(out)
	v.closure.Undo(lost)
}

// plain sets the state in which all is up, with the load of a scenario.
func (v *viewer) plain(l loss) {
	for id := range v.state.Status {
		id := topology.ID(id)
		v.state.Status[id], v.state.Demand[id], v.state.Capacity[id] = topology.Up, float64(l.load*v.q.t.Demand(id)), v.q.t.Capacity(id)
	}
}

// starts reports whether what a component needs runs.
func (v *viewer) starts(id topology.ID) bool {
	links := v.q.t.Links(id)
	for i := range links {
		if links[i].Keeps() && v.closure.Left(&links[i]) < links[i].Need {
			return false
		}
	}
	return true
}

// judge finds the fullest component, and the first demand that is not served in full.
func (v *viewer) judge() view {
	seen := view{holds: true, fullest: -1, unserved: -1}
	for id, status := range v.state.Status {
		capacity := v.state.Capacity[id]
		if status == topology.Down || status == topology.Booting || math.IsInf(capacity, 1) {
			continue
		}
		load := v.flow.Load[id]
		if topology.Overloaded(load, capacity) {
			seen.holds = false
		}
		if use := load / capacity; seen.fullest < 0 || use > seen.use {
			seen.fullest, seen.use, seen.load, seen.capacity = topology.ID(id), use, load, capacity
		}
	}
	for _, id := range v.q.demands {
		if !v.named[id] && v.flow.Served[id] < 1-topology.Tolerance {
			seen.holds, seen.unserved = false, id
			break
		}
	}
	return seen
}

// strain writes a view down.
func (q *question) strain(s *stage, l loss, seen view) Strain {
	out := Strain{Phase: s.phase, Scenario: l.of}
	if l.nothing {
		out.Scenario = cascade.Scenario{}
	}
	if seen.fullest >= 0 {
		out.Component, out.Load, out.Capacity, out.Unit = q.t.Name(seen.fullest), seen.load, seen.capacity, q.t.Unit(seen.fullest)
	}
	if seen.unserved >= 0 {
		out.Unserved = q.t.Name(seen.unserved)
	}
	if s.phase == Mixed {
		out.Of = q.t.Names(s.out())
	}
	return out
}
