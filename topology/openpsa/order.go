package openpsa

import (
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// sortedBy returns items so that each comes after those that it depends on, and reports cycles. It takes time in
// proportion to the items and their dependencies.
func (r *reader) sortedBy(all []*item, needs func(*item) []*item) (sorted []*item) {
	w := walk{reader: r, needs: make([][]*item, len(all)), state: make([]walked, len(all))}
	for n, i := range all {
		i.index = n
		w.needs[n] = needs(i)
	}
	for _, i := range all {
		w.from(i)
	}
	return w.sorted
}

// A walk goes down from items to what they depend on, without recursion: chains are as long as files are large.
type walk struct {
	*reader
	needs  [][]*item // by index: those that were not yet followed
	state  []walked
	path   []*item
	sorted []*item
}

// walked is how far a walk has come with an item.
type walked int8

const (
	fresh  walked = iota
	onPath        // what it depends on is being followed
	done
)

func (w *walk) from(root *item) {
	if w.state[root.index] == fresh {
		w.enter(root)
	}
	for len(w.path) > 0 {
		i := w.path[len(w.path)-1]
		rest := w.needs[i.index]
		if len(rest) == 0 {
			w.path = w.path[:len(w.path)-1]
			w.state[i.index] = done
			w.sorted = append(w.sorted, i)
			continue
		}
		w.needs[i.index] = rest[1:]
		switch next := rest[0]; w.state[next.index] {
		case fresh:
			w.enter(next)
		case onPath:
			w.cycle(next)
		}
	}
}

func (w *walk) enter(i *item) {
	w.state[i.index] = onPath
	w.path = append(w.path, i)
}

// cycle reports the part of the path that begins with an item to which it came back.
func (w *walk) cycle(to *item) {
	if w.full {
		return
	}
	from := len(w.path) - 1
	for w.path[from] != to {
		from--
	}
	var names []string
	for _, i := range w.path[from:] {
		names = append(names, i.name)
	}
	text := strings.Join(names[:min(len(names), 10)], " → ")
	if len(names) > 10 {
		text += " → …"
	}
	w.fault(to.place, to.name, "", topology.NeedCycle, "a %s that depends on itself: %s → %s", to.sort, text, to.name)
	if last := len(w.faults) - 1; !w.full {
		w.faults[last].Cycle = names
	}
}
