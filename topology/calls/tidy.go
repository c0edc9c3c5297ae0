package calls

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// Numbers of a topology lie between these, or are 0.
const least, most = 1e-50, 1e50

// tidy checks calls, and returns them sorted, with those between the same two as one, and without what calls itself.
func tidy(calls []Call) ([]Call, error) {
	calls = slices.DeleteFunc(slices.Clone(calls), func(c Call) bool { return c.From == c.To && c.To != "" })
	slices.SortFunc(calls, func(a, b Call) int {
		return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.From, b.From), cmp.Compare(a.Rate, b.Rate))
	})
	var tidied []Call
	var faults topology.Faults
	for len(calls) > 0 {
		n := 1
		for n < len(calls) && calls[n].To == calls[0].To {
			n++
		}
		if fault := check(calls[:n]); fault != nil {
			faults = append(faults, *fault)
		}
		tidied = addUp(tidied, calls[:n])
		calls = calls[n:]
	}
	if faults != nil {
		return nil, faults
	}
	return tidied, nil
}

// check says what is wrong with the calls to one component, which are sorted by caller and then by rate.
func check(calls []Call) *topology.Fault {
	to, known, unknown := calls[0].To, -1, -1
	if to == "" {
		return &topology.Fault{Reason: topology.NotFound, Text: fmt.Sprintf("%s calls nothing: name what it calls", caller(calls[0]))}
	}
	for i, c := range calls {
		switch {
		case c.Rate == 0:
			unknown = i
		case c.Rate >= least && c.Rate <= most:
			known = i
		default:
			return &topology.Fault{Component: to, Field: "rate", Reason: topology.BadNumber,
				Text: fmt.Sprintf("%v calls a second from %s: give 0 if it is not known, or a number from %v to %v", c.Rate, caller(c), least, most)}
		}
	}
	if known >= 0 && unknown >= 0 {
		return &topology.Fault{Component: to, Field: "rate", Reason: topology.BadNumber,
			Text: fmt.Sprintf("known for calls from %s, and not for those from %s: give rates for all of its callers or for none", caller(calls[known]), caller(calls[unknown]))}
	}
	return nil
}

func caller(c Call) string {
	if c.From == "" {
		return "outside the fleet"
	}
	return c.From
}

// addUp appends calls, which are sorted, with those of the same caller as one.
func addUp(to, calls []Call) []Call {
	for i, c := range calls {
		if i > 0 && c.From == calls[i-1].From {
			to[len(to)-1].Rate += c.Rate
		} else {
			to = append(to, c)
		}
	}
	return to
}
