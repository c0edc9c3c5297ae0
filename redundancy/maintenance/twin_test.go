package maintenance_test

import (
	"cmp"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/maintenance"
	"github.com/ridethrough/ridethrough/topology"
)

// A twin answers by going through every combination of phases, with nothing shared with the package: each component of a
// group is up, off, drained, booting or back and cold, and what then goes down is found by looking at all, again and again.
type twin struct {
	site
	now       cascade.Scenario
	scenarios []cascade.Scenario // of the family, that hold with nothing taken out, if the others are left out
	broken    bool               // nothing is safe
	rotates   map[topology.ID]bool
}

type phases map[topology.ID]maintenance.Phase

func newTwin(s site) *twin {
	w := &twin{site: s, now: s.options.Now, rotates: map[topology.ID]bool{}}
	for id := range topology.ID(s.fleet.Len()) {
		for _, l := range s.fleet.Links(id) {
			for _, m := range l.Members {
				if l.Supply != nil && s.fleet.Demand(id) > 0 && s.fleet.Demand(m) == 0 {
					w.rotates[m] = true
				}
			}
		}
	}
	w.broken = !w.good(nil, nil, cascade.Scenario{}, true)
	all, err := s.options.Family.All(s.fleet)
	if err != nil {
		panic(err)
	}
	for scenario := range all {
		if w.good(nil, nil, scenario, false) {
			w.scenarios = append(w.scenarios, scenario)
		} else if !s.options.Except {
			w.broken = true
		}
	}
	return w
}

func (w *twin) ids(lists ...topology.Names) map[topology.ID]bool {
	all := map[topology.ID]bool{}
	for _, names := range lists {
		ids, err := w.fleet.Select(names...)
		if err != nil {
			panic(err)
		}
		for _, id := range ids {
			all[id] = true
		}
	}
	return all
}

// met reports whether so many of a link's members are not among some.
func met(l topology.Link, down map[topology.ID]bool) bool {
	n := 0
	for _, m := range l.Members {
		if !down[m] {
			n++
		}
	}
	return n >= l.Need
}

// close takes down what needs too many of what is down.
func (w *twin) close(down map[topology.ID]bool) {
	for again := true; again; {
		again = false
		for id := range topology.ID(w.fleet.Len()) {
			for _, l := range w.fleet.Links(id) {
				if !down[id] && !l.Start && !met(l, down) {
					down[id], again = true, true
				}
			}
		}
	}
}

// state is what some phases come to with a scenario.
func (w *twin) state(p phases, s cascade.Scenario) topology.State {
	n := w.fleet.Len()
	state := topology.State{Status: make([]topology.Status, n), Demand: make([]float64, n), Capacity: make([]float64, n)}
	lost := w.ids(w.now.Lose, s.Lose)
	down := w.ids(w.now.Lose, s.Lose)
	for id, phase := range p {
		if phase == maintenance.Off || phase == maintenance.Booting {
			down[id] = true
		}
	}
	w.close(down)
	drained := w.ids(w.now.Drain, s.Drain)
	for i := range state.Status {
		id := topology.ID(i)
		state.Demand[i] = w.fleet.Demand(id) * cmp.Or(w.now.Load, 1) * cmp.Or(s.Load, 1)
		state.Capacity[i] = w.fleet.Capacity(id)
		if p[id] == maintenance.Cold {
			state.Capacity[i] *= max(1e-9, w.fleet.Start(id).Cold)
		}
		switch {
		case p[id] == maintenance.Booting && !lost[id] && !slices.ContainsFunc(w.fleet.Links(id), func(l topology.Link) bool { return !l.Start && !met(l, down) }):
			state.Status[i] = topology.Booting
		case down[id]:
			state.Status[i] = topology.Down
		case drained[id] || p[id] == maintenance.Drained:
			state.Status[i] = topology.Ready
		}
	}
	return state
}

// good reports whether some phases hold with a scenario, or survive it if that is enough.
func (w *twin) good(named map[topology.ID]bool, p phases, s cascade.Scenario, strict bool) bool {
	state := w.state(p, s)
	spared := w.ids(w.now.Lose, s.Lose)
	for id := range named {
		spared[id] = true
	}
	if w.holds(state, spared) {
		return true
	}
	return w.options.Survive && !strict && w.survives(state, spared, w.ids(w.now.Lose, s.Lose), p)
}

func (w *twin) holds(state topology.State, spared map[topology.ID]bool) bool {
	flow := w.fleet.Flow(state)
	for i, status := range state.Status {
		id := topology.ID(i)
		if status != topology.Down && status != topology.Booting && topology.Overloaded(flow.Load[i], state.Capacity[i]) {
			return false
		}
		if w.fleet.Demand(id) > 0 && !spared[id] && flow.Served[i] < 1-topology.Tolerance {
			return false
		}
	}
	return true
}

// survives follows plain rounds: all that is overloaded trips at once, for in these fleets nothing takes time to trip.
func (w *twin) survives(state topology.State, spared, lost map[topology.ID]bool, p phases) bool {
	for {
		flow, again := w.fleet.Flow(state), false
		down := map[topology.ID]bool{}
		for i, status := range state.Status {
			trips := status != topology.Down && status != topology.Booting && !w.fleet.Overload(topology.ID(i)).Shed && topology.Overloaded(flow.Load[i], state.Capacity[i])
			again = again || trips
			down[topology.ID(i)] = trips || status == topology.Down || status == topology.Booting
		}
		if !again {
			for i := range state.Status {
				if id := topology.ID(i); w.fleet.Demand(id) > 0 && !spared[id] && flow.Served[i] < cmp.Or(w.options.Serve, 1)-topology.Tolerance {
					return false
				}
			}
			return true
		}
		w.close(down)
		for i, status := range state.Status {
			if id := topology.ID(i); down[id] && status != topology.Booting || status == topology.Booting && slices.ContainsFunc(w.fleet.Links(id), func(l topology.Link) bool { return !l.Start && !met(l, down) }) {
				state.Status[i] = topology.Down
			}
		}
	}
}

// goes returns what goes down with some that are taken out, in order, these included.
func (w *twin) goes(named map[topology.ID]bool) []topology.ID {
	before := w.ids(w.now.Lose)
	w.close(before)
	after := w.ids(w.now.Lose)
	for id := range named {
		after[id] = true
	}
	w.close(after)
	var all []topology.ID
	for id := range topology.ID(w.fleet.Len()) {
		if after[id] && !before[id] {
			all = append(all, id)
		}
	}
	return all
}

// safe reports whether a group is, whatever of it is in whatever phase.
func (w *twin) safe(named map[topology.ID]bool) bool {
	group := w.goes(named)
	if w.broken || !w.returns(group) {
		return false
	}
	if w.options.Together {
		return w.safeTogether(named, group)
	}
	return w.safeFrom(named, group, phases{})
}

func (w *twin) safeFrom(named map[topology.ID]bool, rest []topology.ID, p phases) bool {
	if len(rest) == 0 {
		return !w.may(p) || w.all(named, p)
	}
	id := rest[0]
	for _, phase := range w.phasesOf(id) {
		p[id] = phase
		if !w.safeFrom(named, rest[1:], p) {
			return false
		}
	}
	return true
}

func (w *twin) phasesOf(id topology.ID) []maintenance.Phase {
	all := []maintenance.Phase{maintenance.Before, maintenance.Off}
	if w.rotates[id] && !w.ids(w.now.Drain)[id] {
		all = append(all, maintenance.Drained)
	}
	start := w.fleet.Start(id)
	if start.Boot > 0 {
		all = append(all, maintenance.Booting)
	}
	if start.WarmUp > 0 && start.Cold < 1 {
		all = append(all, maintenance.Cold)
	}
	return all
}

// may reports whether no more boot at once than may.
func (w *twin) may(p phases) bool {
	for pattern, most := range w.options.AtOnce {
		n := 0
		for id := range w.ids(topology.Names{pattern}) {
			if p[id] == maintenance.Booting {
				n++
			}
		}
		if n > most {
			return false
		}
	}
	return true
}

func (w *twin) all(named map[topology.ID]bool, p phases) bool {
	if !w.good(named, p, cascade.Scenario{}, true) {
		return false
	}
	for _, s := range w.scenarios {
		if !w.good(named, p, s, false) {
			return false
		}
	}
	return true
}

// returns reports whether a group can come back, one component after the other.
func (w *twin) returns(group []topology.ID) bool {
	down := w.ids(w.now.Lose)
	for _, id := range group {
		down[id] = true
	}
	w.close(down)
	for again := true; again; {
		again = false
		for _, id := range group {
			barred := w.fleet.Start(id).Boot > 0 && !w.may(phases{id: maintenance.Booting})
			if down[id] && !barred && !slices.ContainsFunc(w.fleet.Links(id), func(l topology.Link) bool { return !met(l, down) }) {
				delete(down, id)
				again = true
			}
		}
	}
	return !slices.ContainsFunc(group, func(id topology.ID) bool { return down[id] })
}

// safeTogether goes through the phases of the whole, as the package comment has them.
func (w *twin) safeTogether(named map[topology.ID]bool, group []topology.ID) bool {
	drained, off, cold, ready := phases{}, phases{}, phases{}, phases{}
	for _, id := range group {
		if w.rotates[id] && !w.ids(w.now.Drain)[id] {
			drained[id] = maintenance.Drained
		}
		warms := w.fleet.Start(id).WarmUp > 0 && w.fleet.Start(id).Cold < 1
		if warms {
			cold[id] = maintenance.Cold
		}
		if ready[id] = maintenance.Before; w.rotates[id] {
			ready[id] = maintenance.Drained
		} else if warms {
			ready[id] = maintenance.Cold
		}
	}
	for id := range named {
		off[id] = maintenance.Off
	}
	if !w.all(named, drained) || !w.all(named, off) || !w.all(named, cold) || !w.all(named, ready) {
		return false
	}
	return w.boots(named, group, ready)
}

// boots goes through the waves in which a group boots.
func (w *twin) boots(named map[topology.ID]bool, group []topology.ID, ready phases) bool {
	p := phases{}
	for _, id := range group {
		p[id] = maintenance.Off
	}
	for left := len(group); left > 0; {
		down := w.ids(w.now.Lose)
		for id, phase := range p {
			if phase == maintenance.Off {
				down[id] = true
			}
		}
		w.close(down)
		var now []topology.ID
		wave := phases{}
		for _, id := range group {
			if p[id] != maintenance.Off || slices.ContainsFunc(w.fleet.Links(id), func(l topology.Link) bool { return !met(l, down) }) {
				continue
			}
			if w.fleet.Start(id).Boot == 0 {
				p[id] = ready[id]
				left--
				now = append(now, id)
				continue
			}
			wave[id] = maintenance.Booting
			if !w.may(wave) {
				delete(wave, id)
			}
		}
		if len(wave) > 0 {
			for id := range wave {
				p[id] = maintenance.Booting
			}
			if !w.all(named, p) {
				return false
			}
			for id := range wave {
				p[id] = ready[id]
				left--
			}
		} else if len(now) == 0 {
			return false
		}
	}
	return true
}
