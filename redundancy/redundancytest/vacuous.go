package redundancytest

import (
	"fmt"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// vacuous returns why the promise would be kept whatever the fleet is like; "" if it could be broken. It also returns
// what the family names and the fleet does not have.
func (p promise) vacuous() string {
	n, err := p.family.Count(p.fleet)
	if err != nil {
		return err.Error()
	}
	demands := demands(p.fleet)
	switch {
	case n.Sign() == 0:
		return "the family has no scenario, so nothing is tested: name what may fail, as in cascade.Each(\"board\")"
	case p.served && len(demands) == 0:
		return "no component of the fleet has a demand, so nothing could go unserved: give the users one"
	case !loadMeetsCapacity(p.fleet):
		return "nothing in the fleet could be overloaded, for no load reaches a component with a capacity: " +
			"give the users a demand, and what they draw on a capacity"
	case len(demands) > 0 && !p.leavesDemand(demands):
		return fmt.Sprintf("every scenario of %q takes down all that has a demand, so nothing is left to be judged: lose what the demand draws on", p.family)
	}
	return ""
}

func demands(fleet *topology.Topology) []topology.ID {
	var ids []topology.ID
	for id := range topology.ID(fleet.Len()) {
		if fleet.Demand(id) > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// leavesDemand reports whether some scenario does not take down every demand itself. As a rule the first one does not.
func (p promise) leavesDemand(demands []topology.ID) bool {
	all, err := p.family.All(p.fleet)
	if err != nil {
		return false // Count would have found it
	}
	for s := range all {
		if !p.losesAll(s, demands) {
			return true
		}
	}
	return false
}

func (p promise) losesAll(s cascade.Scenario, demands []topology.ID) bool {
	lost, _ := p.fleet.Select(s.Lose...) // All looked every name up
	for _, id := range demands {
		if _, ok := slices.BinarySearch(lost, id); !ok {
			return false
		}
	}
	return true
}

// loadMeetsCapacity reports whether load could ever come to a component that has a capacity, whatever is lost: its own
// demand, or what the owner of a supply places on it.
func loadMeetsCapacity(fleet *topology.Topology) bool {
	s := spread{fleet: fleet, loaded: make([]bool, fleet.Len()), placed: make([]bool, len(fleet.Pools()))}
	for id := range topology.ID(fleet.Len()) {
		if fleet.Demand(id) > 0 {
			s.load(id)
		}
		s.place(id, func(supply *topology.Supply) bool { return supply.Base > 0 })
	}
	for len(s.queue) > 0 && !s.met {
		owner := s.queue[0]
		s.queue = s.queue[1:]
		s.place(owner, func(supply *topology.Supply) bool { return supply.Rate() > 0 })
	}
	return s.met
}

// A spread follows load from owners to members.
type spread struct {
	fleet  *topology.Topology
	loaded []bool // by ID
	placed []bool // by pool
	queue  []topology.ID
	met    bool // something that is loaded has a capacity
}

func (s *spread) load(id topology.ID) {
	if !s.loaded[id] {
		s.loaded[id] = true
		s.queue = append(s.queue, id)
		s.met = s.met || !math.IsInf(s.fleet.Capacity(id), 1)
	}
}

// place loads the members of an owner's supplies that do pass something on. A member of weight 0 never takes any.
func (s *spread) place(owner topology.ID, passes func(*topology.Supply) bool) {
	for _, l := range s.fleet.Links(owner) {
		if l.Pool < 0 || s.placed[l.Pool] || !passes(l.Supply) {
			continue
		}
		s.placed[l.Pool] = true
		p, from := s.fleet.Pools()[l.Pool], 0
		for tier, end := range p.Ends {
			if p.Share != topology.Weighted || p.Weights[tier] > 0 {
				for _, m := range p.Members[from:end] {
					s.load(m)
				}
			}
			from = end
		}
	}
}
