package restart

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// String returns the plan as a numbered runbook: its figures with how sure they are, then the steps as [Describe] puts them, with
// their time where it differs from that of the step before. Of many admissions in a row only the first and the last are shown. A
// line tells from where on steps only bring back the rest.
func (p *Plan) String() string {
	var b strings.Builder
	b.WriteString(p.Summary())
	all := p.entries()
	width := 0
	for _, e := range all {
		width = max(width, len(e.number()))
	}
	last, full := time.Duration(-1), false
	for i := 0; i < len(all); i++ {
		if !full && p.AfterFull(p.Steps[all[i].first-1]) {
			full = true
			fmt.Fprintf(&b, "  %*s  %8s  %s\n", width, "", "", phrase.Rest(!p.short()))
		}
		if skip := admissions(all, i); skip > 0 {
			i += skip - 1
			fmt.Fprintf(&b, "  %*s  %8s  and so on, to step %d\n", width, "…", "", all[i].last)
			continue
		}
		number, at := all[i].number(), clock(all[i].at)
		if i > 0 && all[i].at == last {
			at = ""
		}
		last = all[i].at
		for _, line := range all[i].lines {
			fmt.Fprintf(&b, "  %*s  %8s  %s\n", width, number, at, line)
			number, at = "", ""
		}
	}
	return b.String()
}

// An entry is steps that are printed as one.
type entry struct {
	first, last int // from 1
	at          time.Duration
	admits      bool
	alone       bool // the steps before are of another time
	lines       []string
}

func (p *Plan) entries() (all []entry) {
	for i := 0; i < len(p.Steps); {
		lines, n := Describe(p.Steps[i:])
		s := &p.Steps[i]
		all = append(all, entry{i + 1, i + n, s.At, s.Do == Admit, i > 0 && s.At != p.Steps[i-1].At, lines})
		i += n
	}
	return all
}

func (e *entry) number() string {
	if e.last > e.first {
		return fmt.Sprintf("%d-%d", e.first, e.last)
	}
	return fmt.Sprint(e.first)
}

// Summary returns what stands above the steps in String: what the plan is for, what it comes to, and its figures with how sure
// they are. Every line ends with a newline.
func (p *Plan) Summary() string {
	var text strings.Builder
	text.WriteString(p.headline() + "\n")
	for _, line := range p.figures() {
		text.WriteString("  " + line + "\n")
	}
	return text.String()
}

func (p *Plan) headline() string {
	text := "The way back from " + p.Scenario.String()
	if len(p.Return) == 0 && len(p.AtOnce) == 0 {
		text += ", if all of it can be started right away,"
	}
	switch {
	case p.Certainty == cascade.Undetermined && strings.HasPrefix(p.Reason, noPlan):
		return strings.TrimSuffix(text, ",") + ": " + p.Reason + "."
	case p.Certainty == cascade.Undetermined && len(p.Steps) == 0:
		return text + " is not determined: " + p.Reason + "."
	case len(p.Steps) == 0:
		text = strings.TrimSuffix(text, ",") + ": nothing to do"
	default:
		text = strings.TrimSuffix(text, ",") + ": " + phrase.Plural(len(p.Steps), "step")
	}
	text += inTheEnd(p.Served)
	if p.Certainty != cascade.Undetermined && p.Reason != "" {
		text += ".\n  " + p.Reason
	}
	return text + "."
}

// inTheEnd says what is served in the end, in one of demands served alike.
func inTheEnd(served []cascade.Served) (text string) {
	for i, j := 0, 0; i < len(served); i = j {
		part, names := fraction(served[i].Fraction), []string{}
		for j = i; j < len(served) && fraction(served[j].Fraction) == part; j++ {
			names = append(names, served[j].Demand)
		}
		text += fmt.Sprintf("; in the end %s of %s is served", part, list(topology.Fold(names)))
	}
	return text
}

func (p *Plan) figures() []string {
	var lines []string
	switch {
	case p.Certainty == cascade.Undetermined || p.Certainty == "" && p.Served == nil: // nobody has measured it
	case p.nobody():
		lines = []string{"unserved      all, for as long as nothing else changes" + p.sure(), "finish        " + clock(p.Finish)}
	default:
		lines = p.measures()
	}
	return append(append(lines, p.standing()...), p.repairing()...)
}

// measures says what a plan comes to, beside what no safe plan beats, if it was asked for.
func (p *Plan) measures() []string {
	finish := clock(p.Finish)
	if p.Certainty == "" {
		return []string{"unserved      " + p.unserved(), "full service  " + p.full(), "finish        " + finish}
	}
	unserved := p.unserved()
	if p.Unserved > 0 {
		unserved += "; " + beside(p.Unserved <= p.LeastPossible*(1+topology.Tolerance), "leaves less", p.least())
	}
	return []string{
		"unserved      " + unserved,
		"full service  " + p.full(),
		"finish        " + finish + "; " + beside(p.Finish <= p.Earliest, "finishes earlier", clock(p.Earliest)),
		fmt.Sprintf("certainty     %s, for the %s", p.Certainty, p.objective()),
	}
}

func (p *Plan) sure() string {
	if p.Certainty == "" {
		return ""
	}
	return " (" + string(p.Certainty) + ")"
}

// short reports whether some demand is not served in full in the end.
func (p *Plan) short() bool {
	return slices.ContainsFunc(p.Served, func(s cascade.Served) bool { return s.Fraction < 1-topology.Tolerance })
}

// full says when all is served, or what is not from when on.
func (p *Plan) full() string {
	for _, s := range p.Served {
		if s.Fraction < 1-topology.Tolerance {
			return fmt.Sprintf("never: from %s on %s of %s is served, for as long as nothing else changes",
				clock(p.Full), fraction(s.Fraction), s.Demand)
		}
	}
	return clock(p.Full)
}

// nobody reports whether the plan ends with nothing served.
func (p *Plan) nobody() bool {
	for _, s := range p.Served {
		if s.Fraction > 0 {
			return false
		}
	}
	return len(p.Served) > 0
}

// objective is what Certainty is about.
func (p *Plan) objective() string {
	if p.Soonest {
		return "earliest finish"
	}
	return "least unserved demand"
}

// beside says what bound stands beside a figure.
func beside(met bool, does, bound string) string {
	if met {
		return "nothing safe " + does
	}
	return "nothing safe " + does + " than " + bound
}

// admissions returns how many entries from i on are left out: those that only admit more, but for the first three and the last of
// them in a row.
func admissions(all []entry, i int) int {
	const shown = 3
	if i < shown {
		return 0
	}
	alike := func(j int) bool { return all[j].admits && all[j].alone }
	for j := i - shown; j < i; j++ {
		if !alike(j) {
			return 0
		}
	}
	n := 0
	for i+n+1 < len(all) && alike(i+n) && alike(i+n+1) {
		n++
	}
	if n < 2 {
		return 0
	}
	return n
}

// list joins patterns, and cuts where they are many.
func list(names topology.Names) string { return phrase.List(names, 12) }
