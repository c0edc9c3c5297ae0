// Package bare makes a topology of a spec that is not yet whole.
package bare

import "github.com/ridethrough/ridethrough/topology"

// most is the largest number of a topology.
const most = 1e50

// Of returns the names, supplies and loads of a spec, without its needs, and with a limit for what has none, so that no
// demand is dead.
func Of(spec topology.Spec) (*topology.Topology, error) {
	bare := topology.Spec{Kinds: map[string]topology.Component{}}
	for name, kind := range spec.Kinds {
		bare.Kinds[name] = bones(kind)
	}
	for _, c := range spec.Components {
		c = bones(c)
		if c.Capacity == 0 && bare.Kinds[c.Kind].Capacity == 0 {
			c.Capacity = most
		}
		bare.Components = append(bare.Components, c)
	}
	return topology.New(bare)
}

func bones(c topology.Component) topology.Component {
	return topology.Component{
		Name: c.Name, Kind: c.Kind, Labels: c.Labels, Capacity: c.Capacity, Demand: c.Demand, Unit: c.Unit,
		Overload: c.Overload, Supplies: c.Supplies,
	}
}
