package cascade_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// plain trips everything that is overloaded in one round together.
func (p *plot) plain() *plot {
	for {
		var tripped []topology.ID
		for id := range p.trips(nil) {
			tripped = append(tripped, id)
		}
		if len(tripped) == 0 {
			return p
		}
		p.fail(0, tripped)
	}
}

// end is how a plot ends.
func (p *plot) end() cascade.End {
	last := p.rounds[len(p.rounds)-1]
	up := 0
	for _, down := range p.down {
		if !down {
			up++
		}
	}
	return cascade.End{Verdict: p.verdict(), Served: p.worst(last), Up: up}
}

// settle is how plain rounds end that compute every load of every round: an engine without an idea.
func settle(t *topology.Topology, demand []float64, drain, lose []topology.ID) cascade.End {
	closure, s := t.Closure(), topology.State{Status: make([]topology.Status, t.Len()), Demand: demand}
	for _, id := range drain {
		s.Status[id] = topology.Ready
	}
	flow, moved := (*topology.Flow)(nil), false
	for trips := lose; flow == nil || len(trips) > 0; {
		for _, l := range closure.Fail(trips...) {
			s.Status[l.ID] = topology.Down
		}
		flow, trips = t.Flow(s), nil
		for id := range topology.ID(t.Len()) {
			if !closure.Down(id) && topology.Overloaded(flow.Load[id], t.Capacity(id)) {
				moved = true
				if o := t.Overload(id); !o.Shed || o.After > 0 || o.Curve != "" {
					trips = append(trips, id)
				}
			}
		}
	}
	return judged(t, s, flow, lose, moved)
}

func judged(t *topology.Topology, s topology.State, flow *topology.Flow, lose []topology.ID, moved bool) cascade.End {
	end := cascade.End{Verdict: cascade.Holds, Served: 1}
	named := map[topology.ID]bool{}
	for _, id := range lose {
		named[id] = true
	}
	for id := range topology.ID(t.Len()) {
		if s.Status[id] != topology.Down {
			end.Up++
		}
		if t.Demand(id) > 0 && !named[id] {
			end.Served = min(end.Served, flow.Served[id])
		}
	}
	switch {
	case end.Served < 1-1e-9:
		end.Verdict = cascade.Collapses
	case moved:
		end.Verdict = cascade.Degrades
	}
	return end
}

// unlike says how an engine's state is not what it should be. A state that collapses in the end may hold nothing at first.
func unlike(e *cascade.Engine, want cascade.End) string {
	if holds := e.Holds(); holds != (want.Verdict == cascade.Holds) {
		return fmt.Sprintf("holds is %v, by definition it %s", holds, want.Verdict)
	}
	if got := e.End(); got.Verdict != want.Verdict || got.Up != want.Up || math.Abs(got.Served-want.Served) > 1e-9 {
		return fmt.Sprintf("ends as %+v, by definition %+v", got, want)
	}
	return ""
}

// A walk loses and takes back at random, a stack deep.
type walk struct {
	*rand.Rand
	engine *cascade.Engine
	stack  [][]topology.ID
}

func (w *walk) step(loss func() []topology.ID) {
	if n := len(w.stack); n > 0 && w.IntN(3) == 0 {
		w.engine.Undo()
		w.stack = w.stack[:n-1]
		return
	}
	ids := loss()
	w.engine.Lose(ids...)
	w.stack = append(w.stack, ids)
}

func (w *walk) lost() []topology.ID { return slices.Concat(w.stack...) }
