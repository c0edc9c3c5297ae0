package tipping

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// String returns one line, "server: any 20 of 100 may be lost, 21 may not (not chat-[001-021]); with luck 20.", and if more
// was asked what is known of collapse, of chance and of load, each in a line of its own.
func (p *Point) String() string {
	text := p.Of + ": " + p.Limit.text(p.Count, "hold")
	if p.Surviving == nil {
		return text
	}
	text += "\n  without collapse: " + p.Surviving.text(p.Count, "survive")
	for _, l := range []struct {
		*Limit
		name string
	}{{&p.Limit, "holds"}, {p.Surviving, "does not collapse"}} {
		if parts := l.parts(); parts != "" {
			text += "\n  " + l.name + ": " + parts + "."
		}
	}
	if c := p.Collapse; c != nil {
		when := "at once"
		if c.After > 0 {
			when = "after " + c.After.Round(time.Millisecond).String()
		}
		text += fmt.Sprintf("\n  %s lost: it collapses %s.", cut(c.Scenario.Lose), when)
	}
	return text
}

// text writes how many may be lost, in a sentence; verb is what the fleet then does.
func (l *Limit) text(of int, verb string) string {
	var text string
	switch {
	case l.Certainty == cascade.Undetermined:
		return fmt.Sprintf("how many of %d may be lost is %s: %s", of, l.Certainty, l.Reason)
	case l.AnyMost < 0:
		text = fmt.Sprintf("none of %d may be lost: the fleet does not %s as it is", of, verb)
	case l.Any < 0:
		return fmt.Sprintf("it is not known how many of %d may be lost: %s", of, l.Reason)
	case l.Any == of:
		text = fmt.Sprintf("all %d may be lost", of)
	case l.AnyMost == of:
		text = fmt.Sprintf("any %d of %d may be lost, perhaps more", l.Any, of)
	case l.Any < l.AnyMost:
		text = fmt.Sprintf("any %d of %d may be lost, perhaps up to %d, %d may not (not %s)", l.Any, of, l.AnyMost, l.AnyMost+1, cut(l.Worst.Lose))
	case l.Any == 0:
		text = fmt.Sprintf("not any 1 of %d may be lost (not %s)", of, cut(l.Worst.Lose))
	default:
		text = fmt.Sprintf("any %d of %d may be lost, %d may not (not %s)", l.Any, of, l.Any+1, cut(l.Worst.Lose))
	}
	return text + l.luck(of)
}

func (l *Limit) luck(of int) string {
	some := fmt.Sprint(l.Some)
	if l.Some < 0 {
		some = "none"
	}
	switch {
	case l.Any == of || l.SomeMost < 0:
		return "."
	case l.Some < l.SomeMost && l.SomeMost < of:
		return fmt.Sprintf("; with luck %s, perhaps up to %d: %s", some, l.SomeMost, l.Reason)
	case l.Some < l.SomeMost:
		return fmt.Sprintf("; with luck %s, perhaps more: %s", some, l.Reason)
	case l.Any < l.AnyMost:
		return fmt.Sprintf("; with luck %d: %s", l.Some, l.Reason)
	case l.Some == 0:
		return "; not even with luck."
	default:
		return fmt.Sprintf("; with luck %d.", l.Some)
	}
}

// parts writes what is known of chance, of load and of capacities.
func (l *Limit) parts() string {
	var parts []string
	if len(l.Odds) > 0 {
		parts = append(parts, chances(l.Odds))
	}
	if l.Load != (Flip{}) {
		parts = append(parts, l.Load.text("load to ", "any load", "no load"))
	}
	if l.Capacity != (Flip{}) {
		parts = append(parts, l.Capacity.text("capacity to ", "no capacity", "any capacity"))
	}
	return strings.Join(parts, "; ")
}

// chances writes "of random losses 20 with 95 %, 22 to 23 with 50 %, 25 with 5 % (sampled)", or "20 random losses" if it is
// all one.
func chances(odds []Odds) string {
	var parts []string
	one, sure := true, cascade.Exact
	for _, o := range odds {
		parts = append(parts, fmt.Sprintf("%s with %s", o.lost(), percent(o.Chance)))
		one = one && o.lost() == odds[0].lost()
		if o.Certainty != cascade.Exact && sure != cascade.Sampled {
			sure = o.Certainty
		}
	}
	text := "of random losses " + strings.Join(parts, ", ")
	if one {
		text = odds[0].lost() + " random losses"
	}
	if sure != cascade.Exact {
		text += fmt.Sprintf(" (%s)", sure)
	}
	return text
}

// lost writes "20", "20 to 22" or "no".
func (o Odds) lost() string {
	switch {
	case o.Most < 0:
		return "no"
	case o.Lost < o.Most:
		return fmt.Sprintf("%d to %d", max(0, o.Lost), o.Most)
	default:
		return fmt.Sprint(o.Lost)
	}
}

func (f Flip) text(to, infinite, zero string) string {
	text := to + percent(f.Factor)
	switch {
	case math.IsInf(f.Factor, 1):
		text = infinite
	case f.Factor == 0:
		text = zero
	}
	if f.Certainty != cascade.Exact {
		text += fmt.Sprintf(" (%s)", strings.TrimRight(f.Reason, "."))
	}
	return text
}

// cut writes patterns, the first of them where they are many or long.
func cut(names topology.Names) string {
	more := ""
	if len(names) > 4 {
		names, more = names[:3], fmt.Sprintf(" and %d more", len(names)-3)
	}
	text := []rune(strings.Join(names, ", "))
	if len(text) > mostRunes {
		text = append(text[:mostRunes-1], '…')
	}
	return string(text) + more
}

const mostRunes = 200 // of patterns in a sentence

func percent(x float64) string { return topology.Quantity(100*x, "%") }
