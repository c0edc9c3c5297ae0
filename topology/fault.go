package topology

import (
	"fmt"
	"strings"
)

// Faults is everything that is wrong with a [Spec], in the order of its components.
type Faults []Fault

// Error returns the faults, one a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].Error()
	}
	return strings.Join(lines, "\n")
}

// A Fault is one thing that is wrong, where, and what would be right.
type Fault struct {
	File         string   // "" if it did not come from a named file
	Line, Column int      // in a file, from 1, the column in characters; else 0
	Component    string   // its name as declared; `kind "server"` for a kind; "" for the whole
	Field        string   // "supplies[0].need"; "" for the whole of it
	Reason       Reason   // the category
	Text         string   // the rest of the sentence: what was found and what would be right
	Cycle        []string // of LoadCycle and NeedCycle: each draws on or needs the next, the last the first
}

// Error returns the whole sentence, place first: "fleet.json:7:31: users: supplies[0].members: not found: …".
func (f Fault) Error() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(f.File + ":")
	}
	if f.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", f.Line, f.Column)
	}
	for _, part := range []string{f.Component, f.Field} {
		if part == "" {
			continue
		}
		if b.Len() > 0 && !strings.HasSuffix(b.String(), " ") {
			b.WriteString(" ")
		}
		b.WriteString(part + ": ")
	}
	if s := b.String(); s != "" && !strings.HasSuffix(s, " ") {
		b.WriteString(" ")
	}
	b.WriteString(string(f.Reason))
	if f.Text != "" {
		b.WriteString(": " + f.Text)
	}
	return b.String()
}

// A Reason is a category of fault.
type Reason string

// The reasons.
const (
	BadSyntax  Reason = "bad syntax"  // not JSON or YAML, a pattern that cannot be read, a value of another type
	NotFound   Reason = "not found"   // no such component, kind, label, field or share
	NotUnique  Reason = "not unique"  // a name twice, or both a component's and another's kind; a member in two tiers
	BadNumber  Reason = "bad number"  // negative, NaN, infinite, need above the members, weights that sum to 0
	UnitClash  Reason = "unit clash"  // load passed to another unit without PerUnit
	LoadCycle  Reason = "load cycle"  // load that would come back to where it came from
	NeedCycle  Reason = "need cycle"  // an "any of" that would hold itself up
	DeadDemand Reason = "dead demand" // demand that reaches no capacity: nothing could ever be overloaded
	TooLarge   Reason = "too large"   // more than a topology can have
)
