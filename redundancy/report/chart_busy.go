package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

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
