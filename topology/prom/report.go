package prom

import (
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/bare"
)

// phrase says of values that cannot be used what follows, and what would settle it.
func phrase(reason topology.Reason) string {
	switch reason {
	case NotFinite:
		return "; the value is not used: was something divided by nothing? Ask for a time at which it was measured, or declare it"
	case Negative:
		return "; the value is not used: is the query a difference?"
	case Zero:
		return " is 0, which as a capacity would mean no limit; it is not used: declare it, or leave the component out if it can do nothing"
	case Stale:
		return " has ended, or its last value is older than the lookback; it is not used: ask for a time at which it was measured, or declare it"
	case Counter:
		return " counts since its process began, by its name; the value is not used: ask for its rate(…[5m]) or, if it is a gauge, for sum by (…) of it, which has no name"
	case NoValue:
		return " has no value, as a native histogram or a series that begins later; nothing is used: ask for histogram_count, or for another time"
	}
	return ""
}

// findingsOf returns what could not be used of some components, one finding for each reason, and what could in part.
func findingsOf(c compiled, t *tally, names []string) topology.Findings {
	var all topology.Findings
	for _, reason := range []topology.Reason{NotFinite, Negative, Zero, Stale, Counter, NoValue} {
		about, example := t.that(names, func(t *total) bool { return t.bad == reason })
		if about != nil {
			all = append(all, suspect(reason, c.Field, about, example+phrase(reason)))
		}
	}
	about, example := t.that(names, func(t *total) bool { return t.bad == "" && t.absent != "" })
	if about != nil {
		all = append(all, suspect(Partial, c.Field, about, "some of its series have no value then, for they have ended or begin later, as "+
			example+"; the value is the sum of the others: look whether something was not measured"))
	}
	return all
}

// that returns the components of which something is true, and the series that shows it of the first.
func (t *tally) that(names []string, is func(*total) bool) (about []string, example string) {
	for _, name := range names {
		if total := t.totals[name]; total != nil && is(total) {
			if about = append(about, name); len(about) == 1 {
				example = total.example()
			}
		}
	}
	return about, example
}

// example names the series that shows what is wrong and, where it is the value, that.
func (t *total) example() string {
	name := cut(t.shown.String())
	if t.bad != NotFinite && t.bad != Negative {
		return name
	}
	if value := t.shown.Points[0].Value; unusable(value) != "" {
		return fmt.Sprintf("%s is %v", name, value)
	}
	return name + ", with the others and the factor, is infinite"
}

func suspect(reason topology.Reason, field Field, about []string, text string) topology.Finding {
	return topology.Finding{Class: topology.Suspect, Reason: reason, About: about, Field: string(field), Text: text}
}

func missing(reason topology.Reason, field Field, about []string, format string, args ...any) topology.Finding {
	return topology.Finding{
		Class: topology.Missing, Reason: reason, About: about, Field: string(field), Text: fmt.Sprintf(format, args...),
	}
}

// twice adds the components that were given a demand, and to which load comes besides. It is for [topology.New] to say
// what is wrong with supplies.
func (j *join) twice(joined topology.Spec) {
	if len(j.names(Demand)) == 0 {
		return
	}
	fleet, err := bare.Of(joined)
	if err != nil {
		return
	}
	load := fleet.Flow(topology.State{}).Load
	var about []string
	var example string
	for i := range j.all {
		g, has := j.all[i].given[Demand]
		if !has || g.value == 0 || !topology.Overloaded(load[i], g.value) {
			continue
		}
		if about = append(about, j.all[i].name); example == "" {
			example = topology.Quantity(load[i]-g.value, fleet.Unit(topology.ID(i)))
		}
	}
	if about != nil {
		j.findings = append(j.findings, suspect(Twice, Demand, about,
			"others draw on it besides, with "+example+": if what was measured has that in it, it counts twice: give it to those who cause it"))
	}
}
