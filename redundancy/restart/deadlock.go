package restart

import (
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// maxDeadlocks bounds the components from which a cycle is looked for.
const maxDeadlocks = 1000

// deadlocks returns cycles of components of which each waits for the next to be ready: a shortest through some component first,
// then those that have no component in common with one before. Who only waits for a cycle is in none.
func (f *fleet) deadlocks() [][]string {
	waits := f.waits()
	var cycles [][]topology.ID
	for i, id := range inOrder(waits) {
		if i == maxDeadlocks {
			break
		}
		if c := cycleThrough(id, waits); c != nil {
			cycles = append(cycles, c)
		}
	}
	slices.SortStableFunc(cycles, func(a, b []topology.ID) int { return len(a) - len(b) })
	var named [][]string
	used := map[topology.ID]bool{}
	for _, c := range cycles {
		if slices.ContainsFunc(c, func(id topology.ID) bool { return used[id] }) {
			continue
		}
		var names []string
		for _, id := range c {
			used[id] = true
			names = append(names, f.t.Name(id))
		}
		named = append(named, names)
	}
	return named
}

// waits returns, for each component that returns and yet can never start, those of its kind that it waits for, but for those
// that wait for, or are waited for by, no other.
func (f *fleet) waits() map[topology.ID][]topology.ID {
	stuck := func(id topology.ID) bool { return f.soon[id] < 0 && f.back[id] >= 0 }
	waits := map[topology.ID][]topology.ID{}
	for id := range topology.ID(f.t.Len()) {
		if !stuck(id) {
			continue
		}
		for _, l := range f.t.Links(id) {
			if f.canBeMet(&l) {
				continue
			}
			for _, m := range l.Members {
				if stuck(m) {
					waits[id] = append(waits[id], m)
				}
			}
		}
	}
	for trimmed := true; trimmed; {
		trimmed = false
		waited := map[topology.ID]bool{}
		for _, on := range waits {
			for _, m := range on {
				waited[m] = true
			}
		}
		for id, on := range waits {
			left := slices.DeleteFunc(on, func(m topology.ID) bool { return waits[m] == nil })
			if waits[id] = left; len(left) == 0 || !waited[id] {
				delete(waits, id)
				trimmed = true
			}
		}
	}
	return waits
}

// canBeMet reports whether enough members of a link run or can ever start.
func (f *fleet) canBeMet(l *topology.Link) bool {
	left := l.Need
	for _, m := range l.Members {
		if left > 0 && f.soon[m] >= 0 {
			left--
		}
	}
	return left <= 0
}

func inOrder(waits map[topology.ID][]topology.ID) []topology.ID {
	var ids []topology.ID
	for id := range waits {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// cycleThrough returns a shortest cycle through a component; nil if there is none.
func cycleThrough(start topology.ID, waits map[topology.ID][]topology.ID) []topology.ID {
	before := map[topology.ID]topology.ID{}
	for queue := []topology.ID{start}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for _, m := range waits[at] {
			if m == start {
				chain := []topology.ID{at}
				for at != start {
					at = before[at]
					chain = append(chain, at)
				}
				slices.Reverse(chain)
				return chain
			}
			if _, seen := before[m]; !seen {
				before[m] = at
				queue = append(queue, m)
			}
		}
	}
	return nil
}
