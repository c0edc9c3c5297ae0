package risk

import (
	"iter"
	"strings"
)

// A Group is a minimal cut set: components whose joint failure brings the top down, and that of fewer of them does not.
type Group struct {
	Components  []string `json:"components"`            // in order of declaration; then "common cause of feed-[a,b]"
	Probability float64  `json:"probability,omitempty"` // that all of them are down
}

// String returns "board-3" or "board-1 + board-2".
func (g Group) String() string { return strings.Join(g.Components, " + ") }

// Groups yields every group, the small ones first, then in order of declaration. They are made as they are asked for: there may be
// billions (see Count).
func (a *Analysis) Groups() iter.Seq[Group] {
	return func(yield func(Group) bool) {
		for size, n := range a.Count {
			if n.Sign() == 0 {
				continue
			}
			for events := range a.solution.Sets(size) {
				if !yield(a.group(events)) {
					return
				}
			}
		}
	}
}

// Likeliest returns up to n of the groups that are known and have a probability, of any size, the likeliest first. Each takes time in proportion to the
// components in reach, however many groups there are.
func (a *Analysis) Likeliest(n int) []Group {
	var all []Group
	if n <= 0 {
		return all
	}
	for events := range a.solution.Likeliest(a.q) {
		if all = append(all, a.group(events)); len(all) == n {
			break
		}
	}
	return all
}

func (a *Analysis) group(events []int32) Group {
	g := Group{Probability: 1}
	for _, e := range events {
		g.Components = append(g.Components, a.events[e].name)
		g.Probability *= a.q[e]
	}
	return g
}
