package spare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// An editor changes components of a fleet where they are written: with all of their declaration if it changes alike, else
// one by one.
type editor struct {
	t       *topology.Topology
	changes map[topology.ID][]change
	kinds   map[string]topology.Component
}

// A change is one thing about a component that becomes otherwise.
type change struct {
	capacity float64 // more
	supply   int     // of its supplies, this one,
	need     int     // or of its needs, counted from 1; 0 for none
	beside   topology.ID
	names    topology.Names // get new members, beside one
}

func newEditor(t *topology.Topology) *editor {
	return &editor{t: t, changes: map[topology.ID][]change{}}
}

func (e *editor) change(id topology.ID, c change) { e.changes[id] = append(e.changes[id], c) }

// spec writes the fleet down with its changes, and then what is added.
func (e *editor) spec(added []topology.Component) topology.Spec {
	s := e.t.Spec()
	e.kinds = s.Kinds
	s = rewritten(e.t, s, e.declaration, e.apply)
	s.Components = append(s.Components, added...)
	return s
}

// rewritten changes how a fleet is written down: each declaration as a whole, if that can say what is to be said of all the components from one
// ID to another that it declares, else these one by one.
func rewritten(t *topology.Topology, s topology.Spec, together func(c topology.Component, from, to topology.ID) (topology.Component, bool), alone func(*topology.Component, topology.ID)) topology.Spec {
	var all []topology.Component
	for from := topology.ID(0); int(from) < t.Len(); {
		to := from + 1
		for int(to) < t.Len() && t.Declaration(to) == t.Declaration(from) {
			to++
		}
		if one, ok := together(s.Components[t.Declaration(from)], from, to); ok {
			all = append(all, one)
			from = to
		}
		for ; from < to; from++ {
			c := t.Component(from)
			c.Name = topology.Fold([]string{t.Name(from)})[0]
			alone(&c, from)
			all = append(all, c)
		}
	}
	s.Components = all
	return s
}

// declaration writes down the components from one ID to another, which are declared together, if they change alike.
func (e *editor) declaration(c topology.Component, from, to topology.ID) (topology.Component, bool) {
	if !e.changed(from, to) {
		return c, true
	}
	if to == from+1 {
		return c, false
	}
	return e.together(c, from, to)
}

func (e *editor) changed(from, to topology.ID) bool {
	if len(e.changes) == 0 {
		return false
	}
	for id := from; id < to; id++ {
		if len(e.changes[id]) > 0 {
			return true
		}
	}
	return false
}

// together changes a declaration as a whole, if that is what is asked for and nothing in it stands for several things.
func (e *editor) together(c topology.Component, from, to topology.ID) (topology.Component, bool) {
	first := e.changes[from]
	for id := from + 1; id < to; id++ {
		if !slices.EqualFunc(e.changes[id], first, change.equal) {
			return c, false
		}
	}
	whole := e.t.Component(from)
	c.Capacity = whole.Capacity
	if c.Supplies == nil {
		c.Supplies = e.kinds[c.Kind].Supplies
	}
	if c.Needs == nil {
		c.Needs = e.kinds[c.Kind].Needs
	}
	for _, s := range c.Supplies {
		if strings.Contains(strings.Join(s.Members, ""), "{") {
			return c, false
		}
	}
	if strings.Contains(strings.Join(c.Needs, ""), "{") {
		return c, false
	}
	e.apply(&c, from)
	return c, true
}

func (a change) equal(b change) bool {
	return a.capacity == b.capacity && a.supply == b.supply && a.need == b.need && a.beside == b.beside && slices.Equal(a.names, b.names)
}

func (e *editor) apply(c *topology.Component, id topology.ID) {
	for _, change := range e.changes[id] {
		c.Capacity += change.capacity
	}
	e.enterOthers(c, id)
}

// enterOthers makes new components members of what one draws on and needs.
func (e *editor) enterOthers(c *topology.Component, id topology.ID) {
	for _, change := range e.changes[id] {
		switch {
		case change.supply > 0:
			c.Supplies = slices.Clone(c.Supplies)
			e.join(&c.Supplies[change.supply-1], id, change)
		case change.need > 0:
			c.Needs = slices.Clone(c.Needs)
			l := e.link(e.t, id, change)
			c.Needs[change.need-1] = fmt.Sprintf("%d of %s", l.Need, choice(e.namesOf(l.Members), e.newcomers(id, change, l.Members)))
		}
	}
}

// newcomers returns the names that become members of a need, or of an entry of a supply, in all.
func (e *editor) newcomers(id topology.ID, at change, beside []topology.ID) (names []string) {
	for _, c := range e.changes[id] {
		if c.supply == at.supply && c.need == at.need && slices.Contains(beside, c.beside) {
			for _, pattern := range c.names {
				some, _ := topology.Expand(pattern) // what Fold made
				names = append(names, some...)
			}
		}
	}
	return names
}

// link returns the supply or the need of a component that a change is of, in one fleet.
func (e *editor) link(t *topology.Topology, id topology.ID, at change) *topology.Link {
	n := max(at.supply, at.need)
	links := t.Links(id)
	for i := range links {
		if l := &links[i]; !l.Start && (l.Pool >= 0) == (at.supply > 0) {
			if n--; n == 0 {
				return l
			}
		}
	}
	return nil
}

// join makes new components members of a supply, in the tier or entry of the one they are like.
func (e *editor) join(s *topology.Supply, id topology.ID, c change) {
	s.Members = slices.Clone(s.Members)
	p := &e.t.Pools()[e.link(e.t, id, c).Pool]
	switch p.Share {
	case topology.Weighted, topology.Tiered, topology.Waterfall:
	default:
		s.Members = append(s.Members, c.names...)
		return
	}
	from := 0
	for entry, end := range p.Ends {
		if members := p.Members[from:end]; slices.Contains(members, c.beside) {
			s.Members[entry] = choice(e.namesOf(members), e.newcomers(id, c, members))
		}
		from = end
	}
}

func (e *editor) namesOf(ids []topology.ID) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = e.t.Name(id)
	}
	return names
}

// choice is one pattern of several names.
func choice(names, more []string) string {
	escape := strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`, `,`, `\,`, `-`, `\-`)
	var all []string
	for _, name := range slices.Concat(names, more) {
		all = append(all, escape.Replace(name))
	}
	return "[" + strings.Join(all, ",") + "]"
}
