package maintenance

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// String returns the division as a numbered runbook: one line that says in how many groups and how sure that is, then a line for
// each group, with what is tightest meanwhile, and what is in none.
func (r *Rolling) String() string {
	var b strings.Builder
	b.WriteString(r.headline() + "\n")
	already(&b, r.Already, len(r.Already))
	width := len(fmt.Sprint(len(r.Groups)))
	for i, g := range r.Groups {
		fmt.Fprintf(&b, "  %*d  %s\n", width, i+1, g)
	}
	told := 0
	for _, alike := range r.alike() {
		fmt.Fprintf(&b, "  not %s\n", alike[0])
		if others := namesOf(alike[1:]); len(others) > 0 {
			fmt.Fprintf(&b, "      likewise %s\n", counted(topology.Fold(others), len(others)))
		}
		told += len(namesOf(alike))
	}
	if more := r.Left - told; more > 0 {
		fmt.Fprintf(&b, "  and %d more\n", more)
	}
	return b.String()
}

// alike puts together what is stuck in ways that differ by names only.
func (r *Rolling) alike() (all [][]Stuck) {
	known := map[string]int{}
	for _, s := range r.Stuck {
		key := s.nameless()
		i, ok := known[key]
		if !ok {
			i = len(all)
			known[key] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], s)
	}
	return all
}

// nameless says why something is stuck without a name.
func (s Stuck) nameless() string {
	text := strings.ReplaceAll(s.Reason, list(s.What), "it")
	if c := s.Strain; c != nil {
		text += fmt.Sprintf("; %s %d %d %v %s %v %s", c.Phase, len(c.Scenario.Lose), len(c.Scenario.Drain), c.Scenario.Load,
			topology.LoadOf(c.Load, c.Capacity, c.Unit), c.Component != "", c.Unserved)
	}
	return text
}

// namesOf returns all that is stuck.
func namesOf(all []Stuck) (names []string) {
	for _, s := range all {
		names = append(names, phrase.Expand(s.What)...)
	}
	return names
}

func (r *Rolling) headline() string {
	if len(r.Groups) == 0 {
		return fmt.Sprintf("There are no groups in which %s could be taken out (%s): %s.", list(r.What), r.Certainty, r.Reason)
	}
	n, most := 0, 0
	for _, g := range r.Groups {
		n, most = n+g.Count, max(most, g.Count)
	}
	of := ""
	if len(r.Groups) > 1 && n == most*len(r.Groups) {
		of = fmt.Sprintf(" of %d", most)
	} else if len(r.Groups) > 1 {
		of = fmt.Sprintf(" of up to %d", most)
	}
	text := fmt.Sprintf("Take out %d of %s in %s%s: meanwhile %s %s", n, list(r.What), phrase.Plural(len(r.Groups), "group"), of, family(r.Family.String()), holds(r.Survive))
	text += fmt.Sprintf("; it takes %s (%s", taking(r.Takes), r.Certainty)
	if r.Certainty == cascade.Bounded {
		text += fmt.Sprintf(": %d groups may be enough", r.Bound)
	} else if len(r.Groups) > 1 {
		text += ": fewer groups are not enough"
	}
	text += ")."
	if r.Left > 0 {
		text += fmt.Sprintf(" %d are in no group.", r.Left)
	}
	return text
}

// counted writes names and how many these are: "chat-[001-020] (20)".
func counted(names topology.Names, n int) string {
	if n <= 1 {
		return list(names)
	}
	return fmt.Sprintf("%s (%d)", list(names), n)
}

// String returns one line: "chat-[001-020] (20), 12m: tightest off, board-1 lost: chat-031 at 98 of 100 requests/s".
func (g Group) String() string {
	return fmt.Sprintf("%s, %s; tightest %s", counted(g.What, g.Count), taking(g.Takes), g.Tightest)
}

// String returns one line: "chat-001: off, board-2 lost: chat-031 at 114.3 of 100 requests/s".
func (s Stuck) String() string {
	text := list(s.What) + ": "
	switch {
	case s.Strain == nil:
		return text + s.Reason
	case s.Reason != "":
		return text + s.Strain.String() + "; " + s.Reason
	default:
		return text + s.Strain.String()
	}
}
