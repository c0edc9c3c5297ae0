package netbox

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// A candidate is a thing with the names that it may get, the shortest first.
type candidate struct {
	of    *thing
	names []string
}

// assign gives each thing the first of its names that no other wants or has; where none is left, its number makes the
// last one unique. It does not depend on the order of the things.
func assign(all []candidate) {
	taken := map[string]bool{}
	for level := 0; len(all) > 0; level++ {
		wanted := map[string]int{}
		for _, c := range all {
			wanted[c.name(level)]++
		}
		var left []candidate
		for _, c := range all {
			if name := c.name(level); wanted[name] == 1 && !taken[name] {
				c.of.full = name
			} else {
				left = append(left, c)
			}
		}
		for _, c := range all {
			if c.of.full != "" {
				taken[c.of.full] = true
			}
		}
		all = left
	}
}

func (c candidate) name(level int) string {
	if level < len(c.names) {
		return c.names[level]
	}
	return fmt.Sprintf("%s #%d%s", c.names[len(c.names)-1], c.of.id, strings.Repeat("'", level-len(c.names)))
}

// path joins names, without those that are not known.
func path(parts ...string) string {
	var known []string
	for _, part := range parts {
		if part != "" {
			known = append(known, part)
		}
	}
	return strings.Join(known, "/")
}

// label returns a thing's own name, or its number if it has none.
func (t *thing) label() string {
	if t == nil {
		return ""
	}
	if t.name == "" {
		return fmt.Sprintf("#%d", t.id)
	}
	return t.name
}

// nameAll names the components.
func (v *inventory) nameAll() {
	var all []candidate
	for _, s := range v.sites.all {
		all = append(all, candidate{&s.thing, []string{path("site", s.label())}})
	}
	for _, l := range v.locations.all {
		within := v.locationName(l.parent)
		all = append(all, candidate{&l.thing, []string{
			path("location", v.siteName(l.site), l.label()), path("location", v.siteName(l.site), within, l.label()),
		}})
	}
	for _, r := range v.racks.all {
		all = append(all, candidate{&r.thing, []string{
			path("rack", v.siteName(r.site), r.label()), path("rack", v.siteName(r.site), v.locationName(r.location), r.label()),
		}})
	}
	for _, p := range v.panels.all {
		all = append(all, candidate{&p.thing, []string{path("panel", v.siteName(p.site), p.label())}})
	}
	for _, d := range v.devices.all {
		all = append(all, candidate{&d.thing, []string{
			path("device", v.deviceLabel(d)), path("device", v.siteName(d.site), v.deviceLabel(d)),
		}})
	}
	assign(all)
	all = nil
	for _, f := range v.feeds.all { // the names of panels and devices are part of these
		of := ""
		if p := v.panels.of[f.panel]; p != nil {
			of = strings.TrimPrefix(p.full, "panel/")
		}
		all = append(all, candidate{&f.thing, []string{path("feed", of, f.label())}})
	}
	for _, p := range v.ports.all {
		if d := v.devices.of[p.device]; d != nil {
			all = append(all, candidate{&p.thing, []string{path("pdu", strings.TrimPrefix(d.full, "device/"), p.label())}})
		}
	}
	for _, d := range v.devices.all {
		all = append(all, candidate{&d.outlets, []string{path("pdu", strings.TrimPrefix(d.full, "device/"))}})
	}
	assign(all)
	v.foundStubs()
}

func (v *inventory) siteName(id int64) string {
	if s := v.sites.of[id]; s != nil {
		return s.label()
	}
	return ""
}

func (v *inventory) locationName(id int64) string {
	if l := v.locations.of[id]; l != nil {
		return l.label()
	}
	return ""
}

// deviceLabel calls a device without a name by its type and number, as NetBox does.
func (v *inventory) deviceLabel(d *device) string {
	if model := v.models[d.model]; d.name == "" && model != "" {
		return fmt.Sprintf("%s (%d)", model, d.id)
	}
	return d.label()
}

// foundStubs says which components are known by their names only. Of a site there is no more to know.
func (v *inventory) foundStubs() {
	stubs(v, &v.locations)
	stubs(v, &v.racks)
	stubs(v, &v.panels)
	stubs(v, &v.devices)
	stubs(v, &v.ports)
}

func stubs[T any, P pointer[T]](v *inventory, t *table[T, P]) {
	for _, x := range t.all {
		if x.base().stub {
			v.found.add(topology.Missing, NotGiven, "",
				"known only by what refers to them: where they are, and what else NetBox knows "+
					"of them, is missing; give their lists too (/api/dcim/racks/ and so on)", x.base().full)
		}
	}
}
