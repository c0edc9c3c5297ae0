// Package growth says until when the redundancy of a growing fleet lasts, how busy the fleet may be kept, and what part of
// its capacity can never be used.
//
//   - [Forecast]: a scenario's margin is the factor by which load may grow before the scenario no longer holds. At 3 % a
//     month a margin of 1.25 is used up after ln 1.25 / ln 1.03 = 7.5 months: that is a date, of each scenario of a family.
//   - [Safe]: the utilization, with nothing lost, up to which every scenario of a family holds. It is what to tell teams:
//     "keep zone a below 66.7 %". And the same while part of the fleet is out of rotation.
//   - [Stranded]: at the most load that is safe something is full. What nothing else uses then, in its own worst scenario,
//     is bought and cannot be used: power without servers, and servers without power.
//
// All three ask one question, what holds: nothing is overloaded, and every demand is served in full. That never comes
// back while load grows, whatever the shares, since no load falls when a demand rises; so there is one factor at which it
// ends. Whether the fleet survives beyond it is another question, to which more load may be the better answer: see package
// tipping.
//
// All load grows together here, in the mix that it has, unless [Options] gives some demands rates of their own.
package growth

import (
	"cmp"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Options of a question. With the zero value load does not grow, nothing is out of rotation, and what is told is told of
// each kind.
type Options struct {
	// Forecast: growth of each demand a month, compounding: .03 is 3 %. What shrinks is taken to stay as it is: a date that
	// relies on less load would be no promise.
	Monthly float64
	Rates   map[string]float64 // the same of some demands, by pattern, that grow at another rate
	From    time.Time          // the day of which the demands are; if zero, months are told, and no dates

	// Safe and Stranded: of what, by pattern; none is each kind. What has no capacity itself, such as a zone that servers
	// need, stands for what goes down with it, each zone by itself.
	Of []string

	Out []cascade.Scenario // Safe: states in which it is told too, with these out of rotation, or lost already

	// Screening says how scenarios are looked at. Worst is how many of the first to go are told, 10 if it is 0. Progress
	// starts anew with each screening, of which a question takes some tens. Serve and OnlyHolds count for nothing here.
	Screening cascade.Options
}

// with returns the options with their defaults; the error says what is wrong with them.
func (o Options) with() (Options, error) {
	if !possible(o.Monthly) {
		return o, fmt.Errorf("monthly: %v: %s", o.Monthly, rateHint)
	}
	if year := o.From.Year(); !o.From.IsZero() && (year < 1 || year > 9000) {
		return o, fmt.Errorf("from: the year %d: give a day of the years 1 to 9000", year)
	}
	o.Screening.Worst = cmp.Or(o.Screening.Worst, 10)
	o.Screening.OnlyHolds, o.Screening.Serve = true, 0
	return o, nil
}

const rateHint = "give the part by which it grows in a month, from -1 to 1: .03 for 3 %"

func possible(rate float64) bool { return rate >= -1 && rate <= 1 }

// byGroup is with, for what is told of groups of components at the load at which the first scenario goes. It has looked at
// whether the family is one of the topology.
func (o Options) byGroup(t *topology.Topology, f cascade.Family) (Options, []group, error) {
	o, err := o.with()
	if err != nil {
		return o, nil, err
	}
	list, err := groups(t, o.Of)
	if err != nil {
		return o, nil, err
	}
	o.Screening.Worst = 1
	_, err = newSearch(t, f, uniform(t), o.Screening)
	return o, list, err
}

// newSearch makes the search ready for what comes first of a family on a path of growth. The error names what the topology
// does not have, and what is wrong with the options.
func newSearch(t *topology.Topology, f cascade.Family, p *path, o cascade.Options) (*search, error) {
	if _, err := cascade.NewPlan(t, f, o); err != nil {
		return nil, err
	}
	s := &search{t: t, family: f, path: p, o: o, keep: o.Worst}
	s.o.Worst = min(max(4*s.keep, min(1000, 2_000_000/max(1, t.Len()))), 100_000)
	return s, nil
}
