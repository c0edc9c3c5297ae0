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

// String returns a line for each sort of points, whose names differ only in numbers: "each of ups-[00-07] takes 1,250 components", or
// "5,000 pairs such as feed-a-0 and feed-b-0 together take 20 components each". Few pairs are told one by one.
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

// fewPairs is how many pairs of a sort are told one by one: which they are is what there is to be done about them.
const fewPairs = 4

func (s sort) String() string {
	pairs := len(s[0].Group) == 2
	switch {
	case len(s) == 1 || pairs && len(s) <= fewPairs:
		var lines []string
		for _, p := range s {
			lines = append(lines, p.String())
		}
		return strings.Join(lines, "\n")
	case pairs:
		return fmt.Sprintf("%s such as %s and %s together take %s each", phrase.Plural(len(s), "pair"), s[0].Group[0], s[0].Group[1], s.takes())
	}
	var names []string
	for _, p := range s {
		names = append(names, p.Group[0])
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) }) // 2 before 10
	return fmt.Sprintf("each of %s takes %s", phrase.List(topology.Fold(names), 4), s.takes())
}

// takes returns what each of them takes, if that is the same, else how many.
func (s sort) takes() string {
	same, least, most := true, s[0].Count, s[0].Count
	for _, p := range s {
		same = same && slices.Equal(p.Takes, s[0].Takes)
		least, most = min(least, p.Count), max(most, p.Count)
	}
	switch {
	case same:
		return phrase.List(s[0].Takes, 4)
	case least < most:
		return topology.Quantity(float64(least), "") + " to " + phrase.Plural(most, "component")
	default:
		return phrase.Plural(most, "component")
	}
}
