package spare

import (
	"context"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/sizes"
)

// maxFavoured is the most columns among which the first are favoured; of more, what is alike is bought evenly.
const maxFavoured = 100

// favourFirst returns, of the purchases that cost what s.best does, the one that has most of the first column, of these
// the one that has most of the second, and so on: as far as the limits of the search reach.
func (w *work) favourFirst(ctx context.Context, s found) []int {
	dear, ok := w.dearest(s.cost)
	if !ok || len(w.columns) > maxFavoured {
		return s.best
	}
	x, box := s.best, w.within(ctx, s.cost)
	goal := make([]*big.Rat, len(w.columns))
	for j := range goal {
		goal[j] = new(big.Rat)
	}
	left := new(big.Rat).Set(s.cost)
	for j := range x {
		if left.Sign() == 0 {
			break // nothing more is bought
		}
		if most := affordable(left, w.columns[j].cost); most < box.Most[j] {
			box.Most[j] = most
		}
		if x[j] < box.Most[j] {
			goal[j].SetInt64(-1)
			box.Least[j] = x[j]
			h := w.hunt(goal)
			h.besides, h.effort = []integer.Row{dear}, 0 // the relaxation may tell
			h.found.best, h.found.cost = x, big.NewRat(int64(-x[j]), 1)
			better := h.within(ctx, sizes.Box{Least: slices.Clone(box.Least), Most: slices.Clone(box.Most)})
			if !better.proven {
				return x
			}
			goal[j] = new(big.Rat)
			x = better.best
		}
		box.Least[j], box.Most[j] = x[j], x[j]
		left.Sub(left, new(big.Rat).Mul(w.columns[j].cost, big.NewRat(int64(x[j]), 1)))
	}
	return x
}

// within returns bounds of what can be part of a purchase that costs no more than so much.
func (w *work) within(ctx context.Context, cost *big.Rat) sizes.Box {
	p, _ := w.hunt(w.costs()).program(&branch{box: w.box()})
	least, most := p.Within(ctx, cost)
	return sizes.Box{Least: least, Most: most}
}

// affordable returns how many of one cost can be had for another.
func affordable(left, cost *big.Rat) int {
	n := new(big.Rat).Quo(left, cost)
	whole := new(big.Int).Quo(n.Num(), n.Denom())
	if !whole.IsInt64() || whole.Int64() > maxOffered {
		return maxOffered
	}
	return int(whole.Int64())
}

// dearest is the row that asks for a cost of at most this; false if it takes more digits than a float64 has.
func (w *work) dearest(cost *big.Rat) (integer.Row, bool) {
	scale := new(big.Int).Set(cost.Denom())
	for _, c := range w.columns {
		gcd := new(big.Int).GCD(nil, nil, scale, c.cost.Denom())
		scale.Mul(scale, new(big.Int).Quo(c.cost.Denom(), gcd))
	}
	by := new(big.Rat).SetInt(scale)
	whole := func(c *big.Rat) (float64, bool) { return new(big.Rat).Mul(c, by).Float64() }
	limit, exact := whole(cost)
	row := integer.Row{Least: -limit}
	for j, c := range w.columns {
		v, ok := whole(c.cost)
		exact = exact && ok
		row.On, row.Of = append(row.On, j), append(row.Of, -v)
	}
	return row, exact
}
