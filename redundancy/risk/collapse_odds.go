package risk

import (
	"context"
	"math/big"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// newFloat returns a number that neither ends nor begins too soon: there may be 10^1000 sets, each with a probability of 10^-1000.
func newFloat(x float64) *big.Float { return new(big.Float).SetPrec(64).SetFloat64(x) }

// oddsOf returns the odds of so many sets like one: that they fail and nothing else, to none's failing.
func (s *collapsing) oddsOf(set []int32, ways *big.Int) *big.Float {
	p := newFloat(0).SetInt(ways)
	for _, place := range set {
		q := s.t.Unavailability(s.fleet.IDs[place])
		p.Mul(p, newFloat(q/(1-q)))
	}
	return p
}

// sumOf returns the sum of the probabilities of so many groups like one, whatever else fails; at most 1.
func (s *collapsing) sumOf(ids []topology.ID, ways *big.Int) float64 {
	p := newFloat(0).SetInt(ways)
	for _, id := range ids {
		p.Mul(p, newFloat(s.t.Unavailability(id)))
	}
	sum, _ := p.Float64()
	return min(1, sum)
}

// reckon turns odds into probabilities.
func (s *collapsing) reckon(ctx context.Context) error {
	larger, err := s.moreThan(ctx, s.may, s.found.Size)
	if err != nil {
		return err
	}
	none := newFloat(1)
	for _, id := range s.may {
		none.Mul(none, newFloat(1-s.t.Unavailability(id)))
	}
	span := func(odds *big.Float) cascade.Interval {
		low, _ := newFloat(0).Mul(odds, none).Float64()
		return cascade.Interval{Low: min(1, low), High: min(1, low+larger)}
	}
	s.found.Overload = span(s.overload.odds)
	s.found.Unavailability = span(newFloat(0).Add(s.overload.odds, s.needs.odds))
	return s.raise(ctx)
}

// raise raises the lower bound where losing more never helps: to the probability that one of the likeliest groups is down,
// whatever else is.
func (s *collapsing) raise(ctx context.Context) error {
	u := &s.found.Unavailability
	for _, by := range []*cause{&s.overload, &s.needs} {
		if by.likeliest == nil || !(s.found.Monotone || by == &s.needs && needsMonotone(s.t, s.may)) {
			continue
		}
		down, err := s.anyDown(ctx, by.likeliest)
		if err != nil {
			return err
		}
		u.Low = min(max(u.Low, down), u.High)
	}
	return nil
}

// anyDown returns the probability that one of some groups is down, if they are all that take as many, else that of one of them.
func (s *collapsing) anyDown(ctx context.Context, m *minimal) (float64, error) {
	takes := s.takes(m)
	if len(takes) == 0 {
		return s.allDown(m.ids), nil
	}
	p := 1.0
	for _, t := range takes {
		down, err := s.moreThan(ctx, s.orbits[t.orbit], t.n-1)
		if err != nil {
			return 0, err
		}
		p *= down
	}
	return p, nil
}

// allDown returns the probability that some components are down together.
func (s *collapsing) allDown(ids []topology.ID) float64 {
	p := 1.0
	for _, id := range ids {
		p *= s.t.Unavailability(id)
	}
	return p
}

// moreThan returns the probability that more than so many of some components fail: there is a first one with which they are one more.
func (s *collapsing) moreThan(ctx context.Context, ids []topology.ID, most int) (float64, error) {
	exactly := make([]float64, most+1) // by number, of those so far
	exactly[0] = 1
	sum := 0.0
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		q := s.t.Unavailability(id)
		sum += float64(exactly[most] * q)
		for k := most; k >= 0 && q > 0; k-- {
			exactly[k] *= 1 - q
			if k > 0 {
				exactly[k] += float64(exactly[k-1] * q)
			}
		}
	}
	return sum, nil
}
