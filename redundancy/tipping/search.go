package tipping

import (
	"context"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// search finds the fewest that must be lost for a collapse, and the fewest that must be kept for none, where losing more
// never saves a demand: of each class the strongest are lost first, and kept.
func (a *answer) search(ctx context.Context) {
	strongest := sorted(a.t, a.alike(surviving), true)
	n := len(a.ids)
	grid := func(has func(x []int) bool) (x []int, least int) {
		l := &lattice{sizes: sizesOf(strongest), steps: a.steps}
		l.has = func(x []int) bool {
			if ctx.Err() != nil {
				l.steps = 0
			}
			return has(x)
		}
		return l.fewest()
	}
	lost, least := grid(func(x []int) bool { return !a.ask(surviving, firsts(strongest, x)) })
	if lost == nil {
		a.Any = n
	} else {
		a.Any, a.AnyMost, a.worst = max(a.Any, least-1), sum(lost)-1, firsts(strongest, lost)
	}
	kept, least := grid(func(x []int) bool { return a.ask(surviving, lasts(strongest, x)) })
	if a.SomeMost = -1; kept != nil {
		a.found(n-sum(kept), lasts(strongest, kept))
		a.SomeMost = n - least
	}
	a.proven, a.Reason = true, "the search was not finished."
}

func sizesOf(chains [][]topology.ID) []int {
	sizes := make([]int, len(chains))
	for c, chain := range chains {
		sizes[c] = len(chain)
	}
	return sizes
}

// firsts returns the first so many of each chain, in order of declaration.
func firsts(chains [][]topology.ID, x []int) []topology.ID {
	all := []topology.ID{}
	for c, chain := range chains {
		all = append(all, chain[:x[c]]...)
	}
	slices.Sort(all)
	return all
}

// lasts returns all but the first so many of each chain, in order of declaration.
func lasts(chains [][]topology.ID, x []int) []topology.ID {
	all := []topology.ID{}
	for c, chain := range chains {
		all = append(all, chain[x[c]:]...)
	}
	slices.Sort(all)
	return all
}
