package restart

import (
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// traffic returns the demand that is there, or would be if servers entered rotation.
func (w *way) traffic() float64 {
	if !w.gated && !w.opened {
		return w.demand * (1 + w.gate.reopen.Surge)
	}
	return w.demand * w.gate.comes(w.now)
}

// present returns the demand that starts must leave room for.
func (w *way) present() float64 {
	if w.gated && w.first != serve && w.onGrid() || !w.opened && !w.gated {
		return 0
	}
	return w.traffic()
}

// weakestNow returns the capacity of the weakest server in rotation.
func (w *way) weakestNow() float64 {
	if !w.mixed {
		return w.weakest
	}
	return min(w.weakest, w.capacity*w.warmth(w.now-w.entered))
}

// most returns the largest demand that what is in rotation can carry now.
func (w *way) most() float64 { return w.carried(w.weakestNow()) }

// warm returns the largest demand that it can carry once it is warm.
func (w *way) warm() float64 {
	if !w.mixed {
		return w.carried(w.weakest)
	}
	return w.carried(min(w.weakest, w.capacity))
}

// carried returns the largest demand that servers of a capacity, and what powers them, can carry.
func (w *way) carried(capacity float64) float64 {
	if w.in == 0 {
		return 0
	}
	most := capacity
	for _, id := range w.power {
		if slope := w.slope[id]; slope > 0 {
			most = min(most, (w.t.Capacity(id)-w.fixed[id])/slope)
		}
	}
	return min((float64(float64(w.in)*most)-w.base)/w.rate, w.t.Capacity(w.users))
}

// each returns the load of each server in rotation under a demand.
func (w *way) each(demand float64) float64 {
	if w.in == 0 {
		return 0
	}
	load := float64(w.rate * demand)
	if w.status[w.users] == topology.Up {
		load += w.base
	}
	return load / float64(w.in)
}

// wire finds again who gets what load, when that has changed.
func (w *way) wire() {
	w.wiring = pool.NewWiring(w.t, func(id topology.ID) bool { return w.status[id] == topology.Up })
	for i := range w.crews {
		w.crews[i].draws = nil
	}
}

func (w *way) wired(c *crew) {
	if c.draws == nil {
		c.draws = draws(w.wiring, c.links)
	}
}

// weigh adds up the loads on what powers the servers.
func (w *way) weigh() {
	clear(w.fixed)
	clear(w.slope)
	for _, id := range w.power {
		if w.status[id] == topology.Down {
			continue
		}
		for _, l := range w.t.Links(id) {
			if l.Supply == nil {
				continue
			}
			load := l.Supply.Base
			if w.status[id] == topology.Booting {
				load += l.Supply.Inrush
			}
			for _, r := range w.wiring.Of(l.Pool) {
				w.fixed[r.ID] += float64(load * r.Part)
			}
		}
	}
	for i := range w.crews {
		c := &w.crews[i]
		w.wired(c)
		booting, ready, in := float64(c.started-c.ready), float64(c.ready), float64(c.in)
		for _, d := range c.draws {
			w.fixed[d.on] += float64(booting*d.boot) + float64(ready*d.run)
			w.slope[d.on] += float64(in * d.rate)
		}
	}
}

// slack is what rounding may take from a capacity, in parts of it: less than [topology.Tolerance].
const slack = 1e-11

// safe reports whether nothing that powers the servers is overloaded under a demand.
func (w *way) safe(demand float64) bool {
	each := w.each(demand)
	for _, id := range w.power {
		if w.status[id] != topology.Down && w.fixed[id]+float64(w.slope[id]*each) > w.t.Capacity(id)*(1+slack) {
			return false
		}
	}
	return true
}
