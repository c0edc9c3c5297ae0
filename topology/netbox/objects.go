package netbox

import (
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// modelOfURL returns the model of an object of the REST API, by its own address: ".../api/dcim/power-feeds/12/". It
// is "" for what is not read.
func modelOfURL(url string) string {
	_, path, found := strings.Cut(url, "/api/dcim/")
	if !found {
		return ""
	}
	list, _, _ := strings.Cut(path, "/")
	switch list {
	case "rack-groups":
		return "rackgroup"
	case "sites", "locations", "racks", "devices", "device-types", "device-bays", "power-panels", "power-feeds",
		"power-ports", "power-port-templates", "power-outlets", "cables":
		return strings.ReplaceAll(strings.TrimSuffix(list, "s"), "-", "")
	default:
		return ""
	}
}

// take reads an object, if it is of a model that matters.
func (r *reader) take(model string, id int64, f fields) {
	t := thing{id: id, name: f.text(f.first("name", "display"))}
	if id == 0 {
		return
	}
	switch model {
	case "site":
		r.data.sites.put(site{t})
	case "location", "rackgroup":
		r.data.locations.put(location{t, f.ref("site", "site"), f.ref("location", "parent")})
	case "rack":
		r.data.racks.put(rack{t, f.ref("site", "site"), f.ref("location", f.location("group"))})
	case "powerpanel":
		r.data.panels.put(panel{t, f.ref("site", "site"), f.ref("location", f.location("rack_group"))})
	case "powerfeed":
		r.feed(t, f)
	case "device":
		r.device(t, f)
	case "devicetype":
		r.data.models[id] = f.text("model")
	case "devicebay":
		if in := f.ref("device", "installed_device"); in != 0 {
			r.data.installed[in] = f.ref("device", "device")
		}
	case "powerport":
		p := f.port(t)
		p.device = f.ref("device", "device")
		r.data.ports.put(p)
		r.peers(end{model, id}, f)
	case "powerporttemplate":
		if in := f.ref("devicetype", "device_type"); in != 0 {
			r.data.templates[slot{in, t.name}] = f.port(t)
		}
	case "poweroutlet":
		r.data.outlets.put(outlet{t, f.ref("device", "device"), f.ref("powerport", "power_port")})
		r.peers(end{model, id}, f)
	case "cable":
		r.cable(id, f)
	case "cabletermination":
		r.termination(f.ref("cable", "cable"), f.text("cable_end"), "termination_type", "termination_id", f)
	case "contenttype":
		r.data.types[id] = f.text("model")
	}
}

// location returns the field that says where a rack or a panel is: before v2.11 it was a rack group.
func (f fields) location(before string) string {
	if _, now := f.all["location"]; now {
		return "location"
	}
	return before
}

// The largest numbers that NetBox's own columns hold.
const (
	maxSmall = 1<<15 - 1
	maxInt   = 1<<31 - 1
)

func (r *reader) feed(t thing, f fields) {
	x := feed{
		thing: t, panel: f.ref("powerpanel", "power_panel"), rack: f.ref("rack", "rack"),
		status: feedStatus(f.choice("status")), role: f.choice("type"), phase: f.choice("phase"),
		volts: f.number("voltage", -maxSmall, maxSmall), amps: f.number("amperage", 1, maxSmall),
		percent: f.number("max_utilization", 1, 100), written: f.number("available_power", 0, maxInt),
	}
	if x.volts == 0 {
		f.fault("voltage", topology.BadNumber, "a feed of 0 V carries nothing")
	}
	switch x.role { // up to v2.6 these were numbers
	case "1":
		x.role = "primary"
	case "2":
		x.role = "redundant"
	}
	if x.phase == "3" {
		x.phase = "three-phase"
	}
	r.data.feeds.put(x)
	r.peers(end{"powerfeed", t.id}, f)
}

// feedStatus returns a feed's status, which up to v2.6 was a number.
func feedStatus(s string) string {
	switch s {
	case "", "1":
		return "active"
	case "0":
		return "offline"
	case "2":
		return "planned"
	case "4":
		return "failed"
	default:
		return s
	}
}

func (r *reader) device(t thing, f fields) {
	x := device{
		thing: t, site: f.ref("site", "site"), location: f.ref("location", "location"), rack: f.ref("rack", "rack"),
		model: f.ref("devicetype", "device_type"), parent: f.ref("device", "parent_device"),
		status: deviceStatus(f.choice("status")), outlets: thing{id: t.id},
	}
	if n, nested := f.object("device_type"); nested && n.has("model") {
		r.data.models[x.model] = n.text("model")
	}
	if !f.has("name") {
		x.name = ""
	}
	r.data.devices.put(x)
}

// deviceStatus returns a device's status, which up to v2.6 was a number.
func deviceStatus(s string) string {
	old := []string{"offline", "active", "planned", "staged", "failed", "inventory", "decommissioning"}
	if len(s) == 1 && s >= "0" && s <= "6" {
		return old[s[0]-'0']
	}
	return s
}

// inService reports whether a device of a status draws power. One of a status that people added does.
func inService(status string) bool {
	switch status {
	case "offline", "planned", "failed", "inventory", "decommissioning":
		return false
	default:
		return true
	}
}

func (f fields) port(t thing) port {
	return port{
		thing: t, allocated: f.number("allocated_draw", 0, maxInt), maximum: f.number("maximum_draw", 0, maxInt),
	}
}
