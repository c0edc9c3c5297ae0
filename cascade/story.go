package cascade

import (
	"cmp"
	"fmt"
	"math"
	"slices"
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
		for _, line := range append(o.lines(o.Failures[first:last]), o.leftText(r)) {
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
	worst := slices.MinFunc(all, func(a, b Served) int { return cmp.Compare(a.Fraction, b.Fraction) })
	switch {
	case len(all) == 1:
		return percent(worst.Fraction) + " of " + worst.Demand + " served"
	case worst.Fraction >= 1-topology.Tolerance:
		return fmt.Sprintf("all of %d demands served", len(all))
	default:
		return fmt.Sprintf("of %d demands the worst is %s, %s of it served", len(all), worst.Demand, percent(worst.Fraction))
	}
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
	text := fmt.Sprintf("→ %d up", r.Up)
	if o.t != nil {
		text = fmt.Sprintf("→ %d of %d up", r.Up, o.t.Len())
	}
	if r.Use > 0 {
		text += fmt.Sprintf(", busiest %s at %s", r.Busiest, percent(r.Use))
	}
	return text
}

// lines writes the failures of one round, those alike in one line.
func (o *Outcome) lines(failures []Failure) []string {
	var keys []alike
	groups := map[alike][]Failure{}
	for _, f := range failures {
		k := alike{f.Cause, o.kind(f.Component), f.Left, f.Need, f.Of}
		if groups[k] == nil {
			keys = append(keys, k)
		}
		groups[k] = append(groups[k], f)
	}
	lines := make([]string, len(keys))
	for i, k := range keys {
		lines[i] = together(groups[k])
	}
	return lines
}

// alike is what failures in one line have in common.
type alike struct {
	cause          Cause
	kind           string
	left, need, of int
}

func (o *Outcome) kind(component string) string {
	if o.t == nil {
		return "" // it was not made by Run
	}
	id, _ := o.t.Lookup(component)
	return o.t.Kind(id)
}

// together writes failures that are alike as if they were one.
func together(failures []Failure) string {
	names := make([]string, len(failures))
	one, own := failures[0], false // own: each has lost members of its own
	low, high := one, one
	for i, f := range failures {
		names[i] = f.Component
		own = own || !slices.Equal(f.Lost, one.Lost)
		if f.Load*low.Capacity < low.Load*f.Capacity {
			low = f
		}
		if f.Load*high.Capacity > high.Load*f.Capacity {
			high = f
		}
	}
	one.At = 0 // the round says when
	all := list(topology.Fold(names))
	if len(failures) > 1 {
		all += fmt.Sprintf(" (%d)", len(failures))
	}
	switch {
	case own:
		return all + " likewise: " + one.String()
	case one.Cause == Tripped && (low.Load != high.Load || low.Capacity != high.Capacity):
		return fmt.Sprintf("%s tripped at %s to %s of capacity", all, percent(low.Load/low.Capacity), percent(high.Load/high.Capacity))
	}
	one.Component = all
	return one.String()
}

// list joins patterns, and cuts where they are many or long.
func list(names topology.Names) string {
	const most, long = 4, 60
	var shown []string
	for _, name := range names[:min(len(names), most)] {
		if r := []rune(name); len(r) > long {
			name = string(r[:long-1]) + "…"
		}
		shown = append(shown, name)
	}
	if len(names) > most {
		shown[most-1] = fmt.Sprintf("and %d more", len(names)-most+1)
	}
	return strings.Join(shown, ", ")
}

// percent writes a fraction: "114.3 %".
func percent(x float64) string { return topology.Quantity(100*x, "%") }

// clock writes a time after the scenario, to a thousandth of it or so.
func clock(d time.Duration) string {
	step := time.Second
	switch {
	case d == 0:
		return "at once"
	case d < time.Second:
		step = 100 * time.Microsecond
	case d < time.Minute:
		step = 10 * time.Millisecond
	case d < time.Hour:
		step = 100 * time.Millisecond
	}
	return d.Round(step).String()
}
