package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/netbox"
)

// text is the report: what there is, what was found, what is lost.
func (a *answer) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", a.counts())
	section(&b, "What looks wrong, and what NetBox does not say", a.found.String())
	section(&b, "What a loss takes down", a.summary()+a.table())
	if len(a.losses) > 0 && a.losses[0].bad() {
		section(&b, "How the worst happens", a.worst.String())
	}
	section(&b, "What is not known", a.notKnown())
	return b.String()
}

// counts says what the fleet is.
func (a *answer) counts() string {
	feeds, watts, draws, drawing := map[string]int{}, 0.0, 0.0, 0
	for id := range topology.ID(a.fleet.Len()) {
		switch a.fleet.Kind(id) {
		case "power feed":
			feeds[a.fleet.Component(id).Labels["type"]]++
			if c := a.fleet.Component(id).Capacity; c > 0 {
				watts += c
			}
		case "device":
			if d := a.fleet.Demand(id); d > 0 {
				draws += d
				drawing++
			}
		}
	}
	drawn := "Draw: of no device."
	if drawing > 0 {
		drawn = fmt.Sprintf("Draw: %s, of %s.", topology.Quantity(draws, "W"), some(drawing, "device"))
	}
	return fmt.Sprintf("%v\nPower feeds: %d primary, %d redundant, %s available. %s", a.fleet,
		feeds["primary"], feeds["redundant"], topology.Quantity(watts, "W"), drawn)
}

// summary says how many losses are bad, and which racks one of them takes down.
func (a *answer) summary() string {
	s := a.screening
	if !a.all {
		first, _, _ := strings.Cut(s.String(), "\n")
		return first + "\nThese are too many to tell what each takes down; some of the worst:\n"
	}
	bad := 0
	var racks []string
	for _, l := range a.losses {
		if l.bad() {
			bad++
		}
		racks = append(racks, l.racks...)
	}
	text := ""
	switch n := len(a.losses); {
	case n == 0:
	case bad == 0:
		text = fmt.Sprintf("%v: none of %s takes anything else down.\n", s.Family, some(n, "loss"))
	default:
		takes := "take"
		if bad == 1 {
			takes = "takes"
		}
		text = fmt.Sprintf("%v: of %s, %d %s devices or feeds down.\n", s.Family, some(n, "loss"), bad, takes)
	}
	if racks = a.inOrder(racks); len(racks) > 0 {
		text += fmt.Sprintf("Racks in which one loss takes down all of which a power feed is known: %d of %d: %s\n",
			len(racks), a.racks(), list(racks))
	}
	if a.intact.Verdict != cascade.Holds {
		text += "With nothing lost, power feeds are overloaded already: " + a.intact.String() + "\n"
	}
	return text
}

// inOrder returns names once each, in order of the fleet.
func (a *answer) inOrder(names []string) []string {
	id := func(name string) topology.ID { id, _ := a.fleet.Lookup(name); return id }
	slices.SortFunc(names, func(x, y string) int { return int(id(x) - id(y)) })
	return slices.Compact(names)
}

// racks counts the racks with devices that draw power.
func (a *answer) racks() int {
	n := len(a.powered)
	if a.powered[""] > 0 {
		n--
	}
	return n
}

// table has a line for each of the worst losses, and one for the closest of those that do nothing.
func (a *answer) table() string {
	var b strings.Builder
	bad := slices.IndexFunc(a.losses, func(l loss) bool { return !l.bad() })
	if bad < 0 {
		bad = len(a.losses)
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, l := range a.losses[:min(bad, fewLosses)] {
		fmt.Fprintf(w, "  %v\t%s\n", l.scenario, a.line(l))
	}
	w.Flush()
	if more := bad - fewLosses; more > 0 {
		fmt.Fprintf(&b, "  and %d more, none of them worse\n", more)
	}
	if bad < len(a.losses) && a.losses[bad].left.Use > 0 {
		next := a.losses[bad]
		fmt.Fprintf(&b, "Of those that hold, the closest is %v: %s\n", next.scenario, busiest(next))
	}
	return b.String()
}

// busiest says how loaded what is left is.
func busiest(l loss) string {
	return fmt.Sprintf("it leaves %s at %s", l.left.Busiest, topology.Quantity(100*l.left.Use, "%"))
}

// line says what a loss leads to: "feed/… trips at 4,224 of 3,520 W; 2 devices dark: all of rack/DC/R1".
func (a *answer) line(l loss) string {
	var parts []string
	if l.first != nil {
		parts = append(parts, l.first.String())
		if l.trips > 1 {
			parts[0] += fmt.Sprintf(", and %d more", l.trips-1)
		}
	}
	if l.dark > 0 {
		dark := fmt.Sprintf("%d of %s dark", l.dark, some(len(a.rack), "device"))
		if len(l.racks) > 0 {
			dark += ": all of " + list(a.inOrder(slices.Clone(l.racks)))
		}
		parts = append(parts, dark)
	}
	if l.trips == 0 && l.left.Use > 0 {
		parts = append(parts, busiest(l))
	}
	return strings.Join(parts, "; ")
}

// notKnown says of how much of the fleet the answer is silent.
func (a *answer) notKnown() string {
	var lines []string
	for _, f := range a.unknown() {
		n := len(f.About)
		switch f.Reason {
		case netbox.NotFed:
			lines = append(lines, "No power feed is known of "+some(n, "device")+".")
		case netbox.UnknownDraw:
			lines = append(lines, "No draw, or only part of it, is known of "+some(n, "device")+".")
		case netbox.InletDraw:
			lines = append(lines, "What draws part of the allocated draw is not known of "+some(n, "PDU inlet")+".")
		case netbox.UnknownCapacity:
			lines = append(lines, "No limit is known of "+some(n, "power feed")+".")
		default:
			lines = append(lines, "Pages are missing of "+some(n, "list")+".")
		}
	}
	switch {
	case a.screening.Scenarios.Sign() == 0:
		lines = append(lines, "No power feed or panel is in the data, so nothing can be lost.")
	case a.screening.Unasked.Cmp(a.screening.Scenarios) == 0:
		lines = append(lines, "Nothing that draws a known power has a feed, so nothing can be overloaded, and only what "+
			"loses its last feed is told: give the power ports an allocated draw in NetBox, or try -draw.")
	}
	return strings.Join(lines, "\n")
}

// list writes names in short.
func list(names []string) string {
	const most, few = 100, 3
	if text := strings.Join(topology.Fold(names), ", "); len(text) <= most || len(names) <= few {
		return text
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}

func some(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case strings.HasSuffix(what, "s"):
		return fmt.Sprintf("%d %ses", n, what)
	default:
		return fmt.Sprintf("%d %ss", n, what)
	}
}

func section(b *strings.Builder, title, text string) {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
	}
}
