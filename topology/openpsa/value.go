package openpsa

import (
	"math"
	"strconv"

	"github.com/ridethrough/ridethrough/topology"
)

// A value is that of an expression, with what was taken to find it.
type value struct {
	x      float64
	absent bool // x is not known, and is 0: it was not given, or cannot be computed, or is faulty
	mean   bool // of an uncertain number
	timed  bool // by the mission time that is assumed
}

// with returns v with what was taken for another value that it depends on.
func (v value) with(of value) value {
	return value{v.x, v.absent || of.absent, v.mean || of.mean, v.timed || of.timed}
}

// An operator computes a value of as many arguments as it takes, or says which of them are wrong.
type operator struct {
	least, most int
	of          func(x []float64) (float64, string)
	mean        bool // it is the mean of a distribution
}

// An evaluation is of an expression in an item or a group.
type evaluation struct {
	*reader
	scope *scope
	name  string
}

// evaluateAll gives parameters and basic events their values.
func (r *reader) evaluateAll(parameters []*item) {
	sorted := r.sortedBy(parameters, func(i *item) []*item { return r.parameters(i.element, i, nil) })
	for _, i := range parameters {
		i.value.absent = true
	}
	for _, i := range sorted {
		i.value = r.valueOf(i)
	}
	for _, i := range r.items {
		if i.sort == basicEvent && i.group == nil {
			i.value = r.probability(i.place, i.name, r.valueOf(i))
		}
	}
	for _, g := range r.groups {
		r.evaluateGroup(g)
	}
}

// parameters appends the parameters that an expression names. Those that are not declared are reported where it is
// evaluated.
func (r *reader) parameters(e *element, of *item, all []*item) []*item {
	if e.tag == "parameter" {
		if p := r.resolve(of.scope, key{true, e.attr("name")}); p != nil {
			all = append(all, p)
		}
	}
	for _, c := range e.children {
		all = r.parameters(c, of, all)
	}
	return all
}

// valueOf evaluates the expression of a parameter or a basic event.
func (r *reader) valueOf(i *item) value {
	if i.sort == basicEvent && len(i.content()) == 0 {
		return value{absent: true}
	}
	e := r.only(i, "expression")
	if e == nil {
		return value{absent: true}
	}
	return evaluation{r, i.scope, i.name}.of(e)
}

// probability returns a value, if it is a probability.
func (r *reader) probability(at place, name string, v value) value {
	if v.absent || !(v.x < 0 || v.x > 1 || math.IsNaN(v.x)) {
		return v
	}
	r.fault(at, name, "", topology.BadNumber, "%v is no probability: it is from 0 to 1", v.x)
	return value{absent: true}
}

// of evaluates an expression.
func (v evaluation) of(e *element) value {
	switch e.tag {
	case "float", "int":
		return v.number(e)
	case "bool":
		return v.boolean(e)
	case "system-mission-time":
		if v.o.MissionTime > 0 {
			return value{x: v.o.MissionTime}
		}
		return value{x: year, timed: true}
	case "parameter":
		return v.parameter(e)
	case "ite", "switch":
		return v.choice(e)
	case "histogram":
		return v.histogram(e)
	case "extern-function":
		return value{absent: true}
	}
	return v.operation(e)
}

func (v evaluation) number(e *element) value {
	x, err := strconv.ParseFloat(e.attr("value"), 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) || e.tag == "int" && x != math.Trunc(x) {
		return v.wrong(e, "%s: write a number, as in <%s value=\"…\"/>", quote(e.attr("value")), e.tag)
	}
	return value{x: x}
}

func (v evaluation) boolean(e *element) value {
	switch e.attr("value") {
	case "true", "1":
		return value{x: 1}
	case "false", "0":
		return value{}
	}
	return v.wrong(e, "%s: write true or false", quote(e.attr("value")))
}

// wrong reports a number that is none, or that something cannot be computed of.
func (v evaluation) wrong(e *element, format string, args ...any) value {
	v.fault(e.place, v.name, e.tag, topology.BadNumber, format, args...)
	return value{absent: true}
}

func (v evaluation) parameter(e *element) value {
	name := e.attr("name")
	p := v.resolve(v.scope, key{true, name})
	if p == nil {
		v.fault(e.place, v.name, e.tag, topology.NotFound, "%s is declared nowhere, or is private to another container", quote(name))
		return value{absent: true}
	}
	if here, there := e.attr("unit"), p.attr("unit"); here != "" && there != "" && here != there {
		v.fault(e.place, v.name, e.tag, topology.UnitClash, "%s is in %s, and here taken in %s", quote(name), there, here)
	}
	return p.value
}

// arguments evaluates those of an operation.
func (v evaluation) arguments(all []*element) (xs []float64, of value) {
	for _, e := range all {
		x := v.of(e)
		xs, of = append(xs, x.x), of.with(x)
	}
	return xs, of
}

func (v evaluation) operation(e *element) value {
	op, ok := v.operators[e.tag]
	if !ok {
		v.fault(e.place, v.name, "", topology.BadSyntax, "<%s> is no expression of a probability or a parameter", e.tag)
		return value{absent: true}
	}
	n := len(e.children)
	if n < op.least || n > op.most || e.tag == "periodic-test" && n > 5 && n < 11 {
		takes := between(op.least, op.most)
		if e.tag == "periodic-test" {
			takes = "4, 5 or 11"
		}
		v.fault(e.place, v.name, e.tag, topology.BadSyntax, "%d arguments: it takes %s", n, takes)
		return value{absent: true}
	}
	xs, of := v.arguments(e.children)
	if of.absent || n == 11 && e.tag == "periodic-test" {
		return value{absent: true}
	}
	x, wrong := op.of(xs)
	if wrong == "" && (math.IsNaN(x) || math.IsInf(x, 0)) {
		wrong = "no number comes of it"
	}
	if wrong != "" {
		return v.wrong(e, "of %v: %s", xs, wrong)
	}
	of.x, of.mean = x, of.mean || op.mean
	return of
}

// choice evaluates what a condition chooses, and no other branch.
func (v evaluation) choice(e *element) value {
	rest := e.children
	taken := value{}
	for len(rest) > 0 {
		condition, then := rest[0], (*element)(nil)
		switch {
		case e.tag == "ite" && len(e.children) == 3 && len(rest) == 3:
			then, rest = rest[1], rest[2:]
		case e.tag == "switch" && condition.tag == "case" && len(condition.children) == 2:
			condition, then, rest = condition.children[0], condition.children[1], rest[1:]
		case len(rest) == 1 && condition.tag != "case" && (e.tag == "switch" || len(e.children) == 3):
			x := v.of(rest[0])
			return x.with(taken)
		default:
			rest = nil
			continue
		}
		x := v.of(condition)
		if taken = taken.with(x); x.absent {
			return value{absent: true}
		}
		if x.x != 0 {
			chosen := v.of(then)
			return chosen.with(taken)
		}
	}
	v.fault(e.place, v.name, e.tag, topology.BadSyntax, "ite takes a condition and two values; "+
		"switch takes cases of a condition and a value, and last a value")
	return value{absent: true}
}

// histogram returns the mean of a lower bound and bins of an upper bound and a weight.
func (v evaluation) histogram(e *element) value {
	if len(e.children) < 2 {
		return v.wrong(e, "give a lower bound, and bins of an upper bound and a weight")
	}
	low := v.of(e.children[0])
	of, sum, weights := low, 0.0, 0.0
	for _, bin := range e.children[1:] {
		if bin.tag != "bin" || len(bin.children) != 2 {
			return v.wrong(bin, "write <bin> with an upper bound and a weight")
		}
		xs, taken := v.arguments(bin.children)
		if of = of.with(taken); of.absent {
			return value{absent: true}
		}
		if !(xs[0] > low.x && xs[1] >= 0) {
			return v.wrong(bin, "upper bounds rise, and weights are not negative")
		}
		sum += float64(xs[1] * (low.x/2 + xs[0]/2))
		weights += xs[1]
		low.x = xs[0]
	}
	if of.x, of.mean = sum/weights, true; math.IsNaN(of.x) || math.IsInf(of.x, 0) {
		return v.wrong(e, "weights have a finite sum above 0")
	}
	return of
}
