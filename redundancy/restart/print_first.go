package restart

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// maxShown bounds the deadlocks, needs and repairs that are printed of each.
const maxShown = 3

// standing returns the lines on what cannot start, and on what to break.
func (p *Plan) standing() (lines []string) {
	for i := range p.Deadlocks[:min(maxShown, len(p.Deadlocks))] {
		lines = append(lines, "deadlock      "+p.Deadlocks[i].String())
	}
	if n := len(p.Deadlocks) - maxShown; n > 0 {
		lines = append(lines, fmt.Sprintf("deadlock      and %s more", phrase.Plural(n, "other")))
	}
	if len(p.Break) == 0 {
		return lines
	}
	var needs []string
	for i := range p.Break[:min(maxShown, len(p.Break))] {
		needs = append(needs, p.Break[i].String())
	}
	if n := len(p.Break) - maxShown; n > 0 {
		needs = append(needs, fmt.Sprintf("%d more", n))
	}
	sure := "proven"
	if p.BreakBound < p.BreakCost {
		sure = "nothing costs less than " + topology.Quantity(p.BreakBound, "")
	}
	return append(lines, fmt.Sprintf("break         cheapest: %s (cost %s, %s)", strings.Join(needs, "; "), topology.Quantity(p.BreakCost, ""), sure))
}

// String says who waits for whom: "dns needs storage needs dns: none of them can start first".
func (d Deadlock) String() string {
	text := list(d.Members) + fmt.Sprintf(": these %d need each other", d.Size)
	if d.Cycle && d.Size == 1 {
		return d.Members[0] + " needs itself to start"
	}
	if d.Cycle {
		text = strings.Join(d.Members, " needs ") + " needs " + d.Members[0]
	}
	return text + ": none of them can start first"
}

// String says who needs what: "dns needs storage", "chat-[01-40] need 2 of etcd-[1-3]".
func (n Need) String() string {
	verb, of := " needs ", ""
	if all, err := topology.Expand(strings.Join(n.Owner, ",")); err != nil || len(n.Owner) > 1 || len(all) > 1 {
		verb = " need "
	}
	if n.Of > 0 {
		of = fmt.Sprintf("%d of ", n.Of)
	}
	return list(n.Owner) + verb + of + list(n.Needs)
}

// repairing returns the lines on what to repair first.
func (p *Plan) repairing() (lines []string) {
	for i := range p.Repair[:min(maxShown, len(p.Repair))] {
		label := "repair first  "
		if i > 0 {
			label = "       or     "
		}
		lines = append(lines, label+p.Repair[i].text(p))
	}
	if p.Untried > 0 {
		lines = append(lines, fmt.Sprintf("              for %d more that do not return no plan was made", p.Untried))
	}
	return lines
}

// text says what could be served if a repair were done, and what is served otherwise.
func (r *Repair) text(p *Plan) string {
	var could, instead []string
	for i, s := range r.Served {
		if i < len(p.Served) && s.Fraction > p.Served[i].Fraction+settle {
			could = append(could, fmt.Sprintf("%s of %s", topology.Quantity(100*s.Fraction, "%"), s.Demand))
			instead = append(instead, topology.Quantity(100*p.Served[i].Fraction, "%"))
		}
	}
	what := list(r.What)
	if r.Others > 0 {
		what += fmt.Sprintf(" (or another of %d like it)", r.Others)
	}
	if len(could) == 0 {
		return what
	}
	return fmt.Sprintf("%s: %s could be served (instead of %s)", what, strings.Join(could, ", "), strings.Join(instead, ", "))
}
