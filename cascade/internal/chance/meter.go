package chance

import (
	"context"
	"errors"
	"math"
)

// ErrTooHard says that an exact answer would take more steps than allowed.
var ErrTooHard = errors.New("chance: too many cases for an exact answer")

// unlimited is a limit that nothing reaches.
const unlimited = math.MaxInt64

// breath is how many steps pass before the context is asked again: about a millisecond.
const breath = 1 << 20

// A meter counts steps, of a multiplication or so each. Once it has an error, what is computed is void.
type meter struct {
	ctx   context.Context
	limit int64
	spent int64
	asked int64 // spent when the context was last asked
	err   error
}

func newMeter(ctx context.Context, limit int64) *meter {
	return &meter{ctx: ctx, limit: limit, err: ctx.Err()}
}

// spend counts steps to come, and reports whether they may be taken.
func (m *meter) spend(steps int) bool {
	if m.err != nil {
		return false
	}
	m.spent += int64(steps)
	if m.spent > m.limit {
		m.err = ErrTooHard
		return false
	}
	if m.spent-m.asked >= breath {
		m.asked, m.err = m.spent, m.ctx.Err()
	}
	return m.err == nil
}
