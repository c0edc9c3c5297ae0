package cascade

import (
	"math/big"

	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// An ordered choice has its components class by class.
type ordered struct {
	ids     []topology.ID
	sizes   []int32
	all     *big.Float // as of a pick
	classes []chances
}

// ordered puts those components of each choice next to one another that are interchangeable: nothing tells them apart,
// and they are in no other choice, where the same could be taken twice.
func (g foundGroup) ordered(e *engine.Engine) []ordered {
	times := map[topology.ID]int{}
	for _, id := range g.begin.lose {
		times[id]++
	}
	for _, c := range g.from {
		for _, id := range c.ids {
			times[id]++
		}
	}
	var all []ordered
	for _, c := range g.from {
		o := c.ordered(e, times)
		if g.weighed() && o.classes == nil {
			o.all = new(big.Float).SetInt(c.count())
		}
		all = append(all, o)
	}
	return all
}

// mostChances bounds the components of which a distribution is worked out.
const mostChances = 10_000

// work finds the distributions of what is independent; false if that is too much work.
func (o *ordered) work() bool {
	for i := range o.classes {
		if o.classes[i].n > mostChances {
			return false
		}
		o.classes[i].work()
	}
	return true
}

func (c foundChoice) ordered(e *engine.Engine, times map[topology.ID]int) ordered {
	type class struct {
		engine   int32
		capacity float64
		chance   float64
		alone    topology.ID
	}
	var o ordered
	at, members := map[class]int{}, [][]topology.ID{}
	for i, id := range c.ids {
		key := class{alone: -1}
		key.engine, key.capacity = e.Alike(id)
		if c.chance != nil {
			key.chance = c.chance[i]
		}
		if times[id] > 1 {
			key.alone = id
		}
		k, ok := at[key]
		if !ok {
			k = len(members)
			at[key], members = k, append(members, nil)
			if c.chance != nil {
				o.classes = append(o.classes, chances{q: key.chance})
			}
		}
		members[k] = append(members[k], id)
	}
	for k, ids := range members {
		o.ids, o.sizes = append(o.ids, ids...), append(o.sizes, int32(len(ids)))
		if o.classes != nil {
			o.classes[k].n = len(ids)
		}
	}
	return o
}
