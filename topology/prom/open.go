package prom

import (
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// report adds what the rules leave open.
func (j *join) report(rules []compiled, tallies []*tally) error {
	judged := map[Field]map[string]bool{Demand: {}, Capacity: {}} // what has a value, or a finding that says why not
	for i, rule := range rules {
		known, unknown := j.split(rule.Field, tallies[i])
		j.findings = append(j.findings, findingsOf(rule, tallies[i], known)...)
		j.findings = append(j.findings, unmatched(rule, tallies[i], unknown)...)
		for _, name := range known {
			judged[rule.Field][name] = true
		}
	}
	for _, field := range []Field{Demand, Capacity} {
		for _, name := range j.names(field) {
			judged[field][name] = true
		}
		if err := j.unmeasured(rules, field, judged[field]); err != nil {
			return err
		}
	}
	j.exceeded()
	return nil
}

// split splits what a rule found into components, and names that no component has. Components that another rule gave
// the number are left out if this one could not: nothing is open there.
func (j *join) split(field Field, t *tally) (known, unknown []string) {
	for _, name := range t.names {
		at, is := j.places[name]
		if !is {
			unknown = append(unknown, name)
		} else if _, has := j.all[at].given[field]; !has || t.totals[name].bad == "" {
			known = append(known, name)
		}
	}
	return known, unknown
}

// unmatched returns what a rule found and has no place for.
func unmatched(rule compiled, t *tally, unknown []string) topology.Findings {
	var all topology.Findings
	if t.selected == 0 {
		all = append(all, missing(Unmatched, rule.Field, nil, "there is no series %s: is that the name, and was it asked for?", rule.what()))
	}
	if unknown != nil {
		all = append(all, missing(Unmatched, rule.Field, unknown, "no component has this name; left out of %s is %s of %s",
			rule.what(), topology.Quantity(t.sum(unknown), ""), topology.Quantity(t.sum(t.names), rule.Unit)))
	}
	if t.nameless != nil {
		all = append(all, missing(Unmatched, rule.Field, t.nameless, "the series lacks a label of %s, and is left out", rule.Component))
	}
	return all
}

// unmeasured adds the components for which rules were meant, and that have no series.
func (j *join) unmeasured(rules []compiled, field Field, judged map[string]bool) error {
	expected, err := j.expected(rules, field)
	if err != nil {
		return err
	}
	var about []string
	for i := range j.all {
		if name := j.all[i].name; expected(i) && !judged[name] {
			about = append(about, name)
		}
	}
	if about != nil {
		j.findings = append(j.findings, missing(Unmeasured, field, about, "no series is theirs; the %s stays as it was, which was not measured", field))
	}
	return nil
}

// expected returns which components, by their place, should have a field.
func (j *join) expected(rules []compiled, field Field) (func(int) bool, error) {
	kinds, names := map[string]bool{}, map[string]bool{}
	alike := false
	for i, rule := range rules {
		if rule.Field != field {
			continue
		}
		if rule.Of == "" {
			alike = true
			continue
		}
		if err := j.of(rule.Of, i, kinds, names); err != nil {
			return nil, err
		}
	}
	for i := range j.all {
		if _, has := j.all[i].given[field]; alike && has && j.all[i].Kind != "" {
			kinds[j.all[i].Kind] = true
		}
	}
	return func(i int) bool { return kinds[j.all[i].Kind] || names[j.all[i].name] }, nil
}

// of adds what stands in the Of of a rule.
func (j *join) of(text string, rule int, kinds, names map[string]bool) error {
	if slices.ContainsFunc(j.all, func(c component) bool { return c.Kind == text }) {
		kinds[text] = true
		return nil
	}
	all, err := topology.Expand(text)
	if err == nil {
		for _, name := range all {
			if _, known := j.places[name]; !known {
				err = fmt.Errorf("the spec has no kind and no component %s", quote(name))
				break
			}
			names[name] = true
		}
	}
	if err == nil {
		return nil
	}
	return topology.Faults{{Component: fmt.Sprint("rule ", rule+1), Field: "Of", Reason: topology.NotFound, Text: err.Error()}}
}

// exceeded adds the components whose own demand is above their capacity, if they were given one of these.
func (j *join) exceeded() {
	var about []string
	var example string
	for i := range j.all {
		c := &j.all[i]
		demand, capacity := c.after(Demand), c.after(Capacity)
		if c.given == nil || capacity.value == 0 || !topology.Overloaded(demand.value, capacity.value) {
			continue
		}
		if about = append(about, c.name); example == "" {
			example = topology.LoadOf(demand.value, capacity.value, capacity.unit)
		}
	}
	if about != nil {
		j.findings = append(j.findings, suspect(Exceeded, "", about,
			"the demand is above the capacity ("+example+"), so it is overloaded with nothing lost: is the capacity right, and do both mean the same?"))
	}
}
