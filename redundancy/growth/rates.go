package growth

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// newPath returns the path that options tell.
func newPath(t *topology.Topology, o Options) (*path, error) {
	p := uniform(t)
	p.log = logOf(o.Monthly)
	if len(o.Rates) == 0 {
		return p, nil
	}
	p.rates = slices.Repeat([]float64{p.log}, len(p.demands))
	from := map[topology.ID]string{}
	var errs []error
	for _, pattern := range slices.Sorted(maps.Keys(o.Rates)) {
		if err := p.rate(pattern, o.Rates[pattern], from); err != nil {
			errs = append(errs, fmt.Errorf("rates: %q: %w", pattern, err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return p, p.spread()
}

// logOf returns the logarithm of a month's factor; what shrinks stays.
func logOf(rate float64) float64 { return max(0, math.Log1p(rate)) }

// rate sets the rate of the demands of a pattern; from tells which were set, and by which pattern.
func (p *path) rate(pattern string, rate float64, from map[topology.ID]string) error {
	if !possible(rate) {
		return fmt.Errorf("%v: %s", rate, rateHint)
	}
	ids, err := p.t.Select(pattern)
	if err != nil {
		return err
	}
	for _, id := range ids {
		i, has := slices.BinarySearch(p.demands, id)
		switch other, twice := from[id]; {
		case !has:
			return fmt.Errorf("%s has no demand of its own: name one that has", p.t.Name(id))
		case twice && p.rates[i] != logOf(rate):
			return fmt.Errorf("%s has a rate by %q already", p.t.Name(id), other)
		}
		from[id], p.rates[i] = pattern, logOf(rate)
	}
	return nil
}

// spread sets the spec to that of the fleet, in which each demand has a place of its own.
func (p *path) spread() error {
	whole := p.t.Spec()
	p.spec = whole
	p.spec.Components = nil
	id := topology.ID(0)
	for i, c := range whole.Components {
		names, err := topology.Expand(c.Name)
		if err != nil {
			return err
		}
		one := topology.Spec{Kinds: whole.Kinds, Components: whole.Components[i : i+1]}
		next := id + topology.ID(len(names))
		from, _ := slices.BinarySearch(p.demands, id)
		to, _ := slices.BinarySearch(p.demands, next)
		if from < to {
			if one, err = one.Expand(); err != nil {
				return err
			}
		}
		for _, demand := range p.demands[from:to] {
			p.places = append(p.places, len(p.spec.Components)+int(demand-id))
		}
		p.spec.Components = append(p.spec.Components, one.Components...)
		id = next
	}
	return nil
}
