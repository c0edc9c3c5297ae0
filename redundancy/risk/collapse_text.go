package risk

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// String tells which losses bring the fleet down, those by overload first, and how likely that is.
func (c *Collapses) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Every set of up to %d losses was followed to its end, %s.\n", c.Size, phrase.Plural(int(c.Sets), "set"))
	fmt.Fprintf(&b, "  fail by overload  %s\n", listed(c.ByOverload))
	fmt.Fprintf(&b, "  fail by needs     %s\n", listed(c.ByNeeds))
	if c.Unavailability.High > 0 {
		fmt.Fprintf(&b, "  probability       %v, of it by overload %v (bounded: larger sets are in the higher number)\n", c.Unavailability, c.Overload)
	}
	if !c.Monotone {
		b.WriteString("  What trips first may decide, and to lose more may help: minimal is the smallest that was found, by plain rounds.\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// listed names the first of some groups.
func listed(groups []Group) string {
	if len(groups) == 0 {
		return "none"
	}
	var names topology.Names
	for _, g := range groups {
		names = append(names, g.String())
	}
	return phrase.List(names, 8)
}
