package report

import (
	"cmp"
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

// traffic draws a demand.
func (c *chart) traffic(demand int) {
	d := c.line.Demands[demand]
	comes := func(t restart.Traffic) float64 { return t.Admitted + t.Surge }
	var columns [chartColumns]restart.Traffic
	top, surges := d.Asked, false
	for i := range columns {
		for _, m := range c.moments(i) {
			if t := m.Demands[demand]; comes(t) >= comes(columns[i]) {
				columns[i] = t
			}
		}
		top, surges = max(top, comes(columns[i])), surges || columns[i].Surge > 0
	}
	surge := ""
	if surges {
		surge = "   + surge, served"
	}
	title := fmt.Sprintf("Traffic of %s   # served%s   . held back   ! not served", short(printable(d.Name), 14), surge)
	c.panel(title, top, "", func(i int, level float64) byte {
		t := columns[i]
		switch {
		case level <= min(t.Served, t.Admitted):
			return '#'
		case level <= t.Served:
			return '+'
		case level <= comes(t):
			return '!'
		case level <= d.Asked:
			return '.'
		}
		return ' '
	})
}

// servers draws what is put in rotation; where nothing is, all components.
func (c *chart) servers() {
	rotates := slices.ContainsFunc(c.line.Groups, func(g restart.Group) bool { return g.Rotates })
	total, names := 0, []string{}
	for _, g := range c.line.Groups {
		if g.Rotates || !rotates {
			total += g.Count
			names = append(names, printable(g.Name))
		}
	}
	if total == 0 {
		return
	}
	title := fmt.Sprintf("%s   # in rotation   + ready   o booting   . down", short(strings.Join(names, ", "), 24))
	c.panel(title, float64(total), "", func(i int, level float64) byte {
		m, sum := c.line.Moments[c.columns[i].last], restart.Standing{}
		for g, s := range m.Groups {
			if c.line.Groups[g].Rotates || !rotates {
				sum.Rotating, sum.Ready, sum.Booting = sum.Rotating+s.Rotating, sum.Ready+s.Ready, sum.Booting+s.Booting
			}
		}
		switch {
		case level <= float64(sum.Rotating):
			return '#'
		case level <= float64(sum.Rotating+sum.Ready):
			return '+'
		case level <= float64(sum.Rotating+sum.Ready+sum.Booting):
			return 'o'
		}
		return '.'
	})
}

// power draws what the components of the kinds that have watts carry together, those with the most.
func (c *chart) power() {
	var kinds []int
	most := make([]float64, len(c.line.Groups))
	for g, group := range c.line.Groups {
		for _, m := range since(c.line) {
			most[g] = max(most[g], m.Groups[g].Load)
		}
		if slices.Contains([]string{"W", "kW", "MW", "VA", "kVA", "MVA"}, group.Unit) && most[g] > 0 {
			kinds = append(kinds, g)
		}
	}
	slices.SortStableFunc(kinds, func(a, b int) int { return cmp.Compare(most[b], most[a]) })
	kinds = slices.CompactFunc(kinds, func(a, b int) bool { return most[a] == most[b] }) // the one feeds the other
	for _, g := range kinds[:min(len(kinds), maxPowers)] {
		var columns [chartColumns]float64
		for i := range columns {
			for _, m := range c.moments(i) {
				columns[i] = max(columns[i], m.Groups[g].Load)
			}
		}
		title := "Power drawn from " + short(printable(c.line.Groups[g].Name), 24)
		if n := c.line.Groups[g].Count; n > 1 {
			title += fmt.Sprintf(", all %d together", n)
		}
		c.panel(title, most[g], c.line.Groups[g].Unit, func(i int, level float64) byte {
			if level <= columns[i] {
				return '#'
			}
			return ' '
		})
	}
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

// busy shows the utilization of the busiest component of each kind, those that come nearest to their capacity.
func (c *chart) busy() {
	peaks := peaksOf(c.line)
	peaks = peaks[:min(len(peaks), maxBusy)]
	if len(peaks) == 0 {
		return
	}
	fmt.Fprintln(c, "\nThe busiest of each kind, in tenths of its capacity (F is full)")
	for _, p := range peaks {
		marks := make([]byte, chartColumns)
		for i := range marks {
			used := 0.0
			for _, m := range c.moments(i) {
				used = max(used, m.Groups[p.group].Busiest.Utilization())
			}
			marks[i] = tenths(used)
		}
		c.row(printable(c.line.Groups[p.group].Name), string(marks))
	}
	for _, p := range peaks {
		fmt.Fprintln(c, short(fmt.Sprintf("%*s  at most %s, at %s", chartLabel, short(printable(c.line.Groups[p.group].Name), chartLabel),
			usedText(p.peak, c.line.Groups[p.group].Unit), clock.Time(p.at)), chartLabel+2+chartColumns))
	}
}

// tenths returns the digit of a utilization.
func tenths(used float64) byte {
	switch {
	case used <= 0:
		return ' '
	case topology.Overloaded(used, 1):
		return '!'
	case used >= 1-topology.Tolerance:
		return 'F'
	}
	return '0' + byte(used*10)
}

// since returns the moments from the first step on.
func since(line *restart.Timeline) []restart.Moment {
	return line.Moments[min(1, max(0, len(line.Moments)-1)):]
}

// A reached is the highest utilization that a group reaches.
type reached struct {
	group int
	peak  restart.Peak
	at    time.Duration
}

// peaksOf returns what each group reaches at its first highest, the highest first; none for those that carry nothing.
func peaksOf(line *restart.Timeline) []reached {
	var all []reached
	for g := range line.Groups {
		best := reached{group: g}
		for _, m := range since(line) {
			if p := m.Groups[g].Busiest; p.Utilization() > best.peak.Utilization()*(1+topology.Tolerance) {
				best.peak, best.at = p, m.At
			}
		}
		if best.peak.Utilization() > 0 {
			all = append(all, best)
		}
	}
	slices.SortStableFunc(all, func(a, b reached) int { return cmp.Compare(b.peak.Utilization(), a.peak.Utilization()) })
	return all
}

// usedText writes a peak: "board-3 at 8.2 of 10 kW (82 %)".
func usedText(p restart.Peak, unit string) string {
	return fmt.Sprintf("%s at %s (%s)", printable(p.Component), topology.LoadOf(p.Load, p.Capacity, unit), topology.Quantity(100*p.Utilization(), "%"))
}
