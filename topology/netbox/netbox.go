// Package netbox reads a fleet from NetBox: its racks, its devices, and the power that they draw.
//
// NetBox shows the power utilization of a rack as what is allocated, divided by what all of its feeds have available,
// the redundant ones included. At 60 % it looks at ease; but when one of two feeds trips, the other carries 120 % and
// trips too. [Read] makes of the data a fleet in which that can be asked, and says so in its findings.
//
// # What is read
//
//  1. Django dumps (manage.py dumpdata), of which the models dcim.site, location (before v2.11 rackgroup), rack,
//     device, devicetype, devicebay, powerpanel, powerfeed, powerport, powerporttemplate, poweroutlet, cable and
//     cabletermination.
//  2. Answers of the REST API under /api/dcim/: sites, locations, racks, devices, device-types, device-bays,
//     power-panels, power-feeds, power-ports, power-port-templates, power-outlets, cables; one or several, in any
//     order, one after the other, as pages or as single objects. What an answer tells of an object beside its own
//     ("rack": {"id", "name"}) is used where the object itself is not given.
//
// Both in the shapes of NetBox v2.6 to v4; other models and fields are skipped. An object that comes twice counts as it
// came last.
//
// # How it is modelled
//
//   - site/S, location/S/L, rack/S/R: failure domains. A location needs the one it is in, or its site; a rack its
//     location.
//   - panel/S/P, a "power panel", needs its location or site. NetBox knows no limit of it.
//   - feed/S/P/F, a "power feed": its capacity is what NetBox calls available power, V × A × max utilization, and
//     ×1.732 for three phases, rounded as NetBox rounds. It draws on its panel. It trips as soon as it carries more:
//     that is the limit people planned with, and not where the breaker trips, which at a max utilization of 80 % is a
//     quarter above.
//   - pdu/D/P, a "pdu": the power port P through which the outlets of the device D are fed. It passes on what they
//     carry.
//   - device/D, a "device", needs its rack (else location, else site); one in a device bay needs the device it is in.
//     It draws the sum of its power ports' allocated draw, in W; of a port without one the maximum draw.
//   - A device draws on what its power ports are cabled to: feeds, and outlets of a PDU. It needs one of these, and
//     divides its draw by what its ports draw, or equally by ports where one draws nothing, or that is not known.
//   - The legs of three phases are not looked at: a feed can be short of one of them before it is short of power.
//   - power/S/R, a "rack power", stands for the feeds that are assigned to a rack, each with an equal part, where
//     devices or PDUs of the rack are cabled to none. One feed is enough for it.
//   - What is cabled to a feed on one side only draws on that side alone: redundancy that is not in the data is not
//     taken.
//   - Left out are devices that are offline, planned, failed, in the inventory or being decommissioned; feeds that
//     are not active; cables that are not connected.
package netbox

import (
	"io"

	"github.com/ridethrough/ridethrough/topology"
)

// Options of [Read]. The zero value takes what NetBox says.
type Options struct {
	// Draw, in W, is what a device with power ports draws where NetBox does not say: neither its ports nor their templates
	// have a draw. 0 or less leaves it unknown: then its power is not judged.
	Draw float64
}

// The reasons of findings.
const (
	RedundantOnPaper topology.Reason = "redundant on paper"       // without one feed, another has to carry more than it can
	OnePanel         topology.Reason = "one panel"                // that all feeds of a rack's devices, or of a device, come from
	OneFeed          topology.Reason = "one feed"                 // that all of a rack's devices, or several ports of one, draw on
	NoneRedundant    topology.Reason = "none redundant"           // several feeds of a rack, and none is marked so
	Overdrawn        topology.Reason = "overdrawn"                // with nothing lost, more is drawn than is available
	Inconsistent     topology.Reason = "inconsistent"             // two numbers that should be one
	FedInCircle      topology.Reason = "fed in a circle"          // PDUs that feed each other
	Incomplete       topology.Reason = "pages missing"            // a list of the REST API is not all there
	NotGiven         topology.Reason = "not given"                // something is referred to and is not in the data
	OutOfService     topology.Reason = "out of service"           // left out for its status
	UnknownDraw      topology.Reason = "draw unknown"             // nothing is said about what a device draws
	UnknownCapacity  topology.Reason = "capacity unknown"         // nothing is said about what a panel or a feed can carry
	NotFed           topology.Reason = "feed unknown"             // no power feed can be found for a device
	PartlyFed        topology.Reason = "partly fed"               // some power ports of a device lead to a feed, not all
	NoPort           topology.Reason = "no power port"            // a device without power ports is taken to need no power
	NotJudged        topology.Reason = "not judged"               // feeds on which no draw is known
	MaximumDraw      topology.Reason = "maximum draw"             // taken for the allocated draw, which is not given
	TemplateDraw     topology.Reason = "draw of the device type"  // taken for that of the device, which is not given
	InletDraw        topology.Reason = "draw of the PDU"          // divided among what is behind it without one, or left out
	GivenDraw        topology.Reason = "draw as said in options"  // Options.Draw
	FedByRack        topology.Reason = "fed as its rack"          // uncabled devices draw on the feeds of their rack
	AnyPort          topology.Reason = "any one port"             // one of more than two power ports is taken to be enough
	UnassignedOutlet topology.Reason = "outlet without its inlet" // which power port of a PDU feeds an outlet is not said
)

// Read reads NetBox data to the end of r: see the package. It holds what it needs of the objects it reads, and one
// object of the text at a time.
//
// An error of r is returned as it is. Any other error is a [topology.Faults] and names the object ("power feed 12"):
// text that is not JSON, or is neither a dump nor an answer of the REST API; ids, references and numbers that NetBox
// could not have written; an object of more than 64 MiB; nothing at all of what is read.
func Read(r io.Reader, o Options) (topology.Spec, topology.Findings, error) {
	data, err := read(r)
	if err != nil {
		return topology.Spec{}, nil, err
	}
	data.complete()
	data.nameAll()
	p := data.power(o)
	p.judge()
	return data.spec(p), data.found.all(), nil
}
