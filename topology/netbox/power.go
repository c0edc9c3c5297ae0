package netbox

import (
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// A unit is what takes part in the flow of power: a feed, the feeds of a rack as one, a PDU, a device.
type unit struct {
	name, kind string
	demand     float64 // W, of its own
	capacity   float64 // W, of a feed; 0 is unknown
	up         []tie   // what it draws on
	down       []*unit // what draws on it
	within     []*unit // devices in its bays, which are down without it
	rank       int     // place in the order in which each comes after all that it draws on
	load       float64 // W, with nothing lost

	limited bool // a feed with a capacity is behind it
	corded  int  // power ports that are cabled to something in service

	// Which feeds and panels feed it, in the end: one, several, or none. The panel of a feed without one is itself.
	feeds, panels one

	feed   *feed   // of a feed
	device *device // of a device, or of a PDU
}

// A tie is one of several things that a unit draws on, and the part of its load that this takes, before it is divided
// by the parts of all.
type tie struct {
	to   *unit
	part float64
}

// One tells whether there is none, one or several of something.
type one struct {
	only any
	many bool
}

func (o *one) add(x one) {
	switch {
	case x.only == nil && !x.many:
	case o.only == nil && !o.many:
		*o = x
	case o.many || x.many || o.only != x.only:
		*o = one{many: true}
	}
}

// A grid is the flow of power through a fleet.
type grid struct {
	*inventory
	options Options
	wires   map[end][]end

	units  []*unit // feeds, feeds of racks, PDUs, devices
	order  []*unit // by rank
	feedOf map[int64]*unit
	byRack map[int64][]*unit   // the feeds that are assigned to it
	racks  map[int64]*unit     // these as one, where they are asked for
	inlets map[int64]*unit     // by port
	pdus   map[int64]*unit     // by device: what outlets draw on whose power port is not known
	ports  map[int64][]*port   // of a device, but for inlets
	inside map[int64][]*port   // of a device, its inlets
	outlet map[int64][]*outlet // by the port that feeds them
	loose  map[int64][]*outlet // by device, those that do not say what feeds them
	shares map[int64]float64   // W, of ports behind a PDU that says what all of them draw
}

// power finds what draws on what.
func (v *inventory) power(o Options) *grid {
	g := &grid{
		inventory: v, options: o, wires: v.wires(),
		feedOf: map[int64]*unit{}, byRack: map[int64][]*unit{}, racks: map[int64]*unit{}, inlets: map[int64]*unit{},
		pdus: map[int64]*unit{}, ports: map[int64][]*port{}, inside: map[int64][]*port{}, outlet: map[int64][]*outlet{},
		loose: map[int64][]*outlet{}, shares: map[int64]float64{},
	}
	for _, f := range v.feeds.all {
		g.addFeed(f)
	}
	g.sortPorts()
	g.shareDraws()
	pdus := g.addPDUs()
	devices := g.addDevices()
	for _, r := range v.racks.all { // those that something asked for
		if u := g.racks[r.id]; u != nil {
			g.units = append(g.units, u)
		}
	}
	g.units = append(append(g.units, pdus...), devices...)
	g.sort()
	g.trace()
	g.flow()
	return g
}

// addFeed adds a feed, if it is in service.
func (g *grid) addFeed(f *feed) {
	if f.status != "active" {
		g.found.add(topology.Missing, OutOfService, "", "left out: not active", f.full)
		return
	}
	u := &unit{name: f.full, kind: "power feed", feed: f, capacity: g.available(f)}
	u.limited = u.capacity > 0
	u.feeds.only, u.panels.only = u, u
	if p := g.panels.of[f.panel]; p != nil {
		u.panels.only = p
	}
	g.units = append(g.units, u)
	g.feedOf[f.id] = u
	if f.rack != 0 {
		g.byRack[f.rack] = append(g.byRack[f.rack], u)
	}
}

// watts returns the power that NetBox calls available; NaN or 0 if it is not known.
func (f *feed) watts() float64 {
	w := math.Abs(f.volts) * f.amps * (f.percent / 100)
	if f.phase == "three-phase" {
		w *= 1.732
	}
	w = math.RoundToEven(w) // as Python rounds
	if !(w > 0) && f.written > 0 {
		return f.written
	}
	return w
}

// available returns what a feed may carry; 0 if that is not known.
func (g *grid) available(f *feed) float64 {
	w := f.watts()
	if !(w > 0) {
		g.found.add(topology.Missing, UnknownCapacity, "capacity",
			"voltage, amperage or max utilization is not given, or they "+
				"make less than 1 W: no limit was taken, and what draws on these alone is not judged", f.full)
		return 0
	}
	if f.written >= 0 && f.written != w {
		g.found.add(topology.Suspect, Inconsistent, "capacity",
			"available_power is not what voltage, amperage, phase and max "+
				"utilization make; these were taken (NetBox computes it anew when a feed is saved)", f.full)
	}
	return w
}

// sortPorts tells inlets, through which outlets are fed, from ports through which a device draws for itself. Where an
// outlet does not say through which port it is fed, all ports of its device are inlets.
func (g *grid) sortPorts() {
	for _, o := range g.outlets.all {
		if o.port != 0 {
			g.outlet[o.port] = append(g.outlet[o.port], o)
		} else {
			g.loose[o.device] = append(g.loose[o.device], o)
		}
	}
	for _, p := range g.inventory.ports.all {
		if g.inlet(p) {
			g.inside[p.device] = append(g.inside[p.device], p)
		} else {
			g.ports[p.device] = append(g.ports[p.device], p)
		}
	}
}

// inlet reports whether outlets are fed through a power port.
func (g *grid) inlet(p *port) bool { return len(g.outlet[p.id]) > 0 || len(g.loose[p.device]) > 0 }

// addPDUs makes a unit of each inlet, then finds what these draw on.
func (g *grid) addPDUs() []*unit {
	var all []*unit
	for _, d := range g.devices.all {
		if !inService(d.status) {
			continue
		}
		for _, p := range g.inside[d.id] {
			g.inlets[p.id] = &unit{name: p.full, kind: "pdu", device: d}
			all = append(all, g.inlets[p.id])
		}
	}
	for _, o := range g.outlets.all {
		if u := g.asOne(o); u != nil {
			all = append(all, u)
		}
	}
	for _, d := range g.devices.all {
		for _, p := range g.inside[d.id] {
			if u := g.inlets[p.id]; u != nil {
				g.connect(u, []*port{p})
			}
		}
	}
	return all
}

// asOne makes a unit of a device with outlets that do not say what feeds them, unless it has it, or has one inlet only.
func (g *grid) asOne(o *outlet) *unit {
	d := g.devices.of[o.device]
	if o.port != 0 || d == nil || !inService(d.status) || g.pdus[d.id] != nil {
		return nil
	}
	inside := g.inside[d.id]
	if len(inside) == 1 {
		g.pdus[d.id] = g.inlets[inside[0].id]
		return nil
	}
	u := &unit{name: d.outlets.full, kind: "pdu", device: d}
	for _, p := range inside {
		u.up = append(u.up, tie{g.inlets[p.id], 1})
	}
	if len(inside) > 0 {
		g.found.add(topology.Assumed, UnassignedOutlet, "",
			"outlets do not say which power port feeds them: taken that any one is "+
				"enough, and that they divide the load equally", u.name)
	}
	g.pdus[d.id] = u
	return u
}

// addDevices makes a unit of each device.
func (g *grid) addDevices() []*unit {
	var all []*unit
	of := map[int64]*unit{}
	for _, d := range g.devices.all {
		if !inService(d.status) {
			g.found.add(topology.Missing, OutOfService, "",
				"left out: by their status offline, planned, failed, in the inventory "+
					"or being decommissioned", d.full)
			continue
		}
		u := &unit{name: d.full, kind: "device", device: d}
		all, of[d.id] = append(all, u), u
		ports := g.ports[d.id]
		d.fed = len(ports) > 0 || d.parent != 0
		switch {
		case len(ports) > 0:
			g.connect(u, ports)
		case len(g.inside[d.id]) == 0 && g.pdus[d.id] == nil && d.parent == 0 && !d.stub:
			g.found.add(topology.Missing, NoPort, "", "no power port: taken to need no power, as patch panels do", d.full)
		}
	}
	for _, u := range all {
		if in := of[u.device.parent]; in != nil {
			in.within = append(in.within, u)
		}
	}
	return all
}
