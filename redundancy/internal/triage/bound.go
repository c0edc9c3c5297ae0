package triage

import (
	"context"
)

// A limit is what the relaxation proves.
type limit struct {
	hopeless bool
	most     float64   // no choice has more
	fraction []float64 // by demand: of its solution, a direction to search in
}

// maxCells is the largest dictionary that is worked with, and maxWork how many of its cells are touched.
const maxCells, maxWork = 6_000_000, 1_500_000_000

// bound returns what no choice exceeds.
func (f *fleet) bound(ctx context.Context) limit {
	b := limit{fraction: make([]float64, len(f.demands))}
	for k := range b.fraction {
		b.fraction[k] = 1
		b.most += f.worth[k]
	}
	r := relax(f)
	small, alike := merge(r.Linear)
	cells := (len(small.Rows) + 1) * (len(small.Cost) + 1)
	if cells > maxCells {
		return b
	}
	e := small.Solve(ctx, min(200+20*(len(small.Rows)+len(small.Cost)), maxWork/cells))
	prices := alike.prices(e.Prices)
	if e.Stuck {
		b.hopeless = r.Impossible(prices)
		return b
	}
	b.most = max(0, min(b.most, -r.Bound(prices)))
	for k, column := range r.fraction {
		b.fraction[k] = min(1, max(0, e.X[alike.column[column]]))
	}
	return b
}
