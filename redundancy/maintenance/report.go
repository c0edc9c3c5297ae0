package maintenance

import (
	"context"

	"github.com/ridethrough/ridethrough/cascade"
)

// report writes a division down.
func (s *search) report(ctx context.Context, r *Rolling, d *division, whole bool) error {
	for _, units := range d.groups {
		g := s.groupOf(units)
		tightest, err := s.tightest(ctx, g)
		if err != nil {
			return err
		}
		r.Groups = append(r.Groups, Group{What: s.t.Names(g.named), Count: len(g.named), Takes: g.takes, Tightest: tightest})
		r.Takes = later(r.Takes, g.takes)
	}
	for _, units := range d.stuck {
		g := s.groupOf(units)
		r.Left += len(g.named)
		if len(r.Stuck) == mostTold {
			continue
		}
		alone, err := s.question.decide(ctx, g) // not of one like it: what is told names its own components
		if err != nil {
			return err
		}
		r.Stuck = append(r.Stuck, Stuck{What: s.t.Names(g.named), Strain: alone.strain, Reason: s.whyLeft(alone, whole)})
	}
	return nil
}

// whyLeft says what is not known of a unit that is in no group. Parts of a safe group are safe, so that what is not safe alone is in
// none; but where all of a group goes at one instant, more of it may be safe where less is not.
func (s *search) whyLeft(alone decision, whole bool) string {
	if !s.o.Together || alone.certainty == cascade.Undetermined {
		return alone.reason
	}
	if !s.certain(whole) {
		return "not every larger group was looked at, or is determined"
	}
	return alone.reason
}

// tightest returns the worst of all phases of a group as a whole.
func (q *question) tightest(ctx context.Context, g *group) (Strain, error) {
	cases, _, err := q.cases(g.down)
	if err != nil {
		return Strain{}, err
	}
	var worst view
	var strain Strain
	for i, s := range g.stages(q) {
		seen, err := q.look(ctx, s, cases, false)
		if err != nil {
			return Strain{}, err
		}
		if i == 0 || seen.worst.worse(worst) {
			worst, strain = seen.worst, q.strain(s, cases[seen.at], seen.worst)
		}
	}
	return strain, nil
}
