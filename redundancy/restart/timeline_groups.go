package restart

import (
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
)

// The most groups and demands that a timeline tells apart.
const (
	mostGroups  = 32
	mostDemands = 16
)

// A groupKey tells groups apart: declared is that of components without a kind, else -1.
type groupKey struct {
	kind, unit string
	declared   int
}

func keyOf(t *topology.Topology, id topology.ID) groupKey {
	k := groupKey{t.Kind(id), t.Unit(id), -1}
	if k.kind == "" {
		k.declared = t.Declaration(id)
	}
	return k
}

// nameOf returns the kind, or the pattern as which a component without one was declared.
func (k groupKey) nameOf(spec *topology.Spec) string {
	if k.kind != "" {
		return k.kind
	}
	return spec.Components[k.declared].Name
}

// A grouping gives each component that it takes the number of its group.
type grouping struct {
	number map[groupKey]int32
	keys   []groupKey
	most   int // groups; the last takes all others, -1 is without a limit
}

// of returns the group of a key.
func (g *grouping) of(k groupKey) int32 {
	n, ok := g.number[k]
	if !ok {
		n = int32(len(g.keys))
		g.number[k] = n
		g.keys = append(g.keys, k)
	}
	return min(n, int32(g.most-1))
}

// rest returns how many keys the last group has beside its own.
func (g *grouping) rest() int { return max(0, len(g.keys)-g.most) }

// group finds the groups of all components; -1 is in none.
func (w *watcher) group(r *replay) {
	t, spec := r.t, r.t.Spec()
	g := grouping{number: map[groupKey]int32{}, most: mostGroups}
	w.groups = make([]int32, t.Len())
	for id := range topology.ID(t.Len()) {
		if w.groups[id] = -1; t.Demand(id) > 0 && len(t.PoolsOf(id)) == 0 && t.Capacity(id) > maxFinite {
			continue
		}
		n := g.of(keyOf(t, id))
		w.groups[id] = n
		if int(n) == len(w.line.Groups) {
			k := g.keys[n]
			w.line.Groups = append(w.line.Groups, Group{Name: k.nameOf(&spec), Unit: k.unit})
		}
		group := &w.line.Groups[n]
		group.Count++
		group.Rotates = group.Rotates || r.rotates[id]
	}
	if rest := g.rest(); rest > 0 {
		w.mixed = mostGroups - 1
		w.line.Groups[w.mixed].Name, w.line.Groups[w.mixed].Unit = fmt.Sprintf("%d more groups", rest+1), ""
	}
}

// sources finds the demands that are shown, and which of the replay's are part of which.
func (w *watcher) sources(r *replay) {
	spec := r.t.Spec()
	g := grouping{number: map[groupKey]int32{}, most: mostGroups + mostDemands}
	for i := range r.demands {
		d := &r.demands[i]
		n := int32(i)
		if len(r.demands) > mostDemands {
			n = g.of(keyOf(r.t, d.id))
		}
		w.demands = append(w.demands, n)
		if int(n) == len(w.line.Demands) {
			name := r.t.Name(d.id)
			if len(r.demands) > mostDemands {
				name = g.keys[n].nameOf(&spec)
			}
			w.line.Demands = append(w.line.Demands, Demand{Name: name, Unit: r.t.Unit(d.id)})
		}
		shown := &w.line.Demands[n]
		shown.Gated = shown.Gated || d.gated
		shown.Asked += d.full
	}
	if rest := g.rest(); rest > 0 {
		last := &w.line.Demands[len(w.line.Demands)-1]
		last.Name, last.Unit = fmt.Sprintf("%d more demands", rest+1), ""
	}
}
