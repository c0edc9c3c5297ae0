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
	status []topology.Status
	class  map[string]int // by what a server draws on
	of     []int          // by Servers: its class, -1 where not asked yet
	parts  [][]Part       // by class
	units  map[int32][]Part
}

// A Part is what one server places on Power[On]: Base while it is up, and Rate for each unit of its load.
type Part struct {
	On         int
	Base, Rate float64
}

// Draws returns what servers draw in a state.
func (p *Pool) Draws(st *State) *Draws {
	t := p.Topology
	d := &Draws{p: p, status: st.Status, class: map[string]int{}, units: map[int32][]Part{}}
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
		parts := d.Sum(d.p.Topology.Links(server))
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

// Sum returns what a component with these links draws.
func (d *Draws) Sum(links []topology.Link) []Part {
	var all []Part
	for _, l := range links {
		if l.Pool < 0 {
			continue
		}
		for _, u := range d.unit(l.Pool) {
			all = append(all, Part{On: u.On, Base: float64(l.Supply.Base * u.Rate), Rate: float64(l.Supply.Rate() * u.Rate)})
		}
	}
	return merged(all)
}

// unit returns what reaches Power of one unit of load placed in a pool, as Rate.
func (d *Draws) unit(pool int32) []Part {
	if known, ok := d.units[pool]; ok {
		return known
	}
	t := d.p.Topology
	var all []Part
	for m, share := range d.shares(pool) {
		if b, ok := d.p.power[m]; ok {
			all = append(all, Part{On: b, Rate: share})
		}
		for _, part := range d.Sum(t.Links(m)) {
			all = append(all, Part{On: part.On, Rate: float64(share * part.Rate)})
		}
	}
	d.units[pool] = merged(all)
	return d.units[pool]
}

// shares yields the members of a pool that take load, and the part of it that each takes.
func (d *Draws) shares(pool int32) func(yield func(topology.ID, float64) bool) {
	p := &d.p.Topology.Pools()[pool]
	weight := func(entry int) float64 {
		if p.Share == topology.Weighted {
			return p.Weights[entry]
		}
		return 1
	}
	each := func(visit func(m topology.ID, entry int) bool) {
		from := 0
		for entry, end := range p.Ends {
			for _, m := range p.Members[from:end] {
				if d.status[m] == topology.Up && !visit(m, entry) {
					return
				}
			}
			from = end
		}
	}
	all := 0.0
	each(func(_ topology.ID, entry int) bool { all += weight(entry); return true })
	if p.Share == topology.Each {
		all = 1
	}
	return func(yield func(topology.ID, float64) bool) {
		each(func(m topology.ID, entry int) bool { return yield(m, weight(entry)/all) })
	}
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
