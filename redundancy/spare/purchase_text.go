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

// purchases says what is bought; those that stand one after the other and differ in their name alone are told together.
func purchases(t *topology.Topology, all []Purchase) (text []string) {
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].same(all[0]) {
			n++
		}
		var names []string
		for _, p := range all[:n] {
			names = append(names, p.Like+p.For)
		}
		each := strings.Join(topology.Fold(names), ", ")
		if n > 1 {
			each = "each of " + each
		}
		text = append(text, all[0].of(each, unitOf(t, all[0].For)))
		all = all[n:]
	}
	return text
}

// same reports whether two purchases differ in nothing but the name of a component.
func (p Purchase) same(other Purchase) bool {
	return (p.For == "") == (other.For == "") && p.By == other.By && p.Count == other.Count && p.Like+p.For != other.Like+other.For && slices.Equal(p.On, other.On)
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
