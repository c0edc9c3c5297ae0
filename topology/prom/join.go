package prom

import (
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// Join gives components of a spec what was measured, by the rules, at the latest time of any point; for another time,
// give it the series that [At] returns. Where two rules give one number of one component, the first that can counts.
//
// It returns the spec, in which a pattern is written out where its components were given values, and all findings: of
// the earlier ones what is still open, now that the numbers given are known, and its own:
//
//   - values that cannot be used (Suspect); the component keeps what it had;
//   - series that belong to no component, and components without a series that should have one: those of Rule.Of, or of
//     the kinds that got values (Missing);
//   - a demand above the capacity of the same component (Suspect);
//   - a demand given to a component to which load comes from others too, as that of users does to servers (Suspect): if
//     what was measured has that in it, it counts twice.
//
// The error is a [topology.Faults]: what is wrong with rules, or with names in the spec; a series that is there twice,
// as after answers to two queries were put together that have no names; and units that clash, when a component would
// have its demand in one and its capacity in another, or either in another than that for each of which it draws on others.
func Join(spec topology.Spec, earlier topology.Findings, series []Series, rules ...Rule) (topology.Spec, topology.Findings, error) {
	read, err := compile(rules)
	if err != nil {
		return topology.Spec{}, nil, err
	}
	j, err := newJoin(spec)
	if err != nil {
		return topology.Spec{}, nil, err
	}
	now := At(series, time.Time{}, 0)
	tallies := make([]*tally, len(read))
	for i, rule := range read {
		tallies[i] = rule.tallyOf(now)
		if err := tallies[i].check(i); err != nil {
			return topology.Spec{}, nil, err
		}
		j.take(rule, tallies[i])
	}
	if err := j.clashes(); err != nil {
		return topology.Spec{}, nil, err
	}
	for _, field := range []Field{Demand, Capacity} {
		earlier = earlier.Settle(string(field), j.names(field)...)
	}
	j.findings = slices.Clip(slices.Clone(earlier))
	if err := j.report(read, tallies); err != nil {
		return topology.Spec{}, nil, err
	}
	joined := j.spec()
	j.twice(joined)
	return joined, j.findings, nil
}

// A join is a spec that is given values.
type join struct {
	from     topology.Spec
	all      []component
	places   map[string]int // in all, by name
	findings topology.Findings
}

// A component of the spec, under its own name.
type component struct {
	*topology.Component
	name     string // without backslashes
	declared int    // the pattern that it is of
	given    map[Field]given
}

// given is the value of a field.
type given struct {
	value float64
	unit  string
	from  string // the rule, for people
}

func newJoin(spec topology.Spec) (*join, error) {
	j := &join{from: spec, places: map[string]int{}}
	expanded, err := spec.Expand()
	if err != nil {
		return nil, err
	}
	for declared, c := range spec.Components {
		names, err := topology.Expand(c.Name)
		if err != nil {
			return nil, err // not after spec.Expand
		}
		for _, name := range names {
			at := len(j.all)
			j.all = append(j.all, component{Component: &expanded.Components[at], name: name, declared: declared})
			j.places[name] = at
		}
	}
	return j, nil
}

// take gives components what a rule says of them, but for what an earlier rule has.
func (j *join) take(rule compiled, t *tally) {
	for _, name := range t.names {
		at, known := j.places[name]
		total := t.totals[name]
		if !known || total.bad != "" {
			continue
		}
		c := &j.all[at]
		if _, has := c.given[rule.Field]; has {
			continue
		}
		if c.given == nil {
			c.given = map[Field]given{}
		}
		c.given[rule.Field] = given{value: total.sum, unit: rule.Unit, from: rule.what()}
	}
}

// names returns the components that were given a field, in order of declaration.
func (j *join) names(field Field) []string {
	var names []string
	for i := range j.all {
		if _, has := j.all[i].given[field]; has {
			names = append(names, j.all[i].name)
		}
	}
	return names
}
