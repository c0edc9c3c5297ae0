package growth

import (
	"fmt"
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// A group is components of one kind and unit that have a capacity, of which one figure is told.
type group struct {
	of, kind, unit string
	ids            []topology.ID
}

// title is what a group is called: "server", "zone=a: server".
func title(of, kind string) string {
	switch {
	case of == "" || of == kind:
		return kind
	case kind == "":
		return of
	}
	return of + ": " + kind
}

// groups returns what the patterns name, or each kind; what has no kind is called by its name.
func groups(t *topology.Topology, patterns []string) ([]group, error) {
	if len(patterns) == 0 {
		return limited(t, "", all(t)), nil
	}
	var list []group
	for _, pattern := range patterns {
		ids, err := t.Select(pattern)
		if err != nil {
			return nil, fmt.Errorf("of %q: %w", pattern, err)
		}
		some := limited(t, pattern, ids)
		if len(some) == 0 {
			some = within(t, ids)
		}
		if len(some) == 0 {
			return nil, fmt.Errorf("of %q: neither it nor what goes down with it has a capacity", pattern)
		}
		list = append(list, some...)
	}
	return list, nil
}

func all(t *topology.Topology) []topology.ID {
	ids := make([]topology.ID, t.Len())
	for i := range ids {
		ids[i] = topology.ID(i)
	}
	return ids
}

// limited divides components that have a capacity by kind and unit, in order of declaration.
func limited(t *topology.Topology, of string, ids []topology.ID) []group {
	type key struct{ kind, unit string }
	var list []group
	place := map[key]int{}
	for _, id := range ids {
		if math.IsInf(t.Capacity(id), 1) {
			continue
		}
		k := key{t.Kind(id), t.Unit(id)}
		if k.kind == "" {
			k.kind = t.Name(id)
		}
		at, known := place[k]
		if !known {
			at = len(list)
			place[k] = at
			list = append(list, group{of: of, kind: k.kind, unit: k.unit})
		}
		list[at].ids = append(list[at].ids, id)
	}
	return list
}

// within returns what goes down with each of some components.
func within(t *topology.Topology, ids []topology.ID) (list []group) {
	closure := t.Closure()
	for _, id := range ids {
		down := make([]bool, t.Len())
		lost := closure.Fail(id)
		for _, l := range lost {
			down[l.ID] = true
		}
		closure.Undo(lost)
		var some []topology.ID
		for id, is := range down {
			if is {
				some = append(some, topology.ID(id))
			}
		}
		list = append(list, limited(t, t.Name(id), some)...)
	}
	return list
}
