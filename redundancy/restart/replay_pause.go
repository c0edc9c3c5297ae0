package restart

import (
	"cmp"
	"slices"
	"time"
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

// singleLooks is how many times of the grid are looked at singly while nothing happens.
const singleLooks = 500

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
		at = nextOn(r.plan.Grid, at)
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
	if ok && !(late && r.admits(end) && nextOn(r.plan.Grid, r.now) != r.now) {
		return true
	}
	r.pause.waits, r.pause.until = true, never
	switch {
	case ok:
		r.pause.until = nextOn(r.plan.Grid, r.now)
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
	return nextOn(grid, later(r.now, 1))
}

// moves reports whether loads or capacities change though nothing happens.
func (r *replay) moves() bool {
	return len(r.warming) > 0 || slices.ContainsFunc(r.demands, func(d demand) bool { return d.open && d.left(r.now) > 1e-12 })
}
