package triage

import (
	"context"
	"math"
	"slices"
)

// A limit is what the relaxation proves.
type limit struct {
	hopeless bool
	most     float64   // no choice has more
	fraction []float64 // by demand: of its solution, a direction to search in
}

// maxCells is the largest dictionary that is worked with, and maxWork how many of its cells are touched.
const maxCells, maxWork = 6_000_000, 1_500_000_000

// manyClasses is how many classes are too many to begin with.
const manyClasses = 5_000

// bound returns what no choice exceeds. Where the fleet is too large for it, capacities of servers are rounded up to a few,
// which only lets them carry more.
func (f *fleet) bound(ctx context.Context) limit {
	if len(f.classes) <= manyClasses {
		if b, ok := f.limit(ctx, f); ok {
			return b
		}
	}
	for _, levels := range []int{64, 16, 4, 1} {
		g := f.coarse(levels)
		if len(g.classes) > manyClasses && levels > 1 {
			continue
		}
		if b, ok := g.limit(ctx, f); ok {
			return b
		}
	}
	return f.unlimited()
}

func (f *fleet) unlimited() limit {
	b := limit{fraction: make([]float64, len(f.demands))}
	for k := range b.fraction {
		b.fraction[k] = 1
		b.most += f.worth[k]
	}
	return b
}

// limit returns what the relaxation of a fleet proves of a finer one of the same pools; not ok if it is too large.
func (f *fleet) limit(ctx context.Context, fine *fleet) (limit, bool) {
	b := f.unlimited()
	r := relax(f, fine.strengths, nil)
	small, alike := merge(r.Linear)
	cells := (len(small.Rows) + 1) * (len(small.Cost) + 1)
	if cells > maxCells {
		return b, false
	}
	e := small.Solve(ctx, min(200+20*(len(small.Rows)+len(small.Cost)), maxWork/cells))
	prices := alike.prices(e.Prices)
	if e.Stuck {
		b.hopeless = r.Impossible(prices)
		return b, true
	}
	b.most = max(0, min(b.most, -r.Bound(prices)))
	for k, column := range r.fraction {
		b.fraction[k] = min(1, max(0, e.X[alike.column[column]]))
	}
	return b, true
}

// coarse is the fleet with the capacities of its servers rounded up to so many.
func (f *fleet) coarse(levels int) *fleet {
	server := make([]bool, f.Topology.Len())
	var all []float64
	for i := range f.classes {
		k := &f.classes[i]
		for _, id := range k.ids {
			server[id] = k.server
			if k.server && k.limited() {
				all = append(all, k.capacity)
			}
		}
	}
	slices.Sort(all)
	capacity := slices.Clone(f.capacity)
	for id, is := range server {
		if is && !math.IsInf(capacity[id], 1) {
			at, _ := slices.BinarySearch(all, capacity[id])
			past := at*levels/len(all) + 1 // the levels up to its own
			capacity[id] = all[min(len(all), (past*len(all)+levels-1)/levels)-1]
		}
	}
	return fleetOf(f.Problem, capacity, server)
}
