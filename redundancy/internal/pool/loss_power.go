package pool

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// powered lowers the q that domains bear to what power does; false if that depends on more than this form knows.
func (l *domainLosses) powered(of map[topology.ID]int) bool {
	if l.demandNeeds(of) {
		return false
	}
	if len(l.Power) == 0 && !l.otherLoads() {
		return true
	}
	for b, m := range l.alone(of) {
		capacity := l.Topology.Capacity(l.Power[b])
		switch {
		case !topology.Overloaded(m.nameplate, capacity): // no server is overloaded, so neither is it
		case m.mixed:
			return false
		case m.domain < 0:
			l.outside = min(l.outside, bears(m.base, m.rate, capacity))
		default:
			l.weakest[m.domain] = min(l.weakest[m.domain], bears(m.base, m.rate, capacity))
			if _, in := of[l.Power[b]]; !in { // it stays when the domain is lost
				l.outside = min(l.outside, bears(m.restBase, m.restRate, capacity))
			}
		}
	}
	return l.steady(of)
}

// A load is that of a power component, base + rate · q, with nothing lost.
type load struct {
	domain     int // that its servers are of; -1 for none
	mixed      bool
	base, rate float64
	nameplate  float64

	restBase, restRate float64 // once the domain is lost
}

// bears returns the highest q with which a load is not overloaded, once [topology.Overloaded] has added its tolerance.
func bears(base, rate, capacity float64) float64 {
	if rate == 0 {
		if topology.Overloaded(base, capacity) {
			return 0
		}
		return math.Inf(1)
	}
	most := capacity + float64(capacity*topology.Tolerance)
	return max(0, (most-base)/rate/(1+topology.Tolerance))
}

// alone returns the load of each power component.
func (l *domainLosses) alone(of map[topology.ID]int) []load {
	all := make([]load, len(l.Power))
	for b, id := range l.Power {
		all[b] = load{domain: -1, base: l.draws.Fixed[b], nameplate: l.draws.Fixed[b], restBase: l.draws.Fixed[b]}
		if d, ok := of[id]; ok {
			all[b].domain = d
		}
	}
	for _, id := range l.Servers {
		for _, part := range l.draws.Of(id) {
			m := &all[part.On]
			switch d, ok := of[id]; {
			case !ok:
				m.restBase, m.restRate = m.restBase+part.Base, m.restRate+part.Rate
			case m.domain != d:
				m.mixed = m.mixed || m.domain >= 0
				m.domain = d
			}
			m.base, m.rate, m.nameplate = m.base+part.Base, m.rate+part.Rate, m.nameplate+part.Base
			if part.Rate > 0 {
				m.nameplate += float64(part.Rate * l.Topology.Capacity(id))
			}
		}
	}
	return all
}

// demandNeeds reports whether the demand needs something that a domain takes down.
func (l *domainLosses) demandNeeds(of map[topology.ID]int) bool {
	for _, link := range l.Topology.Links(l.Demand) {
		if link.Pool >= 0 || link.Start {
			continue
		}
		for _, m := range link.Members {
			if _, ok := of[m]; ok {
				return true
			}
		}
	}
	return false
}

// otherLoads reports whether there are components with a capacity, and load, that servers neither are nor draw on.
func (p *Pool) otherLoads() bool {
	for id := range topology.ID(p.Topology.Len()) {
		_, server := p.place[id]
		_, power := p.power[id]
		if !server && !power && !unlimited(p.Topology, id) && len(p.Topology.PoolsOf(id)) > 0 {
			return true
		}
	}
	return false
}

// steady reports whether no loss changes what a server that is left draws, or what others do.
func (l *domainLosses) steady(of map[topology.ID]int) bool {
	for d := range l.ids {
		st := &State{Status: make([]topology.Status, l.Topology.Len())}
		for id, e := range of {
			if e == d {
				st.Status[id] = topology.Down
			}
		}
		draws := l.Draws(st)
		for id, load := range draws.Steady {
			if st.Status[id] == topology.Up && load != l.draws.Steady[id] && !unlimited(l.Topology, topology.ID(id)) {
				return false
			}
		}
		for _, id := range l.Servers {
			if st.Status[id] == topology.Up && !slices.Equal(draws.Of(id), l.draws.Of(id)) {
				return false
			}
		}
	}
	return true
}
