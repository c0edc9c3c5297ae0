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

// String returns it in words: "at least 76 of chat-[001-080] are ready", "board-1 is not loaded above 90 %". What is named by one
// word is taken for one component, and not for a kind.
func (c Condition) String() string {
	n := size(c.What)
	var parts []string
	say := func(format string, args ...any) {
		names := list(c.What)
		if len(parts) > 0 && n == 1 {
			names = "it"
		} else if len(parts) > 0 {
			names = "these"
		}
		parts = append(parts, fmt.Sprintf(format, append([]any{names}, args...)...))
	}
	if c.Settled && n == 1 {
		say("%s is not booting")
	} else if c.Settled {
		say("none of %s is booting")
	}
	switch {
	case c.Ready == 1 && n == 1:
		say("%s is ready")
	case c.Ready == 1:
		say("any of %s is ready")
	case c.Ready == n && n > 1:
		say("all of %s are ready")
	case c.Ready != 0:
		say("at least %[2]d of %[1]s are ready", c.Ready)
	}
	if below := topology.Quantity(100*c.Below, "%"); c.Below != 0 && n == 1 {
		say("%s is not loaded above %s", below)
	} else if c.Below != 0 {
		say("none of %s is loaded above %s", below)
	}
	if len(parts) == 0 {
		say("anything is so of %s")
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

// conditional reports whether a step has any condition. If so it acts on those of What that can, and leaves the rest.
func (s Step) conditional() bool { return len(s.When)+len(s.If) > 0 }
