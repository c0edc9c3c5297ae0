package restart

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// String returns what is done: "power on chat-[001-010] (10)", "if 76 of chat-[001-080] are ready: admit 87.5 % of users".
func (s Step) String() string {
	var b strings.Builder
	clause(&b, "when ", s.When)
	if len(s.When) > 0 && len(s.If) > 0 {
		b.WriteString(", ")
	}
	clause(&b, "if ", s.If)
	if s.conditional() {
		b.WriteString(": ")
	}
	return b.String() + s.act()
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
		return fmt.Sprintf("admit %s of %s", topology.Quantity(100*s.Admit, "%"), names)
	}
	n := 0
	for _, pattern := range s.What {
		all, err := topology.Expand(pattern)
		if err != nil {
			return fmt.Sprintf("%s %s", s.Do, names)
		}
		n += len(all)
	}
	if n > 1 {
		names += fmt.Sprintf(" (%d)", n)
	}
	return fmt.Sprintf("%s %s", s.Do, names)
}
