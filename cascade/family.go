package cascade

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Family is a set of scenarios, however many. The zero value is each component alone, but for those with a demand.
//
// As text, in files and flags: scenarios and choices joined by ";". A scenario is terms joined by " + ":
//
//	board-1                          its loss
//	board-1 + ups-2                  their joint loss
//	board-1 + drain chat-001         and chat-001 out of rotation
//	board-3 + load 1.2               and 1.2 times the demand
//	each board                       each component of a kind, or of a pattern, alone
//	any 2 of feed                    each two of them
//	up to 2 of feed                  each one, and each two of them
//	each feed + each ups + load 1.1  each of the one with each of the other
//	random 30 of server              each thirty of them, all equally likely: sampled where they are too many
//	independent server               each set of them, as likely as their unavailabilities make it
//	"fire": board-1 + ups-2          a scenario with a name
//	each                             the zero value
//	nothing                          the state in which nothing is lost
//	none                             no scenario at all
//
// In a pattern a backslash stands before a ";", a " + " or a leading word that is meant as part of a name.
type Family struct {
	groups []group // none is each component alone
}

// A group is the scenarios in which each choice takes each of its combinations.
type group struct {
	fixed   Scenario
	choices []choice
}

// A choice is each k of a pattern's components, or other sets of them.
type choice struct {
	sets    sets
	k       int
	pattern string
}

// sets tells which sets of a pattern's components a choice takes.
type sets int

const (
	exactly     sets = iota // each k
	upTo                    // each one, each two, to each k
	random                  // each k, all equally likely
	independent             // each, as likely as the unavailabilities make it
)

// Each is the loss of each component of the pattern alone.
func Each(pattern string) Family { return Any(1, pattern) }

// Any is the loss of each k components of the pattern.
func Any(k int, pattern string) Family {
	return only(choice{exactly, k, pattern})
}

// UpTo is the loss of each one component of the pattern, of each two, and so on to each k.
func UpTo(k int, pattern string) Family { return only(choice{upTo, k, pattern}) }

// Random is the loss of k components of the pattern, all choices being equally likely. It has the scenarios of [Any];
// where they are too many to look at all, a screening looks at a sample.
func Random(k int, pattern string) Family { return only(choice{random, k, pattern}) }

// Independent is the loss of any components of the pattern, each with its own unavailability: each set of them, as likely
// as these make it, also the empty one. Those without an unavailability are never lost; if none has one it is an error, and
// so is joining it with other scenarios, which have no probability.
func Independent(pattern string) Family { return only(choice{independent, 0, pattern}) }

func only(c choice) Family { return Family{[]group{{choices: []choice{c}}}} }

// Only is the scenarios given.
func Only(scenarios ...Scenario) Family {
	f := Family{groups: []group{}}
	for _, s := range scenarios {
		f.groups = append(f.groups, group{fixed: s})
	}
	return f
}

// Join is the scenarios of all families, those of the first first.
func Join(families ...Family) Family {
	all := Family{groups: []group{}}
	for _, f := range families {
		all.groups = append(all.groups, f.written()...)
	}
	return all
}

// Product is each scenario of one family together with each of the next: what both lose and drain, with the product of
// their factors on the load. "each feed + each ups" is the product of "each feed" and "each ups".
func Product(families ...Family) Family {
	all := []group{{}}
	for _, f := range families {
		next := []group{}
		for _, a := range all {
			for _, b := range f.written() {
				next = append(next, a.with(b))
			}
		}
		all = next
	}
	return Family{all}
}

// written returns the groups, that of the zero value written out.
func (f Family) written() []group {
	if f.groups == nil {
		return only(choice{exactly, 1, ""}).groups
	}
	return f.groups
}

func (g group) with(other group) group {
	a, b := g.fixed, other.fixed
	both := Scenario{Name: a.Name, Lose: slices.Concat(a.Lose, b.Lose), Drain: slices.Concat(a.Drain, b.Drain)}
	if both.Name = a.Name; a.Name == "" {
		both.Name = b.Name
	} else if b.Name != "" {
		both.Name += " + " + b.Name
	}
	if both.Load = cmp.Or(a.Load, 1) * cmp.Or(b.Load, 1); both.Load == 1 {
		both.Load = 0
	}
	return group{both, slices.Concat(g.choices, other.choices)}
}

// String returns the text form, which [ParseFamily] reads back.
func (f Family) String() string {
	switch {
	case f.groups == nil:
		return "each"
	case len(f.groups) == 0:
		return "none"
	}
	texts := make([]string, len(f.groups))
	for i, g := range f.groups {
		texts[i] = g.String()
	}
	return strings.Join(texts, "; ")
}

func (g group) String() string {
	var terms []string
	for _, c := range g.choices {
		terms = append(terms, c.String())
	}
	if text := g.fixed.text(); text != "" {
		terms = append(terms, text)
	}
	if len(terms) == 0 {
		terms = []string{"nothing"}
	}
	text := strings.Join(terms, " + ")
	if g.fixed.Name != "" {
		text = fmt.Sprintf("%q: %s", g.fixed.Name, text)
	}
	return text
}

func (c choice) String() string {
	switch {
	case c.sets == upTo:
		return fmt.Sprintf("up to %d of %s", c.k, plain(c.pattern))
	case c.sets == random:
		return fmt.Sprintf("random %d of %s", c.k, plain(c.pattern))
	case c.sets == independent:
		return "independent " + plain(c.pattern)
	case c.pattern == "":
		return "each"
	case c.k == 1:
		return "each " + plain(c.pattern)
	default:
		return fmt.Sprintf("any %d of %s", c.k, plain(c.pattern))
	}
}

// MarshalText returns the text form.
func (f Family) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads the text form.
func (f *Family) UnmarshalText(text []byte) error {
	parsed, err := ParseFamily(string(text))
	if err == nil {
		*f = parsed
	}
	return err
}
