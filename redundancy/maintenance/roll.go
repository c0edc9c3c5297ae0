package maintenance

import (
	"context"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Roll divides what the patterns name into groups that are taken out and brought back one after the other, as few as can be found:
// each of them is safe, as [Check] has it, while all others are in rotation and warm. What no group may have, for alone it is
// not safe, is told as stuck, and the others are planned for.
//
// In small fleets every group that could be is looked at, by how many it has of each class of components that nothing tells
// apart, and the number of groups is the least there is: Proven, unless whether some group is safe was not determined. Elsewhere
// the largest safe group along an order of the components is taken, then the largest of the rest; the orders are spread over the
// classes, as declared, and the strongest first. Certainty is Proven where their number meets the bound, else Bounded.
//
// The bound is what the pools that demands draw on leave room for: in each case the members that stay must be able to carry what
// is asked, all together, and each of them its part where all bear the same.
//
// If the fleet does not hold as it is, or some scenarios of the family fail already, there are no groups: see [Options.Except].
// The error names what the topology does not have. When ctx ends, it is ctx's.
func Roll(ctx context.Context, t *topology.Topology, what topology.Names, o Options) (*Rolling, error) {
	return roll(ctx, t, what, o, mostCounts)
}

// roll looks at every group only where these are no more than so many.
func roll(ctx context.Context, t *topology.Topology, what topology.Names, o Options, most int) (*Rolling, error) {
	q, err := newQuestion(t, o)
	if err != nil {
		return nil, err
	}
	named, err := q.named(what)
	if err != nil {
		return nil, err
	}
	units, err := q.units(named, o.By)
	if err != nil {
		return nil, err
	}
	if err := q.begin(ctx); err != nil {
		return nil, err
	}
	r := &Rolling{
		What: t.Names(named), Asked: Asked{o.Family, o.Survive, o.Together, o.By}, Groups: []Group{},
		Certainty: cascade.Undetermined, Reason: q.reason, Already: q.already,
	}
	if q.reason != "" {
		if !q.unknown {
			r.Certainty = cascade.Exact
		}
		return r, nil
	}
	s := &search{question: q, units: units, decided: map[string]decision{}, most: most}
	s.classes = q.classify(s.units)
	return r, s.roll(ctx, r)
}

// roll finds a division, its bound, and what there is to say of it.
func (s *search) roll(ctx context.Context, r *Rolling) error {
	d, bound, whole, err := s.exact(ctx)
	if err == nil && !whole {
		d, err = s.divide(ctx)
	}
	if err != nil {
		return err
	}
	cases, _, err := s.cases(nil)
	if err != nil {
		return err
	}
	r.Bound = max(bound, s.floor(s.placed(d), s.every(cases)))
	if err := s.report(ctx, r, d, whole); err != nil {
		return err
	}
	switch {
	case len(r.Groups) == 0:
		r.Bound, r.Reason = 0, "no group of it is known to be safe"
		if s.certain(whole) {
			r.Certainty, r.Reason = cascade.Exact, "no group of it is safe"
		}
	case len(r.Groups) == r.Bound:
		r.Certainty = cascade.Proven
	default:
		r.Certainty = cascade.Bounded
	}
	return nil
}

// certain reports whether what no group was found for can be in none.
func (s *search) certain(whole bool) bool {
	for _, d := range s.decided {
		if d.certainty == cascade.Undetermined {
			return false
		}
	}
	return whole || !s.o.Together
}

// placed returns the units that are in some group.
func (s *search) placed(d *division) []unit {
	var all []unit
	for _, g := range d.groups {
		for _, u := range g {
			all = append(all, s.units[u])
		}
	}
	return all
}
