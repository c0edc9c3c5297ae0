package spare

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// servers returns what is worth having more of: the components with a capacity that demand reaches first, through whatever
// has none. Of those that are alike, the first declared stands for all.
func servers(t *topology.Topology) (first []topology.ID) {
	spec := t.Spec()
	seen := map[string]bool{}
	last := topology.ID(-1)
	for _, id := range carriers(t) {
		if last < 0 || !twins(t, spec, last, id) {
			if key := likeness(t, id); !seen[key] {
				seen[key] = true
				first = append(first, id)
			}
		}
		last = id
	}
	return first
}

// twins reports whether two components are alike at sight, being declared together.
func twins(t *topology.Topology, spec topology.Spec, a, b topology.ID) bool {
	d := t.Declaration(a)
	if d != t.Declaration(b) || len(spec.Components[d].Labels) > 0 || !slices.Equal(t.PoolsOf(a), t.PoolsOf(b)) {
		return false
	}
	la, lb := t.Links(a), t.Links(b)
	return len(la) == len(lb) && (len(la) == 0 || &la[0] == &lb[0])
}

// carriers returns the components with a capacity that demand reaches first.
func carriers(t *topology.Topology) (found []topology.ID) {
	var queue []topology.ID
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) > 0 {
			queue = append(queue, id)
		}
	}
	reached := make([]bool, len(t.Pools()))
	known := make([]bool, t.Len())
	for ; len(queue) > 0; queue = queue[1:] {
		for _, l := range t.Links(queue[0]) {
			if l.Pool < 0 || reached[l.Pool] {
				continue
			}
			reached[l.Pool] = true
			for _, m := range l.Members {
				switch {
				case known[m]:
				case math.IsInf(t.Capacity(m), 1):
					queue = append(queue, m)
				case t.Demand(m) == 0:
					found = append(found, m)
				}
				known[m] = true
			}
		}
	}
	slices.Sort(found)
	return found
}

// likeness tells components apart that one may want to have more of.
func likeness(t *topology.Topology, id topology.ID) string {
	var key strings.Builder
	fmt.Fprint(&key, t.Capacity(id), t.Kind(id))
	labels := t.Component(id).Labels
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		fmt.Fprintf(&key, "|%q=%q", name, labels[name])
	}
	for _, p := range t.PoolsOf(id) {
		fmt.Fprintf(&key, ",%d", p)
	}
	for _, l := range t.Links(id) {
		fmt.Fprintf(&key, "|%d %d %v %d", l.Set, l.Need, l.Start, l.Pool)
		if l.Supply != nil {
			fmt.Fprint(&key, l.Supply.Base, l.Supply.Rate())
		}
	}
	return key.String()
}
