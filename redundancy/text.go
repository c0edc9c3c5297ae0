package redundancy

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// String is the report for people: a table of the scenarios, then what may be lost, what is missing, and what to do.
func (r *Report) String() string {
	if r.Fleet == nil || r.Screening == nil || r.Intact == nil {
		return "nothing was analyzed"
	}
	var b strings.Builder
	name := r.Fleet.Spec().Name
	if name != "" {
		name += ": "
	}
	fmt.Fprintf(&b, "%s%v\n%s\n\n", name, r.Fleet, r.headline())
	b.WriteString(r.table())
	section(&b, "What may be lost", lines(r.Tipping))
	section(&b, "Redundancy that is only on paper", firstLines(r.Shared.String(), 10))
	section(&b, "Down by needs alone, whatever the load", r.byNeeds())
	if r.Spare != nil && r.Spare.Certainty != cascade.Undetermined {
		section(&b, "Minimum spare", r.Spare.String())
	}
	r.writeCases(&b)
	section(&b, "Not determined", r.unknown())
	return strings.TrimRight(b.String(), "\n")
}

func (r *Report) headline() string {
	s := r.Screening
	var text strings.Builder
	switch seen := number(new(big.Int).Add(s.Holding, s.Failing)); s.Certainty {
	case cascade.Exact:
		fmt.Fprintf(&text, "%v: %s of %s scenarios hold", s.Family, number(s.Holding), number(s.Scenarios))
	case cascade.Sampled:
		fmt.Fprintf(&text, "%v: of %s scenarios %s were drawn: %s hold", s.Family, number(s.Scenarios), seen, number(s.Holding))
	default:
		fmt.Fprintf(&text, "%v: of %s scenarios %s were looked at: %s hold", s.Family, number(s.Scenarios), seen, number(s.Holding))
	}
	if s.Degrading.Sign() > 0 {
		fmt.Fprintf(&text, ", %s degrade", number(s.Degrading))
	}
	if s.Collapsing.Sign() > 0 {
		fmt.Fprintf(&text, ", %s collapse", number(s.Collapsing))
	}
	fmt.Fprintf(&text, " (%s).", s.Certainty)
	if unequal(s) {
		fmt.Fprintf(&text, "\nIt does not hold with a probability of %v, and collapses with %v.", s.Fail, s.Collapse)
	}
	if s.Timing.Sign() > 0 {
		fmt.Fprintf(&text, "\nThe end of %s may depend on which component trips first: counted is that in which all trip at once.", number(s.Timing))
	}
	if s.Unasked.Sign() > 0 {
		fmt.Fprintf(&text, "\nIn %s of those that hold no demand is left to judge by.", number(s.Unasked))
	}
	if r.Spare == nil && len(r.Cases) == 0 { // the context ended first
		for _, c := range s.Worst {
			fmt.Fprintf(&text, "\n  %v %s: %s served", c.Scenario, c.Verdict, percent(c.Served))
		}
	}
	return text.String()
}

// unequal reports whether scenarios are not equally likely, or only a sample tells how likely they are: then counts alone
// say little.
func unequal(s *cascade.Screening) bool {
	if s.Certainty != cascade.Exact || s.Scenarios.Sign() == 0 {
		return s.Certainty == cascade.Sampled
	}
	part, _ := new(big.Rat).SetFrac(s.Failing, s.Scenarios).Float64()
	return math.Abs(part-s.Fail.Low) > 1e-12
}

// number writes a count of scenarios.
func number(n *big.Int) string {
	x, _ := new(big.Float).SetInt(n).Float64()
	return topology.Quantity(x, "")
}

// table has a line for each scenario told, after that of the fleet with nothing lost.
func (r *Report) table() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	crew := r.crew()
	for _, o := range append([]*cascade.Outcome{r.Intact}, r.outcomes()...) {
		fmt.Fprintf(w, "  %s\t%s\t%s%s\n", short(o.Scenario.String(), 60), o.Verdict, crew.row(o), ending(o))
	}
	w.Flush()
	more := new(big.Int).Sub(r.Screening.Failing, big.NewInt(int64(len(r.Cases))))
	if len(r.Cases) > 0 && !r.few() && more.Sign() > 0 {
		fmt.Fprintf(&b, "  and %s more that do not hold\n", number(more))
	}
	return b.String()
}

func (r *Report) outcomes() []*cascade.Outcome {
	all := make([]*cascade.Outcome, len(r.Cases))
	for i, c := range r.Cases {
		all[i] = c.Outcome
	}
	return all
}

// A crew is the components of which the table says how many are left.
type crew struct {
	name  string
	in    map[string]bool
	alike bool // they carry the same load with the same capacity, so that one figure is that of all
}

// crew returns the components of one kind that serve the only demand, or else all components.
func (r *Report) crew() crew {
	t := r.Fleet
	if demands := r.demands(); len(demands) == 1 {
		links := slices.DeleteFunc(slices.Clone(t.Links(demands[0])), func(l topology.Link) bool { return l.Supply == nil })
		if len(links) == 1 {
			l := links[0]
			if kind := t.Kind(l.Members[0]); kind != "" && one(l.Members, t.Kind) {
				same := one(l.Members, t.Capacity) && t.Pools()[l.Pool].Share == topology.Equal && one(l.Members, func(id topology.ID) int { return len(t.PoolsOf(id)) })
				return crew{kind, r.names(l.Members), same}
			}
		}
	}
	all := make([]topology.ID, t.Len())
	for i := range all {
		all[i] = topology.ID(i)
	}
	return crew{name: "components", in: r.names(all)}
}

func (r *Report) demands() (all []topology.ID) {
	for id := range topology.ID(r.Fleet.Len()) {
		if r.Fleet.Demand(id) > 0 {
			all = append(all, id)
		}
	}
	return all
}

func (r *Report) names(ids []topology.ID) map[string]bool {
	in := make(map[string]bool, len(ids))
	for _, id := range ids {
		in[r.Fleet.Name(id)] = true
	}
	return in
}

// one reports whether all components have one value of something.
func one[T comparable](ids []topology.ID, of func(topology.ID) T) bool {
	return !slices.ContainsFunc(ids, func(id topology.ID) bool { return of(id) != of(ids[0]) })
}

// row says what a scenario leaves of the crew: "server: 70 of 100 left at 114.3 %, all down in round 1".
func (c crew) row(o *cascade.Outcome) string {
	left, last := len(c.in), 0
	atFirst := left
	for _, f := range o.Failures {
		if !c.in[f.Component] {
			continue
		}
		left--
		if f.Round == 0 {
			atFirst--
		}
		last = f.Round
	}
	first := o.Rounds[0]
	text := fmt.Sprintf("%s: %d of %d left", c.name, atFirst, len(c.in))
	switch {
	case c.in[first.Busiest] && c.alike:
		text += " at " + percent(first.Use)
	case first.Use > 0:
		text += fmt.Sprintf(", %s at %s", first.Busiest, percent(first.Use))
	}
	switch {
	case left == 0 && last > 0:
		text += fmt.Sprintf(", all down in round %d", last)
	case left < atFirst:
		text += fmt.Sprintf(", %d left in round %d", left, len(o.Rounds)-1)
	}
	return text
}

// ending says how it ends: ", holds to 125 % of the load", ", 0 % of users served".
func ending(o *cascade.Outcome) string {
	if o.Verdict == cascade.Holds {
		if math.IsInf(o.Margin, 1) {
			return ""
		}
		return fmt.Sprintf(", holds to %s of the load", percent(o.Margin))
	}
	text := ", " + served(o.Served)
	if o.Timing {
		text += " (depends on timing)"
	}
	return text
}

// served says how much of the demands is served, those that are least served by name: "0 % of users served", "28 of 30
// demands served: 0 % of shop/cart, 95 % of shop/web".
func served(all []cascade.Served) string {
	switch len(all) {
	case 0:
		return "no demand is left to judge by"
	case 1:
		return fmt.Sprintf("%s of %s served", part(all[0].Fraction), all[0].Demand)
	}
	lacking := slices.DeleteFunc(slices.Clone(all), func(s cascade.Served) bool { return s.Fraction >= 1-topology.Tolerance })
	slices.SortStableFunc(lacking, func(a, b cascade.Served) int { return cmp.Compare(a.Fraction, b.Fraction) })
	text := fmt.Sprintf("%d of %d demands served in full", len(all)-len(lacking), len(all))
	const most = 3
	var parts []string
	for i := 0; i < len(lacking) && len(parts) < most; {
		same := []string{lacking[i].Demand}
		for i++; i < len(lacking) && part(lacking[i].Fraction) == part(lacking[i-1].Fraction); i++ {
			same = append(same, lacking[i].Demand)
		}
		parts = append(parts, fmt.Sprintf("%s of %s", part(lacking[i-1].Fraction), few(same)))
	}
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	return text
}

// few names some of many.
func few(names []string) string {
	const most = 3
	folded := topology.Fold(names)
	if len(folded) <= most {
		return strings.Join(folded, ", ")
	}
	return fmt.Sprintf("%s and %d more", names[0], len(names)-1)
}

// foremost returns which case is told in full: the first that does not hold; -1 if there is none.
func (r *Report) foremost() int {
	return slices.IndexFunc(r.Cases, func(c Case) bool { return c.Shed != nil })
}

// writeCases tells the first scenario that does not hold in full, and of the others what is known of them in a line each.
func (r *Report) writeCases(b *strings.Builder) {
	first := r.foremost()
	if first < 0 {
		return
	}
	known, _ := r.Cases[first].answers()
	section(b, "How it happens", r.Cases[first].Outcome.String())
	section(b, "When it comes: "+r.Cases[first].Outcome.Scenario.String(), known)
	var others strings.Builder
	for _, c := range r.Cases[first+1:] {
		if c.Shed != nil {
			others.WriteString(c.brief())
		}
	}
	section(b, "When others come", others.String())
}

// answers writes what to refuse and how to come back: what of that is known, and what is not determined, and why.
func (c Case) answers() (known, unknown string) {
	put := func(answer fmt.Stringer, certainty cascade.Certainty) {
		if certainty == cascade.Undetermined {
			unknown += fmt.Sprintln(answer)
		} else {
			known += fmt.Sprintln(answer)
		}
	}
	put(c.Shed, c.Shed.Certainty)
	if c.InTime != nil && known != "" {
		known += inTime(c.InTime)
	}
	if c.Restart != nil {
		put(c.Restart, c.Restart.Certainty)
	}
	return known, unknown
}

// inTime tells what to refuse while the cascade is under way, and by when.
func inTime(l *spare.Timeline) string {
	_, stages, _ := strings.Cut(l.String(), "\n")
	return "While it is under way:\n" + stages + "\n"
}

// unknown tells what of the answers that are told in full is not determined, and why.
func (r *Report) unknown() string {
	text := r.notShared() + r.notByNeeds()
	if r.Spare != nil && r.Spare.Certainty == cascade.Undetermined {
		text += fmt.Sprintln(r.Spare)
	}
	if first := r.foremost(); first >= 0 {
		_, unknown := r.Cases[first].answers()
		text += unknown
	}
	return text
}

// brief leaves out what is not determined, and what the shedding is held by.
func (c Case) brief() string {
	text := ""
	if c.Shed.Certainty != cascade.Undetermined {
		text, _, _ = strings.Cut(c.Shed.String(), "\n")
		text += "\n"
	}
	if c.Restart != nil && c.Restart.Certainty != cascade.Undetermined {
		text += fmt.Sprintf("%v: %s\n", c.Outcome.Scenario, wayBack(c.Restart))
	}
	return text
}

// wayBack writes a plan in one line.
func wayBack(p *restart.Plan) string {
	served := 1.0
	for _, s := range p.Served {
		served = min(served, s.Fraction)
	}
	if len(p.Return) == 0 {
		return fmt.Sprintf("if all of it can be started right away, the way back takes %s, to %s served.", phrase.Plural(len(p.Steps), "step"), percent(served))
	}
	lost := "nothing is unserved until then"
	if p.Unserved > 0 {
		lost = fmt.Sprintf("what is not until then is as if nobody were served for %v", max(time.Second, p.Outage().Round(time.Second)))
	}
	return fmt.Sprintf("the way back takes %s; %s is served after %v, and %s (%s).", phrase.Plural(len(p.Steps), "step"), percent(served), p.Full, lost, p.Certainty)
}

func section(b *strings.Builder, title, text string) {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString(strings.TrimRight("  "+line, " ") + "\n")
	}
}

func lines[T fmt.Stringer](all []T) string {
	var b strings.Builder
	for _, x := range all {
		fmt.Fprintln(&b, x)
	}
	return b.String()
}

// firstLines cuts a text of many lines.
func firstLines(text string, most int) string {
	lines := strings.Split(text, "\n")
	if more := len(lines) - most; more > 0 {
		lines = append(lines[:most], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// short cuts a text that would not fit its column.
func short(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// part writes what is served of a demand, which is 100 % only if it is all.
func part(x float64) string {
	text := percent(x)
	if x < 1-topology.Tolerance && text == percent(1) {
		return "over 99.99 %"
	}
	return text
}

func percent(x float64) string { return topology.Quantity(100*x, "%") }
