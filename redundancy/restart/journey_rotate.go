package restart

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// idle returns what is ready, waits to be put in rotation, and may be.
func (j *journey) idle() []topology.ID {
	var ids []topology.ID
	for _, lot := range j.turners {
		if j.counts[lot][topology.Ready] == 0 {
			continue
		}
		for _, id := range j.members[lot] {
			if j.mayTurn(id) {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// mayTurn reports whether a component that waits to be put in rotation may be.
func (j *journey) mayTurn(id topology.ID) bool {
	return j.state[id] == topology.Ready && (j.chosen == nil || j.chosen[id])
}

// turnAll puts components in rotation.
func (j *journey) turnAll(ids []topology.ID) {
	j.work += len(ids)
	for _, id := range ids {
		j.turn(id)
	}
	j.turned = append(j.turned, ids...)
	j.settle()
}

// maxGroups bounds the groups of an instant that are tried to enter rotation one after the other.
const maxGroups = 64

// rotate puts in rotation what is ready: all together if that is safe, else by pool, by strength and by class.
func (j *journey) rotate() {
	idle := j.idle()
	j.least = math.NaN()
	if len(idle) == 0 || j.first == hold && j.lately && j.underway() || j.enter(idle) {
		return
	}
	for _, ids := range j.groups(idle) {
		left := slices.DeleteFunc(slices.Clone(ids), func(id topology.ID) bool { return j.state[id] != topology.Ready })
		if len(left) > 0 {
			j.enter(left)
		}
	}
}

// groups returns what may enter rotation together, the larger groups first.
func (j *journey) groups(idle []topology.ID) [][]topology.ID {
	var all [][]topology.ID
	add := func(ids []topology.ID) {
		j.work += len(ids)
		if len(ids) > 0 && len(all) < maxGroups {
			all = append(all, ids)
		}
	}
	for i := range j.demands {
		for _, l := range j.linksOf[j.demands[i].id] {
			if l.Supply == nil {
				continue
			}
			var ids []topology.ID
			for _, m := range l.Members {
				if j.mayTurn(m) {
					ids = append(ids, m)
				}
			}
			slices.SortFunc(ids, j.byCapacity)
			add(ids)
			for n := len(ids) - 1; n > 0; n-- {
				if j.t.Capacity(ids[n]) != j.t.Capacity(ids[n-1]) {
					add(ids[:n])
				}
			}
		}
	}
	classes := map[int32][]topology.ID{}
	var order []int32
	for _, id := range idle {
		if classes[j.class[id]] == nil {
			order = append(order, j.class[id])
		}
		classes[j.class[id]] = append(classes[j.class[id]], id)
	}
	for _, c := range order {
		add(classes[c])
	}
	return all
}

// enter puts components in rotation if that is safe, or can be made so by admitting less, and if once all are warm no less can
// be admitted than without them.
func (j *journey) enter(ids []topology.ID) bool {
	if j.chosen == nil && !j.rest && math.IsNaN(j.least) {
		j.least = j.warmValue()
	}
	return j.attempt(func() bool {
		j.turnAll(ids)
		if !j.safe() && !(j.onGrid() && !j.waits && !(j.lately && j.underway()) && j.admit()) {
			return false
		}
		if !j.bold && !j.apart && !j.rest && j.waitsForSource() && !j.safeOnceOpen() {
			return false
		}
		if j.chosen != nil || j.rest {
			return true
		}
		value := j.warmValue()
		if value < j.least*(1-slack) {
			return false
		}
		j.least = value
		return true
	})
}

// safeOnceOpen reports whether nothing would be overloaded if the demands came that are to come without a step.
func (j *journey) safeOnceOpen() (ok bool) {
	j.attempt(func() bool {
		for _, id := range j.sources {
			if j.state[id] == topology.Down {
				j.runs(id)
			} else if j.state[id] == topology.Booting {
				j.booted(id)
			}
		}
		j.settle()
		ok = j.safe()
		return false
	})
	return ok
}
