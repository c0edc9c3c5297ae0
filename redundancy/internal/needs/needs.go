// Package needs goes from components to what they are up by.
package needs

import (
	"iter"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// Reach yields what some components are up by: the members of what keeps them up, what keeps these up, and so on, each once, the
// near ones first. A component that was asked about is among them if one of the others, or of itself, needs it.
//
// It takes time in proportion to the links of what it has yielded.
func Reach(t *topology.Topology, ids ...topology.ID) iter.Seq[topology.ID] {
	return func(yield func(topology.ID) bool) {
		reached := map[topology.ID]bool{}
		for queue := slices.Clone(ids); len(queue) > 0; queue = queue[1:] {
			for _, l := range t.Links(queue[0]) {
				if !l.Keeps() {
					continue
				}
				for _, m := range l.Members {
					if reached[m] {
						continue
					}
					if reached[m] = true; !yield(m) {
						return
					}
					queue = append(queue, m)
				}
			}
		}
	}
}
