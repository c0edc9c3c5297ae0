package cascade

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// String tells the story: the verdict, then what went down in each round and what that left.
func (o *Outcome) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s; %s.\n", o.Scenario, o.Verdict, servedText(o.Served), marginText(o.Margin))
	first := 0
	for round, r := range o.Rounds {
		last := first
		for last < len(o.Failures) && o.Failures[last].Round == round {
			last++
		}
		mark := fmt.Sprintf("  round %-3d %-8s ", round, clock(r.At))
		for _, line := range append(groupLines(o.Failures[first:last]), o.leftText(r)) {
			b.WriteString(mark + line + "\n")
			mark = strings.Repeat(" ", len(mark))
		}
		first = last
	}
	if o.Timing {
		b.WriteString("  The end may depend on which of them trips first; it is told for the trip times given.\n")
	}
	return b.String()
}

func servedText(all []Served) string {
	if len(all) == 0 {
		return "no demand is left to serve"
	}
	worst := all[0]
	for _, s := range all {
		if s.Fraction < worst.Fraction {
			worst = s
		}
	}
	text := percent(worst.Fraction) + " of " + worst.Demand + " served"
	if len(all) > 1 {
		text = "of " + fmt.Sprint(len(all)) + " demands the worst served is " + worst.Demand + ", to " + percent(worst.Fraction)
	}
	return text
}

func marginText(m float64) string {
	switch {
	case m == 0:
		return "no load would be small enough to hold"
	case math.IsInf(m, 1):
		return "no load would be too much"
	case m < 1:
		return "it would hold at " + percent(m) + " of the load"
	default:
		return "it holds up to " + percent(m) + " of the load"
	}
}

func (o *Outcome) leftText(r Round) string {
	text := fmt.Sprintf("→ %d of %d up", r.Up, o.t.Len())
	if r.Busiest != "" {
		text += fmt.Sprintf(", busiest %s at %s", r.Busiest, percent(r.Use))
	}
	return text
}

// groupLines writes failures of one round, those alike in one line.
func groupLines(failures []Failure) []string {
	type key struct {
		cause          Cause
		lost, unit     string
		left, need     int
		load, capacity string
	}
	var keys []key
	groups := map[key][]string{}
	for _, f := range failures {
		k := key{cause: f.Cause, lost: list(f.Lost), left: f.Left, need: f.Need}
		if f.Cause == Tripped {
			k.load, k.capacity = topology.Quantity(f.Load, ""), topology.Quantity(f.Capacity, f.Unit)
		}
		if groups[k] == nil {
			keys = append(keys, k)
		}
		groups[k] = append(groups[k], f.Component)
	}
	var lines []string
	for i, k := range keys {
		if i == 8 && len(keys) > 9 {
			more := 0
			for _, k := range keys[i:] {
				more += len(groups[k])
			}
			return append(lines, fmt.Sprintf("and %d more", more))
		}
		names := groups[k]
		f := Failure{Component: list(topology.Fold(names)), Cause: k.cause, Left: k.left, Need: k.need, Lost: topology.Names{k.lost}}
		line := f.String()
		if k.cause == Tripped {
			line = fmt.Sprintf("%s tripped at %s of %s", f.Component, k.load, k.capacity)
		}
		if len(names) > 1 {
			line += fmt.Sprintf(" (%d)", len(names))
		}
		lines = append(lines, line)
	}
	return lines
}

// list joins patterns, and cuts where they are many.
func list(names topology.Names) string {
	const most = 4
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most-1], ", "), len(names)-most+1)
}

// percent writes a fraction: "114.3 %".
func percent(x float64) string { return topology.Quantity(100*x, "%") }

// clock writes a time after the scenario, to four digits.
func clock(d time.Duration) string {
	switch {
	case d == 0:
		return "at once"
	case d < time.Second:
		return d.Round(100 * time.Microsecond).String()
	case d < time.Minute:
		return d.Round(10 * time.Millisecond).String()
	default:
		return d.Round(time.Second).String()
	}
}
