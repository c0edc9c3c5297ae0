package prom

import (
	"maps"

	"github.com/ridethrough/ridethrough/topology"
)

// spec returns the spec with what was given.
func (j *join) spec() topology.Spec {
	spec := topology.Spec{Name: j.from.Name, Kinds: j.from.Kinds}
	for first := 0; first < len(j.all); {
		declared, end, touched := j.all[first].declared, first, false
		for ; end < len(j.all) && j.all[end].declared == declared; end++ {
			touched = touched || j.all[end].given != nil
		}
		if !touched {
			spec.Components = append(spec.Components, j.from.Components[declared])
		}
		for i := first; touched && i < end; i++ {
			spec.Components = append(spec.Components, j.all[i].whole())
		}
		first = end
	}
	return j.withoutDemand(spec)
}

// whole returns a component with what it was given.
func (c *component) whole() topology.Component {
	whole := *c.Component
	for _, field := range []Field{Demand, Capacity} {
		g, has := c.given[field]
		if has && g.unit != "" {
			whole.Unit = g.unit
		}
	}
	whole.Demand, whole.Capacity = c.after(Demand).value, c.after(Capacity).value
	return whole
}

// withoutDemand takes the demand out of kinds of which a component was measured to have none: it would take that of its
// kind. Components that have it from there get it themselves.
func (j *join) withoutDemand(spec topology.Spec) topology.Spec {
	idle := map[string]float64{} // kinds, and their demand
	for i := range j.all {
		c := &j.all[i]
		if g, has := c.given[Demand]; has && g.value == 0 && spec.Kinds[c.Kind].Demand != 0 {
			idle[c.Kind] = spec.Kinds[c.Kind].Demand
		}
	}
	if len(idle) == 0 {
		return spec
	}
	spec.Kinds = maps.Clone(spec.Kinds)
	for kind := range idle {
		changed := spec.Kinds[kind]
		changed.Demand = 0
		spec.Kinds[kind] = changed
	}
	for i := range spec.Components {
		c := &spec.Components[i]
		if demand, ok := idle[c.Kind]; ok && c.Demand == 0 && !j.idle(c.Name) {
			c.Demand = demand
		}
	}
	return spec
}

// idle reports whether a component was measured to have no demand.
func (j *join) idle(written string) bool {
	names, err := topology.Expand(written)
	if err != nil || len(names) != 1 {
		return false
	}
	g, has := j.all[j.places[names[0]]].given[Demand]
	return has && g.value == 0
}
