package maintenance

import (
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// collapses follows the cascade of a case, with the trip times given, and reports whether some demand is served too little in
// the end; one that is taken out is not asked for.
func (q *question) collapses(s *stage, l loss) (bool, error) {
	t, err := q.as(s, l)
	if err != nil {
		return false, err
	}
	scenario := cascade.Scenario{
		Lose:  slices.Concat(q.t.Names(q.lose), q.t.Names(l.lose), q.t.Names(s.off), q.t.Names(s.boot)),
		Drain: slices.Concat(q.t.Names(q.drain), q.t.Names(l.drain), q.t.Names(s.drain)),
		Load:  l.load,
	}
	outcome, err := cascade.Run(t, scenario)
	if err != nil {
		return false, err
	}
	outcome.Served = slices.DeleteFunc(outcome.Served, func(d cascade.Served) bool {
		id, _ := t.Lookup(d.Demand)
		return slices.Contains(s.named, id)
	})
	return outcome.Judge(q.o.Serve) == cascade.Collapses, nil
}

// as returns the fleet in which what is cold has its cold capacity, and what boots draws what it draws then by one more
// component, which places nothing else.
func (q *question) as(s *stage, l loss) (*topology.Topology, error) {
	if len(s.cold)+len(s.boot) == 0 {
		return q.t, nil
	}
	spec, err := q.t.Spec().Expand()
	if err != nil {
		return nil, err
	}
	for _, id := range s.cold {
		spec.Components[id].Capacity = q.cold(id)
	}
	for _, id := range s.boot {
		if !slices.Contains(l.lose, id) {
			spec.Components = append(spec.Components, ghost(spec.Components[id], fmt.Sprintf("%s, booting", spec.Components[id].Name)))
		}
	}
	return topology.New(spec)
}

// ghost is what a component draws while it boots: its own load is 0, so that it places base and in-rush, and is down when it
// could not boot.
func ghost(of topology.Component, name string) topology.Component {
	g := topology.Component{Name: name, Unit: of.Unit, Needs: of.Needs}
	for _, s := range of.Supplies {
		s.Base += s.Inrush
		s.Inrush = 0
		g.Supplies = append(g.Supplies, s)
	}
	return g
}
