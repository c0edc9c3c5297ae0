package spare

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/triage"
	"github.com/ridethrough/ridethrough/topology"
)

// servers returns what is worth having more of: the servers that have a capacity, as [Shed] knows them. Of those that are
// alike, the first declared stands for all.
func servers(t *topology.Topology) (first []topology.ID) {
	spec := t.Spec()
	seen := map[string]bool{}
	last := topology.ID(-1)
	for i, server := range triage.Servers(t) {
		id := topology.ID(i)
		if !server || math.IsInf(t.Capacity(id), 1) {
			continue
		}
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
