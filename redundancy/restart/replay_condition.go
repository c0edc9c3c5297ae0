package restart

import (
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// A parsed step has its names looked up.
type parsed struct {
	what      []topology.ID // nil: not yet
	when, ifs []test
}

// A test is a condition with its names looked up.
type test struct {
	Condition
	ids []topology.ID
}

// parse looks up the conditions of a step, or says what is wrong with them.
func (r *replay) parse(i int) *Violation {
	s := r.plan.Steps[i]
	tests := func(all []Condition) ([]test, *Violation) {
		var found []test
		for _, c := range all {
			what := strings.Join(c.What, ", ")
			if len(c.What) == 0 {
				return nil, r.violation(i, BadWhen, strings.Join(s.What, ", "), "has a condition on nothing: say what it is about")
			}
			ids, err := r.t.Select(c.What...)
			if err != nil {
				return nil, r.violation(i, Unknown, what, "is in a condition, and not in the fleet: %v", err)
			}
			if fault := c.fault(len(ids)); fault != "" {
				return nil, r.violation(i, BadWhen, what, "%s", fault)
			}
			found = append(found, test{c, ids})
		}
		return found, nil
	}
	when, v := tests(s.When)
	if v != nil {
		return v
	}
	ifs, v := tests(s.If)
	r.parsed[i].when, r.parsed[i].ifs = when, ifs
	return v
}

// holds reports whether all of the tests do now.
func (r *replay) holds(tests []test) bool {
	return !slices.ContainsFunc(tests, func(c test) bool { return !r.passes(&c) })
}

func (r *replay) passes(c *test) bool {
	ready := 0
	for _, id := range c.ids {
		switch r.state.Status[id] {
		case topology.Down:
			continue
		case topology.Booting:
			if c.Settled {
				return false
			}
		default:
			ready++
		}
		if c.Below > 0 && topology.Overloaded(r.flow.Load[id], c.Below*r.state.Capacity[id]) {
			return false
		}
	}
	return ready >= c.Ready
}

// lenient reports whether a step acts on what can, and leaves the rest.
func (r *replay) lenient(i int) bool { return r.plan.Steps[i].conditional() || r.diary != nil }

// forgo gives up what steps with conditions could not power on now.
func (r *replay) forgo(first int, acts []bool) {
	for i, yes := range acts {
		if !yes || !r.lenient(first+i) {
			continue
		}
		for _, id := range r.parsed[first+i].what {
			if r.state.Status[id] == topology.Down {
				r.wanted[id] = false
			}
		}
	}
}
