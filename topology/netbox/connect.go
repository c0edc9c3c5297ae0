package netbox

import (
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// connect finds what a unit draws on through its ports.
func (g *grid) connect(u *unit, ports []*port) {
	parts := map[*unit]float64{}
	var ups []*unit
	cabled, dark, part := false, 0, g.parting(ports)
	for _, p := range ports {
		ends, any := g.wired(p)
		cabled = cabled || any
		for _, to := range ends {
			if _, known := parts[to]; !known {
				ups = append(ups, to)
			}
			parts[to] += part(p) / float64(len(ends))
		}
		if len(ends) == 0 {
			dark++
		} else {
			u.corded++
		}
	}
	for _, to := range ups {
		u.up = append(u.up, tie{to, parts[to]})
	}
	switch {
	case !cabled && u.device.rack != 0 && len(g.byRack[u.device.rack]) > 0:
		u.up = []tie{{g.rackFeeds(u.device.rack), 1}}
		g.found.add(topology.Assumed, FedByRack, "",
			"no cable leads to the power ports: taken to draw on all feeds of the rack "+
				"equally, and that any one of these is enough; cable them in NetBox to know", u.name)
	case dark > 0 && len(u.up) > 0:
		g.found.add(topology.Missing, PartlyFed, "", "some power ports are cabled, and some are not, or to what is out of "+
			"service: taken to draw on the former alone", u.name)
	}
	if u.kind == "device" && len(ups) > 2 {
		g.found.add(topology.Assumed, AnyPort, "",
			"NetBox does not say how many of more than two power supplies a device needs: "+
				"taken that any one is enough", u.name)
	}
}

// wired returns what a port is cabled to that is in service, and whether it is cabled at all.
func (g *grid) wired(p *port) (ends []*unit, cabled bool) {
	for _, e := range g.wires[end{"powerport", p.id}] {
		var to *unit
		switch e.model {
		case "powerfeed":
			to = g.feedOf[e.id]
		case "poweroutlet":
			to = g.behind(g.outlets.of[e.id])
		default: // NetBox does not connect a port to a port
			continue
		}
		cabled = true
		if to != nil {
			ends = append(ends, to)
		}
	}
	return ends, cabled
}

// behind returns what feeds an outlet; nil if that is out of service, or not given.
func (g *grid) behind(o *outlet) *unit {
	switch {
	case o == nil:
		return nil
	case o.port != 0:
		return g.inlets[o.port]
	default:
		return g.pdus[o.device]
	}
}

// parting returns how much of a device's load goes through a port: what it draws, or 1 if that is not known of all.
func (g *grid) parting(all []*port) func(*port) float64 {
	for _, p := range all {
		if w, _ := g.drawOf(p); !(w > 0) {
			return func(*port) float64 { return 1 }
		}
	}
	return func(p *port) float64 {
		w, _ := g.drawOf(p)
		return w
	}
}

// rackFeeds returns the feeds of a rack as one.
func (g *grid) rackFeeds(id int64) *unit {
	if g.racks[id] == nil {
		r := g.inventory.racks.of[id]
		u := &unit{name: path("power", r.full[len("rack/"):]), kind: "rack power"}
		for _, f := range g.byRack[id] {
			u.up = append(u.up, tie{f, 1})
		}
		g.racks[id] = u
	}
	return g.racks[id]
}

// draw returns what a device draws, in W; 0 if nothing is known.
func (g *grid) draw(d *device, ports []*port) float64 {
	sum, unknown := 0.0, 0
	for _, p := range ports {
		w, reason := g.drawOf(p)
		if math.IsNaN(w) {
			unknown++
			continue
		}
		sum += w
		if reason != "" {
			g.found.add(topology.Assumed, reason, "demand", assumption(reason), d.full)
		}
	}
	switch {
	case unknown == 0:
	case unknown < len(ports):
		g.found.add(topology.Missing, UnknownDraw, "demand",
			"some power ports have no draw, neither allocated nor maximum: what "+
				"these draw was left out", d.full)
	case g.options.Draw > 0:
		g.found.add(topology.Assumed, GivenDraw, "demand", "NetBox has no draw: taken to draw "+
			topology.Quantity(g.options.Draw, "W")+" each, as was asked for", d.full)
		return g.options.Draw
	default:
		g.found.add(topology.Missing, UnknownDraw, "demand",
			"no draw is known: the power ports have neither an allocated nor a "+
				"maximum draw, and without it their feeds look empty", d.full)
	}
	return sum
}

func assumption(reason topology.Reason) string {
	switch reason {
	case MaximumDraw:
		return "the maximum draw of the power ports was taken, as no allocated draw is given: that is more than is drawn"
	case TemplateDraw:
		return "the draw was taken from the power ports of the device type, as the device's own have none"
	default:
		return "the allocated draw of the PDU before them was divided among the devices that have none of their own"
	}
}

// drawOf returns what a port draws, in W, and what was taken for it, if it was not said; NaN if nothing is known.
func (g *grid) drawOf(p *port) (float64, topology.Reason) {
	if !math.IsNaN(p.allocated) {
		return p.allocated, ""
	}
	if !math.IsNaN(p.maximum) {
		return p.maximum, MaximumDraw
	}
	if w, shared := g.shares[p.id]; shared {
		return w, InletDraw
	}
	if d := g.devices.of[p.device]; d != nil {
		if t, there := g.templates[slot{d.model, p.name}]; there && !math.IsNaN(t.allocated) {
			return t.allocated, TemplateDraw
		} else if there && !math.IsNaN(t.maximum) {
			return t.maximum, TemplateDraw
		}
	}
	return math.NaN(), ""
}
