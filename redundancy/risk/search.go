package risk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// selected returns the components of a pattern; all for "".
func selected(t *topology.Topology, pattern string) ([]topology.ID, error) {
	if pattern == "" {
		all := make([]topology.ID, t.Len())
		for i := range all {
			all[i] = topology.ID(i)
		}
		return all, nil
	}
	owners, err := t.Select(pattern)
	if err != nil {
		return nil, fmt.Errorf("owners %q: %w", pattern, err)
	}
	return owners, nil
}

// redundant reports whether a link keeps its owner up and, on paper, bears the loss of a member.
func redundant(l *topology.Link) bool { return l.Keeps() && l.Need < len(l.Members) }

// upstream returns, in order of declaration, every component whose loss could reach a member of a redundant link of the
// owners: these members, what they need, and so on.
func upstream(t *topology.Topology, owners []topology.ID) []topology.ID {
	u := walk{t: t, reached: make([]bool, t.Len()), seen: map[*topology.ID]bool{}}
	for _, owner := range owners {
		u.from(owner, redundant)
	}
	for i := 0; i < len(u.queue); i++ {
		u.from(u.queue[i], (*topology.Link).Keeps)
	}
	slices.Sort(u.queue)
	return u.queue
}

// A walk goes from owners to members, and through the members that many owners have in common once.
type walk struct {
	t       *topology.Topology
	reached []bool
	queue   []topology.ID
	seen    map[*topology.ID]bool // members, by their first: links that name the same share them
}

func (u *walk) from(owner topology.ID, follow func(*topology.Link) bool) {
	links := u.t.Links(owner)
	for i := range links {
		l := &links[i]
		if !follow(l) || u.seen[&l.Members[0]] {
			continue
		}
		u.seen[&l.Members[0]] = true
		for _, m := range l.Members {
			if !u.reached[m] {
				u.reached[m] = true
				u.queue = append(u.queue, m)
			}
		}
	}
}

// A search loses one component after the other and keeps what that breaks.
type search struct {
	t       *topology.Topology
	closure *topology.Closure
	asked   []bool // by ID: an owner that is asked about
	cuts    map[hold]*cut
}

// A hold is a link and one of the owners that may have it in common.
type hold struct {
	owner topology.ID
	link  *topology.Link
}

// A cut is the components that each leave a link with too few members.
type cut struct {
	through []topology.ID
	left    int // most members that one of them leaves
}

// lose takes a component down, and up again. Whatever link that breaks, its owner is down.
func (s *search) lose(x topology.ID) {
	lost := s.closure.Fail(x)
	for _, l := range lost[1:] {
		if s.asked[l.ID] {
			s.broken(l.ID, x)
		}
	}
	s.closure.Undo(lost)
}

// broken notes all redundant links of an owner that are not met. The one for which it went down may be another.
func (s *search) broken(owner, x topology.ID) {
	links := s.t.Links(owner)
	for i := range links {
		l := &links[i]
		if !redundant(l) || s.closure.Left(l) >= l.Need {
			continue
		}
		c := s.cuts[hold{owner, l}]
		if c == nil {
			c = &cut{}
			s.cuts[hold{owner, l}] = c
		}
		c.through = append(c.through, x)
		c.left = max(c.left, s.closure.Left(l))
	}
}

// sharings folds what was found, in order of the owners and their links.
func (s *search) sharings(owners []topology.ID) Sharings {
	var groups []*sharing
	known := map[string]*sharing{}
	f := fingerprints{members: map[*topology.ID]string{}}
	for _, owner := range owners {
		links := s.t.Links(owner)
		for i := range links {
			c := s.cuts[hold{owner, &links[i]}]
			if c == nil {
				continue
			}
			key := f.of(&links[i], c)
			g := known[key]
			if g == nil {
				g = &sharing{link: &links[i], cut: c}
				known[key] = g
				groups = append(groups, g)
			}
			if n := len(g.owners); n == 0 || g.owners[n-1] != owner {
				g.owners = append(g.owners, owner)
			}
		}
	}
	all := Sharings{}
	for _, g := range groups {
		all = append(all, g.named(s.t))
	}
	return all
}

// A sharing is a [Sharing] under construction.
type sharing struct {
	link   *topology.Link
	cut    *cut
	owners []topology.ID
}

func (g *sharing) named(t *topology.Topology) Sharing {
	s := Sharing{Owners: t.Names(g.owners), Members: slices.Clone(g.link.Names), Need: g.link.Need, Left: g.cut.left}
	for _, id := range g.cut.through {
		s.Through = append(s.Through, t.Name(id))
	}
	return s
}

// fingerprints tells what goes into one Sharing. The members of a set are written down once.
type fingerprints struct {
	members map[*topology.ID]string
	text    strings.Builder
}

func (f *fingerprints) of(l *topology.Link, c *cut) string {
	key, ok := f.members[&l.Members[0]]
	if !ok {
		sorted := slices.Clone(l.Members) // however they were written
		slices.Sort(sorted)
		key = f.write(sorted)
		f.members[&l.Members[0]] = key
	}
	return fmt.Sprintf("%d of %s/%s", l.Need, key, f.write(c.through))
}

func (f *fingerprints) write(ids []topology.ID) string {
	f.text.Reset()
	for _, id := range ids {
		fmt.Fprintf(&f.text, "%d,", id)
	}
	return f.text.String()
}
