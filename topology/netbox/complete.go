package netbox

import (
	"math"
	"strconv"

	"github.com/ridethrough/ridethrough/topology"
)

// complete makes references lead somewhere: to an object that is given; to a stub, where one that is not given was at
// least named by what refers to it; or nowhere, which is a finding.
func (v *inventory) complete() {
	for _, l := range v.locations.all {
		v.inSite(&l.site)
		if l.parent == l.id {
			l.parent = 0
		}
		v.inLocation(&l.parent)
	}
	for _, r := range v.racks.all {
		v.inSite(&r.site)
		v.inLocation(&r.location)
	}
	for _, p := range v.panels.all {
		v.inSite(&p.site)
		v.inLocation(&p.location)
	}
	for _, f := range v.feeds.all {
		refer(v, &v.panels, "powerpanel", &f.panel, func(t thing) panel { return panel{thing: t} })
		v.inRack(&f.rack)
	}
	v.completeDevices()
	v.placeStubs()
}

// refer checks a reference.
func refer[T any, P pointer[T]](v *inventory, t *table[T, P], model string, id *int64, stub func(thing) T) {
	if *id == 0 || t.of[*id] != nil {
		return
	}
	if name := v.beside[end{model, *id}]; name != "" {
		t.put(stub(thing{id: *id, name: name, stub: true}))
		return
	}
	if !v.missing[end{model, *id}] {
		v.missing[end{model, *id}] = true
		v.found.add(topology.Missing, NotGiven, "",
			"referred to, and not in the data: what it is good for was left out", called(model, *id))
	}
	*id = 0
}

func (v *inventory) inSite(id *int64) {
	refer(v, &v.sites, "site", id, func(t thing) site { return site{t} })
}

func (v *inventory) inLocation(id *int64) {
	refer(v, &v.locations, "location", id, func(t thing) location { return location{thing: t} })
}

func (v *inventory) inRack(id *int64) {
	refer(v, &v.racks, "rack", id, func(t thing) rack { return rack{thing: t} })
}

func (v *inventory) ofDevice(id *int64) {
	refer(v, &v.devices, "device", id, func(t thing) device { return device{thing: t, outlets: thing{id: t.id}} })
}

// completeDevices looks at devices and what belongs to them. Stubs that come up on the way have no references.
func (v *inventory) completeDevices() {
	for _, d := range v.devices.all {
		v.inSite(&d.site)
		v.inLocation(&d.location)
		v.inRack(&d.rack)
		if in := v.installed[d.id]; in != 0 {
			d.parent = in
		}
		if d.parent == d.id {
			d.parent = 0
		}
		v.ofDevice(&d.parent)
	}
	for _, p := range v.ports.all {
		v.ofDevice(&p.device)
	}
	for _, o := range v.outlets.all {
		v.ofDevice(&o.device)
		refer(v, &v.ports, "powerport", &o.port, func(t thing) port {
			return port{thing: t, device: o.device, allocated: math.NaN(), maximum: math.NaN()}
		})
	}
}

// placeStubs gives racks and panels that are only referred to the site of what refers to them, as NetBox asks for.
func (v *inventory) placeStubs() {
	for _, d := range v.devices.all {
		if r := v.racks.of[d.rack]; r != nil && r.stub && r.site == 0 {
			r.site = d.site
		}
	}
	for _, f := range v.feeds.all {
		p, r := v.panels.of[f.panel], v.racks.of[f.rack]
		switch {
		case p == nil || r == nil:
		case p.stub && p.site == 0:
			p.site = r.site
		case r.stub && r.site == 0:
			r.site = p.site
		}
	}
}

// typeOf returns the model of a content type by its number.
func (v *inventory) typeOf(number string) string {
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return ""
	}
	if v.types[id] == "" {
		v.found.add(topology.Missing, NotGiven, "",
			"cables end there, and what it is is not in the data: they were left out; "+
				"dump with --natural-foreign, or with contenttypes", called("content type", id))
	}
	return v.types[id]
}
