package restart

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Slack is how far a single step of a plan may be moved, all others as planned, so that the plan stays safe, serves
// as much in the end, and neither its full service nor its finish is later. Until then more may go unserved.
type Slack struct {
	Later     time.Duration // at most; negative is without end
	Free      time.Duration // of that, without more unserved demand; negative is without end
	Earlier   time.Duration // at most: never more than to 0
	TooLate   string        // what goes wrong with the next shift that was tried; "" if nothing does
	TooEarly  string
	Certainty cascade.Certainty
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

// mostShifts bounds the shifts of one step, in one direction.
const mostShifts = 300

// A mover moves steps of a plan.
type mover struct {
	stage *stage
	given *Plan
	times []time.Duration // at which something happens, or may from then on
	looks []parsed        // by step, as the plan numbers them
	still bool            // loads only change when something happens, and at times that steps settle
	meter *meter          // of the plan as it is
}

func newMover(ctx context.Context, t *topology.Topology, p *Plan) (*mover, error) {
	stage, err := newStage(ctx, t, p)
	if err != nil {
		return nil, err
	}
	m := &mover{stage: stage, given: p, still: true, looks: make([]parsed, len(p.Steps))}
	r := stage.template.fresh(nil)
	m.times = append(m.times, 0)
	r.seen = func(at time.Duration) {
		m.times = append(m.times, at)
		m.still = m.still && len(r.warming) == 0
	}
	if err := r.run(ctx); err != nil {
		return nil, err
	}
	m.meter = r.meter
	for i, from := range r.order {
		m.looks[from] = r.parsed[i]
	}
	for _, at := range r.back {
		if at > 0 {
			m.times = append(m.times, at)
		}
	}
	slices.Sort(m.times)
	m.times = slices.Compact(m.times)
	for _, d := range r.demands {
		m.still = m.still && d.reopen.Surge == 0
	}
	for id, wanted := range stage.template.wanted {
		m.still = m.still && !(wanted && t.Start(topology.ID(id)).Boot > 0)
	}
	m.still = m.still && !slices.ContainsFunc(p.Steps, Step.conditional)
	return m, nil
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

// shifts returns by how much to move a step one way, the least first, and whether that is all that makes a difference.
func (m *mover) shifts(i int, way time.Duration) (shifts []time.Duration, all bool) {
	s := m.given.Steps[i]
	last := m.times[len(m.times)-1]
	if m.onGrid(i) {
		for by := m.given.Grid; way > 0 && s.At+by-m.given.Grid <= last || way < 0 && by <= s.At; by += m.given.Grid {
			if len(shifts) == mostShifts {
				return shifts, false
			}
			shifts = append(shifts, way*by)
		}
		return shifts, true
	}
	own := []time.Duration{s.At}
	if s.Do == PowerOn {
		for _, id := range m.looks[i].what {
			own = append(own, later(s.At, m.stage.template.t.Start(id).Boot))
		}
	}
	slices.Sort(own)
	own = slices.Compact(own)
	var ends []time.Duration
	for _, at := range m.times {
		for _, o := range own {
			if by := (at - o) * way; by > 0 && (way > 0 || by <= s.At) {
				ends = append(ends, by)
			}
		}
	}
	if way < 0 && s.At > 0 {
		ends = append(ends, s.At)
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	if all = len(ends) <= mostShifts/2; !all {
		ends = ends[:mostShifts/2]
	}
	before := time.Duration(0)
	for _, by := range ends {
		for _, at := range []time.Duration{before + 1, by - 1, by} { // nothing differs between the first two, if nothing moves
			if n := len(shifts); at > before && (n == 0 || shifts[n-1] != at*way) {
				shifts = append(shifts, at*way)
			}
		}
		before = by
	}
	if way > 0 && before < math.MaxInt64/2 {
		shifts = append(shifts, before+1, before+time.Minute)
	}
	return shifts, all
}

// moved says what is wrong with the plan if a step is moved, or how much it leaves unserved.
func (m *mover) moved(ctx context.Context, i int, by time.Duration) (why string, unserved float64, err error) {
	plan := *m.given
	plan.Steps = slices.Clone(plan.Steps)
	plan.Steps[i].At += by
	r := m.stage.template.fresh(nil)
	r.plan, r.order = byTime(&plan)
	r.parsed = make([]parsed, len(plan.Steps))
	for k, from := range r.order {
		r.parsed[k] = m.looks[from]
	}
	err = r.run(ctx)
	var v *Violation
	switch {
	case errors.As(err, &v):
		return v.Error(), 0, nil
	case err != nil:
		return "", 0, err
	case m.stage.read(r).short:
		return "less is served in the end", 0, nil
	case r.meter.full > m.meter.full:
		return "full service is at " + clock(r.meter.full), 0, nil
	case r.meter.finish > m.meter.finish:
		return "the finish is at " + clock(r.meter.finish), 0, nil
	}
	return "", r.meter.unserved + float64(r.meter.rate*(m.meter.full-r.meter.full).Minutes()), nil
}
