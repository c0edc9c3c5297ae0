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
	j.report(topology.Missing, NoLoad, j.names(idle),
		"no demand of its own is known, so callers place no load there: calls to it are needs only")
	j.report(topology.Missing, NoLoad, j.names(idleCallers),
		"no load of it is known, so none follows from it: its calls are needs only, and what they cause stays with what is called")
}

// served returns the load that a component passes on with nothing lost.
func (j *joiner) served(id topology.ID) float64 {
	load, capacity := j.flow.Load[id], j.fleet.Capacity(id)
	if j.fleet.Overload(id).Shed && topology.Overloaded(load, capacity) {
		return capacity
	}
	return load
}
