// Package beside sets what a plan does beside what happened, on one clock, and writes figures of both alike.
package beside

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// An Event is something on record.
type Event struct {
	At   time.Duration // after the plan begins; negative before
	What string        // with its source
}

// column is how wide each text is.
const column = 52

// Print writes two columns: the record, and the plan for the same fleet. What the plan does at one instant is one entry; of a
// plan with many instants only those are shown that begin, end, power on what has no kind, or take the admitted fraction past a
// quarter.
func Print(w io.Writer, t *topology.Topology, p *restart.Plan, record []Event) {
	rows := map[time.Duration][2]string{}
	for _, e := range record {
		row := rows[e.At]
		row[0] = strings.TrimPrefix(row[0]+"; "+e.What, "; ")
		rows[e.At] = row
	}
	for _, i := range shown(t, instants(p)) {
		row := rows[i.at]
		row[1] = i.text(t)
		rows[i.at] = row
	}
	line(w, "", "what happened", "what the plan does")
	line(w, "", strings.Repeat("-", column), strings.Repeat("-", column))
	var ats []time.Duration
	for at := range rows {
		ats = append(ats, at)
	}
	slices.Sort(ats)
	for _, at := range ats {
		left, right := wrap(rows[at][0]), wrap(rows[at][1])
		clock := Clock(at)
		for i := range max(len(left), len(right)) {
			line(w, clock, nth(left, i), nth(right, i))
			clock = ""
		}
	}
}

func line(w io.Writer, clock, left, right string) {
	text := fmt.Sprintf("  %7s  %s%s | %s", clock, left, strings.Repeat(" ", max(0, column-utf8.RuneCountInString(left))), right)
	fmt.Fprintln(w, strings.TrimRight(text, " "))
}

func nth(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// wrap breaks a text into lines of a column, between words.
func wrap(text string) []string {
	var lines []string
	for word := range strings.FieldsSeq(text) {
		if last := len(lines) - 1; last >= 0 && utf8.RuneCountInString(lines[last]+" "+word) <= column {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

// Clock writes a time in hours and minutes: "127:30".
func Clock(at time.Duration) string {
	sign := ""
	if at < 0 {
		sign, at = "-", -at
	}
	return fmt.Sprintf("%s%d:%02d", sign, int(at.Hours()), int(at.Minutes())%60)
}

// Violation tells what goes wrong, an overload with its time as Clock writes it: "at 0:05 cache-1 would be overloaded: 120 of
// 25 W". Its Error has minutes and seconds, "5:00", which beside times in hours reads as five of them.
func Violation(v *restart.Violation) string {
	switch {
	case v == nil:
		return "safe"
	case v.Reason != restart.Overload:
		return v.Error()
	}
	f := v.Failure
	return fmt.Sprintf("at %s %s would be overloaded: %s", Clock(v.At), f.Component, topology.LoadOf(f.Load, f.Capacity, f.Unit))
}

// Minutes writes a duration in minutes.
func Minutes(d time.Duration) string { return topology.Quantity(d.Minutes(), "min") }

// Percent writes a fraction.
func Percent(x float64) string { return topology.Quantity(100*x, "%") }

// Number writes a number without a unit.
func Number(x float64) string { return topology.Quantity(x, "") }
