package restart

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// A Condition is what somebody who carries out a plan can see. It holds when all that it states does; what is 0 or false states
// nothing. Its JSON reads {"what":"chat-[001-080]","settled":true,"ready":76}.
type Condition struct {
	What    topology.Names `json:"what"`
	Ready   int            `json:"ready,omitempty"`   // at least so many of What are ready, in rotation or not
	Settled bool           `json:"settled,omitempty"` // none of What is booting: whatever of it will be ready is
	Below   float64        `json:"below,omitempty"`   // nothing of What is loaded above this fraction of its capacity, from 0 to 1
}

// String returns it in words: "76 of chat-[001-080] are ready", "nothing of board is loaded above 90 %".
func (c Condition) String() string {
	names := list(c.What)
	var parts []string
	if c.Settled {
		parts = append(parts, "nothing of "+names+" boots any more")
		names = "these"
	}
	switch {
	case c.Ready == 1:
		parts = append(parts, "1 of "+names+" is ready")
	case c.Ready != 0:
		parts = append(parts, fmt.Sprintf("%d of %s are ready", c.Ready, names))
	}
	if c.Below != 0 {
		if len(parts) > 0 {
			names = "these"
		}
		parts = append(parts, fmt.Sprintf("nothing of %s is loaded above %s", names, topology.Quantity(100*c.Below, "%")))
	}
	if len(parts) == 0 {
		return "anything is so of " + names
	}
	return strings.Join(parts, " and ")
}

// fault says what is wrong with a condition on so many components; "" if nothing is.
func (c Condition) fault(n int) string {
	switch {
	case c.Ready < 0 || c.Ready > n:
		return fmt.Sprintf("waits for %d that are ready: give a number from 0 to %d, which is all that is named", c.Ready, n)
	case !(c.Below >= 0 && c.Below <= 1):
		return fmt.Sprintf("waits for a load below %v: give a fraction of the capacity from 0 to 1", c.Below)
	case c.Ready == 0 && !c.Settled && c.Below == 0:
		return "has a condition that states nothing: give ready, settled or below"
	}
	return ""
}

// conditional reports whether a step has any condition: it then acts on what can, and leaves the rest.
func (s Step) conditional() bool { return len(s.When)+len(s.If) > 0 }
