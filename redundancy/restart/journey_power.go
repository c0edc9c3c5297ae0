package restart

import (
	"cmp"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// candidates returns what can be powered on now, class by class: either what needs no step to take load, or what does.
func (j *journey) candidates(first bool) [][]topology.ID {
	var all [][]topology.ID
	for i := range j.classes {
		if c := &j.classes[i]; j.down(c) > 0 && j.rotates[c.ids[0]] != first && j.met(c.ids[0]) {
			if ids := j.startable(c); len(ids) > 0 {
				all = append(all, ids)
			}
		}
	}
	slices.SortFunc(all, func(a, b []topology.ID) int { return cmp.Or(j.sooner(a[0], b[0]), j.inOrder(a[0], b[0])) })
	return all
}

// sooner puts first, if the policy wants it, of servers that which boots sooner: where few may boot together, more of them serve
// early. Of jobs that are worth the same that order leaves the least undone on machines that are alike (Smith's rule).
func (j *journey) sooner(a, b topology.ID) int {
	if !j.quick || !j.rotates[a] || !j.rotates[b] {
		return 0
	}
	return cmp.Compare(j.bootTime[a], j.bootTime[b])
}

// down returns how many of a class are down.
func (j *journey) down(c *class) int {
	n := 0
	for _, lot := range c.lots {
		n += int(j.counts[lot][topology.Down])
	}
	return n
}

// startable returns those of a class that are down, have returned, and may start. The result may be shared: do not change it.
func (j *journey) startable(c *class) []topology.ID {
	if alike := !j.uneven && j.banned == nil && j.needed == nil; alike && j.back[c.ids[0]] > j.now {
		return nil
	} else if alike && j.down(c) == len(c.ids) {
		return c.ids
	}
	var ids []topology.ID
	for _, id := range c.ids {
		if j.state[id] == topology.Down && j.back[id] <= j.now && (j.banned == nil || !j.banned[id]) && (j.needed == nil || j.needed[id]) {
			ids = append(ids, id)
		}
	}
	return ids
}

// power powers on what can be, as far as that is safe; it reports whether it has powered on any.
func (j *journey) power(first bool) bool {
	classes := j.candidates(first)
	if len(classes) < 2 {
		return j.startClasses(classes)
	}
	if j.startAll(slices.Concat(classes...)) {
		return true
	}
	reckoned, others := j.reckon(classes)
	ids := slices.Concat(reckoned...)
	if len(ids) > 0 && !j.startAll(ids) {
		return j.startClasses(classes)
	}
	return j.startClasses(others) || len(ids) > 0
}

// startClasses starts of each class, in order, as many as is safe beside those before. As a boot only adds load, what is
// not safe now is not safe beside more, so halves that are safe as a whole need no closer look.
func (j *journey) startClasses(classes [][]topology.ID) bool {
	switch len(classes) {
	case 0:
		return false
	case 1:
		return j.startOf(classes[0])
	}
	if j.startAll(slices.Concat(classes...)) {
		return true
	}
	middle := len(classes) / 2
	before := j.startClasses(classes[:middle])
	return j.startClasses(classes[middle:]) || before
}

// startOf starts the most of a class that is safe.
func (j *journey) startOf(ids []topology.ID) bool {
	most := len(ids)
	if j.bootTime[ids[0]] > 0 {
		for _, l := range j.limited[ids[0]] {
			most = min(most, j.limits[l].most-j.booting[l])
		}
	}
	if most <= 0 {
		return false
	}
	if j.startAll(ids[:most]) {
		return true
	}
	low, high := 0, most // low is safe, high is not
	for high-low > 1 {
		middle := (low + high) / 2
		safe := false
		j.attempt(func() bool {
			safe = j.starts(ids[:middle])
			return false
		})
		if safe {
			low = middle
		} else {
			high = middle
		}
	}
	return low > 0 && j.startAll(ids[:low])
}

// startAll starts components if that is safe.
func (j *journey) startAll(ids []topology.ID) bool {
	return j.attempt(func() bool { return j.starts(ids) })
}

// starts starts components, and reports whether that is safe, now and once they are ready.
func (j *journey) starts(ids []topology.ID) bool {
	more := make([]int, len(j.booting))
	for _, id := range ids {
		if j.bootTime[id] == 0 {
			continue
		}
		for _, l := range j.limited[id] {
			if more[l]++; j.booting[l]+more[l] > j.limits[l].most {
				return false
			}
		}
	}
	j.work += len(ids)
	for _, id := range ids {
		j.begin(id)
	}
	j.powered = append(j.powered, ids...)
	j.settle()
	return (j.safeToStart() || j.safeTurned(ids)) && (j.bold || j.safeWhenReady(ids))
}

// safeTurned puts in rotation what is ready, and reports whether it is safe then to have started components: where a boot takes
// no time, a demand that comes by it has to find them there.
func (j *journey) safeTurned(ids []topology.ID) bool {
	if j.bootTime[ids[0]] > 0 || !j.rotates[ids[0]] {
		return false
	}
	j.turnAll(j.idle())
	return j.safeToStart()
}

// safeToStart reports whether nothing is overloaded by what starts now: where admission can change and starts go before it, it is
// no matter what is admitted.
func (j *journey) safeToStart() bool {
	if j.first == serve || !j.onGrid() {
		return j.safe()
	}
	ok := false
	j.attempt(func() bool {
		j.refuse()
		ok = j.safe()
		return false
	})
	return ok
}

// safeWhenReady reports whether nothing is overloaded once what boots is ready: these alone, or all that boots.
func (j *journey) safeWhenReady(ids []topology.ID) bool {
	if j.rotates[ids[0]] && !j.waitsForSource() {
		return true
	}
	look := func(all bool) (ok bool) {
		j.attempt(func() bool {
			for _, id := range ids {
				if j.state[id] == topology.Booting {
					j.booted(id)
				}
			}
			for id, status := range j.state {
				if all && status == topology.Booting {
					j.booted(topology.ID(id))
				}
			}
			j.settle()
			if j.first != serve && j.onGrid() {
				j.refuse()
			}
			if ok = j.safe() && !(j.apart && j.uncarried()); !ok {
				j.turnAll(j.idle())
				ok = j.safe()
			}
			return false
		})
		return ok
	}
	return look(false) && look(true)
}

// uncarried reports whether a demand that cannot be held back has come up, and nobody is in rotation for it.
func (j *journey) uncarried() bool {
	return slices.ContainsFunc(j.demands, func(d demand) bool {
		return !d.gated && !d.open && (j.state[d.id] == topology.Up || j.state[d.id] == topology.Ready)
	})
}

// waitsForSource reports whether a demand may come without a step.
func (j *journey) waitsForSource() bool {
	return slices.ContainsFunc(j.sources, func(id topology.ID) bool {
		return j.state[id] == topology.Down || j.state[id] == topology.Booting
	})
}

// refuse admits nothing of what can be held back.
func (j *journey) refuse() {
	for i := range j.demands {
		if d := &j.demands[i]; d.gated && d.open {
			d.set(0, j.now)
		}
	}
}
