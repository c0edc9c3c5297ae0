package restart

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// startPower starts what powers the servers, and what the users need, as far as that is safe; it reports whether it started
// any. All that can start are tried together, and one by one if that is too much.
func (w *way) startPower() bool {
	var can []topology.ID
	for _, id := range w.power {
		if w.status[id] == topology.Down && w.back[id] >= 0 && w.back[id] <= w.now && w.allMet(w.t.Links(id)) {
			can = append(can, id)
		}
	}
	if len(can) == 0 {
		return false
	}
	if w.switchOn(can) {
		return true
	}
	any := false
	for i := range can {
		any = w.switchOn(can[i:i+1]) || any
	}
	return any
}

// switchOn starts components together if they may boot together and nothing is overloaded while they boot, nor once they take
// load.
func (w *way) switchOn(ids []topology.ID) bool {
	boots := slices.Clone(w.boots)
	for i, l := range w.limits {
		for _, id := range ids {
			if w.t.Component(id).Start.Boot > 0 && slices.Contains(l.ids, id) {
				boots[i]++
			}
		}
		if boots[i] > l.most {
			return false
		}
	}
	begins := func(id topology.ID) topology.Status {
		if w.t.Component(id).Start.Boot > 0 {
			return topology.Booting
		}
		return topology.Up
	}
	become := func(status func(topology.ID) topology.Status) bool {
		for _, id := range ids {
			w.status[id] = status(id)
		}
		w.wire()
		w.weigh()
		return w.safe(w.present())
	}
	ok := become(func(topology.ID) topology.Status { return topology.Up }) && become(begins)
	if !ok {
		become(func(topology.ID) topology.Status { return topology.Down })
		return false
	}
	w.boots = boots
	for _, id := range ids {
		w.powered = append(w.powered, id)
		if w.status[id] == topology.Booting {
			w.end(batch{power: id}, id)
		}
	}
	return true
}

// end notes when a batch, of which a component is one, has booted.
func (w *way) end(b batch, id topology.ID) {
	at := later(w.now, w.t.Component(id).Start.Boot)
	w.ends[at] = append(w.ends[at], b)
	w.at(at)
}

// startServers starts as many servers as limits and what powers them allow; it reports whether it started any.
func (w *way) startServers() bool {
	any := false
	for i := range w.crews {
		c := &w.crews[i]
		if c.started == len(c.ids) || c.back < 0 || c.back > w.now || !w.allMet(c.links) {
			continue
		}
		n := w.room(c)
		if n == 0 {
			continue
		}
		any = true
		w.powered = append(w.powered, c.ids[c.started:c.started+n]...)
		c.started += n
		w.spare -= n
		for _, id := range c.order {
			w.fixed[id] += float64(n) * w.needs(c, id)
		}
		if w.start.Boot == 0 {
			c.ready += n
			continue
		}
		for _, l := range c.limits {
			w.boots[l] += n
		}
		w.end(batch{crew: i, n: n}, c.ids[0])
	}
	return any
}

// needs returns what one server of a crew draws on a component when it starts.
func (w *way) needs(c *crew, id topology.ID) float64 {
	if w.start.Boot == 0 {
		return c.draws[id].run
	}
	return c.draws[id].boot
}

// room returns how many more servers of a crew can start now.
func (w *way) room(c *crew) int {
	n := min(len(c.ids)-c.started, w.spare)
	if w.start.Boot > 0 {
		for _, l := range c.limits {
			n = min(n, w.limits[l].most-w.boots[l])
		}
	}
	w.wired(c)
	each := w.each(w.present())
	for _, id := range c.order {
		one, capacity := w.needs(c, id), w.t.Capacity(id)
		if one > 0 && !math.IsInf(capacity, 1) {
			left := capacity*(1+slack) - w.fixed[id] - w.slope[id]*each
			n = min(n, int(max(0, min(left/one, float64(n)))))
		}
	}
	return max(n, 0)
}

// turn puts in rotation what is ready, all together if that is safe, else group by group.
func (w *way) turn() {
	var idle []int
	for i := range w.crews {
		if w.crews[i].in < w.crews[i].ready {
			idle = append(idle, i)
		}
	}
	if len(idle) == 0 || w.enter(idle) || !w.gated && !w.opened {
		return
	}
	for i := range idle {
		if len(idle) > 1 {
			w.enter(idle[i : i+1])
		}
	}
}

// enter puts in rotation what of some crews is ready, if that is safe, or can be made so by admitting less, and if more can be
// carried once all are warm than without them.
func (w *way) enter(crews []int) bool {
	opens := !w.gated && !w.opened
	if opens && !w.up() {
		return false
	}
	w.up()
	before, in, mixed, entered := w.warm(), w.in, w.mixed, w.entered
	was := make([]int, len(crews))
	for i, c := range crews {
		was[i] = w.crews[c].in
		w.in += w.crews[c].ready - was[i]
		w.crews[c].in = w.crews[c].ready
	}
	w.mixed, w.entered = true, w.now
	w.weigh()
	after := w.most() * (1 + slack)
	ok := w.traffic() <= after
	if !ok && w.onGrid() && !(w.lately && w.ahead()) {
		ok = after >= 0 && w.demand*w.gate.left(w.now) <= after
	}
	if w.gated && in > 0 && w.warm() < before*(1-slack) {
		ok = false
	}
	if !ok {
		w.in, w.mixed, w.entered = in, mixed, entered
		for i, c := range crews {
			w.crews[c].in = was[i]
		}
		w.weigh()
		return false
	}
	for i, c := range crews {
		w.turned = append(w.turned, w.crews[c].ids[was[i]:w.crews[c].in]...)
	}
	if opens {
		w.opened = true
		w.gate.surge, w.gate.at = w.gate.height, w.now
	}
	return true
}
