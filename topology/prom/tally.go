package prom

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A tally is what the series of one rule say.
type tally struct {
	names    []string // of components, as the series come
	totals   map[string]*total
	nameless []string // series without a label of the template
	selected int
	seen     map[string]bool // series, as they are written
	twice    string          // the first series that stands there twice; "" if none
}

// A total is what the series of one component say together.
type total struct {
	sum    float64
	live   int             // series
	absent topology.Reason // of the first series that has ended, or does not begin until later; "" if there is none
	bad    topology.Reason // of the first value that cannot be used; "" if all can
	shown  Series          // and that; else the first that is absent; else the first
}

// tallyOf reads series that have one point each, or none.
func (c compiled) tallyOf(now []Series) *tally {
	t := &tally{totals: map[string]*total{}, seen: map[string]bool{}}
	for _, s := range now {
		if !c.selector.selects(s.Labels) {
			continue
		}
		t.selected++
		t.see(s)
		name, ok := c.template.fill(s.Labels)
		if !ok {
			t.nameless = append(t.nameless, s.String())
			continue
		}
		if t.totals[name] == nil {
			t.names = append(t.names, name)
			t.totals[name] = &total{shown: s}
		}
		t.totals[name].add(s)
	}
	for _, name := range t.names {
		t.totals[name].conclude(c.Factor, c.Field)
	}
	return t
}

func (t *total) add(s Series) {
	reason := judge(s)
	if reason == "" {
		t.live++
		t.sum += s.Points[0].Value
		return
	}
	switch {
	case t.bad != "":
		return
	case reason != Stale && reason != NoValue:
		t.bad = reason
	case t.absent != "":
		return
	default:
		t.absent = reason
	}
	t.shown = s
}

// see notes a series that stands there twice: its values would add up.
func (t *tally) see(s Series) {
	key := s.String()
	if t.seen[key] && t.twice == "" {
		t.twice = key
	}
	t.seen[key] = true
}

// check returns a fault if a series stands there twice.
func (t *tally) check(rule int) error {
	if t.twice == "" {
		return nil
	}
	return topology.Faults{{
		Component: fmt.Sprint("rule ", rule+1), Field: "Metric", Reason: topology.NotUnique,
		Text: cut(t.twice) + " is there twice, and would count twice: join answers to different queries, or of different times, one after the other",
	}}
}

// judge says why the value of a series cannot be used; "" if it can.
func judge(s Series) topology.Reason {
	switch {
	case len(s.Points) == 0:
		return NoValue
	case isStale(s.Points[0].Value):
		return Stale
	case isCounter(s.Labels[nameLabel]):
		return Counter
	}
	return unusable(s.Points[0].Value)
}

// isCounter reports whether a name is one that Prometheus' conventions leave to counters, histograms and summaries.
func isCounter(name string) bool {
	return slices.ContainsFunc([]string{"_total", "_count", "_sum", "_bucket"}, func(end string) bool {
		return strings.HasSuffix(name, end)
	})
}

func unusable(value float64) topology.Reason {
	switch {
	case math.IsNaN(value) || math.IsInf(value, 0):
		return NotFinite
	case value < 0:
		return Negative
	}
	return ""
}

// conclude multiplies the sum, and judges it.
func (t *total) conclude(factor float64, field Field) {
	t.sum *= factor
	switch {
	case t.bad != "":
	case t.live == 0:
		t.bad = t.absent
	case unusable(t.sum) != "":
		t.bad = NotFinite
	case t.sum == 0 && field == Capacity:
		t.bad = Zero
	}
}

// sum adds up what is known of some components.
func (t *tally) sum(names []string) float64 {
	sum := 0.0
	for _, name := range names {
		if total := t.totals[name]; total.bad == "" {
			sum += total.sum
		}
	}
	return sum
}

// Values returns what the series of a rule say of each component, times the factor; at the latest time of any point
// (see [At]). The rule may be without a field, as where servers' load is no demand of theirs. Components of which some
// value cannot be used are not in it, but among the findings.
//
// The error is a [topology.Faults]: what is wrong with the rule, or a series that is there twice.
func Values(series []Series, rule Rule) (map[string]float64, topology.Findings, error) {
	field := rule.Field
	if field == "" {
		rule.Field = Demand
	}
	rules, err := compile([]Rule{rule})
	if err != nil {
		return nil, nil, err
	}
	rules[0].Field = field
	t := rules[0].tallyOf(At(series, time.Time{}, 0))
	if err := t.check(0); err != nil {
		return nil, nil, err
	}
	values := map[string]float64{}
	for _, name := range t.names {
		if total := t.totals[name]; total.bad == "" {
			values[name] = total.sum
		}
	}
	return values, findingsOf(rules[0], t, t.names), nil
}
