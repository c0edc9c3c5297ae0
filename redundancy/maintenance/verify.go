package maintenance

import (
	"context"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Violation is what is wrong with a rolling.
type Violation struct {
	Group  int     // from 0; -1 if it is about no group
	Reason string  // what is wrong, and what would be right
	Strain *Strain // of a group that is not safe: what fails
}

// Error says what is wrong.
func (v *Violation) Error() string {
	text := v.Reason
	if v.Group >= 0 {
		text = fmt.Sprintf("group %d %s", v.Group+1, text)
	}
	if v.Strain != nil {
		text += ": " + v.Strain.String()
	}
	return text
}

// Verify checks a rolling, such as one that was edited: each component of What is in one group, but for as many as are Left, what
// is to stay together is, and each group is safe. It reads What, By, Left and the groups' What, and trusts none of the figures;
// the rest of what is asked stands in the options. The first thing that is wrong is returned as a *[Violation]; that what was
// asked cannot be answered, the fleet being unsound already, is one too. The error is another where the topology lacks what
// the options or What name, or ctx has ended.
//
// Groups are looked at by one of them after the other, as [Check] does, and their beginnings, drained and off, by
// [cascade.Screen] once more.
func Verify(ctx context.Context, t *topology.Topology, r *Rolling, o Options) error {
	q, err := newQuestion(t, o)
	if err != nil {
		return err
	}
	named, err := q.named(r.What)
	if err != nil {
		return err
	}
	units, err := q.units(named, r.By)
	if err != nil {
		return err
	}
	if err := q.begin(ctx); err != nil {
		return err
	}
	if q.reason != "" {
		return &Violation{Group: -1, Reason: q.reason}
	}
	groups, err := q.divided(r, units)
	if err != nil {
		return err
	}
	for i, g := range groups {
		if err := q.verify(ctx, i, q.group(g)); err != nil {
			return err
		}
	}
	return nil
}

// divided finds the groups, and checks that they are a division.
func (q *question) divided(r *Rolling, units []unit) ([][]topology.ID, error) {
	in := map[topology.ID]int{}
	var all [][]topology.ID
	for i, g := range r.Groups {
		ids, err := q.named(g.What)
		if err != nil {
			return nil, &Violation{Group: i, Reason: err.Error()}
		}
		for _, id := range ids {
			if other, taken := in[id]; taken {
				return nil, &Violation{Group: i, Reason: fmt.Sprintf("has %s, which group %d has already", q.t.Name(id), other+1)}
			}
			in[id] = i
		}
		all = append(all, ids)
	}
	return all, q.whole(r, units, in)
}

// whole checks that the groups have all units, and have them whole.
func (q *question) whole(r *Rolling, units []unit, in map[topology.ID]int) error {
	missing, first, known := 0, "", 0
	for _, u := range units {
		at, some := in[u.named[0]]
		for _, id := range u.named {
			other, ok := in[id]
			switch {
			case some && ok && other != at, ok != some:
				return &Violation{Group: max(at, other), Reason: fmt.Sprintf("has only a part of what goes down with one of %s: %s and %s are apart", r.By, q.t.Name(u.named[0]), q.t.Name(id))}
			case ok:
				known++
			default:
				if missing++; missing == 1 {
					first = q.t.Name(id)
				}
			}
		}
	}
	switch {
	case missing != r.Left:
		if missing > 0 {
			first = fmt.Sprintf(" (the first is %s)", first)
		}
		return &Violation{Group: -1, Reason: fmt.Sprintf("%d of %s are in no group%s, and %d are said to be left out", missing, list(r.What), first, r.Left)}
	case known != len(in):
		return &Violation{Group: -1, Reason: fmt.Sprintf("some group has what is none of %s", list(r.What))}
	}
	return nil
}

// verify checks one group.
func (q *question) verify(ctx context.Context, i int, g *group) error {
	d, err := q.decide(ctx, g)
	switch {
	case err != nil:
		return err
	case d.certainty == cascade.Undetermined:
		return &Violation{Group: i, Reason: "is not known to be safe: " + d.reason}
	case d.reason != "":
		return &Violation{Group: i, Reason: "is not safe: " + d.reason}
	case !d.safe:
		return &Violation{Group: i, Reason: "is not safe", Strain: d.strain}
	}
	begins := []cascade.Scenario{{Drain: q.t.Names(g.turns)}, {Lose: q.t.Names(g.named)}}
	if slices.ContainsFunc(g.named, func(id topology.ID) bool { return q.t.Demand(id) > 0 }) {
		begins = begins[1:] // a screening would ask for what is taken out and still runs
	}
	for _, out := range begins {
		if err := q.screen(ctx, i, out); err != nil {
			return err
		}
	}
	return nil
}

// screen looks at the family once more, on top of what is out.
func (q *question) screen(ctx context.Context, i int, out cascade.Scenario) error {
	first := cascade.Only(q.o.Now)
	if len(out.Lose)+len(out.Drain) > 0 {
		first = cascade.Product(first, cascade.Only(out))
	}
	s, err := cascade.Screen(ctx, q.t, cascade.Product(first, q.family), cascade.Options{
		OnlyHolds: !q.o.Survive, Serve: q.o.Serve, Cases: q.o.Cases, Workers: q.o.Workers, Worst: 1,
	})
	if err != nil {
		return err
	}
	failing := s.Failing
	if q.o.Survive {
		failing = s.Collapsing
	}
	if failing.Sign() > 0 && (s.Timing == nil || s.Timing.Sign() == 0) {
		return &Violation{Group: i, Reason: fmt.Sprintf("is not safe: %s", s.Worst[0])}
	}
	return nil
}
