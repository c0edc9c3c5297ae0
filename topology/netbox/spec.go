package netbox

import "github.com/ridethrough/ridethrough/topology"

// spec writes the fleet: what stands for others before these.
func (v *inventory) spec(g *grid) topology.Spec {
	s := topology.Spec{Name: "NetBox"}
	add := func(kind, name string, needs ...string) {
		s.Components = append(s.Components, topology.Component{Name: pattern(name), Kind: kind, Needs: patterns(needs)})
	}
	for _, x := range v.sites.all {
		add("site", x.full)
	}
	for _, x := range v.locations.all {
		add("location", x.full, v.place(0, x.parent, x.site)...)
	}
	for _, x := range v.racks.all {
		add("rack", x.full, v.place(0, x.location, x.site)...)
	}
	for _, x := range v.panels.all {
		add("power panel", x.full, v.place(0, x.location, x.site)...)
		s.Components[len(s.Components)-1].Unit = "W"
	}
	for _, u := range g.units {
		s.Components = append(s.Components, v.unit(u))
	}
	return s
}

// place returns what something needs for being where it is: the closest that is known.
func (v *inventory) place(rack, location, site int64) []string {
	if r := v.racks.of[rack]; r != nil {
		return []string{r.full}
	}
	if l := v.locations.of[location]; l != nil {
		return []string{l.full}
	}
	if s := v.sites.of[site]; s != nil {
		return []string{s.full}
	}
	return nil
}

// unit writes what takes part in the flow of power.
func (v *inventory) unit(u *unit) topology.Component {
	c := topology.Component{Name: pattern(u.name), Kind: u.kind, Unit: "W", Demand: u.demand, Capacity: u.capacity}
	switch {
	case u.feed != nil:
		if role := u.feed.role; role == "primary" || role == "redundant" {
			c.Labels = map[string]string{"type": role}
		}
		if p := v.panels.of[u.feed.panel]; p != nil {
			c.Supplies = []topology.Supply{{Members: patterns([]string{p.full})}}
		}
		return c
	case u.kind == "pdu" && !u.device.fed:
		c.Needs = patterns([]string{u.device.full})
	case u.kind == "pdu": // its device may draw on it, and nothing can need itself
		c.Needs = patterns(v.place(u.device.rack, u.device.location, u.device.site))
	case u.kind == "device":
		c.Needs = patterns(v.whereabouts(u.device))
	}
	if len(u.up) > 0 {
		c.Supplies = []topology.Supply{u.supply()}
	}
	return c
}

// whereabouts returns what a device needs: the device it is in, if that is in service, or else its rack, location or
// site.
func (v *inventory) whereabouts(d *device) []string {
	if in := v.devices.of[d.parent]; in != nil && inService(in.status) {
		return []string{in.full}
	}
	return v.place(d.rack, d.location, d.site)
}

// supply writes what a unit draws on.
func (u *unit) supply() topology.Supply {
	var names []string
	var parts []float64
	equal := true
	for _, t := range u.up {
		names, parts = append(names, t.to.name), append(parts, t.part)
		equal = equal && t.part == u.up[0].part
	}
	if equal {
		return topology.Supply{Members: topology.Fold(names)}
	}
	return topology.Supply{Members: patterns(names), Share: topology.Weighted, Weights: parts}
}

// pattern writes a name so that it stands for itself alone.
func pattern(name string) string { return topology.Fold([]string{name})[0] }

func patterns(names []string) (all topology.Names) {
	for _, name := range names {
		all = append(all, pattern(name))
	}
	return all
}
