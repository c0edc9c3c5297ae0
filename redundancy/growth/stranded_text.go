package growth

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/ridethrough/ridethrough/topology"
)

// String returns a table: at which load what is full, then of each kind how much is used then, and how much is stranded.
func (l *Ledger) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v: %s (%s).\n", l.Family, l.First.sentence(), sure(l.Certainty, l.Reason))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, e := range l.Entries {
		fmt.Fprintf(w, "  %s\n", e.row())
	}
	w.Flush()
	return strings.TrimRight(b.String(), "\n")
}

func (e Entry) row() string {
	text := fmt.Sprintf("%s\t%s\tused %s", title(e.Of, e.Kind), topology.Quantity(float64(e.Count), ""), topology.LoadOf(e.Used, e.Capacity, e.Unit))
	if e.Stranded == 0 {
		return text + "\tnothing stranded"
	}
	text += fmt.Sprintf("\tstranded %s (%s)", topology.Quantity(e.Stranded, e.Unit), percent(e.Stranded/e.Capacity))
	switch {
	case e.Unclaimed >= e.Stranded*(1-topology.Tolerance):
		text += ", all of it unclaimed"
	case e.Unclaimed > 0:
		text += fmt.Sprintf(", %s of it unclaimed", topology.Quantity(e.Unclaimed, e.Unit))
	}
	if e.Most < math.Inf(1) {
		text += fmt.Sprintf("\tbusiest %s, at %s %s", e.Busiest, percent(e.Most), during(e.Worst))
	}
	return text
}
