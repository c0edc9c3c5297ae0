package restart

import (
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// goOn adds steps that only wait, where something that has become ready before the next instant changes from then on: it warms
// up, or its demand surges. What comes after has to be as much later as it is.
func (g *guardian) goOn(now time.Duration) {
	var times []time.Duration
	for id, at := range g.since {
		if at > g.before && at < now && g.moves(topology.ID(id)) {
			times = append(times, at)
		}
	}
	slices.Sort(times)
	for _, at := range slices.Compact(times) {
		late := g.readySince(g.before, at)
		if what := g.t.Names(late); len(late) > 0 {
			g.plan.Steps = append(g.plan.Steps, Step{At: at, When: []Condition{{What: what, Settled: true}}, Do: GoOn, What: what})
		}
		g.before = at
	}
}

// moves reports whether a component changes after it has become ready, without a step.
func (g *guardian) moves(id topology.ID) bool {
	return g.t.Demand(id) > 0 || warms(g.t, id) && !g.template.rotates[id]
}

// readySince returns what should boot until some time after one, up to another.
func (g *guardian) readySince(after, until time.Duration) []topology.ID {
	var ids []topology.ID
	for id, at := range g.since {
		if at > after && at <= until && g.t.Start(topology.ID(id)).Boot > 0 {
			ids = append(ids, topology.ID(id))
		}
	}
	return ids
}

// layered splits power-ons of what needs something that is powered on at the same instant, and boots in no time: that first.
func (g *guardian) layered(steps []Step, now time.Duration) []Step {
	var all []Step
	var wait []topology.ID
	at := make([]bool, g.t.Len()) // it comes up at this instant, by a step that is not added yet
	for _, s := range steps {
		if s.Do == PowerOn {
			for _, id := range g.selected(s) {
				if !at[id] && g.since[id] >= now && g.started[id] {
					at[id] = true
					wait = append(wait, id)
				}
			}
		}
	}
	slices.Sort(wait)
	for len(wait) > 0 {
		var layer, rest []topology.ID
		for _, id := range wait {
			if slices.ContainsFunc(g.needs(id), func(m topology.ID) bool { return at[m] && g.since[m] == now }) {
				rest = append(rest, id)
			} else {
				layer = append(layer, id)
			}
		}
		if len(layer) == 0 {
			layer, rest = wait, nil // k of n: one of them starts with others than these
		}
		for _, id := range layer {
			at[id] = false
		}
		all = append(all, Step{At: now, Do: PowerOn, What: g.t.Names(layer)})
		wait = rest
	}
	for _, s := range steps {
		if s.Do != PowerOn {
			all = append(all, s)
		}
	}
	return all
}

// conditions has the steps of an instant wait for all that should have become ready since the instant before, and act on what can,
// where they rely on what was started.
func (g *guardian) conditions(steps []Step, now time.Duration) {
	late := g.readySince(g.before, now)
	waited := make([]bool, g.t.Len())
	isLate := make([]bool, g.t.Len())
	for _, id := range late {
		isLate[id] = true
	}
	var first []topology.ID // what the first of them waits for
	for i := range steps {
		s := &steps[i]
		var rely, wait []topology.ID
		for _, id := range g.reliesOn(s) {
			if g.started[id] && g.since[id] <= now {
				rely = append(rely, id)
				if isLate[id] {
					wait = append(wait, id)
					waited[id] = true
				}
			}
		}
		if i == 0 {
			first = wait
		}
		switch {
		case len(wait) > 0:
			s.When = []Condition{{What: g.t.Names(wait), Settled: true}}
		case len(rely) > 0:
			s.If = []Condition{{What: g.t.Names(rely), Ready: 1}}
		}
	}
	late = slices.DeleteFunc(late, func(id topology.ID) bool { return waited[id] })
	if len(late) > 0 && len(steps) > 0 {
		late = append(late, first...)
		slices.Sort(late)
		steps[0].When = []Condition{{What: g.t.Names(late), Settled: true}}
	}
}

// reliesOn returns what must be ready for a step to act: what it rotates, or what those that it powers on need.
func (g *guardian) reliesOn(s *Step) []topology.ID {
	switch s.Do {
	case Rotate:
		return g.selected(*s)
	case PowerOn:
		var all []topology.ID
		for _, id := range g.selected(*s) {
			all = append(all, g.needs(id)...)
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	return nil
}

// needs returns the components of which a component needs some, to start or always.
func (g *guardian) needs(id topology.ID) []topology.ID {
	var all []topology.ID
	for _, l := range g.t.Links(id) {
		if l.Need > 0 {
			all = append(all, l.Members...)
		}
	}
	return all
}

// selected returns the components of a step; the plan was replayed.
func (g *guardian) selected(s Step) []topology.ID {
	ids, _ := g.t.Select(s.What...)
	return ids
}
