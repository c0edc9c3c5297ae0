package risk

import (
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// beware says so if by the top's need fewer members of a supply are enough than can carry its demand: then needs alone say too
// little. "" if there is nothing to say.
func (a *Analysis) beware() string {
	if a.fleet == nil {
		return "" // it was read from JSON
	}
	id, ok := a.fleet.Lookup(a.Top)
	if !ok {
		return "" // a need
	}
	for _, l := range a.fleet.Links(id) {
		if l.Supply == nil || !l.Keeps() || l.Supply.Share == topology.Each {
			continue
		}
		load := l.Supply.Base + float64(l.Supply.Rate()*a.fleet.Demand(id))
		if carry := enough(a.fleet, l.Members, load); carry > l.Need {
			return fmt.Sprintf("by need %d of %s is enough, but to carry %s takes %d: see Collapse",
				l.Need, phrase.List(l.Names, 4), topology.Quantity(load, a.fleet.Unit(id)), carry)
		}
	}
	return ""
}

// enough returns how many of the strongest members carry a load; all, if they do not either.
func enough(t *topology.Topology, members []topology.ID, load float64) int {
	capacities := make([]float64, len(members))
	for i, m := range members {
		capacities[i] = t.Capacity(m)
	}
	slices.Sort(capacities)
	n := 0
	for sum := 0.0; n < len(members) && sum < load*(1-topology.Tolerance); n++ {
		sum += capacities[len(members)-1-n]
	}
	return n
}
