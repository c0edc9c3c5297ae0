package csv

import (
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/escape"
)

// A domain is a column of failure domains.
type domain struct {
	column  int
	kind    string
	names   []string        // of its components, in the order in which the table names them
	known   map[string]bool // names
	alike   alike
	found   map[string]place // by value of the column
	servers int              // that are in one
	without names            // servers that are in none
}

// A place is what a value of the column stands for.
type place struct {
	need string // "" if it is not given
	same bool   // of several that are redundant, all are the same
}

// find returns what a value stands for.
func (r *reader) find(d *domain, value string) place {
	p, ok := d.found[value]
	if !ok {
		value = strings.Clone(value)
		p = r.place(d, value)
		d.found[value] = p
	}
	return p
}

func (r *reader) place(d *domain, value string) place {
	var names []string
	several := 0
	for _, name := range strings.FieldsFunc(value, func(c rune) bool { return c == '|' || c == ';' }) {
		name = strings.TrimSpace(name)
		if isNone(name) {
			continue
		}
		several++
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if name = d.kind + "/" + name; !d.known[name] {
			d.known[name] = true
			d.names = append(d.names, name)
			d.alike.see(name)
			r.total++
		}
	}
	return place{need: needOf(d.kind, names), same: several > 1 && len(names) == 1}
}

// needOf writes the need of one of these domains.
func needOf(kind string, names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return topology.Fold([]string{kind + "/" + names[0]})[0]
	}
	for i, name := range names {
		names[i] = escape.Inside(name)
	}
	return "1 of " + escape.Inside(kind) + "/[" + strings.Join(names, ",") + "]"
}
