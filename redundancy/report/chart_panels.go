package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/restart"
)

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
	absent := "held back"
	if !d.Gated {
		absent = "not there"
	}
	title := fmt.Sprintf("Traffic of %s   # served%s   . %s   ! not served", short(printable(d.Name), 14), surge, absent)
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
