package spare

import (
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/spare/internal/sizes"
	"github.com/ridethrough/ridethrough/topology"
)

// beyond is a capacity that nothing exceeds. (No limit at all would leave some demand without any.)
const beyond = 1e45

// plated writes an enlarged fleet down with what is counted by nameplate as constant draws, so that running a scenario on it
// tells whether what is reserved fits. What may stay above its nameplate has no limit in it.
func plated(enlarged *topology.Topology, f *sizes.Fleet, before int, x []int) topology.Spec {
	s := enlarged.Spec()
	p := &plater{t: enlarged, kinds: s.Kinds, fleet: f, x: x}
	for id := range topology.ID(before) {
		p.class = append(p.class, f.Of(id))
	}
	for j, c := range f.Columns {
		if c.Raise < 0 {
			for range x[j] {
				p.class = append(p.class, f.Of(c.New))
			}
		}
	}
	return rewritten(enlarged, s, p.declaration, p.apply)
}

type plater struct {
	t     *topology.Topology
	kinds map[string]topology.Component
	fleet *sizes.Fleet
	x     []int
	class []int32 // by component
}

func (p *plater) declaration(c topology.Component, from, to topology.ID) (topology.Component, bool) {
	if !p.alike(from, to) {
		return c, false
	}
	if c.Supplies == nil {
		c.Supplies = p.kinds[c.Kind].Supplies
	}
	p.apply(&c, from)
	return c, true
}

// alike reports whether the same is to be written for all of a declaration.
func (p *plater) alike(from, to topology.ID) bool {
	plates, limit := p.fleet.Plates(p.class[from]), p.excused(from)
	for id := from + 1; id < to; id++ {
		if p.class[id] == p.class[id-1] {
			continue
		}
		if p.t.Capacity(id) != p.t.Capacity(from) || p.excused(id) != limit || !slices.Equal(p.fleet.Plates(p.class[id]), plates) {
			return false
		}
	}
	return true
}

func (p *plater) excused(id topology.ID) bool {
	k := p.class[id]
	return p.fleet.Loaded(k) && !p.fleet.Weighs(k) && !p.fleet.Reserved(k, p.x)
}

func (p *plater) apply(c *topology.Component, id topology.ID) {
	capacity := p.t.Capacity(id)
	if plates := p.fleet.Plates(p.class[id]); plates != nil {
		c.Supplies = slices.Clone(c.Supplies)
		for i, plate := range plates {
			if plate {
				s := &c.Supplies[i]
				s.Base, s.PerUnit = s.Base+float64(s.Rate()*capacity), 0
			}
		}
	}
	if p.excused(id) {
		c.Capacity = beyond
	}
}
