package triage

import (
	"context"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// Search is Solve without looking at every choice.
func Search(ctx context.Context, p Problem) (*Answer, error) { return solve(ctx, p, 0) }

// Most is what the relaxation proves of a fleet whose capacities are rounded up to so many; 0 is not at all.
func Most(ctx context.Context, p Problem, levels int) (most float64, hopeless bool) {
	f := newFleet(p)
	g := f
	if levels > 0 {
		g = f.coarse(levels)
	}
	b, _ := g.limit(ctx, f)
	return b.most, b.hopeless
}

// Merge makes columns and rows that are alike one, and tells how prices are given back.
func Merge(p integer.Linear) (integer.Linear, func([]float64) []float64) {
	small, alike := merge(p)
	return small, alike.prices
}
