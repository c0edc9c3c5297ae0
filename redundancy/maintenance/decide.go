package maintenance

import (
	"context"

	"github.com/ridethrough/ridethrough/cascade"
)

// A decision is whether a group is safe.
type decision struct {
	safe      bool
	certainty cascade.Certainty // Exact or Proven; Undetermined if it is not known to be safe, nor not to be
	reason    string            // why it is not determined, or cannot come back
	strain    *Strain           // that fails
}

// Why groups are not determined.
const (
	tooMixed = "not every combination of phases can be looked at, and the bound on them is exceeded: ask for fewer at once, or for groups that change phase at one instant (Together)"
	tooWarm  = "shares by capacity move while it warms up, and the bound on that is exceeded"
)

// decide finds out whether a group is safe.
func (q *question) decide(ctx context.Context, g *group) (decision, error) {
	if g.cannot != "" {
		return decision{certainty: cascade.Exact, reason: g.cannot}, nil
	}
	cases, reason, err := q.cases(g.down)
	if err != nil || reason != "" {
		return decision{certainty: cascade.Undetermined, reason: reason}, err
	}
	if proven, err := q.keeps(ctx, g, cases); proven || err != nil {
		return decision{safe: proven, certainty: cascade.Proven}, err
	}
	for _, s := range g.stages(q) {
		seen, err := q.look(ctx, s, cases, true)
		if err != nil {
			return decision{}, err
		}
		if len(seen.failing) > 0 {
			f := seen.failing[0]
			strain := q.strain(s, cases[f.at], f.view)
			return decision{certainty: cascade.Exact, strain: &strain}, nil
		}
	}
	return q.rest(ctx, g, cases)
}

// rest decides what the bound did not prove, where all stages of the whole are safe.
func (q *question) rest(ctx context.Context, g *group, cases []loss) (decision, error) {
	if !q.o.Together {
		choices, ok := q.choices(g, len(cases))
		if !ok {
			return decision{certainty: cascade.Undetermined, reason: tooMixed}, nil
		}
		strain, err := q.mixed(ctx, g, choices, cases)
		if err != nil || strain != nil {
			return decision{certainty: cascade.Exact, strain: strain}, err
		}
	}
	if g.moves(q) { // its ends are safe; what is between them was not looked at
		return decision{certainty: cascade.Undetermined, reason: tooWarm}, nil
	}
	return decision{safe: true, certainty: cascade.Exact}, nil
}
