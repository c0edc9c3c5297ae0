package netbox

import (
	"encoding/json"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// Cables are what connects power ports, outlets and feeds: NetBox allows no other ends in between.
type cables struct {
	all   map[int64]*cable
	order []int64
	links map[end][]link // that objects of the REST API name themselves, by object
	from  []end          // these objects
}

type cable struct {
	status string
	a, b   []end
}

type link struct {
	to      end
	cable   int64
	planned bool // the object says that its cable is not connected
}

func newCables() cables { return cables{all: map[int64]*cable{}, links: map[end][]link{}} }

func (c *cables) of(id int64) *cable {
	if c.all[id] == nil {
		c.all[id] = &cable{}
		c.order = append(c.order, id)
	}
	return c.all[id]
}

// carriesPower reports whether cables for power end at objects of a model. The number of a content type may be one.
func carriesPower(model string) bool {
	return model == "powerport" || model == "poweroutlet" || model == "powerfeed" || isNumber(model)
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// cable reads a cable, with its ends where it has them: a_terminations since v3.3, termination_a_id before.
func (r *reader) cable(id int64, f fields) {
	c := r.data.cables.of(id)
	c.status = f.choice("status")
	if f.has("a_terminations") || f.has("termination_a_id") { // it has its ends, and has them all
		c.a, c.b = nil, nil
	}
	for _, side := range []string{"a", "b"} {
		r.termination(id, side, "termination_"+side+"_type", "termination_"+side+"_id", f)
		var ends []map[string]json.RawMessage
		if key := side + "_terminations"; f.has(key) && json.Unmarshal(f.all[key], &ends) != nil {
			f.fault(key, topology.BadSyntax, "it is a list of ends")
		}
		for _, all := range ends {
			r.termination(id, side, "object_type", "object_id", fields{r: r, of: f.of, all: all})
		}
	}
}

// termination notes an end of a cable, if it is one for power.
func (r *reader) termination(id int64, side, typeKey, idKey string, f fields) {
	model := f.contentType(typeKey)
	if !carriesPower(model) || id == 0 || !f.has(idKey) {
		return
	}
	c, e := r.data.cables.of(id), end{model, f.id(idKey)}
	switch strings.ToLower(side) {
	case "a":
		c.a = append(c.a, e)
	case "b":
		c.b = append(c.b, e)
	default:
		f.fault("cable_end", topology.BadSyntax, "a cable ends at A and at B")
	}
}

// contentType returns a model: "dcim.powerport" in an answer, ["dcim", "powerport"] or a number in a dump.
func (f fields) contentType(key string) string {
	var parts []string
	if f.has(key) && json.Unmarshal(f.all[key], &parts) == nil && len(parts) == 2 {
		return parts[1]
	}
	s := f.text(key)
	if _, model, dotted := strings.Cut(s, "."); dotted {
		return model
	}
	return s
}

// peers notes what an object of the REST API says is at the other ends of its cable: link_peers since v3.3, link_peer
// since v3.0, cable_peer since v2.10, and before only connected_endpoint.
func (r *reader) peers(from end, f fields) {
	c, key := &r.data.cables, "connected_endpoint"
	delete(c.links, from)
	for _, since := range []string{"cable_peer", "link_peer", "link_peers"} {
		if _, there := f.all[since]; there {
			key = since
		}
	}
	if !f.has(key) {
		return
	}
	var all []map[string]json.RawMessage
	if json.Unmarshal(f.all[key], &all) != nil {
		all = make([]map[string]json.RawMessage, 1)
		if json.Unmarshal(f.all[key], &all[0]) != nil {
			f.fault(key, topology.BadSyntax, "it is an object, or a list of objects")
			return
		}
	}
	in, planned := f.ref("cable", "cable"), f.unreachable()
	for _, peer := range all {
		n := fields{r: r, of: f.of, all: peer}
		model := modelOfURL(n.text("url"))
		if model == "" {
			model = f.contentType(key + "_type")
		}
		if carriesPower(model) && n.has("id") {
			if len(c.links[from]) == 0 {
				c.from = append(c.from, from)
			}
			c.links[from] = append(c.links[from], link{end{model, n.id("id")}, in, planned})
		}
	}
}

// unreachable reports whether an object of the REST API says that its cable is not connected, by the name that this has
// since v3.3, since v2.10, and before.
func (f fields) unreachable() bool {
	for _, key := range []string{"connected_endpoints_reachable", "connected_endpoint_reachable", "connection_status"} {
		if f.choice(key) == "false" {
			return true
		}
	}
	return false
}

// maxCableEnds is how many ends one cable may join: the most that a breakout has are far fewer.
const maxCableEnds = 1000

// wires returns what each end is connected to.
func (v *inventory) wires() map[end][]end {
	w, known := map[end][]end{}, map[[2]end]bool{}
	connect := func(a, b end) {
		if a != b && !known[[2]end{a, b}] {
			known[[2]end{a, b}], known[[2]end{b, a}] = true, true
			w[a], w[b] = append(w[a], b), append(w[b], a)
		}
	}
	for _, id := range v.cables.order {
		c := v.cables.all[id]
		if a, b := v.powerEnds(c.a), v.powerEnds(c.b); v.connected(id, c, a, b) {
			for _, x := range a {
				for _, y := range b {
					connect(x, y)
				}
			}
		}
	}
	for _, from := range v.cables.from {
		for _, l := range v.cables.links[from] {
			if c := v.cables.all[l.cable]; c == nil && !l.planned || c != nil && inPlace(c.status) {
				connect(from, l.to)
			}
		}
	}
	return w
}

// connected reports whether a cable for power is in place.
func (v *inventory) connected(id int64, c *cable, a, b []end) bool {
	switch {
	case !inPlace(c.status):
		if len(a)+len(b) > 0 {
			v.found.add(topology.Missing, OutOfService, "", "left out: not connected by their status", called("cable", id))
		}
		return false
	case len(a)*len(b) > maxCableEnds:
		v.found.add(topology.Suspect, Inconsistent, "",
			"left out: they have more ends than a cable can have", called("cable", id))
		return false
	default:
		return true
	}
}

// inPlace reports whether a cable of a status is connected. Up to v2.6 the status is true or false.
func inPlace(status string) bool {
	return status == "" || status == "connected" || status == "true" || status == "1"
}

// powerEnds returns the ends that carry power, with their models where the dump numbers these.
func (v *inventory) powerEnds(all []end) []end {
	var ends []end
	for _, e := range all {
		if isNumber(e.model) {
			e.model = v.typeOf(e.model)
		}
		if carriesPower(e.model) {
			ends = append(ends, e)
		}
	}
	return ends
}
