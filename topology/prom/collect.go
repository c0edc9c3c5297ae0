package prom

import (
	"fmt"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// What Read takes at most. Each limit is far above what fits a fleet, and keeps hostile input from filling the memory.
const (
	maxSeries    = 1_000_000
	maxPoints    = 5_000_000
	maxLabelText = 256 << 20 // bytes of all labels together
	maxValue     = 16 << 20  // bytes of one series in an answer
	maxLine      = 1 << 20   // bytes of one line of text
)

func newCollector() *collector {
	return &collector{index: map[string]int{}, warned: map[string]bool{}}
}

// A collector puts what is read together, each series once.
type collector struct {
	series   []Series
	index    map[string]int // by Series.String
	points   int
	text     int // bytes of labels
	findings topology.Findings
	warned   map[string]bool
}

// add adds points to the series of these labels, and returns its place among the series.
func (c *collector) add(labels map[string]string, points ...Point) (at int, err error) {
	c.points += len(points)
	key := Series{Labels: labels}.String()
	at, known := c.index[key]
	if !known {
		c.text += len(key)
		at = len(c.series)
		c.index[key] = at
		c.series = append(c.series, Series{Labels: labels})
	}
	switch {
	case len(c.series) > maxSeries:
		return 0, tooLarge("more than %d series: ask for fewer, or for sums of them", maxSeries)
	case c.points > maxPoints:
		return 0, tooLarge("more than %d points: ask for a shorter range or a longer step", maxPoints)
	case c.text > maxLabelText:
		return 0, tooLarge("more than %d MiB of labels: ask for sums by the labels that matter", maxLabelText>>20)
	}
	c.series[at].Points = append(c.series[at].Points, points...)
	return at, nil
}

// warn makes a finding of what the server warns of; once, however many answers say it.
func (c *collector) warn(text string) {
	if !c.warned[text] {
		c.warned[text] = true
		c.findings = append(c.findings, topology.Finding{Class: topology.Suspect, Reason: Warned, Text: "the server says: " + text})
	}
}

// done returns the series with their points in order of time.
func (c *collector) done() ([]Series, error) {
	for i := range c.series {
		if err := c.series[i].sort(); err != nil {
			return nil, err
		}
	}
	return c.series, nil
}

// sort puts points in order of time, and leaves out those that are written twice.
func (s *Series) sort() error {
	slices.SortStableFunc(s.Points, func(a, b Point) int { return a.Time.Compare(b.Time) })
	for i := 1; i < len(s.Points); i++ {
		a, b := s.Points[i-1], s.Points[i]
		if a.Time.Equal(b.Time) && math.Float64bits(a.Value) != math.Float64bits(b.Value) {
			return fault(*s, topology.NotUnique, "the values %v and %v at the same time: read the answers to different queries, and "+
				"what different exporters say, apart", a.Value, b.Value)
		}
	}
	s.Points = slices.CompactFunc(s.Points, func(a, b Point) bool { return a.Time.Equal(b.Time) })
	return nil
}

func fault(s Series, reason topology.Reason, format string, args ...any) error {
	return topology.Faults{{Component: cut(s.String()), Reason: reason, Text: fmt.Sprintf(format, args...)}}
}

func tooLarge(format string, args ...any) error {
	return topology.Faults{{Reason: topology.TooLarge, Text: fmt.Sprintf(format, args...)}}
}

// maxQuote is how many bytes of what was read stand in a fault or a finding.
const maxQuote = 120

// cut returns s, cut where it is long.
func cut(s string) string {
	for i := range s {
		if i > maxQuote {
			return s[:i] + "…"
		}
	}
	return s
}

// quote returns s in quotes, cut where it is long.
func quote(s string) string { return fmt.Sprintf("%q", cut(s)) }
