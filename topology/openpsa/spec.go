package openpsa

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/escape"
)

// spec writes the model as a fleet.
func (r *reader) spec() topology.Spec {
	r.rename()
	s := topology.Spec{Name: r.name}
	for _, i := range r.items {
		switch i.sort {
		case gate:
			s.Components = r.gate(s.Components, i)
		case basicEvent:
			s.Components = append(s.Components, i.basicEvent())
		}
	}
	for _, g := range r.groups {
		s.Components = append(s.Components, g.components()...)
	}
	return s
}

// rename gives another name to events that are called as a kind, and names to common causes.
func (r *reader) rename() {
	for _, kind := range []string{Gate, BasicEvent} {
		if i := r.names[kind]; i != nil {
			i.name = r.free(kind + " (" + string(i.sort) + ")")
		}
	}
	for _, g := range r.groups {
		for n := range g.causes {
			g.causes[n].name = r.free(g.name + "/" + g.causes[n].name)
		}
	}
}

// free returns a name that no component has, and takes it.
func (r *reader) free(name string) string {
	for r.names[name] != nil {
		name += "'"
	}
	r.names[name] = &item{}
	return name
}

// gate appends a gate and the formulas nested in it.
func (r *reader) gate(all []topology.Component, i *item) []topology.Component {
	labels := maps.Clone(i.attributes)
	if !i.above {
		if labels == nil {
			labels = map[string]string{}
		}
		labels["top"] = "yes"
	}
	one := topology.Component{Name: pattern(i.name), Kind: Gate, Labels: labels}
	if i.constant != open {
		if i.constant == yes {
			one.Kind, one.Failing.Unavailability = BasicEvent, 1
		}
		return append(all, one)
	}
	all = append(all, one)
	return r.formulas(all, i.formula, len(all)-1, i.name)
}

// formulas writes what the component at needs, by its formula, and appends the formulas nested in that.
func (r *reader) formulas(all []topology.Component, f *formula, at int, name string) []topology.Component {
	if f.event != nil {
		all[at].Needs = topology.Names{pattern(f.event.name)}
		return all
	}
	var names []string
	seen := map[string]bool{}
	failed := 0
	for n, a := range f.args {
		arg := ""
		switch {
		case a.value == yes:
			failed++
			continue
		case a.value == no:
			continue
		case a.event != nil:
			arg = a.event.name
		default:
			arg = r.free(name + "/" + strconv.Itoa(n+1))
			all = append(all, topology.Component{Name: pattern(arg), Kind: Gate})
			all = r.formulas(all, a, len(all)-1, arg)
		}
		if !seen[arg] {
			seen[arg] = true
			names = append(names, arg)
		}
	}
	all[at].Needs = needs(names, f.fails(failed, len(names)))
	return all
}

// fails returns how many of n arguments that constants do not decide have to fail, beside those that have.
func (f *formula) fails(failed, n int) int {
	switch f.tag {
	case "or":
		return 1
	case "and":
		return n
	}
	return f.min - failed
}

// needs writes what is up while fewer than fails of the names are down.
func needs(names []string, fails int) topology.Names {
	folded := topology.Fold(names)
	up := len(names) - fails + 1
	if up == len(names) {
		return folded
	}
	if len(folded) == 1 {
		return topology.Names{fmt.Sprintf("%d of %s", up, folded[0])}
	}
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = escape.Inside(name)
	}
	return topology.Names{fmt.Sprintf("%d of [%s]", up, strings.Join(quoted, ","))}
}

// basicEvent writes a basic event, which needs the absence of its common causes.
func (i *item) basicEvent() topology.Component {
	one := topology.Component{Name: pattern(i.name), Kind: BasicEvent, Labels: maps.Clone(i.attributes)}
	one.Failing.Unavailability = i.value.x
	if i.group != nil {
		one.Needs = topology.Fold(i.group.causesOf(i))
	}
	return one
}

// pattern writes a name so that it stands for itself alone.
func pattern(name string) string { return topology.Fold([]string{name})[0] }
