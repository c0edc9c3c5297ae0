package pool

import (
	"cmp"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// Draws is what servers place on the components of [Pool.Power] in one state, given who is down and who is drained. At a
// load of q on each server in rotation, Power[b] carries
//
//	Fixed[b] + Σ over servers that are up of Base(b) + Σ over those in rotation of Rate(b) · q
type Draws struct {
	Fixed  []float64 // by Power: the load of whatever is no server
	Steady []float64 // by ID: the same, of every component

	p      *Pool
	wiring *Wiring
	class  map[string]int // by what a server draws on
	of     []int          // by Servers: its class, -1 where not asked yet
	parts  [][]Part       // by class
}

// A Part is what one server places on Power[On]: Base while it is up, and Rate for each unit of its load.
type Part struct {
	On         int
	Base, Rate float64
}

// Draws returns what servers draw in a state.
func (p *Pool) Draws(st *State) *Draws {
	t := p.Topology
	d := &Draws{p: p, class: map[string]int{}}
	d.wiring = NewWiring(t, func(id topology.ID) bool { return st.Status[id] == topology.Up })
	d.Fixed, d.of = make([]float64, len(p.Power)), make([]int, len(p.Servers))
	for i := range d.of {
		d.of[i] = -1
	}
	without := slices.Clone(st.Status)
	for _, id := range p.Servers {
		without[id] = topology.Down
	}
	flow := t.Flow(topology.State{Status: without, Demand: make([]float64, t.Len())})
	d.Steady = flow.Load
	for b, id := range p.Power {
		d.Fixed[b] = flow.Load[id]
	}
	return d
}

// Of returns what a server draws, by place in Power. Servers that draw alike have the same [Draws.Class].
// The result is shared: do not change it.
func (d *Draws) Of(server topology.ID) []Part { return d.parts[d.Class(server)] }

// Class returns the number of a server's class: 0 for the first that was asked for, and so on.
func (d *Draws) Class(server topology.ID) int {
	i := d.p.place[server]
	if d.of[i] < 0 {
		parts := d.sum(d.p.Topology.Links(server))
		key := keyOf(parts)
		class, ok := d.class[key]
		if !ok {
			class = len(d.parts)
			d.class[key] = class
			d.parts = append(d.parts, parts)
		}
		d.of[i] = class
	}
	return d.of[i]
}

// sum returns what a component with these links draws.
func (d *Draws) sum(links []topology.Link) []Part {
	var all []Part
	for _, l := range links {
		if l.Pool < 0 {
			continue
		}
		for _, r := range d.wiring.Of(l.Pool) {
			if on, ok := d.p.power[r.ID]; ok {
				all = append(all, Part{On: on, Base: float64(l.Supply.Base * r.Part), Rate: float64(l.Supply.Rate() * r.Part)})
			}
		}
	}
	return merged(all)
}

// A Share is what one server of a class places on a component: see [Part].
type Share struct {
	Class      int
	Base, Rate float64
}

// ByPower returns, by Power, what servers of each class place there, of those classes that were asked for, in order.
func (d *Draws) ByPower() [][]Share {
	all := make([][]Share, len(d.p.Power))
	for class, parts := range d.parts {
		for _, part := range parts {
			all[part.On] = append(all[part.On], Share{class, part.Base, part.Rate})
		}
	}
	return all
}

// merged sorts parts by where they are, and adds up those in one place.
func merged(parts []Part) []Part {
	slices.SortStableFunc(parts, func(a, b Part) int { return cmp.Compare(a.On, b.On) })
	var out []Part
	for _, p := range parts {
		if n := len(out); n > 0 && out[n-1].On == p.On {
			out[n-1].Base += p.Base
			out[n-1].Rate += p.Rate
		} else {
			out = append(out, p)
		}
	}
	return out
}
