package netbox

import "fmt"

// A thing is what all objects have.
type thing struct {
	id   int64
	name string
	stub bool   // known only from what refers to it
	full string // the component's name; "" if it is none
}

type (
	site     struct{ thing }
	location struct {
		thing
		site, parent int64
	}
	rack struct {
		thing
		site, location int64
	}
	panel struct {
		thing
		site, location int64
	}
	feed struct {
		thing
		panel, rack                   int64
		status, role, phase           string
		volts, amps, percent, written float64 // NaN where not given; written is its available power in the data
	}
	device struct {
		thing
		site, location, rack, model, parent int64
		status                              string
		outlets                             thing // those that do not say what feeds them, as one
		fed                                 bool  // it draws power for itself, or is in a device that may
	}
	port struct {
		thing
		device             int64
		allocated, maximum float64 // W; NaN where not given
	}
	outlet struct {
		thing
		device, port int64
	}
)

func (s *site) base() *thing     { return &s.thing }
func (l *location) base() *thing { return &l.thing }
func (r *rack) base() *thing     { return &r.thing }
func (p *panel) base() *thing    { return &p.thing }
func (f *feed) base() *thing     { return &f.thing }
func (d *device) base() *thing   { return &d.thing }
func (p *port) base() *thing     { return &p.thing }
func (o *outlet) base() *thing   { return &o.thing }

type pointer[T any] interface {
	*T
	base() *thing
}

// A table is the objects of one model, in the order in which they came.
type table[T any, P pointer[T]] struct {
	all []P
	of  map[int64]P
}

// put adds an object. One that is there already becomes as it is now.
func (t *table[T, P]) put(x T) {
	id := P(&x).base().id
	if old := t.of[id]; old != nil {
		*old = x
		return
	}
	if t.of == nil {
		t.of = map[int64]P{}
	}
	t.of[id] = &x
	t.all = append(t.all, &x)
}

// An end is where a cable may end, or any other object: its model and number.
type end struct {
	model string
	id    int64
}

// A slot is a power port of a device type.
type slot struct {
	model int64 // the device type
	name  string
}

// An inventory is what NetBox knows of a fleet's power.
type inventory struct {
	sites     table[site, *site]
	locations table[location, *location]
	racks     table[rack, *rack]
	panels    table[panel, *panel]
	feeds     table[feed, *feed]
	devices   table[device, *device]
	ports     table[port, *port]
	outlets   table[outlet, *outlet]

	models    map[int64]string // device types
	templates map[slot]port
	installed map[int64]int64 // device bays: the device in it, and that which it is in
	types     map[int64]string
	beside    map[end]string // names of objects that others refer to
	missing   map[end]bool   // of these, those that are not given
	cables    cables
	found     findings
}

func newInventory() *inventory {
	return &inventory{
		models: map[int64]string{}, templates: map[slot]port{}, installed: map[int64]int64{}, types: map[int64]string{},
		beside: map[end]string{}, missing: map[end]bool{}, cables: newCables(),
	}
}

// empty reports whether there is nothing to make a fleet of.
func (v *inventory) empty() bool {
	return len(v.sites.all)+len(v.locations.all)+len(v.racks.all)+len(v.panels.all)+len(v.feeds.all)+
		len(v.devices.all)+len(v.ports.all)+len(v.outlets.all) == 0
}

// called names an object as people do: "power feed 12".
func called(model string, id int64) string {
	switch model {
	case "":
		model = "object"
	case "powerpanel":
		model = "power panel"
	case "powerfeed":
		model = "power feed"
	case "powerport":
		model = "power port"
	case "poweroutlet":
		model = "power outlet"
	}
	return fmt.Sprintf("%s %d", model, id)
}
