package calls

import (
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// write puts the calls into the spec.
func (j *joiner) write() {
	j.writeDemands()
	for rest := j.calls; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].from == rest[0].from {
			n++
		}
		if rest[0].from >= 0 {
			j.writeCaller(rest[:n])
		}
		rest = rest[n:]
	}
}

// writeDemands leaves to what is called the part of its demand that goes with no call.
func (j *joiner) writeDemands() {
	total, left := map[topology.ID]float64{}, map[topology.ID]float64{}
	for _, c := range j.calls {
		total[c.to] += c.weight
		if c.load == 0 {
			left[c.to] += c.weight
		}
	}
	for id, sum := range total {
		demand := j.fleet.Demand(id) * (left[id] / sum)
		if demand < least {
			demand = 0
		}
		j.component(id).Demand = demand
	}
}

func (j *joiner) component(id topology.ID) *topology.Component {
	return &j.spec.Components[j.declared[id]]
}

// writeCaller puts in the calls of one caller: those that carry load as supplies, the others as needs.
func (j *joiner) writeCaller(calls []call) {
	c := j.component(calls[0].from)
	needs := j.needsOf(c)
	for _, call := range calls {
		all, some := needs.on(call.to)
		switch {
		case call.load > 0 && all == nil && some != nil:
			some.draw = append(some.draw, call)
		case call.load > 0:
			c.Supplies = append(c.Supplies, j.supply(call))
			if all != nil {
				all.replaced = append(all.replaced, call.to)
			}
		case all == nil && some == nil:
			needs = append(needs, need{text: j.patterns(call.to)[0]})
		}
	}
	c.Needs = nil
	for _, n := range needs {
		c.Needs = append(c.Needs, j.rest(n)...)
		c.Supplies = append(c.Supplies, j.common(n)...)
	}
}

// supply returns how a caller draws on what it calls.
func (j *joiner) supply(c call) topology.Supply {
	return topology.Supply{Members: j.patterns(c.to), PerUnit: c.load / j.served(c.from)}
}

// common returns how a caller draws on what it calls of several components of which it needs some: when one is down, the
// others take its part. What is not of the same unit cannot.
func (j *joiner) common(n need) []topology.Supply {
	var supplies []topology.Supply
	var units []string
	for _, c := range n.draw {
		i := slices.Index(units, j.fleet.Unit(c.to))
		if i < 0 {
			i = len(units)
			units = append(units, j.fleet.Unit(c.to))
			supplies = append(supplies, topology.Supply{Share: topology.Weighted, Optional: true})
		}
		s := &supplies[i]
		s.Members = append(s.Members, j.patterns(c.to)...)
		s.Weights = append(s.Weights, c.load)
		s.PerUnit += c.load / j.served(c.from)
	}
	for i := range supplies {
		if len(supplies[i].Weights) == 1 {
			j.addSpare(&supplies[i], n, units[i])
		}
	}
	return supplies
}

// addSpare adds what takes the load of the one that is called when that is down.
func (j *joiner) addSpare(s *topology.Supply, n need, unit string) {
	if spare := j.spare(n, unit); spare != nil {
		s.Share, s.Weights = topology.Tiered, nil
		s.Members = append(s.Members, j.patterns(spare...)...)
	}
}

// spare returns the members of a need that are not called, to which load can go all the same.
func (j *joiner) spare(n need, unit string) (spare []topology.ID) {
	for _, id := range n.members {
		called := slices.ContainsFunc(n.draw, func(c call) bool { return c.to == id })
		if from := n.draw[0].from; !called && id != from && j.fleet.Unit(id) == unit && j.order.add(from, id) == nil {
			spare = append(spare, id)
		}
	}
	return spare
}

// patterns names components.
func (j *joiner) patterns(ids ...topology.ID) topology.Names { return j.fleet.Names(ids) }
