package openpsa

import (
	"github.com/ridethrough/ridethrough/topology"
)

// solve finds out what constants decide, which formulas are outside the model, and the probabilities.
func (r *reader) solve() {
	var gates, parameters []*item
	for _, i := range r.items {
		switch i.sort {
		case gate:
			gates = append(gates, i)
		case parameter:
			parameters = append(parameters, i)
		}
	}
	for _, g := range r.sortedBy(gates, func(i *item) []*item { return i.formula.gates(nil) }) {
		if g.formula != nil {
			g.constant = g.formula.fold()
		}
	}
	for _, g := range gates {
		if g.formula != nil {
			r.check(g.formula, g)
		}
	}
	r.evaluateAll(parameters)
	if len(gates) == 0 && len(r.faults) == 0 {
		r.fault(place{}, "", "", topology.NotFound, "no gate: give the files with the fault trees, <define-gate> in <define-fault-tree>")
	}
}

// gates appends the gates that a formula refers to.
func (f *formula) gates(all []*item) []*item {
	if f == nil {
		return all
	}
	if f.event != nil && f.event.sort == gate {
		all = append(all, f.event)
	}
	for _, a := range f.args {
		all = a.gates(all)
	}
	return all
}

// fold finds whether constants decide a formula, once they have decided the gates that it refers to: each connective as
// Kleene's logic of three values has it, in which open is what is not known.
func (f *formula) fold() truth {
	for _, a := range f.args {
		a.fold()
	}
	switch {
	case f.event != nil:
		f.value = f.event.constant
	case len(f.args) > 0:
		f.value = f.decide()
	}
	return f.value
}

func (f *formula) decide() truth {
	failed, left := f.tally()
	n := len(f.args)
	switch f.tag {
	case "and":
		return within(failed, left, n, n)
	case "nand":
		return within(failed, left, n, n).not()
	case "or":
		return within(failed, left, 1, n)
	case "nor", "not":
		return within(failed, left, 1, n).not()
	case "atleast", "cardinality":
		return within(failed, left, f.min, f.max)
	case "imply":
		a, b := f.args[0].value, f.args[1].value
		if a == no || b == yes {
			return yes
		}
		if a == yes {
			return b
		}
		return open
	}
	if left > 0 { // of xor and iff, any argument may change the value
		return open
	}
	if f.tag == "iff" { // associative: true if an even number is false
		return truthOf((n-failed)%2 == 0)
	}
	return truthOf(failed%2 == 1)
}

// tally counts the arguments that have failed, and those that are open.
func (f *formula) tally() (failed, left int) {
	for _, a := range f.args {
		switch a.value {
		case yes:
			failed++
		case open:
			left++
		}
	}
	return failed, left
}

// within tells whether from low to high arguments fail, if failed of them do, and left of them may.
func within(failed, left, low, high int) truth {
	switch {
	case failed+left < low || failed > high || low > high:
		return no
	case failed >= low && failed+left <= high:
		return yes
	}
	return open
}

// check reports formulas of a gate that are not coherent, where constants do not decide them.
func (r *reader) check(f *formula, of *item) {
	if f.value != open {
		return
	}
	failed, left := f.tally()
	switch f.tag {
	case "not", "nand", "nor", "xor", "iff", "imply":
		r.fault(f.place, of.name, f.tag, NotCoherent, "what fails could mend it, which a fleet does not: write it with and, or and atleast")
		return
	case "cardinality":
		if failed+left > f.max {
			r.fault(f.place, of.name, f.tag, NotCoherent, "with more than %d failed it is mended, which a fleet is not: write atleast", f.max)
			return
		}
	}
	r.checkTwice(f, of)
	for _, a := range f.args {
		r.check(a, of)
	}
}

// checkTwice reports events that a formula has twice: where it counts, that may be meant to count twice, and is a fault.
func (r *reader) checkTwice(f *formula, of *item) {
	seen := map[*item]bool{}
	for _, a := range f.args {
		if a.event == nil || a.value != open {
			continue
		}
		if seen[a.event] && (f.tag == "atleast" || f.tag == "cardinality") {
			r.fault(a.place, of.name, f.tag, topology.NotUnique, "%s stands twice among what is counted: name each once", quote(a.event.name))
		} else if seen[a.event] {
			r.twice = append(r.twice, of.name)
		}
		seen[a.event] = true
	}
}
