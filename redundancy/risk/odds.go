package risk

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// odds adds up how likely sets of losses are, in numbers that neither end nor begin too soon: there may be 10^1000 sets, each of which
// has a probability of 10^-1000.
type odds struct {
	t               *topology.Topology
	may             []topology.ID
	none            *big.Float // that none of these fails
	needs, overload *big.Float // sums of the odds of sets: that they fail and nothing else, to none
}

func newFloat(x float64) *big.Float { return new(big.Float).SetPrec(64).SetFloat64(x) }

func oddsOf(t *topology.Topology, may []topology.ID) (odds, error) {
	o := odds{t: t, may: may, none: newFloat(1), needs: newFloat(0), overload: newFloat(0)}
	for _, id := range may {
		switch q := t.Unavailability(id); q {
		case 0:
		case 1:
			return o, fmt.Errorf("%s: its unavailability is 1: leave out of the fleet what is never up", t.Name(id))
		default:
			o.none.Mul(o.none, newFloat(1-q))
		}
	}
	return o, nil
}

func (o *odds) unrated() topology.Names {
	var unrated []topology.ID
	for _, id := range o.may {
		if o.t.Unavailability(id) == 0 {
			unrated = append(unrated, id)
		}
	}
	return o.t.Names(unrated)
}

// together returns the odds of so many sets like one.
func (o *odds) together(ids []topology.ID, ways *big.Int) *big.Float {
	p := new(big.Float).SetPrec(64).SetInt(ways)
	for _, id := range ids {
		q := o.t.Unavailability(id)
		p.Mul(p, newFloat(q/(1-q)))
	}
	return p
}

// sum returns the sum of the probabilities of so many sets like one, whatever else fails; at most 1.
func (o *odds) sum(ids []topology.ID, ways *big.Int) float64 {
	p := new(big.Float).SetPrec(64).SetInt(ways)
	for _, id := range ids {
		p.Mul(p, newFloat(o.t.Unavailability(id)))
	}
	sum, _ := p.Float64()
	return min(1, sum)
}

// reckon turns odds into probabilities.
func (s *collapsing) reckon(ctx context.Context) error {
	larger, err := s.larger(ctx, s.found.Size)
	if err != nil {
		return err
	}
	span := func(odds *big.Float) cascade.Interval {
		low, _ := new(big.Float).Mul(odds, s.none).Float64()
		return cascade.Interval{Low: min(1, low), High: min(1, low+larger)}
	}
	both := new(big.Float).Add(s.odds.needs, s.odds.overload)
	s.found.Unavailability, s.found.Overload = span(both), span(s.odds.overload)
	return nil
}

// larger returns the probability that more than so many fail: there is a first one with which they are one more.
func (o *odds) larger(ctx context.Context, size int) (float64, error) {
	exactly := make([]float64, size+1) // by number, of those so far
	exactly[0] = 1
	sum := 0.0
	for _, id := range o.may {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		q := o.t.Unavailability(id)
		if q == 0 {
			continue
		}
		sum += float64(exactly[size] * q)
		for k := size; k >= 0; k-- {
			exactly[k] *= 1 - q
			if k > 0 {
				exactly[k] += float64(exactly[k-1] * q)
			}
		}
	}
	return sum, nil
}
