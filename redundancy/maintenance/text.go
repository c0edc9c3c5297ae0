package maintenance

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// list joins patterns, and cuts where they are many.
func list(names topology.Names) string { return phrase.List(names, 6) }

// taking writes how long something takes.
func taking(d time.Duration) string {
	if d == 0 {
		return "no time"
	}
	return clock.Span(d)
}

// String returns one line: "off, board-2 lost: chat-031 would carry 114.3 of 100 requests/s".
func (s Strain) String() string {
	text := string(s.Phase)
	if len(s.Of) > 0 {
		text += " (" + list(s.Of) + " not in rotation as ever)"
	}
	return text + ", " + s.rest()
}

// rest is all but the phase.
func (s Strain) rest() string {
	text := s.lost() + ": "
	switch {
	case s.Unserved != "" && s.over():
		return text + fmt.Sprintf("%s at %s, %s not served in full", s.Component, topology.LoadOf(s.Load, s.Capacity, s.Unit), s.Unserved)
	case s.Unserved != "":
		return text + s.Unserved + " not served in full"
	case s.Component == "":
		return text + "nothing that is up has a capacity"
	default:
		return text + s.Component + " at " + topology.LoadOf(s.Load, s.Capacity, s.Unit)
	}
}

func (s Strain) over() bool { return s.Component != "" && topology.Overloaded(s.Load, s.Capacity) }

// lost writes what is lost besides.
func (s Strain) lost() string {
	if s.Scenario.Name == "" && len(s.Scenario.Lose)+len(s.Scenario.Drain) == 0 && s.Scenario.Load == 0 {
		return "nothing else lost"
	}
	text := s.Scenario.String()
	if s.Scenario.Name == "" && len(s.Scenario.Drain) == 0 && s.Scenario.Load == 0 {
		text += " lost"
	}
	return text
}

// String says whether it is safe, and why: one line, and below it the worst of each phase.
func (a *Answer) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", a.headline())
	if len(a.Down) > 0 {
		fmt.Fprintf(&b, "  with it go down %s\n", list(a.Down))
	}
	if a.Smallest != nil {
		fmt.Fprintf(&b, "  what fails: %s\n", a.Smallest)
	}
	already(&b, a.Already, a.Failing)
	for i := 0; i < len(a.Phases); {
		phases, rest := string(a.Phases[i].Phase), a.Phases[i].rest()
		for i++; i < len(a.Phases) && a.Phases[i].rest() == rest; i++ {
			phases += ", " + string(a.Phases[i].Phase)
		}
		fmt.Fprintf(&b, "  worst when %s: %s\n", phases, rest)
	}
	return b.String()
}

func (a *Answer) headline() string {
	text := fmt.Sprintf("Taking out %s ", list(a.What))
	switch {
	case a.Safe:
		text += fmt.Sprintf("is safe: meanwhile %s %s (%s), %s; it takes %s", family(a.Family.String()), holds(a.Survive), a.Certainty, a.margin(), taking(a.Takes))
	case a.Certainty == cascade.Undetermined:
		text += fmt.Sprintf("is not known to be safe (%s)", a.Certainty)
	default:
		text += fmt.Sprintf("is not safe (%s)", a.Certainty)
	}
	if !a.Safe && a.Reason != "" {
		text += ": " + a.Reason
	}
	return text + "."
}

// family writes the family in a sentence.
func family(text string) string {
	if text == "none" {
		return "the fleet"
	}
	return fmt.Sprintf("%q", text)
}

func holds(survive bool) string {
	if survive {
		return "does not collapse"
	}
	return "holds"
}

// margin writes up to which load the fleet holds in each phase of the whole: with Survive that may be less than there is.
func (a *Answer) margin() string {
	text := "up to " + topology.Quantity(100*a.Margin, "%") + " of the load"
	switch {
	case a.Margin >= mostMargin:
		text = "at any load"
	case a.Margin <= 0:
		text = "at no load"
	case math.Abs(a.Margin-1) <= topology.Tolerance:
		text = "with no load to spare"
	}
	if a.Survive {
		text = "it holds " + text
	}
	if !a.Together && a.several() {
		text += " while all of it is in one phase"
	}
	return text
}

// several reports whether more than one component goes out.
func (a *Answer) several() bool {
	if len(a.What)+len(a.Down) != 1 {
		return true
	}
	names, err := topology.Expand(slices.Concat(a.What, a.Down)[0])
	return err != nil || len(names) > 1
}

func already(b *strings.Builder, strains []Strain, failing int) {
	for _, s := range strains {
		fmt.Fprintf(b, "  fails already: %s\n", s)
	}
	if more := failing - len(strains); more > 0 {
		fmt.Fprintf(b, "  and %d more\n", more)
	}
}
