package topology

import (
	"maps"
	"strings"
)

// Expand returns the spec with each component written under its own name, with the values of its kind, and with what {1}
// and {label} became: what an importer needs to give the components of one pattern different values. The kinds stay as
// they are. It means what s means; the names are those of s, in their order.
//
// The error is a [Faults] if some name or reference cannot be read, or if there are more than [MaxComponents].
func (s Spec) Expand() (Spec, error) {
	b := &builder{reported: map[report]bool{}, t: &Topology{spec: s}}
	expanded := Spec{Name: s.Name, Kinds: maps.Clone(s.Kinds)}
	for i, c := range s.Components {
		p, err := parsePattern(c.Name)
		switch {
		case err != nil:
			b.fault(place{component: i}, []any{"name"}, BadSyntax, "%v", err)
		case p.count() > MaxComponents-len(expanded.Components):
			b.fault(place{component: i}, []any{"name"}, TooLarge, "%s stands for %d names; a topology has at most %d components", quote(c.Name), p.count(), MaxComponents)
		default:
			expanded.Components = b.expandOne(expanded.Components, i, p)
		}
	}
	if len(b.faults) > 0 {
		return Spec{}, b.inOrder()
	}
	return expanded, nil
}

// expandOne appends the components that a declaration stands for.
func (b *builder) expandOne(all []Component, i int, p pattern) []Component {
	c := inherit(b.t.spec.Components[i], b.t.spec.Kinds[b.t.spec.Components[i].Kind])
	nth, fills := -1, templated(c)
	p.each(func(name []byte) bool {
		nth++
		one := c
		if fills {
			var err error
			if one, err = fill(c, p.became(nth)); err != nil {
				b.fault(place{component: i}, nil, NotFound, "%v", err)
				return false
			}
			escapeLabels(one.Labels)
		}
		one = copyOf(one)
		one.Name = escape(string(name), false)
		all = append(all, one)
		return true
	})
	return all
}

// escapeLabels writes values with braces so that they are read as they are.
func escapeLabels(labels map[string]string) {
	for key, value := range labels {
		if strings.Contains(value, "{") {
			labels[key] = escape(value, false)
		}
	}
}
