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
	booting, ok := w.bootingWith(ids)
	if !ok {
		return false
	}
	begins := func(id topology.ID) topology.Status {
		if w.bootTime[id] > 0 {
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
	ok = become(func(topology.ID) topology.Status { return topology.Up }) && become(begins)
	if !ok {
		become(func(topology.ID) topology.Status { return topology.Down })
		return false
	}
	w.booting = booting
	for _, id := range ids {
		w.powered = append(w.powered, id)
		w.tally.finish = max(w.tally.finish, w.now)
		if w.status[id] == topology.Booting {
			w.end(batch{power: id}, id)
		}
	}
	return true
}

// bootingWith returns how many boot of each limit once components have been started; false if these are too many.
func (w *way) bootingWith(ids []topology.ID) ([]int, bool) {
	booting := slices.Clone(w.booting)
	for _, id := range ids {
		if w.bootTime[id] == 0 {
			continue
		}
		for _, l := range w.limited[id] {
			if booting[l]++; booting[l] > w.limits[l].most {
				return nil, false
			}
		}
	}
	return booting, true
}

// end notes when a batch, of which a component is one, has booted.
func (w *way) end(b batch, id topology.ID) {
	at := later(w.now, w.bootTime[id])
	w.ends[at] = append(w.ends[at], b)
	w.tally.finish = max(w.tally.finish, at)
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
		for _, d := range c.draws {
			w.fixed[d.on] += float64(float64(n) * w.atFirst(d))
		}
		if w.start.Boot == 0 {
			c.ready += n
			w.tally.finish = max(w.tally.finish, w.now)
			continue
		}
		for _, l := range c.limits {
			w.booting[l] += n
		}
		w.end(batch{crew: i, n: n}, c.ids[0])
	}
	return any
}

// atFirst returns what a server draws when it starts.
func (w *way) atFirst(d draw) float64 {
	if w.start.Boot == 0 {
		return d.run
	}
	return d.boot
}

// room returns how many more servers of a crew can start now.
func (w *way) room(c *crew) int {
	n := min(len(c.ids)-c.started, w.spare)
	if w.start.Boot > 0 {
		for _, l := range c.limits {
			n = min(n, w.limits[l].most-w.booting[l])
		}
	}
	w.wired(c)
	each := w.each(w.present())
	for _, d := range c.draws {
		one, capacity := w.atFirst(d), w.t.Capacity(d.on)
		if one > 0 && !math.IsInf(capacity, 1) {
			left := float64(capacity*(1+slack)) - w.fixed[d.on] - float64(w.slope[d.on]*each)
			n = min(n, int(max(0, min(left/one, float64(n)))))
		}
	}
	return max(n, 0)
}

// up reports whether the users' needs are met; those of servers by so many that are ready.
func (w *way) up() bool {
	if w.status[w.users] == topology.Up {
		return true
	}
	if w.back[w.users] < 0 || w.back[w.users] > w.now {
		return false
	}
	ready := 0
	for i := range w.crews {
		ready += w.crews[i].ready
	}
	if ready < w.need {
		return false
	}
	for _, l := range w.t.Links(w.users) {
		if l.Supply == nil && !w.met(&l) {
			return false
		}
	}
	w.status[w.users] = topology.Up
	w.tally.finish = max(w.tally.finish, w.now)
	return true
}

// met reports whether enough members of a link run.
func (w *way) met(l *topology.Link) bool {
	left := l.Need
	for _, m := range l.Members {
		if left <= 0 {
			break
		}
		if w.status[m] == topology.Up {
			left--
		}
	}
	return left <= 0
}

func (w *way) allMet(links []topology.Link) bool {
	for i := range links {
		if !w.met(&links[i]) {
			return false
		}
	}
	return true
}
