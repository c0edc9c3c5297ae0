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
