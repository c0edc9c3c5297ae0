package restart

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

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

// shifts returns by how much to move a step one way, the least first, and whether that is all that makes a difference.
func (m *mover) shifts(i int, way time.Duration) (shifts []time.Duration, all bool) {
	if m.onGrid(i) {
		return m.gridShifts(i, way)
	}
	ends := m.meets(i, way)
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

// gridShifts returns the times of the grid by which to move an Admit.
func (m *mover) gridShifts(i int, way time.Duration) (shifts []time.Duration, all bool) {
	at, grid, last := m.given.Steps[i].At, m.given.Grid, m.times[len(m.times)-1]
	for by := grid; way > 0 && at+by-grid <= last || way < 0 && by <= at; by += grid {
		if len(shifts) == mostShifts {
			return shifts, false
		}
		shifts = append(shifts, way*by)
	}
	return shifts, true
}

// meets returns by how much a step has to be moved so that it, or the end of a boot that it begins, comes to where something
// happens; or to 0.
func (m *mover) meets(i int, way time.Duration) []time.Duration {
	s := m.given.Steps[i]
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
	return slices.Compact(ends)
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
