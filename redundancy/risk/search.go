package risk

import (
	"context"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// selected returns the components of patterns; all for none.
func selected(t *topology.Topology, patterns topology.Names) ([]topology.ID, error) {
	if len(patterns) == 0 {
		all := make([]topology.ID, t.Len())
		for i := range all {
			all[i] = topology.ID(i)
		}
		return all, nil
	}
	owners, err := t.Select(patterns...)
	if err != nil {
		return nil, fmt.Errorf("owners: %w", err)
	}
	return owners, nil
}

// redundant reports whether a link keeps its owner up and, on paper, bears the loss of a member.
func redundant(l *topology.Link) bool { return l.Keeps() && l.Need < len(l.Members) }

// A claim is a number of the members of a set that is enough, on paper, for its owners. None of these is further up than the
// members: no topology has such a cycle. So what breaks a claim breaks it for all of them.
type claim struct {
	link    *topology.Link // of the first owner
	owners  []topology.ID  // in order
	through []topology.ID  // each of which alone takes too many
	left    int            // most members that one of these leaves
}

// A claimed set has the claims on it, those that ask for more first, and how many of them are broken now.
type claimed struct {
	claims []*claim
	broken int
}

// claims returns what some components claim, in order of the first owners and, of one, in the order written; and by set.
func claims(t *topology.Topology, owners []topology.ID) (all []*claim, sets []claimed) {
	for _, owner := range owners {
		links := t.Links(owner)
		for i := range links {
			l := &links[i]
			if !redundant(l) {
				continue
			}
			for int(l.Set) >= len(sets) {
				sets = append(sets, claimed{})
			}
			set := &sets[l.Set]
			at, known := slices.BinarySearchFunc(set.claims, l.Need, func(c *claim, need int) int { return need - c.link.Need })
			if !known {
				c := &claim{link: l}
				all = append(all, c)
				set.claims = slices.Insert(set.claims, at, c)
			}
			set.claims[at].owners = append(set.claims[at].owners, owner)
		}
	}
	return all, sets
}

// A search loses one component after the other, and notes the claims that this breaks.
type search struct {
	ctx     context.Context
	closure *topology.Closure
	sets    []claimed
	of      [][]int32 // by component: the sets that it is a member of
	broken  []*claim  // by what is lost now
	path    []loss
	noted   int
	steps   int // since the context was looked at
}

// A loss is a component that is lost on top of those that are before it on the path, and go down with it: it is as if it were
// lost alone.
type loss struct {
	id     topology.ID
	next   int             // of what takes it down
	lost   []topology.Loss // with it, but not before
	broken int             // claims, before
}

// maxNoted bounds the components noted in all claims: each is a name that is told.
const maxNoted = 20_000_000

func newSearch(ctx context.Context, t *topology.Topology, sets []claimed) *search {
	s := &search{ctx: ctx, closure: t.Closure(), sets: sets, of: make([][]int32, t.Len())}
	size, in := 0, make([]int32, t.Len())
	s.eachMember(func(_ int32, m topology.ID) { size, in[m] = size+1, in[m]+1 })
	room := make([]int32, size)
	s.eachMember(func(set int32, m topology.ID) {
		if s.of[m] == nil {
			s.of[m], room = room[:0:in[m]], room[in[m]:]
		}
		s.of[m] = append(s.of[m], set)
	})
	return s
}

// eachMember yields the members of the sets with claims.
func (s *search) eachMember(yield func(set int32, m topology.ID)) {
	for i := range s.sets {
		if claims := s.sets[i].claims; len(claims) > 0 {
			for _, m := range claims[0].link.Members {
				yield(int32(i), m)
			}
		}
	}
}

// lose takes down, and up again, a component and all that take it down, directly or further up, by the tree of them.
func (s *search) lose(root topology.ID, above [][]topology.ID) error {
	for s.enter(root); len(s.path) > 0; {
		if s.noted > maxNoted {
			return fmt.Errorf("%w: ask about fewer components", ErrTooMany)
		}
		if s.steps > 1<<12 {
			s.steps = 0
			if err := s.ctx.Err(); err != nil {
				return err
			}
		}
		at := &s.path[len(s.path)-1]
		if at.next == len(above[at.id]) {
			s.leave()
			continue
		}
		at.next++
		s.enter(above[at.id][at.next-1])
	}
	return nil
}

func (s *search) enter(x topology.ID) {
	at := loss{id: x, lost: s.closure.Fail(x), broken: len(s.broken)}
	for _, l := range at.lost {
		for _, set := range s.of[l.ID] {
			s.breakClaims(&s.sets[set])
		}
	}
	for _, c := range s.broken {
		c.through = append(c.through, x)
		c.left = max(c.left, s.closure.Left(c.link))
	}
	s.noted += len(s.broken)
	s.steps += len(at.lost) + len(s.broken)
	s.path = append(s.path, at)
}

func (s *search) breakClaims(set *claimed) {
	left := s.closure.Left(set.claims[0].link)
	for set.broken < len(set.claims) && set.claims[set.broken].link.Need > left {
		s.broken = append(s.broken, set.claims[set.broken])
		set.broken++
	}
}

func (s *search) leave() {
	at := s.path[len(s.path)-1]
	s.path = s.path[:len(s.path)-1]
	s.closure.Undo(at.lost)
	for _, c := range s.broken[at.broken:] {
		s.sets[c.link.Set].broken--
	}
	s.broken = s.broken[:at.broken]
}

// sharings folds the claims that were broken. Those on the same members, however written, are one.
func sharings(t *topology.Topology, all []*claim) Sharings {
	var merged []*claim
	known := map[string]*claim{}
	for _, c := range all {
		if len(c.through) == 0 {
			continue
		}
		members := slices.Clone(c.link.Members)
		slices.Sort(members)
		key := fmt.Sprint(c.link.Need, members)
		if first := known[key]; first != nil {
			first.owners = append(first.owners, c.owners...)
			continue
		}
		known[key] = c
		merged = append(merged, c)
	}
	told := Sharings{}
	for _, c := range merged {
		told = append(told, c.named(t))
	}
	return told
}

func (c *claim) named(t *topology.Topology) Sharing {
	slices.Sort(c.owners)
	slices.Sort(c.through)
	s := Sharing{Owners: t.Names(slices.Compact(c.owners)), Members: slices.Clone(c.link.Names), Need: c.link.Need, Left: c.left}
	for _, id := range c.through {
		s.Through = append(s.Through, t.Name(id))
	}
	return s
}
