package restart

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A Step is what is done at one time. Its JSON reads {"at":"26m0s","do":"power on","what":"chat-[001-010]"}.
type Step struct {
	At    time.Duration  `json:"at"`             // after the end of the cascade, on the plan's clock
	When  []Condition    `json:"when,omitempty"` // it waits until all of these hold, and all later steps with it
	If    []Condition    `json:"if,omitempty"`   // it is left out if any of these does not hold when it is its turn
	Do    Action         `json:"do"`
	What  topology.Names `json:"what"`
	Admit float64        `json:"admit,omitempty"` // of an Admit: the fraction, from 0 to 1, in place of the one before
}

// An Action is one of the things that operators control.
type Action string

// The actions.
const (
	PowerOn Action = "power on"  // harmless for what is on already
	Rotate  Action = "rotate in" // harmless for what is in rotation already
	Admit   Action = "admit"
	GoOn    Action = "go on" // nothing is done: it is there for what it waits for, and so that later steps come as much later
)

// String returns what is done: "power on chat-[001-010] (10)", "if at least 76 of chat-[001-080] are ready: admit 87.5 % of users".
func (s Step) String() string {
	return s.conditions() + s.act()
}

// conditions says what a step waits for, and without what it is left out; "" if there is no such thing.
func (s Step) conditions() string {
	var b strings.Builder
	clause(&b, "when ", s.When)
	if len(s.When) > 0 && len(s.If) > 0 {
		b.WriteString(", ")
	}
	clause(&b, "if ", s.If)
	if s.conditional() {
		b.WriteString(": ")
	}
	return b.String()
}

// clause writes conditions that hold together.
func clause(b *strings.Builder, word string, all []Condition) {
	for i, c := range all {
		if i > 0 {
			word = ", and "
		}
		b.WriteString(word + c.String())
	}
}

// act says what is done, without its conditions.
func (s Step) act() string {
	names := list(s.What)
	if s.Do == GoOn {
		return string(GoOn)
	}
	if s.Do == Admit {
		return fmt.Sprintf("admit %s of %s", fraction(s.Admit), names)
	}
	if n := size(s.What); n > 1 {
		names += fmt.Sprintf(" (%d)", n)
	}
	return fmt.Sprintf("%s %s", s.Do, names)
}

// fraction writes a part in percent, with as many digits as it takes to tell it from all: "87.5 %", "99.9997 %".
func fraction(x float64) string {
	text := topology.Quantity(100*x, "%")
	for digits := 2; x < 1 && text == topology.Quantity(100, "%") && digits < 15; digits++ {
		if more := strconv.FormatFloat(100*x, 'f', digits, 64); !strings.HasPrefix(more, "100") {
			text = more + " %"
		}
	}
	return text
}
