package restart

import (
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// take takes the steps that are due, if what they wait for is there.
func (r *replay) take() *Violation {
	for r.next < len(r.plan.Steps) {
		if at, due := r.planned(); !due || at > r.now {
			r.pause.waits = false
			return nil
		}
		end := r.together()
		for i := r.next; i < end; i++ {
			if _, v := r.find(i); v != nil {
				return v
			}
		}
		if !r.ripe(end) {
			return nil
		}
		r.pause = pause{by: max(0, r.now-r.plan.Steps[r.next].At)}
		if v := r.act(end); v != nil {
			return v
		}
	}
	return nil
}

// act takes the steps before end together: what they power on starts as far as all of it can, then what they rotate enters
// rotation, then what they admit comes. Of several fractions for one demand the last counts.
func (r *replay) act(end int) *Violation {
	first := r.next
	r.next = end
	acts := make([]bool, end-first)
	r.diary.begin(r.state.Status)
	for i := first; i < end; i++ {
		if r.plan.Steps[i].Do != PowerOn || !r.holds(r.parsed[i].ifs) {
			continue
		}
		acts[i-first] = true
		if v := r.power(i); v != nil {
			return v
		}
	}
	r.forgo(first, acts)
	for i := first; i < end; i++ {
		s := r.plan.Steps[i]
		switch {
		case s.Do == PowerOn && acts[i-first]:
			if v := r.started(i); v != nil {
				return v
			}
		case s.Do == PowerOn || !r.holds(r.parsed[i].ifs):
			continue
		case s.Do == Rotate:
			if v := r.turn(i); v != nil {
				return v
			}
		}
		acts[i-first] = true
		r.taken = append(r.taken, taken{i, r.now})
		r.diary.note(r, i)
	}
	return r.admit(first, acts)
}

// find returns the components of a step, or what is wrong with the step itself.
func (r *replay) find(i int) ([]topology.ID, *Violation) {
	if r.parsed[i].what != nil {
		return r.parsed[i].what, nil
	}
	s := r.plan.Steps[i]
	what := strings.Join(s.What, ", ")
	switch {
	case s.At < 0:
		v := r.violation(i, BadTime, what, "has a step, and time begins at 0, when the cascade is over")
		v.At, v.Failure.At = s.At, s.At
		return nil, v
	case s.Do != PowerOn && s.Do != Rotate && s.Do != Admit && s.Do != GoOn:
		return nil, r.violation(i, BadStep, what, "has a step %q: there are %q, %q, %q and %q", s.Do, PowerOn, Rotate, Admit, GoOn)
	case s.Do == Admit && !(s.Admit >= 0 && s.Admit <= 1):
		return nil, r.violation(i, BadAdmit, what, "is admitted to %v: give a fraction from 0 to 1", s.Admit)
	case s.Do == Admit && r.plan.Grid > 0 && s.At%r.plan.Grid != 0:
		return nil, r.violation(i, OffGrid, what, "is admitted between the times of the grid of %v", r.plan.Grid)
	}
	if len(s.What) == 0 {
		return nil, r.violation(i, Unknown, "nothing", "is named by the step %q", s.Do)
	}
	ids, err := r.t.Select(s.What...)
	if err != nil {
		return nil, r.violation(i, Unknown, what, "is not in the fleet: %v", err)
	}
	if v := r.parse(i); v != nil {
		return nil, v
	}
	r.parsed[i].what = ids
	return ids, nil
}

// power wants to start what a step powers on, and starts what it can.
func (r *replay) power(i int) *Violation {
	ids := r.parsed[i].what
	for _, id := range ids {
		if r.state.Status[id] != topology.Down {
			continue
		}
		if back := r.back[id]; back < 0 {
			return r.violation(i, TooEarly, r.t.Name(id), "cannot be powered on: it does not return")
		} else if back > r.now {
			return r.violation(i, TooEarly, r.t.Name(id), "cannot be powered on before %s", clock(back))
		}
		r.wanted[id] = true
	}
	r.start(ids...)
	return nil
}

// started says what a step could not power on.
func (r *replay) started(i int) *Violation {
	if r.lenient(i) {
		return nil
	}
	for _, id := range r.parsed[i].what {
		if r.state.Status[id] != topology.Down || r.hasFailed(id) {
			continue
		}
		l := r.ready.unmet(id)
		return &Violation{Step: i, At: r.now, Reason: NeedNotMet, Failure: cascade.Failure{
			Component: r.t.Name(id), At: r.now, Cause: cascade.Unsupplied, Lost: l.Names, Left: r.ready.left(l), Need: l.Need,
		}}
	}
	return nil
}

// turn puts in rotation what a step rotates in.
func (r *replay) turn(i int) *Violation {
	lenient := r.lenient(i)
	for _, id := range r.parsed[i].what {
		switch status := r.state.Status[id]; {
		case status == topology.Ready:
			r.rotate(id)
		case status == topology.Up || lenient:
		case status == topology.Booting:
			return r.violation(i, NotReady, r.t.Name(id), "cannot be put in rotation: it is booting")
		default:
			return r.violation(i, NotReady, r.t.Name(id), "cannot be put in rotation: it is down")
		}
	}
	return nil
}

// admit sets the fractions of those of the steps from first on that are taken.
func (r *replay) admit(first int, acts []bool) *Violation {
	fractions := map[topology.ID]float64{}
	for i, yes := range acts {
		s := r.plan.Steps[first+i]
		if s.Do != Admit {
			continue
		}
		for _, id := range r.parsed[first+i].what {
			switch c := r.t.Component(id); {
			case c.Demand == 0:
				return r.violation(first+i, NotGated, c.Name, "has no demand to admit")
			case !c.Gated:
				return r.violation(first+i, NotGated, c.Name, "is not gated: its demand cannot be held back")
			}
			if yes {
				fractions[id] = s.Admit
			}
		}
	}
	for i := range r.demands {
		if fraction, ok := fractions[r.demands[i].id]; ok {
			r.demands[i].admit(fraction, r.now)
		}
	}
	return nil
}
