package netbox

import (
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// shareDraws looks at PDUs whose inlet has an allocated draw. NetBox then counts that, in place of what is behind it.
// Where some of what is behind has no draw, it has what is left of the PDU's, in equal parts: so the load stays, and
// moves to the other PDU when this one is lost.
func (g *grid) shareDraws() {
	for _, d := range g.devices.all {
		for _, p := range g.inside[d.id] {
			if !math.IsNaN(p.allocated) && inService(d.status) {
				g.share(p)
			}
		}
	}
}

func (g *grid) share(inlet *port) {
	known := 0.0
	var unknown []*port
	for _, o := range g.outlet[inlet.id] {
		for _, e := range g.wires[end{"poweroutlet", o.id}] {
			p := g.inventory.ports.of[e.id]
			if e.model != "powerport" || p == nil || p == inlet {
				continue
			}
			if w, _ := g.drawOf(p); math.IsNaN(w) {
				unknown = append(unknown, p)
			} else {
				known += w
			}
		}
	}
	switch left := inlet.allocated - known; {
	case left > 0 && len(unknown) > 0:
		for _, p := range unknown {
			g.shares[p.id] = left / float64(len(unknown))
		}
	case left != 0:
		g.found.add(topology.Suspect, Inconsistent, "",
			"the allocated draw of the PDU's inlet is not the sum of what is behind it: "+
				"NetBox counts the one, and here the other was taken", inlet.full)
	}
}
