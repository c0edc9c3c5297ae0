package growth

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// A path is how demands grow along a way u. If all grow alike, u is the logarithm of their factor. If they do not, u is
// months from now on; below 0, where all must shrink for a scenario to hold, it is the logarithm of one factor again.
type path struct {
	t       *topology.Topology
	demands []topology.ID
	log     float64   // of the factor of a month, if all grow alike
	rates   []float64 // the same of each demand; nil if all grow alike
	spec    topology.Spec
	places  []int // in spec, of the demands
}

// uniform is the path on which all demands grow alike.
func uniform(t *topology.Topology) *path {
	p := &path{t: t}
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) > 0 {
			p.demands = append(p.demands, id)
		}
	}
	return p
}

// The ends of a path. Beyond them nothing is looked for: one part in 10¹² of the load, and 10³⁰ times it, or a hundred years.
const least, most = -12 * math.Ln10, 30 * math.Ln10

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

// factor returns by how much one of the demands has grown.
func (p *path) factor(i int, u float64) float64 {
	if p.rates != nil && u > 0 {
		u *= p.rates[i]
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
	for i, id := range p.demands {
		spec.Components[p.places[i]].Demand = min(mostDemand, float64(p.factor(i, u)*p.t.Demand(id)))
	}
	t, err := p.t.With(spec)
	return t, 1, err
}
