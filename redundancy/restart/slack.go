package restart

import (
	"context"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Slack is how far a single step of a plan may be moved, all others as planned, so that the plan stays safe, serves
// as much in the end, and neither its full service nor its finish is later. Until then more may go unserved.
type Slack struct {
	Later     time.Duration     `json:"later"`             // at most; negative is without end
	Free      time.Duration     `json:"free"`              // of that, without more unserved demand; negative is without end
	Earlier   time.Duration     `json:"earlier"`           // at most: never more than to 0
	TooLate   string            `json:"tooLate,omitempty"` // what goes wrong with the next shift that was tried; "" if nothing does
	TooEarly  string            `json:"tooEarly,omitempty"`
	Certainty cascade.Certainty `json:"certainty"` // Exact or Bounded
}

// String returns "from 1:00 earlier to 26:00 later, or 2:00 at no cost; later still full service is at 29:00".
func (s Slack) String() string {
	text := fmt.Sprintf("from %s earlier to %s later", clock(s.Earlier), anyTime(s.Later))
	if s.Free != s.Later {
		text += fmt.Sprintf(", or %s at no cost", anyTime(s.Free))
	}
	if s.TooEarly != "" {
		text += "; earlier still " + s.TooEarly
	}
	if s.TooLate != "" {
		text += "; later still " + s.TooLate
	}
	return text
}

func anyTime(d time.Duration) string {
	if d < 0 {
		return "any time"
	}
	return clock(d)
}

// Slack returns, for each step of a plan, how far it may be moved, by replays of the plan with the step moved: by all shifts in
// order, from the smallest on, that bring the step, or the end of a boot that it begins, to where something else happens,
// and one in between each two; an Admit by each number of times of the grid. It is what can be moved without a gap: all shifts that
// were tried up to it are good. A larger one may be good again.
//
// Certainty is Exact where nothing can differ between two shifts that were tried: of an Admit on a grid, and where nothing warms up,
// no demand surges, nothing boots without a step, and no step has conditions. Else it is Bounded: the next larger shift that was
// tried is not good, a second away at most, but one between those tried that only just overloads something may be missed. It is
// Bounded also where there were more than 300 to try, and so not all were.
//
// The error is that of [Verify]. It takes the time of a [Verify] for each shift that is tried.
func (p *Plan) Slack(ctx context.Context, t *topology.Topology) ([]Slack, error) {
	m, err := newMover(ctx, t, p)
	if err != nil {
		return nil, err
	}
	all := make([]Slack, len(p.Steps))
	for i := range all {
		if all[i], err = m.slack(ctx, i); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// slack finds how far a step may be moved.
func (m *mover) slack(ctx context.Context, i int) (Slack, error) {
	s := Slack{Certainty: cascade.Exact}
	later, all := m.shifts(i, 1)
	found, err := m.furthest(ctx, i, later)
	if err != nil {
		return s, err
	}
	s.Later, s.Free, s.TooLate = found.good, found.free, found.why
	if found.why == "" {
		s.Later = never
	}
	if found.why == "" && !found.costs {
		s.Free = never
	}
	earlier, allEarlier := m.shifts(i, -1)
	if found, err = m.furthest(ctx, i, earlier); err != nil {
		return s, err
	}
	s.Earlier, s.TooEarly = -found.good, found.why
	if !all || !allEarlier || !m.onGrid(i) && !m.still {
		s.Certainty = cascade.Bounded
	}
	return s, nil
}

func (m *mover) onGrid(i int) bool { return m.given.Steps[i].Do == Admit && m.given.Grid > 0 }

// A reach is how far a step may be moved one way.
type reach struct {
	good  time.Duration // the last of the shifts that are good, without a gap
	free  time.Duration // the last of these at no cost, without a gap
	costs bool          // the next costs something
	why   string        // what is wrong with the shift after good
}

// try moves a step by more, and reports whether that is good.
func (r *reach) try(ctx context.Context, m *mover, i int, by time.Duration) (bool, error) {
	why, unserved, err := m.moved(ctx, i, by)
	if err != nil || why != "" {
		r.why = why
		return false, err
	}
	r.good, r.costs = by, r.costs || unserved > m.meter.unserved*(1+1e-12)
	if !r.costs {
		r.free = by
	}
	return true, nil
}

// furthest tries shifts until one is not good.
func (m *mover) furthest(ctx context.Context, i int, shifts []time.Duration) (reach, error) {
	var r reach
	for _, by := range shifts {
		ok, err := r.try(ctx, m, i, by)
		if err != nil {
			return r, err
		}
		if !ok && !m.still && !m.onGrid(i) {
			return r, m.closer(ctx, i, &r, by)
		}
		if !ok {
			break
		}
	}
	return r, nil
}

// closer looks between a shift that is good and one that is not, to a second.
func (m *mover) closer(ctx context.Context, i int, r *reach, bad time.Duration) error {
	for max(r.good-bad, bad-r.good) > time.Second {
		middle := (r.good + (bad-r.good)/2).Truncate(time.Second)
		if middle == r.good {
			break
		}
		ok, err := r.try(ctx, m, i, middle)
		if err != nil {
			return err
		}
		if !ok {
			bad = middle
		}
	}
	return nil
}
