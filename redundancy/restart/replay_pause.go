package restart

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A pause is how the plan's clock stands to the real one.
type pause struct {
	by    time.Duration // it is behind by so much
	waits bool          // the next steps are due, and wait
	until time.Duration // when somebody looks again, whatever happens before; negative: only if something does
	looks int           // times at which somebody looked while nothing happened
}

// A taken step was taken at a time.
type taken struct {
	step int // in order of time
	at   time.Duration
}

// A parsed step has its names looked up.
type parsed struct {
	what      []topology.ID // nil: not yet
	when, ifs []test
}

// A test is a condition with its names looked up.
type test struct {
	Condition
	ids []topology.ID
}

// singleLooks is how many times of the grid are looked at singly while nothing happens.
const singleLooks = 500

// parse looks up the conditions of a step, or says what is wrong with them.
func (r *replay) parse(i int) *Violation {
	s := r.plan.Steps[i]
	tests := func(all []Condition) ([]test, *Violation) {
		var found []test
		for _, c := range all {
			what := strings.Join(c.What, ", ")
			if len(c.What) == 0 {
				return nil, r.violation(i, BadWhen, strings.Join(s.What, ", "), "has a condition on nothing: say what it is about")
			}
			ids, err := r.t.Select(c.What...)
			if err != nil {
				return nil, r.violation(i, Unknown, what, "is in a condition, and not in the fleet: %v", err)
			}
			if fault := c.fault(len(ids)); fault != "" {
				return nil, r.violation(i, BadWhen, what, "%s", fault)
			}
			found = append(found, test{c, ids})
		}
		return found, nil
	}
	when, v := tests(s.When)
	if v != nil {
		return v
	}
	ifs, v := tests(s.If)
	r.parsed[i].when, r.parsed[i].ifs = when, ifs
	return v
}

// together returns the end of the steps of the next time.
func (r *replay) together() int {
	steps, end := r.plan.Steps, r.next+1
	for end < len(steps) && steps[end].At == steps[r.next].At {
		end++
	}
	return end
}

// planned returns from when on the next steps may be taken.
func (r *replay) planned() (time.Duration, bool) {
	if r.next == len(r.plan.Steps) {
		return 0, false
	}
	at := later(r.plan.Steps[r.next].At, r.pause.by)
	if r.pause.by > 0 && r.admits(r.together()) {
		at = r.toGrid(at)
	}
	return at, true
}

// due returns when the next steps are to be looked at, whatever happens before.
func (r *replay) due() (time.Duration, bool) {
	if r.pause.waits {
		return r.pause.until, r.pause.until >= 0
	}
	return r.planned()
}

// admits reports whether any of the steps from next to before end admits.
func (r *replay) admits(end int) bool {
	return slices.ContainsFunc(r.plan.Steps[r.next:end], func(s Step) bool { return s.Do == Admit })
}

// toGrid returns the first time of the grid from a time on.
func (r *replay) toGrid(at time.Duration) time.Duration {
	if r.plan.Grid == 0 || at%r.plan.Grid == 0 {
		return at
	}
	return later(at, r.plan.Grid-at%r.plan.Grid)
}

// ripe reports whether the steps before end, which are due, can be taken now; if not it settles when to look again.
func (r *replay) ripe(end int) bool {
	looks := false
	for i := r.next; i < end; i++ {
		for _, c := range slices.Concat(r.parsed[i].when, r.parsed[i].ifs) {
			looks = looks || c.Below > 0
		}
	}
	if looks {
		r.open()
		r.load(r.now)
		r.flow.Update(r.state)
	}
	ok := true
	for i := r.next; i < end; i++ {
		ok = ok && r.holds(r.parsed[i].when)
	}
	late := r.now > r.plan.Steps[r.next].At
	if ok && !(late && r.admits(end) && r.toGrid(r.now) != r.now) {
		return true
	}
	r.pause.waits, r.pause.until = true, never
	switch {
	case ok:
		r.pause.until = r.toGrid(r.now)
	case looks && r.moves():
		r.pause.until = r.nextLook()
	}
	if r.pause.until <= r.now {
		r.pause.until = never // time has ended
	}
	return false
}

// nextLook returns when somebody looks again at a load.
func (r *replay) nextLook() time.Duration {
	grid := cmp.Or(r.plan.Grid, time.Minute)
	r.pause.looks++
	for range min(r.pause.looks/singleLooks, 40) {
		grid = later(grid, grid)
	}
	if rest := r.now % grid; rest != 0 {
		return later(r.now, grid-rest)
	}
	return later(r.now, grid)
}

// moves reports whether loads or capacities change though nothing happens.
func (r *replay) moves() bool {
	return len(r.warming) > 0 || slices.ContainsFunc(r.demands, func(d demand) bool { return d.open && d.left(r.now) > 1e-12 })
}

// holds reports whether all of the tests do now.
func (r *replay) holds(tests []test) bool {
	return !slices.ContainsFunc(tests, func(c test) bool { return !r.passes(&c) })
}

func (r *replay) passes(c *test) bool {
	ready := 0
	for _, id := range c.ids {
		switch r.state.Status[id] {
		case topology.Down:
			continue
		case topology.Booting:
			if c.Settled {
				return false
			}
		default:
			ready++
		}
		if c.Below > 0 && topology.Overloaded(r.flow.Load[id], c.Below*r.state.Capacity[id]) {
			return false
		}
	}
	return ready >= c.Ready
}

// lenient reports whether a step acts on what can, and leaves the rest.
func (r *replay) lenient(i int) bool { return r.plan.Steps[i].conditional() || r.diary != nil }

// forgo gives up what steps with conditions could not power on now.
func (r *replay) forgo(first int, acts []bool) {
	for i, yes := range acts {
		if !yes || !r.lenient(first+i) {
			continue
		}
		for _, id := range r.parsed[first+i].what {
			if r.state.Status[id] == topology.Down {
				r.wanted[id] = false
			}
		}
	}
}
