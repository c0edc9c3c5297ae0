package tipping

import (
	"context"
	"fmt"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// found notes a choice of k that is well.
func (a *answer) found(k int, lost []topology.ID) {
	if k > a.Some {
		a.Some, a.lucky = k, lost
	}
}

// count tries all choices of none, of one, of two and so on until one is not well, and of all, of all but one and so on
// until one is: of components that nothing tells apart any, or if these choices are too many, of those alike but for
// capacity the strongest, and the weakest, which is enough for holding.
func (a *answer) count(ctx context.Context) error {
	chains := split(a.t, a.alike(a.question))
	worst, lucky := chains, chains
	if a.question == holding && newCounts(chains).all() > float64(a.steps) {
		worst, lucky = sorted(a.t, a.alike(holding), true), sorted(a.t, a.alike(holding), false)
	}
	if newCounts(worst).all() > float64(a.steps) {
		a.bound()
	}
	if err := a.rise(ctx, worst); err != nil {
		return err
	}
	return a.fall(ctx, lucky)
}

// bound narrows what is to be counted.
func (a *answer) bound() {
	a.proven = true
	a.Any = max(a.Any, a.floor())
	if roof := a.roof(); roof < a.SomeMost {
		a.SomeMost, a.AnyMost, a.worst = roof, roof, a.ids[:roof+1]
	}
}

// rise finds the fewest of which some choice is not well.
func (a *answer) rise(ctx context.Context, chains [][]topology.ID) error {
	w, many, left := newWalk(a.engine, chains), newCounts(chains), float64(a.steps)
	for ; a.Any < a.AnyMost; a.Any++ {
		k := a.Any + 1
		if left -= many.of(k); left < 0 {
			if a.guess(chains, false); a.Any < a.AnyMost {
				a.Reason = fmt.Sprintf("more than %d at once are too many choices to try.", a.Any)
			}
			return nil
		}
		var worst []topology.ID
		err := w.each(ctx, k, k, func(int) {
			if !a.well(a.question) {
				worst = earlier(w.lost(), worst)
			}
		})
		if err != nil {
			return err
		}
		if worst != nil {
			a.worst, a.AnyMost = worst, a.Any
			return nil
		}
	}
	return nil
}

// fall finds the most of which some choice is well.
func (a *answer) fall(ctx context.Context, chains [][]topology.ID) error {
	w, many, left := newWalk(a.engine, chains), newCounts(chains), float64(a.steps)
	for a.Some = max(a.Some, a.Any); a.SomeMost > a.Some; a.SomeMost-- {
		if left -= many.of(a.SomeMost); left < 0 {
			if a.guess(chains, true); a.Any == a.AnyMost {
				a.Reason = fmt.Sprintf("%d at once are too many choices to try.", a.SomeMost)
			}
			return nil
		}
		var lucky []topology.ID
		err := w.each(ctx, a.SomeMost, a.SomeMost, func(k int) {
			if a.well(a.question) {
				lucky = earlier(w.lost(), lucky)
			}
		})
		if err != nil {
			return err
		}
		if lucky != nil {
			a.found(a.SomeMost, lucky)
			return nil
		}
	}
	return nil
}

// earlier returns which of two choices comes first in order of declaration; nil is none.
func earlier(a, b []topology.ID) []topology.ID {
	if b == nil || slices.Compare(a, b) < 0 {
		return a
	}
	return b
}

// guess narrows what could not be counted by choices that are likely to be the worst, or the luckiest: whole chains one
// after the other, from each of a few. Of a few numbers, halving what is between.
func (a *answer) guess(chains [][]topology.ID, well bool) {
	const tried = 16
	for i := range min(tried, len(chains)) {
		at := i * len(chains) / min(tried, len(chains))
		all := slices.Concat(slices.Concat(chains[at:]...), slices.Concat(chains[:at]...))
		try := func(k int) bool {
			lost := slices.Sorted(slices.Values(all[:k]))
			found := a.ask(a.question, lost) == well
			switch {
			case found && well:
				a.found(k, lost)
			case found && !well && k <= a.AnyMost:
				a.worst, a.AnyMost = lost, k-1
			}
			return found
		}
		for low, high := max(0, a.Any), min(len(all), max(0, a.SomeMost)+1); low <= high; {
			if k := low + (high-low)/2; try(k) == well {
				low = k + 1
			} else {
				high = k - 1
			}
		}
	}
}
