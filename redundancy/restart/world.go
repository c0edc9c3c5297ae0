package restart

import (
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A world is how things stand at one instant of a journey.
type world struct {
	state          []topology.Status // by ID
	counts         []census
	ready, turning []int32 // by set: members that run, and that are in rotation
	warming        []cohort
	demands        []demand
	booting        []int // by limit

	// In this instant:
	powered, turned []topology.ID // by steps
	begun           []topology.ID // what boots from now on
}

// A census is how many of a lot are in each status.
type census [4]int32

// A cohort is components of a lot that have entered rotation together, and have not yet all of their capacity.
type cohort struct {
	lot   int32
	n     int32
	since time.Duration
	start topology.Start
}

// copyFrom makes w what another world is.
func (w *world) copyFrom(o *world) {
	w.state, w.counts = append(w.state[:0], o.state...), append(w.counts[:0], o.counts...)
	w.ready, w.turning = append(w.ready[:0], o.ready...), append(w.turning[:0], o.turning...)
	w.warming = append(w.warming[:0], o.warming...)
	w.demands = append(w.demands[:0], o.demands...)
	w.booting = append(w.booting[:0], o.booting...)
	w.powered, w.turned, w.begun = append(w.powered[:0], o.powered...), append(w.turned[:0], o.turned...), append(w.begun[:0], o.begun...)
}

// setOut returns the world that the cascade leaves.
func (c *compass) setOut() *world {
	w := &world{state: slices.Clone(c.status), counts: make([]census, len(c.members)), demands: slices.Clone(c.asked),
		ready: make([]int32, c.sets), turning: make([]int32, c.sets), booting: make([]int, len(c.limits))}
	for id, status := range c.status {
		w.counts[c.lot[id]][status]++
		for _, s := range c.in[id] {
			if status != topology.Down {
				w.ready[s]++
			}
			if status == topology.Up {
				w.turning[s]++
			}
		}
	}
	return w
}

// set changes the status of a component.
func (j *journey) set(id topology.ID, status topology.Status) {
	n := &j.counts[j.lot[id]]
	n[j.state[id]]--
	n[status]++
	j.state[id] = status
}

// met reports whether all that a component needs is ready.
func (j *journey) met(id topology.ID) bool {
	links := j.linksOf[id]
	for i := range links {
		if int(j.ready[links[i].Set]) < links[i].Need {
			return false
		}
	}
	return true
}

// carried reports whether each supply of a component has a member in rotation.
func (j *journey) carried(id topology.ID) bool {
	links := j.linksOf[id]
	for i := range links {
		if links[i].Supply != nil && j.turning[links[i].Set] == 0 {
			return false
		}
	}
	return true
}

// begin powers a component on.
func (j *journey) begin(id topology.ID) {
	if j.bootTime[id] == 0 {
		j.runs(id)
		return
	}
	j.set(id, topology.Booting)
	j.begun = append(j.begun, id)
	for _, l := range j.limited[id] {
		j.booting[l]++
	}
}

// booted ends a boot.
func (j *journey) booted(id topology.ID) {
	for _, l := range j.limited[id] {
		j.booting[l]--
	}
	j.runs(id)
}

// runs makes a component ready, and puts it in rotation if that takes no step.
func (j *journey) runs(id topology.ID) {
	j.set(id, topology.Ready)
	for _, s := range j.in[id] {
		j.ready[s]++
	}
	if !j.rotates[id] {
		j.turn(id)
	}
}

// turn puts a component that is ready in rotation.
func (j *journey) turn(id topology.ID) {
	j.set(id, topology.Up)
	for _, s := range j.in[id] {
		j.turning[s]++
	}
	if !warms(j.t, id) {
		return
	}
	lot := j.lot[id]
	if n := len(j.warming); n > 0 && j.warming[n-1].lot == lot && j.warming[n-1].since == j.now {
		j.warming[n-1].n++
	} else {
		j.warming = append(j.warming, cohort{lot, 1, j.now, j.t.Start(id)})
	}
}

// settle lets come up what needs no step, and lets demands come whose components are up.
func (j *journey) settle() {
	for again := true; again; {
		again = false
		for _, id := range j.sources {
			if j.state[id] == topology.Down && j.back[id] <= j.now && j.met(id) {
				j.begin(id)
				again = true
			}
		}
	}
	for i := range j.demands {
		d := &j.demands[i]
		status := j.state[d.id]
		if !d.open && (status == topology.Up || status == topology.Ready) && (d.gated || j.carried(d.id)) {
			d.opens(j.now)
		}
	}
}

// fits reports whether nothing is overloaded by the demand that is there now, with the capacities of a time.
func (j *journey) fits(at time.Duration) bool {
	for i := range j.demands {
		j.tide.coming[i] = j.demands[i].now(j.now)
	}
	return j.bears(at)
}

// bears reports whether nothing is overloaded by what is coming, with the capacities of a time.
func (j *journey) bears(at time.Duration) bool {
	j.flow(at)
	for _, lot := range j.finite {
		if over(j.tide.load(lot), j.tide.least[lot]) && j.runsAny(lot) {
			return false
		}
	}
	return j.keeps()
}

// flow computes the loads by what is coming, with the capacities of a time.
func (j *journey) flow(at time.Duration) {
	j.work += len(j.members)
	j.tide.update(&j.world, at)
}

// runsAny reports whether any of a lot boots or runs.
func (w *world) runsAny(lot int32) bool {
	n := &w.counts[lot]
	return n[topology.Up]+n[topology.Ready]+n[topology.Booting] > 0
}

// over leaves rounding less than [topology.Tolerance].
func over(load, capacity float64) bool { return !(load <= capacity+float64(capacity*slack)) }

// safe reports whether nothing is overloaded now, nor while members of shares by capacity warm up, and not too many boot.
func (j *journey) safe() bool {
	for i, n := range j.booting {
		if n > j.limits[i].most {
			return false
		}
	}
	if !j.fits(j.now) {
		return false
	}
	for _, at := range j.shiftsUntil() {
		if !j.fits(at) {
			return false
		}
	}
	return true
}

// shiftsUntil returns times at which to look again, because shares by capacity move until then.
func (j *journey) shiftsUntil() []time.Duration {
	var times []time.Duration
	if len(j.shifts) == 0 {
		return nil
	}
	for _, w := range j.warming {
		if slices.ContainsFunc(j.t.PoolsOf(j.members[w.lot][0]), func(p int32) bool { return j.shifts[p] }) {
			end := later(w.since, w.start.WarmUp)
			times = append(times, j.now+(end-j.now)/2, end)
		}
	}
	slices.Sort(times)
	times = slices.Compact(times)
	const most = 8
	if len(times) > most {
		times = append(times[:most-1], times[len(times)-1])
	}
	return times
}

// copied is how many statuses are copied as fast as one thing else is done.
const copied = 256

// attempt takes a change if it returns that it is good, else nothing has happened.
func (j *journey) attempt(change func() bool) bool {
	if j.depth == len(j.saved) {
		j.saved = append(j.saved, &world{})
	}
	saved := j.saved[j.depth]
	saved.copyFrom(&j.world)
	j.work += len(j.state) / copied
	j.depth++
	ok := change()
	j.depth--
	if !ok {
		j.world.copyFrom(saved)
	}
	return ok
}
