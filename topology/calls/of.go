package calls

import (
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/bare"
)

// Of returns the needs of a spec between components of which both have a demand, as calls of unknown rate: what an
// importer knows of who calls whom, for [Join] to attribute. Of a need that only some of several are up, it returns a
// call to each. Nil if the names and supplies of the spec are not a fleet; [Join] tells why.
func Of(spec topology.Spec) []Call {
	spec, err := spec.Expand()
	if err != nil {
		return nil
	}
	fleet, err := bare.Of(spec)
	if err != nil {
		return nil
	}
	var calls []Call
	for i, c := range spec.Components { // each is the component of that ID
		from := topology.ID(i)
		for _, text := range c.Needs {
			for _, to := range readNeed(fleet, text).members {
				if fleet.Demand(from) > 0 && fleet.Demand(to) > 0 && from != to {
					calls = append(calls, Call{From: fleet.Name(from), To: fleet.Name(to)})
				}
			}
		}
	}
	return calls
}
