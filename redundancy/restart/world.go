package restart

import (
	"slices"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A world is how things stand at one instant of a journey.
type world struct {
	state          topology.State
	ready, turning []int32 // by set: members that run, and that are in rotation
	warming        []warming
	demands        []demand
	booting        []int // by limit

	// In this instant:
	powered, turned []topology.ID // by steps
	begun           []topology.ID // what boots from now on
}

// copyFrom makes w what another world is.
func (w *world) copyFrom(o *world) {
	w.state.Status = append(w.state.Status[:0], o.state.Status...)
	w.state.Demand = append(w.state.Demand[:0], o.state.Demand...)
	w.state.Capacity = append(w.state.Capacity[:0], o.state.Capacity...)
	w.ready, w.turning = append(w.ready[:0], o.ready...), append(w.turning[:0], o.turning...)
	w.warming = append(w.warming[:0], o.warming...)
	w.demands = append(w.demands[:0], o.demands...)
	w.booting = append(w.booting[:0], o.booting...)
	w.powered, w.turned, w.begun = append(w.powered[:0], o.powered...), append(w.turned[:0], o.turned...), append(w.begun[:0], o.begun...)
}

// setOut returns the world that the cascade leaves.
func (c *compass) setOut() *world {
	n := c.t.Len()
	w := &world{ready: make([]int32, c.sets), turning: make([]int32, c.sets), booting: make([]int, len(c.limits)), demands: slices.Clone(c.asked)}
	w.state = topology.State{Status: slices.Clone(c.status), Demand: make([]float64, n), Capacity: make([]float64, n)}
	for id, status := range c.status {
		w.state.Capacity[id] = c.t.Capacity(topology.ID(id))
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
	j.state.Status[id] = topology.Booting
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
	j.state.Status[id] = topology.Ready
	for _, s := range j.in[id] {
		j.ready[s]++
	}
	if !j.rotates[id] {
		j.turn(id)
	}
}

// turn puts a component that is ready in rotation.
func (j *journey) turn(id topology.ID) {
	j.state.Status[id] = topology.Up
	for _, s := range j.in[id] {
		j.turning[s]++
	}
	if warms(j.t, id) {
		j.warming = append(j.warming, warming{id, j.now, j.t.Start(id)})
	}
}

// settle lets come up what needs no step, and lets demands come whose components are up.
func (j *journey) settle() {
	for again := true; again; {
		again = false
		for _, id := range j.sources {
			if j.state.Status[id] == topology.Down && j.back[id] <= j.now && j.met(id) {
				j.begin(id)
				again = true
			}
		}
	}
	for i := range j.demands {
		d := &j.demands[i]
		status := j.state.Status[d.id]
		if !d.open && (status == topology.Up || status == topology.Ready) && (d.gated || j.carried(d.id)) {
			d.opens(j.now)
		}
	}
}

// warm sets the capacities to those of a time, for what is in rotation now.
func (j *journey) warm(at time.Duration) {
	for _, w := range j.warming {
		j.state.Capacity[w.id] = j.t.Capacity(w.id) * max(coldest, warmth(w.start, at-w.since))
	}
}

// fits reports whether nothing is overloaded by the demand that is there now, with the capacities of a time.
func (j *journey) fits(at time.Duration) bool {
	for i := range j.demands {
		j.state.Demand[j.demands[i].id] = j.demands[i].now(j.now)
	}
	j.warm(at)
	j.flow.Update(j.state)
	for _, id := range j.finite {
		if over(j.flow.Load[id], j.state.Capacity[id]) && j.state.Status[id] != topology.Down {
			return false
		}
	}
	return j.keeps()
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
			j.warm(j.now)
			return false
		}
	}
	j.warm(j.now)
	return true
}

// shiftsUntil returns times at which to look again, because shares by capacity move until then.
func (j *journey) shiftsUntil() []time.Duration {
	var times []time.Duration
	if len(j.shifts) == 0 {
		return nil
	}
	for _, w := range j.warming {
		if slices.ContainsFunc(j.t.PoolsOf(w.id), func(p int32) bool { return j.shifts[p] }) {
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

// attempt takes a change if it returns that it is good, else nothing has happened.
func (j *journey) attempt(change func() bool) bool {
	if j.depth == len(j.saved) {
		j.saved = append(j.saved, &world{})
	}
	saved := j.saved[j.depth]
	saved.copyFrom(&j.world)
	j.depth++
	ok := change()
	j.depth--
	if !ok {
		j.world.copyFrom(saved)
	}
	return ok
}
