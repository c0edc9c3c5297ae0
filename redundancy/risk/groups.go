package risk

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/redundancy/internal/phrase"
	"github.com/ridethrough/ridethrough/topology"
)

// A Group is a minimal cut set: components whose joint failure brings the top down, and that of fewer of them does not.
//
// A common cause is called by its components, as patterns where they fold: "common cause of feed-[1-2]"; the second one of the same
// components is "common cause 2 of feed-[1-2]".
type Group struct {
	Components  []string `json:"components"`            // in order of declaration; then common causes: "common cause of feed-a + feed-b"
	Probability float64  `json:"probability,omitempty"` // that all of them are down
}

// String returns "board-3", "board-1 + board-2" or, of more than six, "all 28 of web-[01-28]".
func (g Group) String() string {
	const most = 6
	if len(g.Components) <= most {
		return strings.Join(g.Components, " + ")
	}
	own := len(g.Components)
	if i := slices.IndexFunc(g.Components, func(name string) bool { return strings.HasPrefix(name, "common cause ") }); i >= 0 {
		own = i // the names of causes are patterns already
	}
	return fmt.Sprintf("all %d of %s", len(g.Components), phrase.List(append(topology.Fold(g.Components[:own]), g.Components[own:]...), most))
}

// Groups yields every group, the small ones first, then in order of declaration. They are made as they are asked for: there may be
// billions (see Count).
func (a *Analysis) Groups() iter.Seq[Group] {
	return func(yield func(Group) bool) {
		for size, n := range a.Count {
			if !some(n) {
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

// Alone returns the groups of one, single points of failure: components, folded into patterns, and then common causes, which are no
// names.
func (a *Analysis) Alone() topology.Names {
	var names []string
	var causes topology.Names
	for events := range a.solution.Sets(1) {
		if e := a.events[events[0]]; len(e.ids) > 1 {
			causes = append(causes, e.name)
		} else {
			names = append(names, e.name)
		}
	}
	return append(topology.Fold(names), causes...)
}

// Likeliest returns up to n of the groups that are known and have a probability, of any size, above Options.Size too: the likeliest
// first, those equally likely in order of declaration unless they are very many. Each takes time in proportion to the components in
// reach, however many groups there are.
func (a *Analysis) Likeliest(n int) []Group {
	var all []Group
	for _, events := range a.likeliest(n) {
		all = append(all, a.group(events))
	}
	return all
}

const (
	asLikely   = 1e-12   // part by which probabilities may differ that rounding alone tells apart
	mostLevels = 1 << 20 // of groups that are found only to put those equally likely in order
)

// likeliest finds the groups that are likeliest, and as many as may be of those that are as likely as the last of them.
func (a *Analysis) likeliest(n int) [][]int32 {
	var all [][]int32
	if n <= 0 {
		return nil
	}
	from, first := 0, 0.0 // of those equally likely that were found last
	for events, p := range a.solution.Likeliest(a.q) {
		if p < first*(1-asLikely) || len(all) == 0 {
			slices.SortFunc(all[from:], slices.Compare)
			if from, first = len(all), p; from >= n {
				break
			}
		} else if len(all) >= n+mostLevels/len(a.q) {
			break
		}
		all = append(all, events)
	}
	slices.SortFunc(all[from:], slices.Compare)
	return all[:min(n, len(all))]
}

func (a *Analysis) group(events []int32) Group {
	g := Group{Probability: 1}
	for _, e := range events {
		g.Components = append(g.Components, a.events[e].name)
		g.Probability *= a.q[e]
	}
	return g
}
