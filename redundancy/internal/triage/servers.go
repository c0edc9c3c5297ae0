package triage

import "github.com/ridethrough/ridethrough/topology"

// Servers returns by ID what may be taken out of rotation and switched off: the members of what a demand draws on, and of
// what these pass their load on to, all of it as it is or in the same unit. What has a demand of its own is none.
func Servers(t *topology.Topology) []bool {
	w := &walk{t: t, server: make([]bool, t.Len()), passed: map[passage]bool{}}
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) > 0 {
			w.from(id, true)
		}
	}
	for i := 0; i < len(w.found); i++ {
		w.from(w.found[i], false)
	}
	return w.server
}

// A walk goes from demands to the servers behind them.
type walk struct {
	t      *topology.Topology
	server []bool
	found  []topology.ID
	passed map[passage]bool
}

// A passage is load in a unit coming to a pool; all is whether every member is a server then, whatever its unit.
type passage struct {
	pool int32
	unit string
	all  bool
}

func (w *walk) from(owner topology.ID, demand bool) {
	for _, l := range w.t.Links(owner) {
		if l.Pool < 0 {
			continue
		}
		p := passage{pool: l.Pool, all: demand || l.Supply.Base == 0 && l.Supply.PerUnit == 0}
		if !p.all {
			if p.unit = w.t.Unit(owner); p.unit == "" {
				continue
			}
		}
		if w.passed[p] {
			continue
		}
		w.passed[p] = true
		for _, m := range w.t.Pools()[l.Pool].Members {
			if (p.all || w.t.Unit(m) == p.unit) && !w.server[m] && w.t.Demand(m) == 0 {
				w.server[m] = true
				w.found = append(w.found, m)
			}
		}
	}
}
