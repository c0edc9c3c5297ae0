package risk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// String returns "board-1 takes rack-[01-12]" or "feed-a-1 and feed-b-1 together take rack-01".
func (p Point) String() string {
	takes := " takes "
	if len(p.Group) > 1 {
		takes = " together take "
	}
	return strings.Join(p.Group, " and ") + takes + phrase.List(p.Takes, 6)
}

// String returns a line for each sort of points, whose names differ only in numbers: "each of ups-[00-07] takes 1,250", or
// "5,000 pairs such as feed-a-0 and feed-b-0 take 20 each". A point that is the only one of its sort is told as it is.
func (p Points) String() string {
	var lines []string
	for _, sort := range p.sorts() {
		lines = append(lines, sort.String())
	}
	return strings.Join(lines, "\n")
}

// sorts returns the points in groups of which the names differ only in numbers, in order of the first.
func (p Points) sorts() []sort {
	var all []sort
	known := map[string]int{}
	for _, point := range p {
		if len(point.Group) == 0 {
			continue // it is none
		}
		shape := shape(point.Group)
		i, ok := known[shape]
		if !ok {
			i = len(all)
			known[shape] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], point)
	}
	return all
}

// A sort is points of which the names differ only in numbers.
type sort []Point

func (s sort) String() string {
	first := s[0]
	if len(s) == 1 {
		return first.String()
	}
	least, most := first.Count, first.Count
	var names []string
	for _, p := range s {
		least, most = min(least, p.Count), max(most, p.Count)
		names = append(names, p.Group[0])
	}
	takes := phrase.Plural(most, "component")
	if least < most {
		takes = topology.Quantity(float64(least), "") + " to " + takes
	}
	if len(first.Group) == 2 {
		return fmt.Sprintf("%s such as %s and %s together take %s each", phrase.Plural(len(s), "pair"), first.Group[0], first.Group[1], takes)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) }) // 2 before 10
	return fmt.Sprintf("each of %s takes %s", phrase.List(topology.Fold(names), 4), takes)
}
