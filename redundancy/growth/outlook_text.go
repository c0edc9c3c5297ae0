package growth

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// String returns a table: a line for the fleet with nothing lost, one for each of the first scenarios to go, and how many
// have gone within some months.
func (l *Outlook) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v, %s%s: %s.\n", l.Family, l.pace(), since(dateText(l.From)), sure(l.Certainty, l.Reason))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, d := range slices.Concat([]Deadline{l.Intact}, l.First) {
		fmt.Fprintf(w, "  %s\t%s of the load\t%s%s\n", d.name(), percent(d.Margin), l.when(d), d.ending())
	}
	w.Flush()
	if len(l.Within) > 0 {
		fmt.Fprintf(&b, "  no longer hold, of %s: %s\n", plural(float(l.Scenarios), "scenario"), l.counts())
	}
	return strings.TrimRight(b.String(), "\n")
}

// pace says how load grows: "3 % a month (batch 10 %)".
func (l *Outlook) pace() string {
	text := percent(l.Monthly) + " a month"
	var own []string
	for pattern, rate := range l.Rates {
		own = append(own, pattern+" "+percent(rate))
	}
	slices.Sort(own)
	if len(own) > 0 {
		text += " (" + strings.Join(own, ", ") + ")"
	}
	return text
}

func since(day string) string {
	if day == "" {
		return ""
	}
	return " from " + day
}

func sure(c cascade.Certainty, reason string) string {
	if reason == "" {
		return string(c)
	}
	return string(c) + ", " + strings.TrimSuffix(reason, ".")
}

// when says when a margin is used up: a day, or months.
func (l *Outlook) when(d Deadline) string {
	switch {
	case d.Already():
		return "used up already"
	case math.IsInf(d.Months, 1):
		return "never used up"
	case d.Months > lastMonth:
		return "after 100 years"
	case l.From.IsZero():
		return "in " + plural(math.Floor(float64(d.Months*10)+rounding)/10, "month")
	}
	return dateText(d.Until)
}

func (l *Outlook) counts() string {
	var all []string
	for _, c := range l.Within {
		when := "now"
		if c.Months > 0 {
			when = fmt.Sprintf("within %d months", c.Months)
		}
		many := c.Part.String()
		if c.Used != nil {
			many = topology.Quantity(float(c.Used), "")
		}
		all = append(all, many+" "+when)
	}
	return strings.Join(all, ", ")
}

// name is what a limit is of: "board-1 and 3 alike".
func (l Limit) name() string {
	text := short(l.Scenario.String())
	if l.Alike != nil && float(l.Alike) > 1 {
		text += " and " + topology.Quantity(float(l.Alike)-1, "") + " alike"
	}
	return text
}

// ending says what ends it: the column of a table; "" for nothing.
func (l Limit) ending() string {
	switch {
	case l.Full != "":
		return "\t" + l.Full + " is full"
	case l.Margin == 0:
		return "\ta demand is cut off"
	}
	return ""
}

// sentence says how far load may grow, and what ends it.
func (l Limit) sentence() string {
	switch {
	case math.IsInf(l.Margin, 1):
		return "any load is safe"
	case l.Margin == 0 && l.Full == "":
		return "no load is safe: a demand is cut off " + during(l.Scenario)
	case l.Margin == 0:
		return "no load is safe: " + l.Full + " is full " + during(l.Scenario)
	case l.Full == "":
		return "safe to " + percent(l.Margin) + " of the load, where it ends " + during(l.Scenario)
	}
	return "safe to " + percent(l.Margin) + " of the load, where " + l.Full + " is full " + during(l.Scenario)
}

// during is the scenario in which something is so: "in board-1".
func during(s cascade.Scenario) string {
	if text := s.String(); text != (cascade.Scenario{}).String() {
		return "in " + short(text)
	}
	return "with nothing lost"
}

// short cuts what is too long for a table.
func short(text string) string {
	const most = 60
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

func percent(part float64) string {
	if math.IsInf(part, 1) {
		return "any part"
	}
	return topology.Quantity(100*part, "%")
}

func plural(n float64, what string) string {
	if n != 1 {
		what += "s"
	}
	return topology.Quantity(n, "") + " " + what
}
