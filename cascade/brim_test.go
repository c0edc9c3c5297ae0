package cascade_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/ridethrough/ridethrough/topology"
)

// brim is the loss after which some of a fleet's components are just at or just above what they bear.
func brim(seed uint64, t *topology.Topology) []topology.ID {
	return bulkLoss(rand.New(rand.NewPCG(seed, 27)), t)
}

// fit gives each declaration a capacity near the load of its components: of few values, or different ones; or near that
// of which a waterfall takes a part.
func (b *bulk) fit(load []float64) {
	steps, spread, part := []int{1, 4, 1 << 20}[b.IntN(3)], b.Float64(), []float64{1, 1, .8, .5}[b.IntN(4)]
	b.declared(func(c *topology.Component, of []topology.ID) {
		if c.Capacity > 0 && load[of[0]] > 0 {
			c.Capacity = load[of[0]] / part * (1 + spread*float64(b.IntN(steps))/float64(steps))
			if b.IntN(3) == 0 {
				c.Capacity *= 1.25
			}
		}
	})
}

// fill gives some declarations capacities that are a little above or below the load of their components after a loss.
func (b *bulk) fill(t *topology.Topology, lost []topology.ID) {
	closure, s := t.Closure(), topology.State{Status: make([]topology.Status, t.Len())}
	for _, l := range closure.Fail(lost...) {
		s.Status[l.ID] = topology.Down
	}
	before, after := t.Flow(topology.State{}).Load, t.Flow(s).Load
	often := b.Float64()
	b.declared(func(c *topology.Component, of []topology.ID) {
		most, was := 0.0, 0.0
		for _, id := range of {
			if !closure.Down(id) {
				most = max(most, after[id])
			}
			was = max(was, before[id])
		}
		if c.Capacity > 0 && most > was && b.chance(often) {
			c.Capacity = most * (1 + []float64{-1e-5, 1e-5, -1e-3, .1}[b.IntN(4)])
		}
	})
}

// declared visits each declaration with its components.
func (b *bulk) declared(visit func(c *topology.Component, of []topology.ID)) {
	var id topology.ID
	for i := range b.spec.Components {
		names, _ := topology.Expand(b.spec.Components[i].Name)
		var of []topology.ID
		for range names {
			of = append(of, id)
			id++
		}
		visit(&b.spec.Components[i], of)
	}
}

// rowFleet is servers that share a load equally, each in its own row, rows that draw on feeds, and on the last of them where
// those are full or gone. What the loss of one server adds to all rows is little, and may be much to the last feeds.
func rowFleet(seed uint64) (topology.Spec, *topology.Topology) {
	r := rand.New(rand.NewPCG(seed, 28))
	rows, limit := 3+r.IntN(8), []float64{1, .8, .5}[r.IntN(3)]
	if r.IntN(2) == 0 {
		rows += 64 // more than are looked at one by one
	}
	feeds, draw := 2+rows/4, topology.Supply{Share: topology.Waterfall, Limit: limit}
	if r.IntN(4) == 0 {
		draw.Share, draw.Limit, limit = topology.Tiered, 0, 1
	}
	b := &bulk{Rand: r, mold: randomMold(r), unfit: 1e9}
	b.add(topology.Component{Name: "u", Kind: "u", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"s"}}}})
	b.add(topology.Component{
		Name: fmt.Sprintf("s-[1-%d]", rows), Kind: "s",
		Supplies: []topology.Supply{{Members: topology.Names{"r-{1}"}, Base: float64(r.IntN(3)), PerUnit: 1}},
	})
	for i := 1; i <= rows; i++ {
		draw.Members = topology.Names{fmt.Sprintf("f-%d", i%feeds), "last"}
		b.add(topology.Component{Name: fmt.Sprintf("r-%d", i), Kind: "r", Supplies: []topology.Supply{draw}})
	}
	for i := range feeds {
		b.add(topology.Component{Name: fmt.Sprintf("f-%d", i), Kind: "f", Capacity: b.unfit, Overload: b.overload()})
	}
	b.add(topology.Component{Name: "last-[1-2]", Kind: "last", Capacity: b.unfit, Overload: b.overload()})
	load := topology.Must(topology.New(b.spec)).Flow(topology.State{}).Load
	b.declared(func(c *topology.Component, of []topology.ID) {
		if c.Kind == "f" {
			c.Capacity = load[of[0]] / limit * (1 + float64(r.IntN(4))/100)
		}
	})
	t := topology.Must(topology.New(b.spec))
	b.fill(t, brim(seed, t))
	return b.spec, topology.Must(topology.New(b.spec))
}
