package calls

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// maxCycles is how many cycles have a finding of their own.
const maxCycles = 20

// cut takes the load off calls with which it would come back to where it came from: calls are put in by falling rate,
// and one that closes a cycle with those before it is the lowest of that cycle.
func (j *joiner) cut() {
	carry := []*call{}
	for i := range j.calls {
		if j.calls[i].load > 0 {
			carry = append(carry, &j.calls[i])
		}
	}
	slices.SortStableFunc(carry, func(a, b *call) int { return cmp.Compare(b.rate, a.rate) })
	j.order = newOrder(j.fleet)
	cuts := 0
	var others []string
	for _, c := range carry {
		back := j.order.add(c.from, c.to)
		if back == nil {
			continue
		}
		c.load = 0
		if cuts++; cuts <= maxCycles {
			j.reportCycle(back, c.rate)
		} else {
			others = append(others, j.fleet.Name(c.from)+" → "+j.fleet.Name(c.to))
		}
	}
	j.report(topology.Suspect, Circular, others,
		"these close a circle, too, and are needs only: what they cause stays the own demand of what is called")
	j.reportAssumed()
}

// reportCycle says what was cut: the call from the last of a chain to its first.
func (j *joiner) reportCycle(chain []topology.ID, rate float64) {
	var names []string
	for _, id := range chain {
		names = append(names, j.fleet.Name(id))
	}
	from, to := names[len(names)-1], names[0]
	shown := append(slices.Clone(names), to)
	if len(shown) > 10 {
		shown = append(append(slices.Clone(shown[:5]), "…"), shown[len(shown)-4:]...)
	}
	lowest := "whose rate is not known"
	if rate > 0 {
		lowest = "the fewest, " + topology.Quantity(rate, "a second")
	}
	j.report(topology.Suspect, Circular, names, fmt.Sprintf(
		"load cannot go in a circle, %s: the calls from %s to %s (%s) are a need only, and what they cause stays %s's own demand",
		strings.Join(shown, " → "), from, to, lowest, to))
}

// reportAssumed names what equal parts were taken of.
func (j *joiner) reportAssumed() {
	var split []topology.ID
	for _, c := range j.calls {
		if c.load > 0 && c.rate == 0 {
			split = append(split, c.to)
		}
	}
	j.report(topology.Assumed, NoRates, j.names(split),
		"each of its callers is taken to cause an equal part of its demand: rates of calls would settle it")
}
