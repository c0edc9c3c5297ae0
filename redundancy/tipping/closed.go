package tipping

import (
	"context"

	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// closed asks the closed forms of one equally loaded pool, and reports whether there is one.
func (a *answer) closed(ctx context.Context, err *error) bool {
	if a.pool == nil {
		return false
	}
	if a.question == surviving {
		s := a.pool.SurvivalOf(a.ids)
		if s != nil && a.serve() > topology.Tolerance {
			*err = a.survive(ctx, s)
			return true
		}
		return false
	}
	losses := a.pool.LossesOf(a.ids)
	if losses != nil {
		*err = a.follow(ctx, losses)
	}
	return losses != nil
}

// follow asks how many may be lost of one pool so that it holds.
func (a *answer) follow(ctx context.Context, losses pool.Losses) error {
	for k := 0; k <= losses.Size(); k++ {
		if worst, breaks := losses.Breaking(k); breaks {
			a.worst, a.AnyMost = worst, k-1
			break
		}
		a.Any = k
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	lucky, bears, err := losses.Bearing(ctx)
	switch {
	case err != nil:
		a.Reason = err.Error() + "."
	case bears:
		a.lucky, a.Some, a.SomeMost = lucky, len(lucky), len(lucky)
	default:
		a.SomeMost = -1
	}
	return ctx.Err()
}

// survive asks how many may be lost of one pool so that it does not collapse.
func (a *answer) survive(ctx context.Context, s *pool.Survival) error {
	lost, least, known := s.Collapsing(ctx)
	a.Any = least - 1
	if known {
		a.worst, a.AnyMost = lost, len(lost)-1
	}
	a.Reason = "the search was not finished."
	if lucky, survives := s.Surviving(); survives {
		a.lucky, a.Some = lucky, len(lucky)
	}
	a.SomeMost = a.Some
	return ctx.Err()
}
