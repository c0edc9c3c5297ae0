package growth

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A path is how demands grow along a way u. If all grow alike, u is the logarithm of their factor. If they do not, u is
// months from now on; below 0, where all must shrink for a scenario to hold, it is the logarithm of one factor again.
type path struct {
	t     *topology.Topology
	log   float64   // of the factor of a month, if all grow alike
	rates []float64 // the same of each component's demand; nil if all grow alike
	spec  topology.Spec
}

// uniform is the path on which all demands grow alike.
func uniform(t *topology.Topology) *path { return &path{t: t} }

// newPath returns the path that options tell.
func newPath(t *topology.Topology, o Options) (*path, error) {
	p := &path{t: t, log: logOf(o.Monthly)}
	if len(o.Rates) == 0 {
		return p, nil
	}
	p.rates = slices.Repeat([]float64{p.log}, t.Len())
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
	var err error
	p.spec, err = t.Spec().Expand()
	return p, err
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
		switch other, twice := from[id]; {
		case p.t.Demand(id) == 0:
			return fmt.Errorf("%s has no demand of its own: name one that has", p.t.Name(id))
		case twice && p.rates[id] != logOf(rate):
			return fmt.Errorf("%s has a rate by %q already", p.t.Name(id), other)
		}
		from[id], p.rates[id] = pattern, logOf(rate)
	}
	return nil
}

// The ends of a path. Beyond them nothing is looked for: one part in 10¹² of the load, and 10³⁰ times it, or a hundred years.
var least, most = math.Log(1e-12), math.Log(1e30)

func (p *path) top() float64 {
	if p.rates != nil {
		return lastMonth
	}
	return most
}

// months returns how many months it is to a place on the way; 0 if that is behind.
func (p *path) months(u float64) float64 {
	switch {
	case behind(u):
		return 0
	case p.rates != nil:
		return u
	case p.log == 0:
		return math.Inf(1)
	}
	return max(0, u) / p.log
}

// behind reports whether a place on the way is: what ends there does not hold now. One that only rounding tells from here
// is not.
func behind(u float64) bool { return u < -topology.Tolerance }

// way is the place on the way after so many months.
func (p *path) way(months float64) float64 {
	if p.rates != nil {
		return months
	}
	return float64(months * p.log)
}

// grows reports whether any demand does.
func (p *path) grows() bool {
	return p.rates == nil && p.log > 0 || slices.ContainsFunc(p.rates, func(r float64) bool { return r > 0 })
}

// factor returns by how much a component's demand has grown.
func (p *path) factor(id topology.ID, u float64) float64 {
	if p.rates != nil && u > 0 {
		u *= p.rates[id]
	}
	return math.Exp(u)
}

// mostDemand is as large as a topology can have.
const mostDemand = 1e50

// fleet returns the fleet at a place on the way, with a factor on its load.
func (p *path) fleet(u float64) (*topology.Topology, float64, error) {
	if p.rates == nil || u <= 0 {
		return p.t, math.Exp(u), nil
	}
	spec := p.spec
	spec.Components = slices.Clone(spec.Components)
	for i := range spec.Components {
		id := topology.ID(i)
		spec.Components[i].Demand = min(mostDemand, float64(p.factor(id, u)*p.t.Demand(id)))
	}
	t, err := topology.New(spec)
	return t, 1, err
}
