package spare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// of says what is bought, of a name or of each of a pattern.
func (p Purchase) of(names, unit string) string {
	switch {
	case p.For != "":
		return fmt.Sprintf("%d × %s more for %s", p.Count, topology.Quantity(p.By, unit), names)
	case len(p.On) > 0:
		return fmt.Sprintf("%d like %s, on %s", p.Count, names, strings.Join(p.On, ", "))
	default:
		return fmt.Sprintf("%d like %s", p.Count, names)
	}
}

// purchases says what is bought; those that stand one after the other and whose names make one pattern are told together.
func purchases(t *topology.Topology, all []Purchase) (text []string) {
	for len(all) > 0 {
		n, of := together(all)
		text = append(text, all[0].of(of, unitOf(t, all[0].For)))
		all = all[n:]
	}
	return text
}

// together returns how many of the first purchases can be told together, and of what they are.
func together(all []Purchase) (n int, of string) {
	n, of = 1, all[0].name()
	names := []string{of}
	for _, p := range all[1:] {
		names = append(names, p.name())
		folded := topology.Fold(names)
		if !p.same(all[0]) || len(folded) > 1 {
			break
		}
		n, of = n+1, "each of "+folded[0]
	}
	return n, of
}

func (p Purchase) name() string { return p.Like + p.For }

// same reports whether two purchases differ in nothing but the name of a component.
func (p Purchase) same(other Purchase) bool {
	return (p.For == "") == (other.For == "") && p.By == other.By && p.Count == other.Count && p.name() != other.name() && slices.Equal(p.On, other.On)
}

// unitOf is the unit of a component; "" if there is none.
func unitOf(t *topology.Topology, name string) string {
	if t == nil {
		return ""
	}
	id, ok := t.Lookup(name)
	if !ok {
		return ""
	}
	return t.Unit(id)
}
