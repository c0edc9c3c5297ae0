package restart

import (
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A wiring says where load on the pools behind servers ends up: with equal shares and nothing overloaded, loads add.
type wiring struct {
	t     *topology.Topology
	takes func(topology.ID) bool // it takes load
	known map[int32][]part
}

// A part of a load that a component gets.
type part struct {
	id   topology.ID
	part float64
}

func newWiring(t *topology.Topology, takes func(topology.ID) bool) *wiring {
	return &wiring{t: t, takes: takes, known: map[int32][]part{}}
}

// parts returns what each component behind a pool gets of a load placed on it, in order of declaration.
func (w *wiring) parts(pool int32) []part {
	if known, ok := w.known[pool]; ok {
		return known
	}
	p := &w.t.Pools()[pool]
	var live []topology.ID
	for _, m := range p.Members {
		if w.takes(m) {
			live = append(live, m)
		}
	}
	sum := map[topology.ID]float64{}
	for _, m := range live {
		each := 1.0
		if p.Share != topology.Each {
			each /= float64(len(live))
		}
		sum[m] += each
		for _, l := range w.t.Links(m) {
			if l.Supply == nil {
				continue
			}
			for _, q := range w.parts(l.Pool) {
				sum[q.id] += each * l.Supply.Rate() * q.part
			}
		}
	}
	var parts []part
	for id, x := range sum {
		parts = append(parts, part{id, x})
	}
	slices.SortFunc(parts, func(a, b part) int { return int(a.id) - int(b.id) })
	w.known[pool] = parts
	return parts
}

// A draw is what one server draws on a component: while it boots, while it runs, and for each unit of its load.
type draw struct {
	boot, run, rate float64
}

// draws returns what a component with these links draws on those behind it, and these in order of declaration.
func (w *wiring) draws(links []topology.Link) (map[topology.ID]draw, []topology.ID) {
	all := map[topology.ID]draw{}
	var order []topology.ID
	for _, l := range links {
		if l.Supply == nil {
			continue
		}
		for _, q := range w.parts(l.Pool) {
			d, ok := all[q.id]
			if !ok {
				order = append(order, q.id)
			}
			d.boot += (l.Supply.Base + l.Supply.Inrush) * q.part
			d.run += l.Supply.Base * q.part
			d.rate += l.Supply.Rate() * q.part
			all[q.id] = d
		}
	}
	slices.Sort(order)
	return all, order
}
