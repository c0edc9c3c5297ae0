package spare

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Plan is what to buy, and why less will not do. It prints as that.
type Plan struct {
	Certainty  cascade.Certainty  `json:"certainty"`            // Exact: nothing needs to be bought; Proven: nothing cheaper will do; Bounded: nothing below Bound will
	Reason     string             `json:"reason,omitempty"`     // why it is not determined, or why nothing helps
	Infeasible bool               `json:"infeasible,omitempty"` // whatever of the offers is bought, some scenario does not hold
	Buy        []Purchase         `json:"buy"`                  // in order of the offers; none if all hold as they are
	Cost       float64            `json:"cost"`
	Bound      float64            `json:"bound"`               // nothing cheaper than this holds
	Nameplate  bool               `json:"nameplate,omitempty"` // power is reserved by nameplate, and matters
	Binding    []Binding          `json:"binding,omitempty"`   // scenarios each of which alone proves Bound; if none does, those that prove it together
	Fleet      *topology.Topology `json:"fleet,omitempty"`     // with the purchase; nil if there is none
}

// A Purchase is an offer taken up.
type Purchase struct {
	Offer
	Count int            `json:"count"`
	On    topology.Names `json:"on,omitempty"` // what a server that is bought needs and draws on
}

// String returns one line: "10 like chat-061, on board-3".
func (p Purchase) String() string {
	switch {
	case p.For != "":
		return fmt.Sprintf("%d times %s more for %s", p.Count, topology.Quantity(p.By, ""), p.For)
	case len(p.On) > 0:
		return fmt.Sprintf("%d like %s, on %s", p.Count, p.Like, strings.Join(p.On, ", "))
	default:
		return fmt.Sprintf("%d like %s", p.Count, p.Like)
	}
}

// A Binding is a scenario that leaves no room: without a purchase, Component would carry Load with a capacity of
// Capacity.
type Binding struct {
	Scenario  cascade.Scenario `json:"scenario"`
	Alike     int              `json:"alike"`     // scenarios with the same consequences, this one included, that are not named; 1 where all are
	Component string           `json:"component"` // the weakest server left, or what power runs short at; "" if nothing is left to carry the load
	Load      float64          `json:"load"`
	Capacity  float64          `json:"capacity"` // 0: it has no limit
	Unit      string           `json:"unit,omitempty"`
	Missing   int              `json:"missing,omitempty"` // servers
}

// String returns one line: "board-1: chat-031 would carry 114.3 of 100 requests/s, 10 servers are missing".
func (b Binding) String() string {
	text := b.Scenario.String()
	if b.Alike > 1 {
		text += fmt.Sprintf(" and %d alike", b.Alike-1)
	}
	switch {
	case b.Component == "":
		text += ": no server is left"
	case b.Capacity == 0:
		text += fmt.Sprintf(": %s has no limit", b.Component)
	default:
		text += fmt.Sprintf(": %s would carry %s", b.Component, topology.LoadOf(b.Load, b.Capacity, b.Unit))
	}
	if b.Missing > 0 {
		text += fmt.Sprintf(", %s missing", servers(b.Missing))
	}
	return text
}

func servers(n int) string {
	if n == 1 {
		return "1 server is"
	}
	return fmt.Sprintf("%d servers are", n)
}

func undetermined(format string, args ...any) *Plan {
	return &Plan{Certainty: cascade.Undetermined, Reason: strings.TrimSuffix(fmt.Sprintf(format, args...), ".") + "."}
}

// String says what to buy and why.
func (p *Plan) String() string {
	switch {
	case p.Certainty == cascade.Undetermined:
		text := fmt.Sprintf("The minimum spare is %s: %s", p.Certainty, p.Reason)
		if p.Bound > 0 {
			text += fmt.Sprintf(" Nothing below a cost of %s will do.", topology.Quantity(p.Bound, ""))
		}
		return text
	case p.Infeasible:
		return fmt.Sprintf("No purchase helps (%s): %s", p.Certainty, p.Reason)
	case len(p.Buy) == 0:
		return fmt.Sprintf("Nothing needs to be bought: every scenario holds (%s).", p.Certainty)
	}
	buy := make([]string, len(p.Buy))
	for i, b := range p.Buy {
		buy[i] = b.String()
	}
	text := fmt.Sprintf("Buy %s: cost %s (%s).", strings.Join(buy, "; "), topology.Quantity(p.Cost, ""), p.why())
	if len(p.Binding) > 0 {
		text += "\nLess will not do:"
	}
	for i, b := range p.Binding {
		if i == 8 && len(p.Binding) > 9 {
			return text + fmt.Sprintf("\n  and %d more", len(p.Binding)-i)
		}
		text += "\n  " + b.String()
	}
	return text
}

func (p *Plan) why() string {
	text := string(p.Certainty)
	if p.Certainty == cascade.Bounded {
		text = fmt.Sprintf("nothing below %s will do", topology.Quantity(p.Bound, ""))
	}
	if p.Nameplate {
		text += ", with power reserved by nameplate"
	}
	return text
}
