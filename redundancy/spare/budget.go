package spare

import (
	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// A class is servers that draw the same on every budget: see [pool.Draws.Class].
type class struct {
	servers []topology.ID // in rotation, the strongest first
	idle    []topology.ID // out of rotation already
}

// A budget is a component of limited power.
type budget struct {
	id       topology.ID
	capacity float64
	fixed    float64 // what is no server draws
	shares   []pool.Share
}

// draw returns what servers draw when on[g] of class g are in rotation and out[g] are up and out of it: base, and rate for
// each unit of the load of one.
func (m *budget) draw(on, out []int) (base, rate float64) {
	for _, s := range m.shares {
		base += float64(s.Base * float64(on[s.Class]+out[s.Class]))
		rate += float64(s.Rate * float64(on[s.Class]))
	}
	return base, rate
}

// row asks for what servers draw at a load of q to fit.
func (m *budget) row(q float64, groups int) integer.Row {
	row := integer.Row{Least: m.fixed - (m.capacity + float64(m.capacity*topology.Tolerance))}
	for _, s := range m.shares {
		if draw := s.Base + float64(s.Rate*q); draw > 0 {
			row.On, row.Of = append(row.On, s.Class), append(row.Of, -draw)
		}
		if s.Base > 0 {
			row.On, row.Of = append(row.On, groups+s.Class), append(row.Of, -s.Base)
		}
	}
	return row
}

// survey finds the classes and budgets. It says what could not be helped by servers at all.
func (r *rescue) survey() string {
	t, draws := r.p.Topology, r.p.Draws(r.st)
	for id := range topology.ID(t.Len()) {
		if _, server := r.p.Place(id); server || r.st.Status[id] == topology.Down {
			continue
		}
		if topology.Overloaded(draws.Steady[id], t.Capacity(id)) {
			return t.Name(id) + " is overloaded by what is not of the pool."
		}
	}
	r.classify(draws)
	byPower := draws.ByPower()
	for b, id := range r.p.Power {
		if r.st.Status[id] != topology.Down {
			r.power = append(r.power, budget{id, t.Capacity(id), draws.Fixed[b], byPower[b]})
		}
	}
	return ""
}

func (r *rescue) classify(draws *pool.Draws) {
	at := func(id topology.ID) *class {
		of := draws.Class(id)
		if of == len(r.classes) {
			r.classes = append(r.classes, class{})
		}
		return &r.classes[of]
	}
	for _, id := range r.p.Strongest(r.st.Rotating) {
		c := at(id)
		c.servers = append(c.servers, id)
	}
	for _, id := range r.st.Idle {
		c := at(id)
		c.idle = append(c.idle, id)
	}
}
