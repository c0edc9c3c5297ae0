package restart

import (
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// take takes the steps of this instant together: what they power on starts as far as all of it can, then what they rotate
// enters rotation, then what they admit comes. Of several fractions for one demand the last counts.
func (r *replay) take() *Violation {
	first := r.next
	var found [][]topology.ID
	for ; r.next < len(r.plan.Steps) && r.plan.Steps[r.next].At <= r.now; r.next++ {
		ids, v := r.find(r.next)
		if v != nil {
			return v
		}
		found = append(found, ids)
	}
	for i, ids := range found {
		if v := r.power(first+i, ids); v != nil {
			return v
		}
	}
	for i, ids := range found {
		if v := r.started(first+i, ids); v != nil {
			return v
		}
		if v := r.turn(first+i, ids); v != nil {
			return v
		}
	}
	return r.admit(first, found)
}

// find returns the components of a step, or what is wrong with the step itself.
func (r *replay) find(i int) ([]topology.ID, *Violation) {
	s := r.plan.Steps[i]
	what := strings.Join(s.What, ", ")
	switch {
	case s.At < 0:
		v := r.violation(i, BadTime, what, "has a step, and time begins at 0, when the cascade is over")
		v.At, v.Failure.At = s.At, s.At
		return nil, v
	case s.Do != PowerOn && s.Do != Rotate && s.Do != Admit:
		return nil, r.violation(i, BadStep, what, "has a step %q: there are %q, %q and %q", s.Do, PowerOn, Rotate, Admit)
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
	return ids, nil
}

// power wants to start what a step powers on, and starts what it can.
func (r *replay) power(i int, ids []topology.ID) *Violation {
	if r.plan.Steps[i].Do != PowerOn {
		return nil
	}
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
func (r *replay) started(i int, ids []topology.ID) *Violation {
	if r.plan.Steps[i].Do != PowerOn {
		return nil
	}
	for _, id := range ids {
		if r.state.Status[id] != topology.Down {
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
func (r *replay) turn(i int, ids []topology.ID) *Violation {
	if r.plan.Steps[i].Do != Rotate {
		return nil
	}
	for _, id := range ids {
		switch r.state.Status[id] {
		case topology.Ready:
			r.rotate(id)
		case topology.Booting:
			return r.violation(i, NotReady, r.t.Name(id), "cannot be put in rotation: it is booting")
		case topology.Down:
			return r.violation(i, NotReady, r.t.Name(id), "cannot be put in rotation: it is down")
		}
	}
	return nil
}

// admit sets the fractions of the steps from first on.
func (r *replay) admit(first int, found [][]topology.ID) *Violation {
	fractions := map[topology.ID]float64{}
	for i, ids := range found {
		s := r.plan.Steps[first+i]
		if s.Do != Admit {
			continue
		}
		for _, id := range ids {
			switch c := r.t.Component(id); {
			case c.Demand == 0:
				return r.violation(first+i, NotGated, c.Name, "has no demand to admit")
			case !c.Gated:
				return r.violation(first+i, NotGated, c.Name, "is not gated: its demand cannot be held back")
			}
			fractions[id] = s.Admit
		}
	}
	for i := range r.demands {
		if fraction, ok := fractions[r.demands[i].id]; ok {
			r.demands[i].admit(fraction, r.now)
		}
	}
	return nil
}
