package openpsa

import (
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// findings tells what the spec does not say, in the order of the reasons.
func (r *reader) findings() topology.Findings {
	return slices.Concat(
		finding(topology.Suspect, AlwaysFailed, "", r.gatesThat(yes),
			"by constants and house events; written as a basic event of probability 1, and left out of what refers to it"),
		finding(topology.Suspect, NeverFails, "", r.gatesThat(no), "by constants and house events; left out of what refers to it"),
		finding(topology.Suspect, NamedTwice, "", slices.Compact(r.twice), "a formula has an argument twice: it counts once"),
		finding(topology.Missing, NoProbability, "failing", r.without(),
			"no probability is given, or it comes of a function outside the files or of a periodic test with 11 arguments, "+
				"and is not computed: none is taken into account"),
		finding(topology.Missing, NotDeclared, "failing", names(r.undeclared),
			"taken as basic events without a probability, as gates name them so and the files declare none: give the file that does"),
		finding(topology.Missing, NotModelled, "", r.unmodelled,
			"left out: the fleet has the fault trees as they stand, with house events as they are declared"),
		finding(topology.Missing, NotRead, "", r.notRead, "a file that a file names is never opened: give it too, unless you have"),
		finding(topology.Assumed, MeanTaken, "failing", r.valuesThat(func(v value) bool { return v.mean }),
			"the probability is computed from the means of uncertain numbers, which is not the mean of the probability"),
		finding(topology.Assumed, MissionTime, "failing", r.valuesThat(func(v value) bool { return v.timed }),
			fmt.Sprintf("the mission time is taken to be %d, the hours of a year: give Options.MissionTime", year)),
	)
}

// finding tells the same of several components; none if there are none.
func finding(class topology.Class, reason topology.Reason, field string, about []string, text string) topology.Findings {
	if len(about) == 0 {
		return nil
	}
	return topology.Findings{{Class: class, Reason: reason, Field: field, About: about, Text: text}}
}

// without returns the basic events and common causes without a probability, but for those that no file declares.
func (r *reader) without() []string {
	undeclared := names(r.undeclared)
	slices.Sort(undeclared)
	return slices.DeleteFunc(r.valuesThat(func(v value) bool { return v.absent }), func(name string) bool {
		_, ok := slices.BinarySearch(undeclared, name)
		return ok
	})
}

func names(items []*item) (all []string) {
	for _, i := range items {
		all = append(all, i.name)
	}
	return all
}

// gatesThat returns the gates that constants decide so.
func (r *reader) gatesThat(t truth) (all []string) {
	for _, i := range r.items {
		if i.sort == gate && i.constant == t {
			all = append(all, i.name)
		}
	}
	return all
}

// valuesThat returns the basic events and common causes of whose values something is true.
func (r *reader) valuesThat(is func(value) bool) (all []string) {
	for _, i := range r.items {
		if i.sort == basicEvent && is(i.value) {
			all = append(all, i.name)
		}
	}
	for _, g := range r.groups {
		for _, c := range g.causes {
			if is(c.value) {
				all = append(all, c.name)
			}
		}
	}
	return all
}
