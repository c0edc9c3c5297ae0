package netbox

import (
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// shareDraws looks at PDUs whose inlet has an allocated draw. NetBox then counts that, in place of what is behind it.
// Where some of what is behind has no draw, it has what is left of the PDU's, in equal parts: so the load stays, and
// moves to the other PDU when this one is lost. Where outlets do not say which inlet feeds them, all inlets of their
// device count together.
func (g *grid) shareDraws() {
	for _, d := range g.devices.all {
		switch {
		case !inService(d.status):
		case len(g.loose[d.id]) > 0:
			g.share(g.inside[d.id])
		default:
			for _, p := range g.inside[d.id] {
				g.share([]*port{p})
			}
		}
	}
}

// share divides what inlets draw.
func (g *grid) share(inlets []*port) {
	left := 0.0
	var unknown []*port
	for _, p := range inlets {
		left += p.allocated
	}
	if len(inlets) == 0 || math.IsNaN(left) {
		return
	}
	for _, p := range g.behindAll(inlets) {
		if w, _ := g.drawOf(p); math.IsNaN(w) {
			unknown = append(unknown, p)
		} else {
			left -= w
		}
	}
	for _, p := range unknown {
		if left > 0 {
			g.shares[p.id] = left / float64(len(unknown))
		}
	}
	for _, p := range inlets {
		switch {
		case left > 0 && len(unknown) == 0:
			g.found.add(topology.Missing, InletDraw, "demand",
				"the allocated draw of the PDU's inlet, which NetBox counts, is more than that of what is known to be behind it: "+
					"the rest was left out; cable what draws it in NetBox", p.full)
		case left < 0:
			g.found.add(topology.Suspect, Inconsistent, "",
				"the allocated draw of the PDU's inlet, which NetBox counts, is less than that of what is behind it, which was "+
					"taken here", p.full)
		}
	}
}

// behindAll returns the power ports in service that inlets feed, each once. An inlet of another PDU of which no draw is
// said is passed on to what is behind that.
func (g *grid) behindAll(inlets []*port) (all []*port) {
	seen, asOne := map[*port]bool{}, map[int64]bool{}
	for _, p := range inlets {
		seen[p] = true
	}
	waiting := slices.Clone(inlets)
	for len(waiting) > 0 {
		inlet := waiting[0]
		waiting = waiting[1:]
		outlets := g.outlet[inlet.id]
		if !asOne[inlet.device] {
			asOne[inlet.device] = true
			outlets = slices.Concat(outlets, g.loose[inlet.device])
		}
		for _, o := range outlets {
			for _, e := range g.wires[end{"poweroutlet", o.id}] {
				p := g.inventory.ports.of[e.id]
				if e.model != "powerport" || p == nil || seen[p] || !g.draws(p) {
					continue
				}
				seen[p] = true
				if w, _ := g.drawOf(p); math.IsNaN(w) && g.inlet(p) {
					waiting = append(waiting, p)
				} else {
					all = append(all, p)
				}
			}
		}
	}
	return all
}

// draws reports whether a power port is of a device in service.
func (g *grid) draws(p *port) bool {
	d := g.devices.of[p.device]
	return d != nil && inService(d.status)
}
