package prom

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// clashes returns faults for components whose demand and capacity would be in different units.
func (j *join) clashes() error {
	var faults topology.Faults
	about := map[string][]string{}
	for i := range j.all {
		text := j.all[i].clash()
		if text == "" {
			continue
		}
		if about[text] == nil {
			faults = append(faults, topology.Fault{Reason: topology.UnitClash, Text: text})
		}
		about[text] = append(about[text], j.all[i].name)
	}
	for i := range faults {
		faults[i].Component = some(about[faults[i].Text])
	}
	if faults == nil {
		return nil
	}
	return faults
}

// clash says which two units would stand in one component, or for what it draws and for what it is given; "" if none.
func (c *component) clash() string {
	demand, capacity := c.after(Demand), c.after(Capacity)
	for _, g := range []given{demand, capacity} {
		if c.Unit != "" && g.unit != c.Unit && slices.ContainsFunc(c.Supplies, func(s topology.Supply) bool { return s.PerUnit != 0 }) {
			return fmt.Sprintf("what it draws is given for each %s, and this would be in %s (%s): give a Factor that turns one into the other",
				c.Unit, g.unit, g.from)
		}
	}
	if demand.value == 0 || capacity.value == 0 || demand.unit == "" || capacity.unit == "" || demand.unit == capacity.unit {
		return ""
	}
	return fmt.Sprintf("the demand is in %s (%s), the capacity in %s (%s): give a rule for both, or a Factor that turns one into the other",
		demand.unit, demand.from, capacity.unit, capacity.from)
}

// after returns a field as it is once the rules have been applied.
func (c *component) after(field Field) given {
	g, has := c.given[field]
	if !has {
		g = given{value: c.Demand, from: "as declared"}
		if field == Capacity {
			g.value = c.Capacity
		}
	}
	if g.unit == "" {
		g.unit = c.Unit
	}
	return g
}

// some names up to three of many.
func some(names []string) string {
	const shown = 3
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
