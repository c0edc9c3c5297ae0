package report

import (
	"fmt"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A diagram is what both formats write.
type diagram struct {
	title string
	nodes []node
	edges []edge
	told  bool // there is an outcome
}

// A node is components drawn as one.
type node struct {
	lines []string // of its label
	class class
}

// An edge is the links of one sort from the components of a node to those of another.
type edge struct {
	from, to int // of nodes
	line     line
	label    string
}

// draw returns the finest diagram that is within the limits.
func draw(t *topology.Topology, outcome *cascade.Outcome) (*diagram, error) {
	fates, err := fatesOf(t, outcome)
	if err != nil {
		return nil, err
	}
	title := t.String()
	if outcome != nil {
		title = headline(outcome)
	}
	title = short(title, maxTitle)
	p := painter{t: t, fates: fates}
	if d := p.diagram(title, p.alike()); d.readable() {
		return d, nil
	}
	title += ", by kind"
	if d := p.diagram(title, p.byKindAndFate()); d.readable() {
		return d, nil
	}
	return p.diagram(title, p.byKind()), nil
}

// readable reports whether a diagram is within the limits; one without nodes was given up.
func (d *diagram) readable() bool {
	return 0 < len(d.nodes) && len(d.nodes) <= MaxNodes && len(d.edges) <= MaxEdges && len(d.mermaid()) <= maxText
}

// headline says how a scenario ends: "board-1 collapses, users served to 0 %".
func headline(o *cascade.Outcome) string {
	text := fmt.Sprintf("%s %s", o.Scenario, o.Verdict)
	if len(o.Served) == 0 {
		return text
	}
	worst := o.Served[0]
	for _, s := range o.Served {
		if s.Fraction < worst.Fraction {
			worst = s
		}
	}
	return fmt.Sprintf("%s, %s served to %s", text, worst.Demand, percent(worst.Fraction))
}

func percent(fraction float64) string { return topology.Quantity(100*fraction, "%") }
