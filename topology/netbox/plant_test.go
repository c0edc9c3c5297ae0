package netbox_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A plant is a small power tree, made up at random, of which the numbers of things are their places in the lists.
type plant struct {
	feeds   []plantFeed
	pdus    []plantPDU
	devices []plantDevice
	cables  [][2]string // "powerport 3", "powerfeed 1"; -1 as number is none
	whole   *bench
}

type plantFeed struct {
	panel, rack int // rack 0: none
	watts       int
	active      bool
}

type plantPDU struct {
	rack      int
	inlets    []int // power ports
	outlets   []int
	of        []int // the inlet of each outlet; 0: not said
	inService bool
}

type plantDevice struct {
	rack, in  int // in: the device, counted from 1, that it is in a bay of
	ports     []int
	draws     []int // -1: not said
	inService bool
}

func randomPlant(r *rand.Rand) *plant {
	p := &plant{}
	for range 2 + r.IntN(3) {
		p.feeds = append(p.feeds, plantFeed{1 + r.IntN(2), r.IntN(3), 500 * (1 + r.IntN(3)), r.IntN(8) > 0})
	}
	port, outlet := 0, 0
	var free []string // outlets and feeds
	for i := range p.feeds {
		for range 4 {
			free = append(free, fmt.Sprint("powerfeed ", i+1))
		}
	}
	join := func(to int) {
		if i := r.IntN(len(free)); r.IntN(8) > 0 {
			ends := [2]string{fmt.Sprint("powerport ", to), free[i]}
			if r.IntN(2) == 0 {
				ends[0], ends[1] = ends[1], ends[0]
			}
			p.cables = append(p.cables, ends)
			if strings.HasPrefix(free[i], "poweroutlet") {
				free = slices.Delete(free, i, i+1)
			}
		}
	}
	for range r.IntN(4) {
		x := plantPDU{rack: r.IntN(3), inService: r.IntN(10) > 0}
		for range 1 + r.IntN(2) {
			port++
			x.inlets = append(x.inlets, port)
			join(port)
		}
		said := r.IntN(3) > 0
		for range 2 + r.IntN(3) {
			outlet++
			x.outlets = append(x.outlets, outlet)
			of := 0
			if said {
				of = x.inlets[r.IntN(len(x.inlets))]
			}
			x.of = append(x.of, of)
			free = append(free, fmt.Sprint("poweroutlet ", outlet), fmt.Sprint("poweroutlet ", outlet))
		}
		if said { // a port that no outlet has is one that the PDU draws on for itself
			x.of[0] = x.inlets[0]
			x.of[1] = x.inlets[len(x.inlets)-1]
		}
		p.pdus = append(p.pdus, x)
	}
	for i := range 1 + r.IntN(5) {
		x := plantDevice{rack: r.IntN(3), inService: r.IntN(10) > 0}
		if i > 0 && r.IntN(6) == 0 {
			x.in = 1 + r.IntN(i)
		}
		for range 1 + r.IntN(3) {
			port++
			x.ports = append(x.ports, port)
			x.draws = append(x.draws, []int{-1, 0, 100, 250, 250, 300, 500}[r.IntN(7)])
			join(port)
		}
		p.devices = append(p.devices, x)
	}
	// Two cables may end at one outlet here, which NetBox does not allow, and which is read all the same.
	return p
}

// text writes the plant as a dump, or as answers.
func (p *plant) text(r *rand.Rand) string {
	var all []string
	dump := r.IntN(2) == 0
	peers := map[string][]string{} // told by the objects themselves, of cables that are not given
	if !dump && r.IntN(3) == 0 {
		lists := map[string]string{"powerport": "power-ports", "poweroutlet": "power-outlets", "powerfeed": "power-feeds"}
		for _, c := range p.cables {
			tell := r.IntN(3) // by one end, by the other, by both
			for i := range 2 {
				if model, n, _ := strings.Cut(c[1-i], " "); tell != i {
					peers[c[i]] = append(peers[c[i]], fmt.Sprintf(`{"id": %s, "url": "http://n/api/dcim/%s/%s/"}`, n, lists[model], n))
				}
			}
		}
	}
	add := func(model, list string, id int, fields string, args ...any) {
		fields = fmt.Sprintf(fields, args...)
		if ends := peers[fmt.Sprint(model, " ", id)]; ends != nil {
			fields += fmt.Sprintf(`, "link_peers": [%s]`, strings.Join(ends, ", "))
		}
		if dump {
			all = append(all, fmt.Sprintf(`{"model": "dcim.%s", "pk": %d, "fields": {%s}}`, model, id, fields))
		} else {
			all = append(all, fmt.Sprintf(`{"id": %d, "url": "http://n/api/dcim/%s/%d/", %s}`, id, list, id, fields))
		}
	}
	ref := func(key string, id int) string {
		switch {
		case id == 0:
			return fmt.Sprintf(`%q: null`, key)
		case dump:
			return fmt.Sprintf(`%q: %d`, key, id)
		}
		return fmt.Sprintf(`%q: {"id": %d}`, key, id)
	}
	status := func(in bool) string {
		if in {
			return `"status": "active"`
		}
		return `"status": "planned"`
	}
	add("site", "sites", 1, `"name": "S"`)
	for i := 1; i <= 2; i++ {
		add("rack", "racks", i, `"name": "R%d", %s`, i, ref("site", 1))
		add("powerpanel", "power-panels", i, `"name": "P%d", %s`, i, ref("site", 1))
	}
	for i, f := range p.feeds {
		add("powerfeed", "power-feeds", i+1, `"name": "F%d", %s, %s, %s, "type": "primary", "voltage": 100, "amperage": %d, "max_utilization": 100`,
			i+1, ref("power_panel", f.panel), ref("rack", f.rack), status(f.active), f.watts/100)
	}
	for i, d := range p.pdus {
		add("device", "devices", 100+i, `"name": "pdu%d", %s, %s, %s`, i, ref("site", 1), ref("rack", d.rack), status(d.inService))
		for _, k := range d.inlets {
			add("powerport", "power-ports", k, `"name": "I%d", %s, "allocated_draw": null`, k, ref("device", 100+i))
		}
		for j, k := range d.outlets {
			add("poweroutlet", "power-outlets", k, `"name": "%d", %s, %s`, k, ref("device", 100+i), ref("power_port", d.of[j]))
		}
	}
	for i, d := range p.devices {
		add("device", "devices", 1+i, `"name": "d%d", %s, %s, %s`, 1+i, ref("site", 1), ref("rack", d.rack), status(d.inService))
		if d.in > 0 {
			add("devicebay", "device-bays", 1+i, `"name": "bay", %s, %s`, ref("device", d.in), ref("installed_device", 1+i))
		}
		for j, k := range d.ports {
			draw := "null"
			if d.draws[j] >= 0 {
				draw = fmt.Sprint(d.draws[j])
			}
			add("powerport", "power-ports", k, `"name": "P%d", %s, "allocated_draw": %s`, k, ref("device", 1+i), draw)
		}
	}
	old := r.IntN(2) == 0
	for i, c := range p.cables {
		am, an, _ := strings.Cut(c[0], " ")
		bm, bn, _ := strings.Cut(c[1], " ")
		switch {
		case len(peers) > 0:
		case dump && old:
			add("cable", "", i+1, `"status": "connected", "termination_a_type": ["dcim", %q], "termination_a_id": %s, "termination_b_type": ["dcim", %q], "termination_b_id": %s`, am, an, bm, bn)
		case dump:
			add("cable", "", i+1, `"status": "connected"`)
			add("cabletermination", "", 2*i+1, `"cable": %d, "cable_end": "A", "termination_type": ["dcim", %q], "termination_id": %s`, i+1, am, an)
			add("cabletermination", "", 2*i+2, `"cable": %d, "cable_end": "B", "termination_type": ["dcim", %q], "termination_id": %s`, i+1, bm, bn)
		case old:
			add("cable", "cables", i+1, `"status": {"value": "connected", "label": "Connected"}, "termination_a_type": "dcim.%s", "termination_a_id": %s, "termination_b_type": "dcim.%s", "termination_b_id": %s`, am, an, bm, bn)
		default:
			add("cable", "cables", i+1, `"status": {"value": "connected"}, "a_terminations": [{"object_type": "dcim.%s", "object_id": %s}], "b_terminations": [{"object_type": "dcim.%s", "object_id": %s}]`, am, an, bm, bn)
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return strings.Join(all, "\n")
}
