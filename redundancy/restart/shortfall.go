package restart

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// shortfall says of each demand that a plan does not bring back in full what would be overloaded with all of it, in numbers;
// "" if there is nothing to say.
func (c *compass) shortfall(ctx context.Context, p *Plan) string {
	if !p.short() {
		return ""
	}
	r, err := replayFrom(c.t, c.outcome, p)
	if err != nil || r.run(ctx) != nil {
		return ""
	}
	var lines []string
	for i := range c.asked {
		for _, s := range p.Served {
			if s.Demand == c.t.Name(c.asked[i].id) && s.Fraction < 1-topology.Tolerance {
				lines = append(lines, c.lacks(r, i, s.Fraction))
			}
		}
	}
	if len(lines) == 0 {
		return ""
	}
	const most = 3
	if n := len(lines) - most; n > 0 {
		lines = append(lines[:most], fmt.Sprintf("%d more demands are not served in full", n))
	}
	return strings.Join(lines, "; ")
}

// lacks says why a demand is served to a fraction only where a replay ends.
func (c *compass) lacks(r *replay, i int, part float64) string {
	d := &c.asked[i]
	name := c.t.Name(d.id)
	text := fmt.Sprintf("%s of %s is served in the end", fraction(part), name)
	if part == 0 {
		text = name + " is not served"
	}
	if c.soon[d.id] < 0 {
		return text + ": " + c.blocked(d.id)
	}
	if d.gated && r.state.Status[d.id] == topology.Down {
		return text + ": it does not come up, for what it needs cannot be started safely"
	}
	surge, s := "", c.withAll(r, d, !d.gated && part == 0)
	if !d.gated && part == 0 {
		surge = "it is not gated, and "
	}
	flow := c.t.Flow(s)
	full, worst := c.overloaded(s, flow)
	switch {
	case len(full) == 0 && c.drawsOnNone(d.id, r.state.Status):
		return text + ": nothing that it draws on enters rotation"
	case len(full) == 0 && flow.Served[d.id] < 1-topology.Tolerance:
		return text + ": nobody takes the rest of it"
	case len(full) == 0:
		return text
	}
	text += fmt.Sprintf(": %swith all of it %s would be overloaded", surge, list(c.t.Names(full)))
	if len(full) > 1 {
		text += ", " + c.t.Name(worst) + " the most"
	}
	return text + c.beside(worst, s, flow) + c.wouldTake(d, s, flow)
}

// drawsOnNone reports whether nothing that a demand draws on is in rotation.
func (c *compass) drawsOnNone(id topology.ID, status []topology.Status) bool {
	for _, l := range c.linksOf[id] {
		if l.Supply != nil && slices.ContainsFunc(l.Members, func(m topology.ID) bool { return status[m] == topology.Up }) {
			return false
		}
	}
	return true
}

// withAll returns the state in which a replay ends, but that all of a demand is there; if it is to come at once, with its surge, and
// with all that is ready in rotation, cold.
func (c *compass) withAll(r *replay, d *demand, atOnce bool) topology.State {
	s := cloneState(r.state)
	s.Demand[d.id] = d.full
	if !atOnce {
		return s
	}
	s.Demand[d.id] *= 1 + d.reopen.Surge
	s.Status[d.id] = topology.Up
	for id, status := range s.Status {
		if status == topology.Ready && c.rotates[id] {
			s.Status[id] = topology.Up
			s.Capacity[id] *= max(coldest, warmth(c.t.Start(topology.ID(id)), 0))
		}
	}
	return s
}

// overloaded returns what is overloaded in a state, in order, and what of it the most.
func (c *compass) overloaded(s topology.State, flow *topology.Flow) (full []topology.ID, worst topology.ID) {
	ratio := 0.0
	for id := range topology.ID(c.t.Len()) {
		if s.Status[id] != topology.Down && topology.Overloaded(flow.Load[id], s.Capacity[id]) {
			full = append(full, id)
			if x := flow.Load[id] / s.Capacity[id]; x > ratio {
				worst, ratio = id, x
			}
		}
	}
	return full, worst
}

// beside writes a load beside what a component can carry in a state, and says so if that is less than all of its capacity.
func (c *compass) beside(id topology.ID, s topology.State, flow *topology.Flow) string {
	capacity, while := s.Capacity[id], ""
	if capacity < c.t.Capacity(id) {
		while = " while it is cold"
	}
	if capacity <= c.t.Capacity(id)*coldest {
		capacity = 0
	}
	return while + ": " + topology.LoadOf(flow.Load[id], capacity, c.t.Unit(id))
}

// wouldTake says how many servers would be needed where all that share a demand equally are alike.
func (c *compass) wouldTake(d *demand, s topology.State, flow *topology.Flow) string {
	for _, l := range c.linksOf[d.id] {
		if l.Supply == nil || c.t.Pools()[l.Pool].Share != topology.Equal {
			continue
		}
		up, load, capacity, nothing := 0, 0., 0., 0.
		for _, m := range l.Members {
			if s.Status[m] != topology.Up {
				continue
			}
			if up++; up > 1 && s.Capacity[m] != capacity || len(c.t.PoolsOf(m)) > 1 {
				return ""
			}
			load, capacity, nothing = flow.Load[m], s.Capacity[m], c.t.Capacity(m)*coldest
		}
		if up > 0 && capacity > nothing && topology.Overloaded(load, capacity) {
			need := math.Ceil(float64(up) * load / capacity * (1 - topology.Tolerance))
			return fmt.Sprintf(". %s of %s can be in rotation: %.0f would be needed", topology.Quantity(float64(up), ""), list(l.Names), need)
		}
	}
	return ""
}

// blocked says what keeps a component from ever being ready.
func (c *compass) blocked(id topology.ID) string {
	for seen := map[topology.ID]bool{}; !seen[id]; {
		seen[id] = true
		if c.back[id] < 0 {
			return c.t.Name(id) + " does not return"
		}
		next := topology.ID(-1)
		for i := range c.linksOf[id] {
			if l := &c.linksOf[id][i]; next < 0 && !c.canBeMet(l) {
				for _, m := range l.Members {
					if c.soon[m] < 0 && (next < 0 || c.back[m] < 0 && c.back[next] >= 0) {
						next = m
					}
				}
			}
		}
		id = next // none of what is needed returns and can start, so there is one
	}
	return c.t.Name(id) + " needs what needs it to start"
}
