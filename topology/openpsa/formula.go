package openpsa

import (
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// A formula is a connective over formulas, a reference to an event, or a constant.
type formula struct {
	*element
	args     []*formula
	event    *item // that it refers to; nil for others, and for what is not declared
	min, max int   // of its arguments: where it counts them
	value    truth // where constants decide it
}

// A truth is whether something has failed, where constants decide it.
type truth int8

const (
	open truth = iota // the basic events decide
	no
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// not returns the opposite.
func (t truth) not() truth { return [...]truth{open, yes, no}[t] }

// connectives are those of the format, with the least and the most arguments.
var connectives = map[string][2]int{
	"and": {1, maxElements}, "or": {1, maxElements}, "atleast": {1, maxElements}, "cardinality": {1, maxElements},
	"not": {1, 1}, "xor": {1, maxElements}, "iff": {1, maxElements}, "nand": {1, maxElements}, "nor": {1, maxElements}, "imply": {2, 2},
}

// link finds what formulas refer to.
func (r *reader) link() {
	for _, i := range r.items[:len(r.items):len(r.items)] { // what none declares is added
		switch i.sort {
		case gate:
			if e := r.only(i, "formula"); e != nil {
				i.formula = r.formula(e, i)
			}
		case houseEvent:
			i.constant = no
			if len(i.content()) > 0 {
				i.constant = r.constant(r.only(i, "constant"), i)
			}
		}
	}
}

// only returns the one thing that an item holds; nil if it holds none or several.
func (r *reader) only(i *item, what string) *element {
	all := i.content()
	if len(all) == 1 {
		return all[0]
	}
	r.fault(i.place, i.name, "", topology.BadSyntax, "a %s has one %s: here are %d", i.sort, what, len(all))
	return nil
}

// constant reads <constant value="true"/>.
func (r *reader) constant(e *element, of *item) truth {
	if e == nil {
		return open
	}
	value := e.attr("value")
	if e.tag != "constant" || value != "true" && value != "false" {
		r.fault(e.place, of.name, e.tag, topology.BadSyntax, `write <constant value="true"/> or <constant value="false"/>`)
		return open
	}
	return truthOf(value == "true")
}

// formula reads a formula of a gate.
func (r *reader) formula(e *element, of *item) *formula {
	f := &formula{element: e}
	sort, isEvent := referred[e.tag]
	limits, isConnective := connectives[e.tag]
	switch {
	case isEvent:
		f.event = r.refer(e, of, sort)
	case e.tag == "constant":
		f.value = r.constant(e, of)
	case isConnective:
		r.arguments(f, of, limits)
	default:
		r.fault(e.place, of.name, "", topology.BadSyntax, "<%s> is no formula: write and, or, atleast, or an event", e.tag)
	}
	return f
}

// arguments reads those of a connective.
func (r *reader) arguments(f *formula, of *item, limits [2]int) {
	for _, e := range f.children {
		f.args = append(f.args, r.formula(e, of))
	}
	n := len(f.args)
	if n < limits[0] || n > limits[1] {
		r.fault(f.place, of.name, f.tag, topology.BadSyntax, "%d arguments: it takes %s", n, between(limits[0], limits[1]))
		f.args = nil
		return
	}
	if f.tag == "atleast" || f.tag == "cardinality" {
		f.min, f.max = r.count(f, of, "min", n), n
	}
	if f.tag == "cardinality" {
		f.max = r.count(f, of, "max", n)
	}
}

// between says how many arguments something takes.
func between(least, most int) string {
	switch {
	case least == most:
		return strconv.Itoa(least)
	case most >= maxElements:
		return strconv.Itoa(least) + " or more"
	}
	return strconv.Itoa(least) + " to " + strconv.Itoa(most)
}

// count reads a number of arguments.
func (r *reader) count(f *formula, of *item, attr string, n int) int {
	k, err := strconv.Atoi(f.attr(attr))
	if err != nil || k < 0 || k > n {
		r.fault(f.place, of.name, f.tag+" "+attr, topology.BadNumber, "%s: give a whole number from 0 to %d, as many as there are arguments",
			quote(f.attr(attr)), n)
		return n
	}
	return k
}

// refer returns the event that an element in a gate means; nil if there is none. Where no file declares basic events, what is
// named as one is one.
func (r *reader) refer(e *element, of *item, want sort) *item {
	name := e.attr("name")
	if want == "" {
		want = sort(strings.ReplaceAll(e.attr("type"), "-", " "))
	}
	found := r.resolve(of.scope, key{name: name})
	switch {
	case name == "":
		r.fault(e.place, of.name, e.tag, topology.NotFound, "a reference needs a name")
	case found != nil && (want == "" || want == found.sort):
		found.above = true
		return found
	case found != nil:
		r.fault(e.place, of.name, e.tag, topology.NotFound, "%s is declared as a %s (%s)", quote(name), found.sort, found.where())
	case want == basicEvent && !r.declaring && !strings.Contains(name, "."):
		found = r.declare(e, r.root, basicEvent)
		if found != nil {
			r.undeclared = append(r.undeclared, found)
		}
		return found
	default:
		r.fault(e.place, of.name, e.tag, topology.NotFound, "%s is declared nowhere, or is private to another container", quote(name))
	}
	return nil
}
