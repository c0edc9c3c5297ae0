package netbox_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/netbox"
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

// A bench is a plant in which some feeds are lost.
type bench struct {
	*plant
	lost []bool           // feeds
	ends map[int][]string // of cables, by power port
	memo map[string]bool  // what has power
}

// intact is the plant with nothing lost.
func (p *plant) intact() *bench {
	if p.whole == nil {
		p.whole = p.without(make([]bool, len(p.feeds)))
	}
	return p.whole
}

func (p *plant) without(lost []bool) *bench {
	b := &bench{plant: p, lost: lost, ends: map[int][]string{}, memo: map[string]bool{}}
	for _, c := range p.cables {
		for i := range 2 {
			var k int
			if _, err := fmt.Sscanf(c[i], "powerport %d", &k); err == nil && !slices.Contains(b.ends[k], c[1-i]) {
				b.ends[k] = append(b.ends[k], c[1-i])
			}
		}
	}
	return b
}

// ups returns what something draws on, with parts: "feed 1", "inlet 3", "pdu 1", "rack 1".
func (b *bench) ups(of string) (to []string, parts []float64) {
	var kind string
	var k int
	fmt.Sscanf(of, "%s %d", &kind, &k)
	put := func(name string, part float64) {
		if i := slices.Index(to, name); i >= 0 {
			parts[i] += part
			return
		}
		to, parts = append(to, name), append(parts, part)
	}
	ofPorts := func(ports []int, part func(int) float64, rack int) {
		cabled := false
		for i, port := range ports {
			var in []string
			for _, e := range b.ends[port] {
				cabled = true
				if name := b.source(e); name != "" {
					in = append(in, name)
				}
			}
			for _, name := range in {
				put(name, part(i)/float64(len(in)))
			}
		}
		if up, _ := b.ups(fmt.Sprint("rack ", rack)); !cabled && rack > 0 && len(up) > 0 {
			put(fmt.Sprint("rack ", rack), 1)
		}
	}
	one := func(int) float64 { return 1 }
	switch kind {
	case "rack":
		for i, f := range b.feeds {
			if f.rack == k && f.active {
				put(fmt.Sprint("feed ", i+1), 1)
			}
		}
	case "pdu":
		for _, port := range b.pdus[k].inlets {
			put(fmt.Sprint("inlet ", port), 1)
		}
	case "inlet":
		for _, d := range b.pdus {
			if slices.Contains(d.inlets, k) {
				ofPorts([]int{k}, one, d.rack)
			}
		}
	case "device":
		d := b.devices[k-1]
		part := func(i int) float64 { return float64(d.draws[i]) }
		if slices.Min(d.draws) <= 0 {
			part = one
		}
		ofPorts(d.ports, part, d.rack)
	}
	// what leads to no feed at all is left out, where something else does
	intact := b.intact()
	var fedTo []string
	var fedParts []float64
	for i, name := range to {
		if intact.power(name) {
			fedTo, fedParts = append(fedTo, name), append(fedParts, parts[i])
		}
	}
	return fedTo, fedParts
}

// source returns what an end of a cable is part of; "" if that is out of service.
func (b *bench) source(e string) string {
	var model string
	var k int
	fmt.Sscanf(e, "%s %d", &model, &k)
	if model == "powerfeed" {
		if b.feeds[k-1].active {
			return fmt.Sprint("feed ", k)
		}
		return ""
	}
	for i, d := range b.pdus {
		j := slices.Index(d.outlets, k)
		switch {
		case j < 0 || !d.inService:
		case d.of[j] != 0:
			return fmt.Sprint("inlet ", d.of[j])
		case len(d.inlets) == 1:
			return fmt.Sprint("inlet ", d.inlets[0])
		default:
			return fmt.Sprint("pdu ", i)
		}
	}
	return ""
}

// power reports whether something has power. PDUs come one after the other, so there are no circles.
func (b *bench) power(of string) bool {
	if known, there := b.memo[of]; there {
		return known
	}
	var kind string
	var k int
	fmt.Sscanf(of, "%s %d", &kind, &k)
	has := false
	if kind == "feed" {
		has = !b.lost[k-1]
	} else {
		ups, _ := b.ups(of)
		has = slices.ContainsFunc(ups, b.power)
		if kind == "device" {
			has = has && b.up(b.devices[k-1].in)
		}
	}
	b.memo[of] = has
	return has
}

// up reports whether a device is not dark, nor that which it is in. One of which it is not known what feeds it may be.
func (b *bench) up(k int) bool {
	if k == 0 || !b.devices[k-1].inService {
		return true
	}
	name := fmt.Sprint("device ", k)
	return b.up(b.devices[k-1].in) && (b.power(name) || !b.intact().power(name))
}

// loads returns what each feed carries.
func (b *bench) loads() []float64 {
	loads := make([]float64, len(b.feeds))
	var place func(of string, w float64)
	place = func(of string, w float64) {
		var kind string
		var k int
		if fmt.Sscanf(of, "%s %d", &kind, &k); kind == "feed" {
			loads[k-1] += w
			return
		}
		to, parts := b.ups(of)
		sum := 0.0
		for i, name := range to {
			if b.power(name) {
				sum += parts[i]
			}
		}
		for i, name := range to {
			if b.power(name) {
				place(name, w*parts[i]/sum)
			}
		}
	}
	for i, d := range b.devices {
		if name := fmt.Sprint("device ", i+1); d.inService && b.power(name) {
			w := 0.0
			for _, draw := range d.draws {
				w += math.Max(0, float64(draw))
			}
			place(name, w)
		}
	}
	return loads
}

// over returns the feeds that carry more than they can.
func (b *bench) over() (all []int) {
	for i, w := range b.loads() {
		if !b.lost[i] && w > float64(b.feeds[i].watts)*(1+1e-9) {
			all = append(all, i)
		}
	}
	return all
}

// A reader and a calculation of their own say the same of each feed's loss: which racks are redundant on paper, which
// feeds trip, which devices are dark in the end.
func TestTwin(t *testing.T) {
	told, dark, single := 0, 0, 0
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 9))
		p := randomPlant(r)
		text := p.text(r)
		spec, found, err := netbox.Read(strings.NewReader(text), netbox.Options{})
		require.NoError(t, err, "%d: %s", seed, text)
		fleet, err := topology.New(spec)
		require.NoError(t, err, "%d: %s", seed, text)
		var paper, want, alone, wantAlone []string
		for _, f := range found {
			if f.Reason == netbox.OneFeed || f.Reason == netbox.OnePanel {
				alone = append(alone, f.About...)
			}
			if f.Reason == netbox.RedundantOnPaper {
				paper = append(paper, f.About...)
			}
		}
		already := p.intact().over()
		for i, f := range p.feeds {
			if !f.active {
				continue
			}
			lost := make([]bool, len(p.feeds))
			lost[i] = true
			b := p.without(lost)
			for _, o := range b.over() {
				about := feedName(p, o)
				if rack := p.feeds[o].rack; rack > 0 {
					about = fmt.Sprint("rack/S/R", rack)
				}
				if !slices.Contains(already, o) && !slices.Contains(want, about) {
					want = append(want, about)
				}
			}
			for over := b.over(); len(over) > 0; over = b.over() {
				for _, o := range over {
					lost[o] = true
				}
				b = p.without(lost)
			}
			o, err := cascade.Run(fleet, cascade.Lose(feedName(p, i)))
			require.NoError(t, err)
			down := map[string]bool{}
			for _, x := range o.Failures {
				down[x.Component] = true
			}
			for k, l := range lost {
				if p.feeds[k].active {
					require.Equal(t, l, down[feedName(p, k)], "%d: without %d: feed %d\n%s\n%v", seed, i+1, k+1, text, o)
				}
			}
			intact := p.intact()
			for k, d := range p.devices {
				name := fmt.Sprint("device ", k+1)
				if d.inService && intact.power(name) {
					require.Equal(t, !b.power(name), down[fmt.Sprint("device/d", k+1)], "%d: without %d: %s\n%s\n%v", seed, i+1, name, text, o)
					if !b.power(name) {
						dark++
					}
				}
			}
		}
		if !slices.ContainsFunc(p.devices, func(d plantDevice) bool { return d.in > 0 }) {
			for rack := 1; rack <= 2; rack++ {
				if p.alone(rack) {
					wantAlone = append(wantAlone, fmt.Sprint("rack/S/R", rack))
				}
			}
			alone = slices.DeleteFunc(alone, func(name string) bool { return !strings.HasPrefix(name, "rack/") })
			require.ElementsMatch(t, wantAlone, alone, "%d\n%s\n%v", seed, text, found)
			single += len(alone)
		}
		require.ElementsMatch(t, want, paper, "%d\n%s\n%v", seed, text, found)
		told += len(want)
	}
	require.Greater(t, told, 100)
	require.Greater(t, dark, 100)
	require.Greater(t, single, 100)
}

func feedName(p *plant, i int) string { return fmt.Sprintf("feed/S/P%d/F%d", p.feeds[i].panel, i+1) }

// alone reports whether one feed or one panel takes all devices in a rack that have power or, if none has, all feeds
// that are assigned to it.
func (p *plant) alone(rack int) bool {
	takesAll := func(lost []bool) bool {
		any, left := false, false
		for i, d := range p.devices {
			if name := fmt.Sprint("device ", i+1); d.rack == rack && d.inService && p.intact().power(name) {
				any, left = true, left || p.without(lost).power(name)
			}
		}
		if any {
			return !left
		}
		for i, f := range p.feeds {
			if f.rack == rack && f.active {
				any, left = true, left || !lost[i]
			}
		}
		return any && !left
	}
	for panel := range 3 {
		lost := make([]bool, len(p.feeds))
		for i, f := range p.feeds {
			lost[i] = f.panel == panel
		}
		if takesAll(lost) {
			return true
		}
	}
	return false // a feed is lost with its panel
}
