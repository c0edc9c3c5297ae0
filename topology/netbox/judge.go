package netbox

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// judge finds where the redundancy that NetBox shows is not real, and where that cannot be told.
func (g *grid) judge() {
	in := g.fedIn()
	for _, r := range g.inventory.racks.all {
		g.judgeRack(r, in[r.id])
	}
	for _, u := range g.units {
		if u.kind == "device" && u.corded > 1 && u.fed() {
			g.judgeDevice(u)
		}
		if topology.Overloaded(u.load, orInf(u.capacity)) {
			g.found.add(topology.Suspect, Overdrawn, "", "with nothing lost, more is drawn than is available", u.name)
		}
	}
	g.judgeLosses()
	g.judgeEmpty()
	for _, p := range g.panels.all {
		g.found.add(topology.Missing, UnknownCapacity, "capacity",
			"NetBox knows no limit of a power panel: none was taken", p.full)
	}
}

func orInf(capacity float64) float64 {
	if capacity == 0 {
		return math.Inf(1)
	}
	return capacity
}

// judgeRack looks at what the devices in a rack draw on and, where that is known of none, at the feeds assigned to it.
func (g *grid) judgeRack(r *rack, devices []*unit) {
	assigned, redundant := g.byRack[r.id], false
	for _, f := range assigned {
		redundant = redundant || f.feed.role == "redundant"
	}
	what, on := "all that is known to draw power in it hangs on ", devices
	if len(devices) == 0 {
		what, on = "no device in it is known to have power, and what is assigned to it comes from ", assigned
	}
	var feeds, panels one
	for _, u := range on {
		feeds.add(u.feeds)
		panels.add(u.panels)
	}
	switch {
	case feeds.only != nil:
		g.found.add(topology.Suspect, OneFeed, "", what+"one power feed: dark without it", r.full)
	case panels.only != nil:
		g.found.add(topology.Suspect, OnePanel, "", what+"one panel: dark without it", r.full)
	}
	if len(assigned) > 1 && !redundant {
		g.found.add(topology.Suspect, NoneRedundant, "",
			"several power feeds, and none has the type redundant in NetBox: taken "+
				"all the same that any one of them is enough", r.full)
	}
}

// fedIn returns the devices in each rack of which it is known what feeds them.
func (g *grid) fedIn() map[int64][]*unit {
	in := map[int64][]*unit{}
	for _, u := range g.units {
		if u.kind == "device" && u.fed() {
			in[u.device.rack] = append(in[u.device.rack], u)
		}
	}
	return in
}

// judgeDevice looks at a device of which several power ports are cabled.
func (g *grid) judgeDevice(u *unit) {
	switch {
	case !u.feeds.many:
		g.found.add(topology.Suspect, OneFeed, "",
			"several power ports are cabled, and all that is known to feed them is one power feed: dark without it", u.name)
	case !u.panels.many:
		g.found.add(topology.Suspect, OnePanel, "",
			"several power ports are cabled, and all that is known to feed them is one panel: dark without it", u.name)
	}
}

// An overload is what a feed would carry when another is lost.
type overload struct {
	about       string // the rack, or the feed if that is assigned to none
	rack        *rack
	lost, other *unit
	load        float64
}

func (o overload) use() float64 { return o.load / o.other.capacity }

// maxWork is how many changed loads are looked at: where racks have a few feeds each, of a million devices.
const maxWork = 10_000_000

// judgeLosses takes down one feed after the other, and finds those that could not carry what is left to them.
func (g *grid) judgeLosses() {
	worst, work := map[string]overload{}, 0
	for _, f := range g.units {
		if f.feed == nil || f.load == 0 {
			continue
		}
		if work > maxWork {
			g.found.add(topology.Missing, NotJudged, "",
				"too much hangs on too many power feeds: whether others can carry it without them was not judged", f.name)
			continue
		}
		loads := g.lose(f)
		work += len(loads)
		for u, load := range loads {
			if u == f || !topology.Overloaded(load, orInf(u.capacity)) || topology.Overloaded(u.load, orInf(u.capacity)) {
				continue
			}
			o := overload{u.name, g.inventory.racks.of[u.feed.rack], f, u, load}
			if o.rack != nil {
				o.about = o.rack.full
			}
			if old, there := worst[o.about]; !there || compare(o, old) < 0 {
				worst[o.about] = o
			}
		}
	}
	var all []overload
	for _, o := range worst {
		all = append(all, o)
	}
	slices.SortFunc(all, compare)
	g.sayOverloads(all)
}

// compare puts the worst first. The last terms only make the order that of nothing but the data.
func compare(a, b overload) int {
	return cmp.Or(cmp.Compare(b.use(), a.use()),
		cmp.Compare(a.lost.rank, b.lost.rank), cmp.Compare(a.other.rank, b.other.rank))
}

// maxTold is how many of many are told with their figures.
const maxTold = 5

func (g *grid) sayOverloads(all []overload) {
	if len(all) == 0 {
		return
	}
	var about, told []string
	for _, o := range all[:min(len(all), maxTold)] {
		shown := ""
		if o.rack != nil {
			shown = fmt.Sprintf(" (NetBox shows %s)", topology.Quantity(g.shown(o.rack.id), "%"))
		}
		told = append(told, fmt.Sprintf("%s%s: without %s, %s carries %s (%s)", o.about, shown, o.lost.name, o.other.name,
			topology.LoadOf(o.load, o.other.capacity, "W"), topology.Quantity(100*o.use(), "%")))
	}
	slices.SortFunc(all, func(a, b overload) int { return cmp.Compare(a.other.rank, b.other.rank) })
	for _, o := range all {
		about = append(about, o.about)
	}
	if more := len(all) - len(told); more > 0 {
		told = append(told, fmt.Sprintf("and %d more", more))
	}
	g.found.add(topology.Suspect, RedundantOnPaper, "",
		"when one power feed is lost, another has to carry more than it has "+
			"available, and trips too: "+strings.Join(told, "; "), about...)
}

// shown returns the power utilization of a rack in percent, as NetBox computes it: what is allocated to the power
// ports that are cabled to its feeds, divided by what all of its feeds have available, in service or not.
func (g *grid) shown(rack int64) float64 {
	allocated, available := 0.0, 0.0
	for _, f := range g.inventory.feeds.all {
		if w := f.watts(); f.rack == rack && w > 0 {
			available += w
			for _, e := range g.wires[end{"powerfeed", f.id}] {
				if p := g.inventory.ports.of[e.id]; p != nil && e.model == "powerport" {
					allocated += g.allocated(p)
				}
			}
		}
	}
	if available == 0 {
		return 0
	}
	return math.RoundToEven(allocated/available*1000) / 10
}

// allocated returns what NetBox counts for a power port: what is said of it, or else of the ports right behind its
// outlets.
func (g *grid) allocated(p *port) float64 {
	if !math.IsNaN(p.allocated) || !math.IsNaN(p.maximum) {
		return orZero(p.allocated)
	}
	sum := 0.0
	for _, o := range g.outlet[p.id] {
		for _, e := range g.wires[end{"poweroutlet", o.id}] {
			if q := g.inventory.ports.of[e.id]; q != nil && e.model == "powerport" {
				sum += orZero(q.allocated)
			}
		}
	}
	return sum
}

func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// judgeEmpty finds racks, and feeds that are assigned to none, of which no draw is known.
func (g *grid) judgeEmpty() {
	empty := func(f *unit) bool { return f.load == 0 }
	for _, r := range g.inventory.racks.all {
		if feeds := g.byRack[r.id]; len(feeds) > 0 && !slices.ContainsFunc(feeds, func(f *unit) bool { return !empty(f) }) {
			g.notJudged(r.full)
		}
	}
	for _, u := range g.units {
		if u.feed != nil && u.feed.rack == 0 && empty(u) {
			g.notJudged(u.name)
		}
	}
}

func (g *grid) notJudged(name string) {
	g.found.add(topology.Missing, NotJudged, "",
		"no draw is known of anything on the power feeds: whether one can carry it without "+
			"the other was not judged", name)
}
