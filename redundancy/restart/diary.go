package restart

import (
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A diary is what steps did in a replay, in which all of them act on what can: steps without conditions, at the times at which they
// were taken.
type diary struct {
	steps  []Step
	before []topology.Status // by ID: before this instant's steps
}

// begin opens a new page.
func (d *diary) begin(status []topology.Status) {
	if d != nil {
		d.before = append(d.before[:0], status...)
	}
}

// note writes down what a step did, if it did anything. Of the fractions for one demand at one time only the last counts.
func (d *diary) note(r *replay, i int) {
	if d == nil || r.plan.Steps[i].Do == GoOn {
		return
	}
	s := r.plan.Steps[i]
	did := Step{At: r.now, Do: s.Do, What: s.What, Admit: s.Admit}
	if s.Do == Admit {
		d.steps = slices.DeleteFunc(d.steps, func(o Step) bool { return o.At == r.now && o.Do == Admit && slices.Equal(o.What, s.What) })
	} else {
		var ids []topology.ID
		for _, id := range r.parsed[i].what {
			if d.before[id] != r.state.Status[id] {
				ids = append(ids, id)
				d.before[id] = r.state.Status[id]
			}
		}
		if len(ids) == 0 {
			return
		}
		did.What = r.t.Names(ids)
	}
	d.steps = append(d.steps, did)
}
