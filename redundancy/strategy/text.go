package strategy

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// String is the table for people: what is bought, what it survives, and which layouts are worth looking at, which a * marks.
func (t *Table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s on servers of %s: N is %s.\n\n", topology.Quantity(t.Demand, t.Unit), topology.Quantity(t.Capacity, t.Unit), whole(t.N))
	b.WriteString(t.bought())
	b.WriteString("\n")
	b.WriteString(t.survived())
	for _, line := range []string{"\n" + t.frontier() + "\n", t.prices(), t.legend(), t.expectation()} {
		if line != "" {
			b.WriteString(line + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// bought is the table of what is bought.
func (t *Table) bought() string {
	return aligned(func(row func(...string)) {
		row("buys", t.Server.Kind, "", t.Feed.Kind, t.Site.Kind, "cost", "", "busy at peak")
		base := cost(t.N, 1, 1, t.Server, t.Feed, t.Site)
		for i := range t.Rows {
			r := &t.Rows[i]
			row(r.title(), whole(r.Servers), more(float64(r.Servers), float64(t.N)), whole(r.Feeds), whole(r.Sites),
				topology.Quantity(r.Cost, ""), more(r.Cost, base), percent(r.Busy))
		}
	})
}

// survived is the table of what becomes of it.
func (t *Table) survived() string {
	return aligned(func(row func(...string)) {
		head := []string{"loses"}
		for _, l := range t.Losses {
			head = append(head, l.text(t.Server.Kind, t.Feed.Kind, t.Site.Kind))
		}
		head = append(head, "survives")
		if t.expects() {
			head = append(head, "served", "lost in a year")
		}
		row(head...)
		for i := range t.Rows {
			row(t.Rows[i].fates()...)
		}
	})
}

func (r *Row) fates() []string {
	cells := []string{r.title()}
	for _, f := range r.Fates {
		cells = append(cells, f.text())
	}
	cells = append(cells, fmt.Sprintf("%d of %d", r.Survived, len(r.Fates)))
	if r.Expected != nil {
		cells = append(cells, served(r.Expected.Lost), minutes(r.Expected.Minutes()))
	}
	return cells
}

// text is the verdict, and whether it depends on which components are lost.
func (f *Fate) text() string {
	switch {
	case f.Verdict == cascade.Collapses && f.Collapsing.Cmp(f.Looked) < 0:
		return "may collapse"
	case f.Verdict == cascade.Degrades && f.Holding.Sign() > 0:
		return "may degrade"
	default:
		return string(f.Verdict)
	}
}

func (r *Row) title() string {
	if r.Frontier {
		return "* " + r.Layout.Name
	}
	return "  " + r.Layout.Name
}

// frontier says which layouts are worth looking at, and why the others are not.
func (t *Table) frontier() string {
	var worth, beaten, useless []string
	for _, r := range t.Rows {
		switch {
		case r.Frontier:
			worth = append(worth, r.Layout.Name)
		case r.Survived > 0:
			beaten = append(beaten, r.Layout.Name)
		default:
			useless = append(useless, r.Layout.Name)
		}
	}
	var text []string
	if len(worth) > 0 {
		text = append(text, fmt.Sprintf("* %s worth looking at.", listed(worth, "is", "are")))
	}
	if len(beaten) > 0 {
		text = append(text, listed(beaten, "costs", "cost")+" no less than one of these that survives as much.")
	}
	if len(useless) > 0 {
		text = append(text, listed(useless, "survives", "survive")+" none of these losses.")
	}
	return strings.Join(text, "\n")
}

// legend says what the words in the table mean, of those that stand in it.
func (t *Table) legend() string {
	enough, text := "all", "Holds: nothing is overloaded, all is served."
	if t.Serve < 1 {
		enough = percent(t.Serve)
	}
	if t.says(func(f *Fate) bool { return f.Verdict == cascade.Degrades }) {
		text += fmt.Sprintf(" Degrades: something is overloaded, and in the end %s is served.", enough)
	}
	if t.says(func(f *Fate) bool { return f.Verdict == cascade.Collapses }) {
		text += fmt.Sprintf(" Collapses: in the end less than %s is served.", enough)
	}
	if t.says(func(f *Fate) bool { return strings.HasPrefix(f.text(), "may") }) {
		text += " May: it depends on which are lost."
	}
	return text
}

// says reports whether something is so of some fate.
func (t *Table) says(so func(*Fate) bool) bool {
	for _, r := range t.Rows {
		for i := range r.Fates {
			if so(&r.Fates[i]) {
				return true
			}
		}
	}
	return false
}

// prices says what each part costs.
func (t *Table) prices() string {
	var prices []string
	for _, p := range []Part{t.Server, t.Feed, t.Site} {
		if p.Price > 0 {
			prices = append(prices, fmt.Sprintf("%s %s", p.Kind, topology.Quantity(p.Price, "")))
		}
	}
	return fmt.Sprintf("Cost: %s.%s", strings.Join(prices, ", "), t.without("is free", "are free", func(p Part) bool { return p.Price > 0 }))
}

// without says of which parts something was not given: " feed and site are free."; "" if it was given of all.
func (t *Table) without(is, are string, given func(Part) bool) string {
	var kinds []string
	for _, p := range []Part{t.Server, t.Feed, t.Site} {
		if !given(p) {
			kinds = append(kinds, p.Kind)
		}
	}
	switch len(kinds) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(" %s %s.", kinds[0], is)
	default:
		return fmt.Sprintf(" %s %s.", strings.Join(kinds, " and "), are)
	}
}

// expectation says what the figures of what is served mean.
func (t *Table) expectation() string {
	if !t.expects() {
		return "What is served on average is not determined: no part is given how often it fails."
	}
	return "Served: the mean part of the demand, if all fail independently and the demand is always at its peak (exact)." +
		t.without("is taken never to fail", "are taken never to fail", func(p Part) bool { return p.Failing != topology.Failing{} }) +
		"\nWhat a restart takes after a collapse comes on top."
}

func (t *Table) expects() bool { return len(t.Rows) > 0 && t.Rows[0].Expected != nil }

// aligned sets rows of cells in columns.
func aligned(write func(row func(...string))) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	write(func(cells ...string) { fmt.Fprintln(w, strings.Join(cells, "\t")) })
	w.Flush()
	lines := strings.Split(b.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

// listed joins names as a sentence does, with the verb for one or for several.
func listed(names []string, one, several string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0] + " " + one
	}
	return strings.Join(names[:last], ", ") + " and " + names[last] + " " + several
}

// more says by how much x is above another: "+50 %"; nothing where it is not.
func more(x, than float64) string {
	percent := 100 * (x/than - 1)
	switch {
	case x == than || than == 0:
		return ""
	case percent < 1:
		return fmt.Sprintf("+%.1g %%", percent)
	default:
		return "+" + topology.Quantity(math.Round(percent), "%")
	}
}

func whole(n int) string { return topology.Quantity(float64(n), "") }

func percent(x float64) string { return topology.Quantity(100*x, "%") }

// minutes writes a time with three digits, as far as a thousandth of one.
func minutes(x float64) string {
	if x > 0 && x < .001 {
		return "under 0.001 min"
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	if err != nil {
		rounded = x
	}
	return topology.Quantity(rounded, "min")
}

// served writes a part of which so little is lost, with as many digits as tell it from all.
func served(lost float64) string {
	lost *= 100
	switch {
	case lost == 0:
		return "100 %"
	case lost == 100:
		return "0 %"
	case lost < 1e-10:
		return "more than 99.9999999999 %"
	}
	digits := min(max(1, int(math.Ceil(-math.Log10(lost)))), 10)
	return strconv.FormatFloat(100-lost, 'f', digits, 64) + " %"
}
