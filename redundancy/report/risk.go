package report

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// The limits of the page of risks.
const (
	maxRows = 20   // of a table
	matters = .001 // part of what is likely from which on a component is ranked
)

// Risk writes a page in Markdown for a design review or a post-mortem: how likely a top is down, what takes it down alone, how many
// groups of failures do, the likeliest of them, what to fix first, and how long outages last. These are what
// [risk.Analysis.Outages] found; without any, the page does not speak of them.
//
// A table has up to 20 rows. Groups without a probability are counted and, where they are of one, named; where none has
// one, the smallest are listed. Ranked are the components that are in a thousandth of what is likely. The same analysis gives
// the same bytes. It takes the time of [risk.Analysis.Likeliest] and of [risk.Analysis.Importance]. The error is that of the
// writer, or says that there is no analysis.
func Risk(w io.Writer, a *risk.Analysis, outages []risk.Outage) error {
	if a == nil {
		return errors.New("there is no analysis: it is nil")
	}
	p := &riskPage{a: a, rated: len(a.Likeliest(1)) > 0}
	p.head()
	p.groups()
	p.importance()
	p.outages(outages)
	_, err := io.WriteString(w, p.String())
	return err
}

// A riskPage is being written.
type riskPage struct {
	strings.Builder
	a     *risk.Analysis
	rated bool // some group has a probability
}

// head tells what is asked about, how likely it is, and what this leaves out.
func (p *riskPage) head() {
	fmt.Fprintf(p, "# What takes %s down\n\n%s\n\n", code(p.a.Top), prose(p.a.Summary()))
	p.WriteString("This is by what is needed alone, whatever the load: what overload takes down comes on top.\n")
}

// groups tells what takes it down alone, counts the groups, and lists the likeliest.
func (p *riskPage) groups() {
	p.WriteString("\n## Groups of failures\n\n")
	if alone := p.a.Alone(); len(alone) > 0 {
		fmt.Fprintf(p, "Alone: %s.\n\n", codes(alone))
	}
	p.counts()
	if p.rated {
		p.likeliest()
	} else {
		p.smallest()
	}
}

func (p *riskPage) counts() {
	t := table{columns: []string{"failing together", "groups"}, numbers: true}
	for size, n := range p.a.Count {
		if n != nil && n.Sign() > 0 {
			t.row(topology.Quantity(float64(size), ""), phrase.Whole(n))
		}
	}
	t.write(p)
	switch {
	case len(t.rows) == 0 && p.a.UpTo == 0:
		p.WriteString("No failure of what may fail takes it down.\n")
	case len(t.rows) == 0:
		fmt.Fprintf(p, "No group of up to %d takes it down; larger ones are not told.\n", p.a.UpTo)
	case p.a.UpTo > 0:
		fmt.Fprintf(p, "\nThese are all of up to %d; larger ones are not told.\n", p.a.UpTo)
	}
}

func (p *riskPage) likeliest() {
	t := table{title: "The likeliest", columns: []string{"group", "probability", "part of the sum"}}
	for _, g := range p.a.Likeliest(maxRows) {
		t.row(group(g), fmt.Sprintf("%.4g", g.Probability), percent(g.Probability/p.a.RareEvents))
	}
	t.write(p)
	fmt.Fprintf(p, "\nThe sum over the groups is %.4g.\n", p.a.RareEvents)
}

func (p *riskPage) smallest() {
	t := table{title: "The smallest", columns: []string{"group", "size"}}
	for g := range p.a.Groups() {
		if len(t.rows) == maxRows {
			break
		}
		t.row(group(g), topology.Quantity(float64(len(g.Components)), ""))
	}
	t.write(p)
}

// importance ranks the components.
func (p *riskPage) importance() {
	all, exact := p.a.Importance(), p.a.Certainty == cascade.Exact
	if len(all) == 0 || !p.rated && !exact {
		return
	}
	t := deciding(all)
	if p.rated {
		t = mattering(all, exact)
	}
	p.WriteString("\n## What to fix first\n")
	t.write(p)
	if more := len(all) - len(t.rows); more > 0 {
		fmt.Fprintf(p, "\nThe other %s matter less, or have no unavailability.\n", topology.Quantity(float64(more), ""))
	}
}

// mattering lists those alone that matter by probability, for once they are mended the others rank anew.
func mattering(all []risk.Importance, exact bool) table {
	t := table{columns: []string{"component", "is down", "part of the sum"}}
	if exact {
		t.columns = append(t.columns, "left if it never failed", "times as likely if it has failed")
	}
	for _, i := range all {
		if len(t.rows) == maxRows || i.FussellVesely < matters {
			break
		}
		row := []string{code(i.Component), fmt.Sprintf("%.4g", i.Q), percent(i.FussellVesely)}
		if exact {
			row = append(row, left(i.RRW), topology.Quantity(i.RAW, ""))
		}
		t.row(row...)
	}
	return t
}

// deciding lists the first by how often they decide, whatever the probabilities are.
func deciding(all []risk.Importance) table {
	t := table{columns: []string{"component", "decides in"}}
	for _, i := range all[:min(maxRows, len(all))] {
		t.row(code(i.Component), percent(i.Structural)+" of all states")
	}
	return t
}

// left returns what part of the unavailability a risk reduction worth leaves.
func left(rrw float64) string {
	if rrw == 0 {
		return "nothing"
	}
	return percent(1 / rrw)
}

// outages tells how long it is down after the likeliest groups.
func (p *riskPage) outages(all []risk.Outage) {
	if len(all) == 0 {
		return
	}
	p.WriteString("\n## Outages\n")
	t := table{columns: []string{"group", "times a year", "repair", "restart", "certainty of the restart"}}
	var uncounted []string
	for _, o := range all {
		often := "not known"
		if o.Frequency > 0 {
			often = topology.Quantity(o.Frequency, "")
		}
		restart, certainty := way(o)
		t.row(group(o.Group), often, repair(o), restart, string(certainty))
		uncounted = append(uncounted, phrase.Expand(o.Uncounted)...)
	}
	t.write(p)
	p.WriteString("\nThe repair is that of the first of a group, in the mean; the restart follows, until all is served that can be.\n")
	if len(uncounted) > 0 {
		slices.Sort(uncounted)
		fmt.Fprintf(p, "It does not count whether %s is served where that is lost itself.\n", codes(topology.Fold(slices.Compact(uncounted))))
	}
}

// way tells how long the way back takes, what it cannot serve, and how sure that is.
func way(o risk.Outage) (string, cascade.Certainty) {
	if o.Plan == nil || o.Plan.Certainty == cascade.Undetermined {
		return "no safe one is known", cascade.Undetermined
	}
	restart := "at once"
	if o.Restart > 0 {
		restart = clock.About(o.Restart)
	}
	if short := phrase.Short(o.Plan.Served, 3); short != "" {
		restart += ", to serve " + prose(short)
	}
	return restart, o.Plan.Certainty
}

func repair(o risk.Outage) string {
	if o.Repair == 0 {
		return "not known"
	}
	return clock.About(o.Repair)
}

// A table is one in Markdown.
type table struct {
	title   string
	columns []string
	numbers bool // the first column has numbers too
	rows    []string
}

// row adds a row. A bar would end its cell, in code too, but for a backslash.
func (t *table) row(cells ...string) {
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
	}
	t.rows = append(t.rows, "| "+strings.Join(cells, " | ")+" |\n")
}

// write writes it after an empty line, unless it has no rows.
func (t *table) write(p *riskPage) {
	if len(t.rows) == 0 {
		return
	}
	if !strings.HasSuffix(p.String(), "\n\n") {
		p.WriteString("\n")
	}
	if t.title != "" {
		p.WriteString(t.title + ":\n\n")
	}
	first := " --- |"
	if t.numbers {
		first = " ---: |"
	}
	fmt.Fprintf(p, "| %s |\n|%s%s\n", strings.Join(t.columns, " | "), first, strings.Repeat(" ---: |", len(t.columns)-1))
	for _, row := range t.rows {
		p.WriteString(row)
	}
}

// group writes what fails together.
func group(g risk.Group) string {
	names := make([]string, len(g.Components))
	for i, name := range g.Components {
		names[i] = code(name)
	}
	return strings.Join(names, " + ")
}

// codes lists patterns.
func codes(patterns topology.Names) string {
	quoted := make(topology.Names, len(patterns))
	for i, p := range patterns {
		quoted[i] = code(p)
	}
	return phrase.List(quoted, maxRows)
}

// prose writes a text in which names may have characters that have a meaning in Markdown.
func prose(text string) string {
	var b strings.Builder
	for _, r := range printable(text) {
		if strings.ContainsRune("\\`*_[]<>#|~&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code writes a text as code in Markdown, in which nothing else has a meaning: between more backticks than it has in a row.
func code(text string) string {
	text = printable(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 || strings.Trim(text, " ") != text {
		text = " " + text + " " // which readers take away again
	}
	return fence + text + fence
}
