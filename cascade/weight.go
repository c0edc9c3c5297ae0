package cascade

import (
	"math/big"

	"github.com/ridethrough/ridethrough/cascade/internal/choose"
)

// A weight is what an item counts for.
type weight struct {
	many   *big.Int // scenarios that it stands for; nil is one
	chance float64  // the probability of these; negative where all scenarios are equally likely
}

// weight returns what the item at the places counts for. A sample counts for one.
func (p *part) weight(ways *choose.Ways, places [][]int32, sampled bool) weight {
	w := weight{chance: -1}
	if sampled {
		return w
	}
	if p.weighed {
		w.chance = 1
	}
	for i := range p.picks {
		pk := &p.picks[i]
		if !pk.space.Single() {
			w.times(pk.space.MultiplicityBy(ways, places[i]))
		}
		if p.weighed {
			w.chance *= pk.chance(ways, places[i])
		}
	}
	return w
}

func (w *weight) times(n *big.Int) {
	if w.many == nil {
		w.many = n
	} else {
		w.many.Mul(w.many, n)
	}
}

// chance returns the probability that as many of each class are lost as the places take.
func (pk *pick) chance(ways *choose.Ways, places []int32) float64 {
	if pk.classes == nil {
		many := new(big.Float).SetInt(pk.space.MultiplicityBy(ways, places))
		part, _ := new(big.Float).SetPrec(64).Quo(many, pk.all).Float64() // both may be more than a float64 holds
		return part
	}
	chance, first := 1.0, int32(0)
	for i := range pk.classes {
		c, n := &pk.classes[i], 0
		first += int32(c.n)
		for len(places) > 0 && places[0] < first {
			n, places = n+1, places[1:]
		}
		chance *= c.exact[n]
	}
	return chance
}

// work finds the probability that so many of n are lost, by number. All terms are positive, so each is right to its last
// digits.
func (c *chances) work() {
	c.exact = append(make([]float64, 0, c.n+1), 1)
	for range c.n {
		c.exact = append(c.exact, 0)
		for k := len(c.exact) - 1; k > 0; k-- {
			c.exact[k] = float64(c.exact[k]*(1-c.q)) + float64(c.exact[k-1]*c.q)
		}
		c.exact[0] *= 1 - c.q
	}
}

// A count adds weights up, small ones without memory of their own.
type count struct {
	ones uint64
	many *big.Int
}

func (c *count) add(n *big.Int) {
	switch {
	case n == nil:
		c.ones++
	case c.many == nil:
		c.many = new(big.Int).Set(n)
	default:
		c.many.Add(c.many, n)
	}
}

func (c *count) sum() *big.Int {
	all := new(big.Int).SetUint64(c.ones)
	if c.many != nil {
		all.Add(all, c.many)
	}
	return all
}
