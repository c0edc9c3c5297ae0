package compose

import (
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// The kinds.
const (
	kindHost      = "host"
	kindService   = "service"
	kindContainer = "container"
	kindJob       = "job"
	kindMemory    = "container memory"
)

// A fleet writes services as a topology.
type fleet struct {
	o        Options
	services []*service // in the order of the files
	byName   map[string]*service
	host     string // plain; "" if it is not known
}

func newFleet(o Options, services []*service) *fleet {
	f := &fleet{o: o, services: services, byName: map[string]*service{}}
	for _, s := range services {
		f.byName[s.name] = s
	}
	if !o.Swarm {
		f.host = o.Host
		if f.host == "" {
			f.host = kindHost
		}
	}
	return f
}

func (f *fleet) spec() (spec topology.Spec) {
	if f.host != "" {
		spec.Components = append(spec.Components, topology.Component{Name: pattern(f.host), Kind: kindHost})
	}
	for _, s := range f.services {
		if s.replicas == 0 {
			continue
		}
		if !s.job {
			spec.Components = append(spec.Components, f.service(s))
		}
		spec.Components = append(spec.Components, f.containers(s))
		if s.tripsOnMemory() {
			spec.Components = append(spec.Components, f.memory(s))
		}
	}
	return spec
}

// pattern writes a name so that no part of it is read as a pattern.
func pattern(name string) string { return topology.Fold([]string{name})[0] }

// component returns a service's name in the fleet, which is no kind's.
func (s *service) component() string {
	if slices.Contains([]string{kindHost, kindService, kindContainer, kindJob}, s.name) {
		return s.name + " (service)"
	}
	return s.name
}

// pool returns the pattern of a service's containers.
func (s *service) pool() string {
	if s.replicas == 1 {
		return s.name + "/1"
	}
	return fmt.Sprintf("%s/[1-%d]", s.name, s.replicas)
}

// load returns what one container can do, what it does with nothing lost, and in what unit.
func (f *fleet) load(s *service) (capacity, load float64, unit string) {
	switch {
	case s.limit.cpus > 0 && f.o.Load > 0:
		return s.limit.cpus, f.o.Load * s.limit.cpus, "cores"
	case s.limit.cpus > 0 && s.reserved.cpus > 0:
		return s.limit.cpus, s.reserved.cpus, "cores"
	case f.o.Load > 0:
		return 1, f.o.Load, "replicas"
	}
	return 1, 1, "replicas"
}

func (f *fleet) service(s *service) topology.Component {
	_, load, unit := f.load(s)
	c := topology.Component{
		Name: pattern(s.component()), Kind: kindService, Demand: load * float64(s.replicas), Unit: unit,
		Supplies: []topology.Supply{{Members: topology.Names{s.pool()}}},
	}
	for _, name := range s.calls {
		if to := f.byName[name]; to.replicas > 0 && !to.job {
			c.Needs = append(c.Needs, pattern(to.component()))
		}
	}
	return c
}

func (f *fleet) containers(s *service) topology.Component {
	c := topology.Component{Name: s.pool(), Kind: kindContainer, Labels: map[string]string{"service": s.name}}
	if s.healthy {
		c.Start.Boot = s.probes
	}
	if s.job {
		c.Kind = kindJob
	} else {
		c.Capacity, _, c.Unit = f.load(s)
		c.Overload.Shed = true
	}
	if f.host != "" {
		c.Needs = append(c.Needs, pattern(f.host))
	}
	for _, name := range s.joins {
		if f.byName[name].replicas > 0 {
			c.Needs = append(c.Needs, name+"/1")
		}
	}
	for _, w := range s.waits {
		if to := f.byName[w.to]; to.replicas > 0 && !w.optional && !f.o.Swarm {
			c.StartNeeds = append(c.StartNeeds, to.pool())
		}
	}
	if s.tripsOnMemory() {
		_, load, _ := f.load(s)
		c.Supplies = []topology.Supply{{Members: topology.Names{s.memoryOf()}, PerUnit: s.reserved.memory / load}}
	}
	return c
}

// tripsOnMemory reports whether a service's containers are killed when they use more memory, and how much they use is
// known.
func (s *service) tripsOnMemory() bool {
	return s.limit.memory > 0 && s.reserved.memory > 0 && !s.job
}

// memoryOf names the memory of the container that draws on it.
func (s *service) memoryOf() string {
	if s.replicas == 1 {
		return "memory/" + s.name + "/1"
	}
	return "memory/" + s.name + "/{1}"
}

func (f *fleet) memory(s *service) topology.Component {
	return topology.Component{Name: "memory/" + s.pool(), Kind: kindMemory, Capacity: s.limit.memory, Unit: "B"}
}
