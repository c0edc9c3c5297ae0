package cascade

import (
	"fmt"
	"iter"
	"math/big"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
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
//	each feed + each ups + load 1.1  each of the one with each of the other
//	"fire": board-1 + ups-2          a scenario with a name
//	each                             the zero value
//	nothing                          the state in which nothing is lost
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

// A choice is each k of a pattern's components.
type choice struct {
	k       int
	pattern string
}

// Each is the loss of each component of the pattern alone.
func Each(pattern string) Family { return Any(1, pattern) }

// Any is the loss of each k components of the pattern.
func Any(k int, pattern string) Family {
	return Family{[]group{{choices: []choice{{k, pattern}}}}}
}

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
		if f.groups == nil {
			f.groups = []group{{choices: []choice{{1, ""}}}}
		}
		all.groups = append(all.groups, f.groups...)
	}
	return all
}

// String returns the text form, which [ParseFamily] reads back.
func (f Family) String() string {
	if f.groups == nil {
		return "each"
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
		switch {
		case c.pattern == "":
			terms = append(terms, "each")
		case c.k == 1:
			terms = append(terms, "each "+plain(c.pattern))
		default:
			terms = append(terms, fmt.Sprintf("any %d of %s", c.k, plain(c.pattern)))
		}
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

// All returns the scenarios of a topology: those of the first group first, combinations in order of declaration, the
// last choice changing fastest. The error names what the topology does not have.
func (f Family) All(t *topology.Topology) (iter.Seq[Scenario], error) {
	found, err := f.find(t)
	if err != nil {
		return nil, err
	}
	return func(yield func(Scenario) bool) {
		for _, g := range found {
			if !g.each(t, yield) {
				return
			}
		}
	}, nil
}

// Count returns the number of scenarios of a topology.
func (f Family) Count(t *topology.Topology) (*big.Int, error) {
	found, err := f.find(t)
	if err != nil {
		return nil, err
	}
	all := new(big.Int)
	for _, g := range found {
		n := big.NewInt(1)
		for i, from := range g.from {
			n.Mul(n, new(big.Int).Binomial(int64(len(from)), int64(g.choices[i].k)))
		}
		all.Add(all, n)
	}
	return all, nil
}

// A foundGroup is a group with the components of its choices found.
type foundGroup struct {
	group
	from [][]topology.ID
}

func (f Family) find(t *topology.Topology) ([]foundGroup, error) {
	var found []foundGroup
	for _, g := range Join(f).groups {
		if _, err := g.fixed.find(t); err != nil {
			return nil, err
		}
		fg := foundGroup{group: g}
		for _, c := range g.choices {
			ids, err := c.components(t)
			if err != nil {
				return nil, fmt.Errorf("scenarios %q: %w%s", f, err, hint(c.pattern))
			}
			if c.pattern == "" && len(ids) == 0 {
				return nil, fmt.Errorf("scenarios %q: every component has a demand: name what is lost", f)
			}
			if c.k < 1 || c.k > len(ids) {
				return nil, fmt.Errorf("scenarios %q: any %d of %s: choose from 1 to %d", f, c.k, c.pattern, len(ids))
			}
			fg.from = append(fg.from, ids)
		}
		found = append(found, fg)
	}
	return found, nil
}

// hint says how terms are put together, where a pattern that names nothing looks as if it were meant as several.
func hint(pattern string) string {
	if strings.ContainsAny(pattern, "+,;") {
		return ` (" + " with spaces joins what is lost together, ";" what is lost apart)`
	}
	return ""
}

func (c choice) components(t *topology.Topology) ([]topology.ID, error) {
	if c.pattern != "" {
		return t.Select(c.pattern)
	}
	var ids []topology.ID
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) == 0 {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// each yields the scenarios of a group; false if yield has had enough.
func (g foundGroup) each(t *topology.Topology, yield func(Scenario) bool) bool {
	picks := make([][]int, len(g.from))
	for i := range picks {
		picks[i] = firstPick(g.choices[i].k)
	}
	for {
		s := g.fixed
		s.Lose = slices.Clone(s.Lose)
		for i, pick := range picks {
			ids := make([]topology.ID, len(pick))
			for j, p := range pick {
				ids[j] = g.from[i][p]
			}
			s.Lose = append(s.Lose, t.Names(ids)...)
		}
		if !yield(s) {
			return false
		}
		i := len(picks) - 1
		for i >= 0 && !nextPick(picks[i], len(g.from[i])) {
			picks[i] = firstPick(g.choices[i].k)
			i--
		}
		if i < 0 {
			return true
		}
	}
}

func firstPick(k int) []int {
	pick := make([]int, k)
	for i := range pick {
		pick[i] = i
	}
	return pick
}

// nextPick moves to the next combination out of n in lexicographic order; false after the last.
func nextPick(pick []int, n int) bool {
	k := len(pick)
	for i := k - 1; i >= 0; i-- {
		if pick[i] < n-k+i {
			pick[i]++
			for j := i + 1; j < k; j++ {
				pick[j] = pick[j-1] + 1
			}
			return true
		}
	}
	return false
}
