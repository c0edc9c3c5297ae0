package growth

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/ridethrough/ridethrough/topology"
)

// String returns a table for each state: what is the first to cease to hold, then how busy each kind is and may be.
func (g *Guide) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v:\n", g.Family)
	for _, l := range g.States {
		fmt.Fprintf(&b, "  %s: %s (%s).\n", short(l.Out.String()), l.First.sentence(), sure(l.Certainty, l.Reason))
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, u := range l.Uses {
			fmt.Fprintf(w, "    %s\n", u.row())
		}
		w.Flush()
	}
	return strings.TrimRight(b.String(), "\n")
}

func (u Use) row() string {
	if u.Count == 0 {
		return title(u.Of, u.Kind) + "\tnone in rotation"
	}
	text := fmt.Sprintf("%s\t%s\tnow %v", title(u.Of, u.Kind), topology.Quantity(float64(u.Count), ""), u.Now)
	if u.Safe != nil {
		text += fmt.Sprintf("\tkeep within %v", u.Safe)
	}
	return text
}

// String returns "66.67 %", or "50 %, the busiest 66.67 %".
func (u Utilization) String() string {
	mean, most := percent(u.Mean), percent(u.Most)
	if mean == most {
		return mean
	}
	return mean + ", the busiest " + most
}
