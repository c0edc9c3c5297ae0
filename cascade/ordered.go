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

// ordered puts those components of each choice next to one another that are interchangeable: nothing tells them apart, or
// nothing but what hangs on each of them alone, which is alike too. What is in two choices, and so could be taken twice, is
// interchangeable with nothing.
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
	var kin *engine.Kin
	if len(g.from) == 1 && len(g.begin.lose) == 0 { // else what hangs on one may be lost besides
		kin = e.Kin()
	}
	var all []ordered
	for _, c := range g.from {
		o := c.ordered(e, kin, times)
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

// A likeness is what interchangeable components have in common.
type likeness struct {
	class    int32 // of the engine,
	capacity float64
	kin      int32       // or this, if the class is -1: they are alike with what hangs on each of them
	alone    topology.ID // or only itself, if it is not -1
	chance   float64
}

// likenesses returns the likeness of each component of a choice, but for its chance.
func (c foundChoice) likenesses(e *engine.Engine, kin *engine.Kin) []likeness {
	all, used := make([]likeness, len(c.ids)), make([]bool, e.Classes())
	for i, id := range c.ids {
		class, capacity := e.Alike(id)
		all[i] = likeness{class: class, capacity: capacity, alone: -1}
		used[class] = true
	}
	if kin == nil {
		return all
	}
	for i, id := range c.ids {
		if number, ok := kin.Of(id); ok && !kin.Below(id, used) {
			all[i] = likeness{class: -1, kin: number, alone: -1}
		}
	}
	return all
}

func (c foundChoice) ordered(e *engine.Engine, kin *engine.Kin, times map[topology.ID]int) ordered {
	var o ordered
	at, members := map[likeness]int{}, [][]topology.ID{}
	alike := c.likenesses(e, kin)
	for i, id := range c.ids {
		key := alike[i]
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
