package spare

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// String says what to do and why: one line, and below it what is at its capacity then.
func (s *Shedding) String() string {
	if s.Certainty == cascade.Undetermined {
		return fmt.Sprintf("%s: what to refuse is %s: %s", s.Scenario, s.Certainty, s.Reason)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s", s.Scenario, s.line())
	for i, b := range s.Binding {
		if i == fewTold && len(s.Binding) > fewTold+1 {
			fmt.Fprintf(&text, "\n  and %d more are at their capacity", len(s.Binding)-i)
			break
		}
		fmt.Fprintf(&text, "\n  %s is at %s then", b.Component, topology.LoadOf(b.Load, b.Capacity, b.Unit))
	}
	return text.String()
}

// line says what to do, and how sure it is that less will not do.
func (s *Shedding) line() string {
	if s.Certainty == cascade.Undetermined {
		return fmt.Sprintf("what to refuse is %s: %s", s.Certainty, s.Reason)
	}
	do := s.steps()
	if len(do) == 0 {
		return fmt.Sprintf("nothing needs to be refused (%s).", s.Certainty)
	}
	text := fmt.Sprintf("%s%s (%s)", strings.Join(do, "; "), live(s.Live), s.sure())
	if len(s.Drain)+len(s.Off) > 0 {
		of := ""
		if len(s.Admit) > 1 {
			of = " of the value"
		}
		text += fmt.Sprintf("; %s%s would have to be refused if every server stayed", percent(s.Stay), of)
	}
	text += "."
	if s.Reason != "" {
		text += " " + s.Reason
	}
	return text
}

func (s *Shedding) steps() []string {
	var do []string
	if len(s.Off) > 0 {
		do = append(do, "switch off "+someOf(s.Off))
	}
	if len(s.Drain) > 0 {
		do = append(do, "take "+someOf(s.Drain)+" out of rotation")
	}
	return append(do, s.refusals()...)
}

// refusals names demands of which the same part is refused together.
func (s *Shedding) refusals() (do []string) {
	of := map[string][]string{}
	var parts []string
	for _, a := range s.Admit {
		if a.Fraction == 1 {
			continue
		}
		part := percent(1 - a.Fraction)
		if of[part] == nil {
			parts = append(parts, part)
		}
		of[part] = append(of[part], a.Demand)
	}
	for _, part := range parts {
		do = append(do, fmt.Sprintf("refuse %s of %s", part, someOf(topology.Fold(of[part]))))
	}
	return do
}

// sure is the certainty and, where less may do, how much less.
func (s *Shedding) sure() string {
	switch {
	case s.Certainty != cascade.Bounded:
		return string(s.Certainty)
	case s.Bound == 0:
		return fmt.Sprintf("%s: this is worth %s, and whether less will do is not known", s.Certainty, topology.Quantity(s.Lost, ""))
	default:
		return fmt.Sprintf("%s: this is worth %s, and less than %s will not do", s.Certainty, topology.Quantity(s.Lost, ""), topology.Quantity(s.Bound, ""))
	}
}

// fewTold is how many of a long list are told.
const fewTold = 8

// someOf lists names, or the first of them and how many components there are more.
func someOf(names topology.Names) string {
	if len(names) <= fewTold+1 {
		return strings.Join(names, ", ")
	}
	more := 0
	for _, pattern := range names[fewTold:] {
		all, _ := topology.Expand(pattern) // folded by us
		more += len(all)
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:fewTold], ", "), more)
}

func live(servers int) string {
	switch servers {
	case 0:
		return ""
	case 1:
		return ", and the one other server lives"
	default:
		return fmt.Sprintf(", and the other %d servers live", servers)
	}
}

func percent(x float64) string { return topology.Quantity(100*x, "%") }
