package netbox

import (
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// sort puts what is drawn on before what draws on it. What comes back to itself is cut there: PDUs that feed each
// other.
func (g *grid) sort() {
	const (
		fresh = iota
		open
		done
	)
	state := map[*unit]int{}
	for _, root := range g.units {
		if state[root] != fresh {
			continue
		}
		state[root] = open
		stack := []*unit{root}
		next := map[*unit]int{}
		for len(stack) > 0 {
			u := stack[len(stack)-1]
			i := next[u]
			next[u]++
			if i == len(u.up) {
				u.up = slices.DeleteFunc(u.up, func(t tie) bool { return t.to == nil })
				state[u], u.rank = done, len(g.order)
				g.order = append(g.order, u)
				stack = stack[:len(stack)-1]
				continue
			}
			switch to := u.up[i].to; state[to] {
			case open:
				g.found.add(topology.Suspect, FedInCircle, "", "cabled in a circle, so that they would feed themselves: "+
					"what closes it was left out", u.name)
				u.up[i].to = nil
			case fresh:
				state[to] = open
				stack = append(stack, to)
			}
		}
	}
}

// trace finds which feeds and panels are behind each unit, and leaves out what leads to no feed where something else
// does: redundancy that is not in the data is not taken.
func (g *grid) trace() {
	for _, u := range g.order {
		fed := slices.DeleteFunc(slices.Clone(u.up), func(t tie) bool { return !t.to.fed() })
		if len(fed) > 0 && len(fed) < len(u.up) {
			g.found.add(topology.Missing, PartlyFed, "",
				"some of the power ports lead to a power feed, and others to a PDU that "+
					"leads to none: taken to draw on the former alone", u.name)
			u.up = fed
		}
		for _, t := range u.up {
			u.feeds.add(t.to.feeds)
			u.panels.add(t.to.panels)
			u.limited = u.limited || t.to.limited
			t.to.down = append(t.to.down, u)
		}
		if ports := g.portsOf(u); len(ports) > 0 && u.limited {
			u.demand = g.draw(u.device, ports)
		} else if len(ports) > 0 && !u.fed() {
			g.found.add(topology.Missing, NotFed, "", "no power feed is known, by cable or by rack: what is drawn was left "+
				"out; cable the power ports in NetBox, or assign the feeds to the rack", u.name)
		}
	}
}

// portsOf returns the ports through which a device draws for itself; none of a unit that is no device.
func (g *grid) portsOf(u *unit) []*port {
	if u.kind != "device" {
		return nil
	}
	return g.ports[u.device.id]
}

// fed reports whether some power feed is behind a unit.
func (u *unit) fed() bool { return u.feeds.only != nil || u.feeds.many }

// flow computes the loads with nothing lost, what draws first.
func (g *grid) flow() {
	for _, u := range slices.Backward(g.order) {
		u.load += u.demand
		all := u.parts(nil)
		for _, t := range u.up {
			t.to.load += u.load * t.part / all
		}
	}
}

// parts returns the sum of the parts of what a unit draws on and what is not lost.
func (u *unit) parts(lost map[*unit]bool) float64 {
	sum := 0.0
	for _, t := range u.up {
		if !lost[t.to] {
			sum += t.part
		}
	}
	return sum
}

// lose returns the loads that change when a feed is lost, after that and before anything trips.
func (g *grid) lose(f *unit) map[*unit]float64 {
	above := reach([]*unit{f}, func(u *unit) []*unit { return slices.Concat(u.down, u.within) })
	lost := gone(f)
	touched := reach(above, func(u *unit) []*unit {
		var to []*unit
		for _, t := range u.up {
			to = append(to, t.to)
		}
		return to
	})
	slices.SortFunc(touched, func(a, b *unit) int { return b.rank - a.rank })
	load := map[*unit]float64{}
	for _, u := range touched {
		load[u] = u.load
	}
	for _, u := range touched {
		before, after := u.parts(nil), u.parts(lost)
		for _, t := range u.up {
			load[t.to] -= u.load * t.part / before
			if !lost[t.to] && !lost[u] {
				load[t.to] += load[u] * t.part / after
			}
		}
	}
	return load
}

// gone returns what goes down with a feed: what draws on nothing else that is left, and the devices in it.
func gone(f *unit) map[*unit]bool {
	lost := map[*unit]bool{f: true}
	for all := []*unit{f}; len(all) > 0; all = all[1:] {
		fall := func(u *unit) {
			if !lost[u] {
				lost[u] = true
				all = append(all, u)
			}
		}
		for _, u := range all[0].down {
			if u.parts(lost) == 0 {
				fall(u)
			}
		}
		for _, u := range all[0].within {
			fall(u)
		}
	}
	return lost
}

// reach returns units, and what is reached from these.
func reach(from []*unit, to func(*unit) []*unit) []*unit {
	all := slices.Clone(from)
	known := map[*unit]bool{}
	for _, u := range all {
		known[u] = true
	}
	for i := 0; i < len(all); i++ {
		for _, u := range to(all[i]) {
			if !known[u] {
				known[u] = true
				all = append(all, u)
			}
		}
	}
	return all
}
