package restart

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// Describe puts the first of some steps into words, and returns how many steps that are. A ladder, which admits the more of the
// same the more is ready, is one line and a small table, whose first row that holds counts:
//
//	admit as much of users as is ready of chat-[001-100]:
//	  80 of 100  100 %
//	  75 of 100  93.75 %
//	  50 of 100  62.5 %
//	  fewer      leave it as it is
//
// Any other step is what its String says. Of no steps there is nothing to say.
func Describe(steps []Step) (lines []string, n int) {
	if len(steps) == 0 {
		return nil, 0
	}
	for n = 1; n < len(steps) && rises(&steps[n-1], &steps[n]); n++ {
	}
	if l := newLadder(steps[:n]); n > 1 && len(l.of) > 0 {
		return l.lines(), n
	}
	return []string{steps[0].String()}, 1
}

// rises reports whether two steps are rungs of one ladder.
func rises(below, s *Step) bool {
	return s.rung() && below.rung() && s.At == below.At && len(s.When) == 0 && slices.Equal(s.What, below.What)
}

// rung reports whether a step admits, and asks at most how many of something are ready.
func (s *Step) rung() bool {
	return s.Do == Admit && !slices.ContainsFunc(s.If, func(c Condition) bool { return c.Settled || c.Below != 0 })
}

// A ladder is several Admits of the same at one time, of which the last that holds counts.
type ladder struct {
	first  *Step
	always []Condition // of all rungs
	of     []topology.Names
	rows   []row // the last rung first
}

// A row is a rung: so many are to be ready of each, and so much is admitted then.
type row struct {
	ready []int
	admit float64
}

func newLadder(rungs []Step) *ladder {
	l := &ladder{first: &rungs[0]}
	l.always = slices.DeleteFunc(slices.Clone(l.first.If), func(c Condition) bool {
		return slices.ContainsFunc(rungs, func(s Step) bool { return c.of(s.If) != c.Ready })
	})
	for _, s := range slices.Backward(rungs) {
		l.add(&s)
	}
	return l
}

func (l *ladder) add(s *Step) {
	r := row{admit: s.Admit}
	for _, c := range s.If {
		known := func(names topology.Names) bool { return slices.Equal(names, c.What) }
		if c.of(l.always) == 0 && !slices.ContainsFunc(l.of, known) {
			l.of = append(l.of, c.What)
		}
	}
	for _, names := range l.of {
		r.ready = append(r.ready, Condition{What: names}.of(s.If))
	}
	if n := len(l.rows); n == 0 || !r.covered(l.rows[n-1]) {
		l.rows = append(l.rows, r)
	}
}

// covered reports whether a row admits what the one above it does, and asks for the same: it says nothing new.
func (r row) covered(above row) bool {
	return r.admit == above.admit && slices.Equal(r.ready, above.ready)
}

// of returns how many of the same components conditions ask for.
func (c Condition) of(all []Condition) (ready int) {
	for _, o := range all {
		if slices.Equal(o.What, c.What) {
			ready = max(ready, o.Ready)
		}
	}
	return ready
}

// lines writes the ladder as a step, and under it the table.
func (l *ladder) lines() []string {
	head := *l.first
	head.If = l.always
	var of []string
	for _, names := range l.of {
		of = append(of, "of "+list(names))
	}
	text := fmt.Sprintf("%sadmit as much of %s as is ready %s:", head.conditions(), list(head.What), and(of))
	var labels, does []string
	for _, r := range l.rows {
		label := l.label(r)
		labels, does = append(labels, label), append(does, fraction(r.admit))
	}
	if last := l.rows[len(l.rows)-1]; slices.ContainsFunc(last.ready, func(n int) bool { return n > 0 }) {
		labels, does = append(labels, "fewer"), append(does, "leave it as it is")
	}
	return append([]string{text}, table(labels, does)...)
}

// label says how many have to be ready: "76 of 80", "2 of 2 and 5 of 6"; "fewer" if any number is enough.
func (l *ladder) label(r row) string {
	var parts []string
	any := false
	for i, names := range l.of {
		ready := 0
		if i < len(r.ready) {
			ready = r.ready[i]
		}
		any = any || ready > 0
		text := fmt.Sprint(ready)
		if n := size(names); ready == 0 {
			text = "any"
		} else if n >= ready {
			text += fmt.Sprintf(" of %d", n)
		}
		parts = append(parts, text)
	}
	if !any {
		return "fewer"
	}
	return and(parts)
}

// table writes two columns.
func table(left, right []string) []string {
	width := 0
	for _, text := range left {
		width = max(width, len(text))
	}
	lines := make([]string, len(left))
	for i := range left {
		lines[i] = fmt.Sprintf("  %-*s  %s", width, left[i], right[i])
	}
	return lines
}

// and joins parts of a sentence: "a, b and c".
func and(parts []string) string {
	if n := len(parts) - 1; n > 0 {
		return strings.Join(parts[:n], ", ") + " and " + parts[n]
	}
	return strings.Join(parts, "")
}

// size returns how many components names stand for, one for a kind, whose members the topology knows; 0 if they cannot be read.
func size(names topology.Names) int {
	n := 0
	for _, pattern := range names {
		all, err := topology.Expand(pattern)
		if err != nil {
			return 0
		}
		n += len(all)
	}
	return n
}
