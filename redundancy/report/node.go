package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// diagram draws a grouping.
func (p painter) diagram(title string, g grouping) *diagram {
	d := &diagram{title: title, told: p.fates.told}
	for i := range g.ids {
		d.nodes = append(d.nodes, p.node(g, i))
	}
	if len(g.ids) > 0 {
		d.edges = p.edges(g)
	}
	return d
}

func (p painter) node(g grouping, i int) node {
	ids := g.ids[i]
	n := node{class: p.worst(ids)}
	for _, line := range []string{g.names[i], p.sort(g, ids), p.demand(ids), p.state(ids)} {
		if line != "" {
			n.lines = append(n.lines, short(line, maxLine))
		}
	}
	return n
}

// sort says of which kind components are, and how many.
func (p painter) sort(g grouping, ids []topology.ID) string {
	kind := p.t.Kind(ids[0])
	switch {
	case len(ids) == 1 && (g.fine || kind == ""):
		return kind
	case !g.fine || kind == "":
		return phrase.Plural(len(ids), "component")
	default:
		return topology.Quantity(float64(len(ids)), kind)
	}
}

// demand writes the sum of the demands of components as declared; "" if there is none, or no common unit.
func (p painter) demand(ids []topology.ID) string {
	sum, unit, of := 0.0, "", 0
	for _, id := range ids {
		d := p.t.Demand(id)
		if d == 0 {
			continue
		}
		if of > 0 && p.t.Unit(id) != unit {
			return ""
		}
		sum, unit, of = sum+d, p.t.Unit(id), of+1
	}
	switch of {
	case 0:
		return ""
	case 1:
		return "demand " + topology.Quantity(sum, unit)
	default:
		return "demand " + topology.Quantity(sum, unit) + " in all"
	}
}

// worst returns the colour of components: that of the first to go down, else of what is overloaded, else of the rest.
func (p painter) worst(ids []topology.ID) class {
	worst := isUp
	for _, id := range ids {
		c := p.fates.fate[id].class()
		if worst < round0 && c > worst || c >= round0 && c < worst {
			worst = c
		}
	}
	return worst
}

// state says what became of components, and how much the busiest of them carries.
func (p painter) state(ids []topology.ID) string {
	var of [classes]int
	first, last := fate(math.MaxInt), fate(math.MinInt)
	for _, id := range ids {
		f := p.fates.fate[id]
		of[f.class()]++
		first, last = min(first, f), max(last, f)
	}
	switch {
	case first.class() != last.class():
		return p.mixed(of)
	case first >= 0 && first < last:
		return fmt.Sprintf("down in rounds %d to %d", first, last)
	case first >= 0:
		return fmt.Sprintf("down in round %d", first)
	}
	text, use := first.class().text(), p.use(ids)
	if first == up && !p.fates.told {
		return use
	}
	if use != "" {
		text += ", " + use
	}
	return text
}

func (p painter) mixed(of [classes]int) string {
	var parts []string
	for c := range classes {
		if of[c] > 0 {
			parts = append(parts, topology.Quantity(float64(of[c]), c.text()))
		}
	}
	return strings.Join(parts, ", ")
}

// use writes the highest part of its capacity that one of the components carries; "" if none has a limit.
func (p painter) use(ids []topology.ID) string {
	low, high := math.Inf(1), math.Inf(-1)
	for _, id := range ids {
		if use := p.fates.use[id]; !math.IsNaN(use) {
			low, high = min(low, use), max(high, use)
		}
	}
	switch {
	case high < low:
		return ""
	case percent(high) != percent(low):
		return "at most " + percent(high)
	default:
		return "at " + percent(high)
	}
}
