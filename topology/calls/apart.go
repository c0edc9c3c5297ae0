package calls

import (
	"maps"

	"github.com/ridethrough/ridethrough/topology"
)

// declareApart gives each component of these names a declaration of its own, with everything that it takes from its
// kind, so that its demand, needs and supplies can be changed.
func (j *joiner) declareApart(named map[string]bool) error {
	var apart []topology.Component
	kinds, id := map[string]bool{}, topology.ID(0)
	for _, c := range j.spec.Components {
		names, err := topology.Expand(c.Name)
		if err == nil && !anyOf(names, named) {
			apart = append(apart, c)
			id += topology.ID(len(names))
			continue
		}
		expanded, err := topology.Spec{Kinds: j.spec.Kinds, Components: []topology.Component{c}}.Expand()
		if err != nil {
			return err
		}
		for i := range names {
			j.declared[id] = len(apart) + i
			id++
		}
		apart = append(apart, expanded.Components...)
		kinds[c.Kind] = true
	}
	j.spec.Components = apart
	j.stripKinds(kinds)
	return nil
}

func anyOf(names []string, named map[string]bool) bool {
	for _, name := range names {
		if named[name] {
			return true
		}
	}
	return false
}

// stripKinds moves demand, needs and supplies from kinds to their components: what a component has no more, it would
// take from its kind.
func (j *joiner) stripKinds(kinds map[string]bool) {
	stripped := maps.Clone(j.spec.Kinds)
	for kind := range kinds {
		if k, ok := stripped[kind]; ok {
			k.Demand, k.Needs, k.Supplies = 0, nil, nil
			stripped[kind] = k
		}
	}
	for i := range j.spec.Components {
		c := &j.spec.Components[i]
		kind := j.spec.Kinds[c.Kind]
		if !kinds[c.Kind] {
			continue
		}
		if c.Demand == 0 {
			c.Demand = kind.Demand
		}
		if len(c.Needs) == 0 {
			c.Needs = kind.Needs
		}
		if len(c.Supplies) == 0 {
			c.Supplies = kind.Supplies
		}
	}
	j.spec.Kinds = stripped
}
