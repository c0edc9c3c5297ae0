package growth

import (
	"context"
	"math"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// First finds the first few to go by looks that keep no more than four times as many, as those of large fleets do.
func First(ctx context.Context, t *topology.Topology, f cascade.Family, o Options) ([]Deadline, error) {
	o, err := o.with()
	if err != nil {
		return nil, err
	}
	p, err := newPath(t, o)
	if err != nil {
		return nil, err
	}
	s, err := newSearch(t, f, p, o.Screening)
	if err != nil {
		return nil, err
	}
	s.o.Worst = 4 * s.keep
	whole, err := fateOf(p, cascade.Scenario{})
	if err != nil {
		return nil, err
	}
	fates, _, err := s.fates(ctx, whole.u)
	var all []Deadline
	for _, one := range fates {
		if !math.IsInf(one.u, 1) {
			all = append(all, Deadline{Limit: one.Limit, Months: p.months(one.u)})
		}
	}
	return all, err
}
