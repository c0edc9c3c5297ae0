package calls

import (
	"github.com/ridethrough/ridethrough/topology"
)

// attribute says how much load goes with each call.
func (j *joiner) attribute() {
	total := map[topology.ID]float64{}
	for _, c := range j.calls {
		total[c.to] += c.weight
	}
	var idle, idleCallers []topology.ID
	for i := range j.calls {
		c := &j.calls[i]
		load := j.fleet.Demand(c.to) * (c.weight / total[c.to])
		switch {
		case c.from < 0:
		case load < least:
			idle = append(idle, c.to)
		case !(load/j.served(c.from) <= most) || load/j.served(c.from) < least:
			idleCallers = append(idleCallers, c.from)
		default:
			c.load = load
		}
	}
	j.report(topology.Missing, NoLoad, "demand", j.names(idle),
		"not known, so their callers need them and place no load on them: give it, and their callers will cause it")
	j.report(topology.Missing, NoLoad, "demand", j.names(idleCallers),
		"not known, so no load could be put down to them: they need what they call, whose load does not fall when they do less")
}

// served returns the load that a component passes on with nothing lost.
func (j *joiner) served(id topology.ID) float64 {
	load, capacity := j.flow.Load[id], j.fleet.Capacity(id)
	if j.fleet.Overload(id).Shed && topology.Overloaded(load, capacity) {
		return capacity
	}
	return load
}
