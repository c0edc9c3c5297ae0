package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// The measures of a chart, in characters.
const (
	chartLabel   = 10
	chartColumns = 60 // of time; with the label and a line between them 72
	chartRows    = 5  // of a panel: something, 25 %, 50 %, 75 %, all
	chartTicks   = 4

	maxPanels = 3 // of demands
	maxPowers = 2 // kinds of which the power is drawn
	maxBusy   = 8 // kinds of which the utilization is shown
)

// Chart draws a timeline as text of 72 columns: what becomes of each demand, what the servers do, how much power is drawn,
// and how busy the busiest component of each kind is, over time. A column shows the highest load of its time, and how
// the servers stand at its end. Where a surge decays between two moments, it is drawn as high as at the first; ask
// [restart.Plan.Timeline] for moments in between, or let [Runbook] do so. The error is that of the writer.
func Chart(w io.Writer, line *restart.Timeline) error {
	_, err := io.WriteString(w, chartOf(line))
	return err
}

// A chart is a timeline cut into columns.
type chart struct {
	strings.Builder
	line    *restart.Timeline
	end     time.Duration
	columns [chartColumns]span
}

// A span is the moments of a column, first and last; the first may have begun before it.
type span struct{ first, last int }

func chartOf(line *restart.Timeline) string {
	if len(line.Moments) == 0 {
		return ""
	}
	c := &chart{line: line, end: horizon(line.Moments[len(line.Moments)-1].At)}
	c.cut()
	for i := range min(len(line.Demands), maxPanels) {
		c.traffic(i)
	}
	if more := len(line.Demands) - maxPanels; more > 0 {
		fmt.Fprintf(c, "and %d more demands\n\n", more)
	}
	c.servers()
	c.power()
	c.axis()
	c.busy()
	return c.String()
}

// ticks are good distances between times on an axis; above, they double.
var ticks = []time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// horizon returns where an axis ends on which a time is to be shown.
func horizon(last time.Duration) time.Duration {
	if last == 0 {
		return chartTicks * time.Minute
	}
	for _, tick := range ticks {
		if last < chartTicks*tick {
			return chartTicks * tick
		}
	}
	end := chartTicks * ticks[len(ticks)-1]
	for end <= last && end <= math.MaxInt64/2 {
		end *= 2
	}
	return max(end, last)
}

// beginOf returns when a column begins.
func beginOf(column int, end time.Duration) time.Duration {
	return end/chartColumns*time.Duration(column) + end%chartColumns*time.Duration(column)/chartColumns
}

// cut finds the moments of each column.
func (c *chart) cut() {
	moments := c.line.Moments
	at := 0
	for i := range c.columns {
		for at+1 < len(moments) && moments[at+1].At <= beginOf(i, c.end) {
			at++
		}
		c.columns[i].first = at
		for at+1 < len(moments) && (moments[at+1].At < beginOf(i+1, c.end) || i == chartColumns-1) {
			at++
		}
		c.columns[i].last = at
	}
}

// moments returns those of a column.
func (c *chart) moments(column int) []restart.Moment {
	s := c.columns[column]
	return c.line.Moments[s.first : s.last+1]
}

// panel draws rows up to a level, with the mark that a column has at each level; what is not 0 has the lowest row.
func (c *chart) panel(title string, top float64, unit string, mark func(column int, level float64) byte) {
	fmt.Fprintln(c, title)
	for row := chartRows - 1; row >= 0; row-- {
		level, label := top*float64(row)/(chartRows-1), ""
		if row == chartRows-1 || row == chartRows/2 {
			label = topology.Quantity(level, unit)
		}
		if row == 0 {
			level = math.SmallestNonzeroFloat64
		}
		level *= 1 - topology.Tolerance
		marks := make([]byte, chartColumns)
		for i := range marks {
			marks[i] = mark(i, level)
		}
		c.row(label, string(marks))
	}
	fmt.Fprintln(c)
}

func (c *chart) row(label, marks string) {
	fmt.Fprintln(c, strings.TrimRight(fmt.Sprintf("%*s |%s", chartLabel, short(label, chartLabel), marks), " "))
}

// axis draws the times, and where the steps are.
func (c *chart) axis() {
	steps := []byte(strings.Repeat(" ", chartColumns))
	var labels strings.Builder
	for i := range steps {
		if s := c.columns[i]; slices.ContainsFunc(c.line.Moments[s.first:s.last+1], func(m restart.Moment) bool {
			return len(m.Steps) > 0 && m.At >= beginOf(i, c.end)
		}) {
			steps[i] = '^'
		}
		if i%(chartColumns/chartTicks) == 0 {
			fmt.Fprintf(&labels, "%-*s", chartColumns/chartTicks, clock.Time(beginOf(i, c.end)))
		}
	}
	tick := "+" + strings.Repeat("-", chartColumns/chartTicks-1)
	fmt.Fprintf(c, "%*s%s\n", chartLabel+2, "", strings.Repeat(tick, chartTicks))
	c.row("steps", string(steps))
	end := clock.Time(c.end)
	text := []rune(labels.String())
	fmt.Fprintf(c, "%*s%s%s\n", chartLabel+2, "", string(text[:chartColumns-len(end)]), end)
}
