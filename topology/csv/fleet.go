package csv

import (
	"github.com/ridethrough/ridethrough/topology"
)

// spec returns the fleet: failure domains, servers, users.
func (r *reader) spec() topology.Spec {
	spec := topology.Spec{Components: make([]topology.Component, 0, len(r.servers)+len(r.pools))}
	for _, d := range r.domains {
		for _, pattern := range topology.Fold(d.names) {
			spec.Components = append(spec.Components, topology.Component{Name: pattern, Kind: d.kind})
		}
	}
	for _, s := range r.servers {
		for _, pattern := range s.names.patterns() {
			spec.Components = append(spec.Components, s.component(pattern))
		}
	}
	for _, p := range r.pools {
		spec.Components = append(spec.Components, p.component())
	}
	return spec
}

func (s server) component(pattern string) topology.Component {
	c := topology.Component{Name: pattern, Kind: s.kind, Capacity: s.capacity, Unit: s.unit, Needs: s.needs}
	if s.pool == nil {
		c.Demand = s.load
	}
	return c
}

// component returns the users of a pool.
func (p *pool) component() topology.Component {
	supply := topology.Supply{Members: p.names.patterns()}
	if p.proportional() {
		supply.Share = topology.Proportional
	}
	return topology.Component{
		Name: topology.Fold([]string{p.users})[0], Kind: p.kind, Demand: p.sums.load, Unit: p.unit, Supplies: []topology.Supply{supply},
	}
}
