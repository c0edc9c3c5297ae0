package report

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// A grouping is which components are drawn as one node.
type grouping struct {
	of    []int32         // by ID: its group
	ids   [][]topology.ID // of each group; groups are in order of declaration of their first
	names []string        // of each group
	fine  bool            // the components of a group are linked alike
}

// groupBy puts components of the same key together. It gives up, with no group, once there are more than most.
func groupBy[K comparable](n, most int, key func(topology.ID) K) grouping {
	g := grouping{of: make([]int32, n)}
	known := map[K]int32{}
	for id := range topology.ID(n) {
		k := key(id)
		group, ok := known[k]
		if !ok {
			if len(g.ids) == most {
				return grouping{}
			}
			group = int32(len(g.ids))
			known[k] = group
			g.ids = append(g.ids, nil)
		}
		g.of[id] = group
		g.ids[group] = append(g.ids[group], id)
	}
	return g
}

// A painter groups the components of a topology.
type painter struct {
	t     *topology.Topology
	fates fates
}

// alike groups components of the same kind, links and fate.
func (p painter) alike() grouping {
	t, in := p.t, p.incoming()
	g := groupBy(t.Len(), MaxNodes, func(id topology.ID) string {
		var b strings.Builder
		fmt.Fprintf(&b, "%q %d %v %v", t.Kind(id), p.fates.fate[id], t.Demand(id) > 0, in[id])
		for _, l := range t.Links(id) {
			fmt.Fprintf(&b, " %v", p.tie(&l))
		}
		return b.String()
	})
	g.fine = true
	for _, ids := range g.ids {
		name := t.Name(ids[0]) // as it is, without the backslashes of a pattern
		if len(ids) > 1 {
			name = list(t.Names(ids))
		}
		g.names = append(g.names, name)
	}
	return g
}

// incoming returns, by ID, the members and the tiers among which a component is: who draws on it, and how.
func (p painter) incoming() [][]int32 {
	t := p.t
	in := make([][]int32, t.Len())
	type tier struct {
		members *topology.ID
		share   topology.Share
		tier    int
	}
	known := map[tier]bool{}
	note := func(key tier, members []topology.ID) {
		if !known[key] {
			known[key] = true
			for _, m := range members {
				in[m] = append(in[m], int32(len(known)))
			}
		}
	}
	for id := range topology.ID(t.Len()) {
		for _, l := range t.Links(id) {
			note(tier{members: &l.Members[0]}, l.Members)
		}
	}
	for _, pool := range t.Pools() {
		from := 0
		for i, end := range pool.Ends {
			if len(pool.Ends) > 1 && end > from {
				note(tier{&pool.Members[0], pool.Share, i + 1}, pool.Members[from:end])
			}
			from = end
		}
	}
	return in
}

// byKindAndFate groups components of one kind, or of one pattern where they have none, and of one colour.
func (p painter) byKindAndFate() grouping {
	type key struct {
		sort  int
		class class
	}
	sorts, names := p.sorts()
	if len(names) > MaxNodes {
		return grouping{}
	}
	g := groupBy(p.t.Len(), MaxNodes, func(id topology.ID) key { return key{sorts[id], p.fates.fate[id].class()} })
	for _, ids := range g.ids {
		g.names = append(g.names, names[sorts[ids[0]]])
	}
	return g
}

// sorts returns by ID which kind it is of, or which pattern, and the names of these.
func (p painter) sorts() ([]int, []string) {
	t := p.t
	sorts, names := make([]int, t.Len()), t.Kinds()
	kinds := map[string]int{}
	for i, kind := range names {
		kinds[kind] = i
	}
	var without []topology.ID
	for id := range topology.ID(t.Len()) {
		if kind := t.Kind(id); kind != "" {
			sorts[id] = kinds[kind]
		} else {
			without = append(without, id)
		}
	}
	for _, pattern := range t.Names(without) {
		folded, _ := topology.Expand(pattern) // of names in this order
		for range folded {
			sorts[without[0]] = len(names)
			without = without[1:]
		}
		if len(folded) == 1 {
			pattern = folded[0]
		}
		names = append(names, pattern)
	}
	return sorts, names
}

// byKind groups components of one kind, and all but the first kinds together. Those without a kind count as one.
func (p painter) byKind() grouping {
	kinds := map[string]int{}
	g := groupBy(p.t.Len(), maxKinds+1, func(id topology.ID) int {
		kind := p.t.Kind(id)
		if _, ok := kinds[kind]; !ok {
			kinds[kind] = len(kinds)
		}
		return min(kinds[kind], maxKinds)
	})
	for i, ids := range g.ids {
		name := p.t.Kind(ids[0])
		switch {
		case i == maxKinds && len(kinds) > maxKinds+1:
			name = fmt.Sprintf("%d more kinds", len(kinds)-maxKinds)
		case name == "":
			name = "without a kind"
		}
		g.names = append(g.names, name)
	}
	return g
}

// list joins patterns, and cuts where they are many.
func list(names topology.Names) string { return phrase.List(names, 3) }
