package risk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/clock"
	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// String tells which losses bring the fleet down, those by overload first, the likeliest of them first, and how likely an outage is.
func (c *Collapses) String() string {
	var b strings.Builder
	losses := "losses"
	if c.Size == 1 {
		losses = "loss"
	}
	fmt.Fprintf(&b, "Every set of up to %d %s was followed to its end, %s.\n", c.Size, losses, c.followed())
	c.list(&b, "fail by overload", c.ByOverload)
	c.list(&b, "fail by needs", c.ByNeeds)
	c.chances(&b)
	if len(c.Unrated) > 0 {
		fmt.Fprintf(&b, "  taken for perfect  %s: no unavailability is given\n", phrase.List(c.Unrated, 6))
	}
	if !c.Monotone {
		b.WriteString("  A larger loss might hold, or what trips first decide: told is what collapses if all that is overloaded trips at once.\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// followed returns "10 sets", or "10 sets as 2 cases of what is alike".
func (c *Collapses) followed() string {
	sets := phrase.Whole(c.Sets) + " sets"
	if equal(c.Sets, 1) {
		sets = "1 set"
	}
	if c.Sets == nil || equal(c.Sets, c.Cases) {
		return sets
	}
	return fmt.Sprintf("%s as %s of what is alike", sets, phrase.Plural(int(c.Cases), "case"))
}

// listed is how many sorts of groups are told in text.
const listed = 8

// list tells the likeliest groups; where none is likelier, the first.
func (c *Collapses) list(b *strings.Builder, title string, groups []Alike) {
	if len(groups) == 0 {
		fmt.Fprintf(b, "  %-18s none\n", title)
		return
	}
	likeliest := slices.SortedStableFunc(slices.Values(groups), func(x, y Alike) int { return compare(y.Sum, x.Sum) })
	told := first(likeliest, listed)
	for i, g := range told {
		fmt.Fprintf(b, "  %s %s\n", label(i, title), strings.TrimSpace(g.likely()+"  "+g.String()))
	}
	if more := len(groups) - len(told); more > 0 {
		fmt.Fprintf(b, "  %s and %s more\n", label(1, ""), topology.Quantity(float64(more), ""))
	}
}

// likely returns how likely groups are together; nothing if that is not known.
func (a Alike) likely() string {
	if a.Sum == 0 {
		return ""
	}
	return fmt.Sprintf("%-9s", fmt.Sprintf("%.4g", a.Sum))
}

// chances tells how likely an outage is, and what is not known of it.
func (c *Collapses) chances(b *strings.Builder) {
	u, larger := c.Unavailability, c.Overload.High-c.Overload.Low
	switch {
	case u.High == 0 && len(c.Unrated) > 0:
		b.WriteString("  unavailability     0, with what has none given taken for perfect\n")
		return
	case u.High == 0:
		b.WriteString("  unavailability     0\n")
		return
	}
	fmt.Fprintf(b, "  unavailability     %s", between(u))
	if u.High < .1 {
		fmt.Fprintf(b, ": at least %.3g nines", nines(u.High))
	}
	if down := hours(u.High * year.Hours()); u.High < .1 && down > 0 {
		fmt.Fprintf(b, ", at most %s a year", clock.About(down))
	}
	b.WriteString("\n")
	fmt.Fprintf(b, "    by overload      %s\n", between(c.Overload))
	if between(c.Overload) != fmt.Sprintf("%.6g", c.Overload.Low) {
		fmt.Fprintf(b, "    not followed     %.4g: more than %d down at a time, in the higher numbers\n", larger, c.Size)
	}
}

// between returns "1.2e-05", or "1.2e-05 to 1.3e-05".
func between(i cascade.Interval) string {
	low, high := fmt.Sprintf("%.6g", i.Low), fmt.Sprintf("%.6g", i.High)
	if low == high {
		return low
	}
	return low + " to " + high
}

// choices returns "board-1 + any 2 of web-[1-9]".
func choices(all []Choice) string {
	var parts []string
	for _, c := range all {
		part := c.String()
		if len(all) > 1 && len(c.Of) > 1 {
			part = "(" + part + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " + ")
}

// String returns "any 2 of board-[1-4]", "any of board-[1-4]", "all of board-[1-4]" or just "board-1".
func (c Choice) String() string {
	of := strings.Join(c.Of, ", ")
	switch n := len(phrase.Expand(c.Of)); {
	case n == 1:
		return of
	case c.Take == n:
		return "all of " + of
	case c.Take == 1:
		return "any of " + of
	default:
		return fmt.Sprintf("any %d of %s", c.Take, of)
	}
}
