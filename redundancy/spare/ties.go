package spare

import (
	"context"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// favourFirst returns, of the purchases that cost what s.best does, the one that has most of the first column, of these
// the one that has most of the second, and so on: as far as the limits of the search reach.
func (m *model) favourFirst(ctx context.Context, s *found) []int {
	dear, ok := m.dearest(s.cost)
	if !ok {
		return s.best
	}
	x, least, most := s.best, make([]int, len(m.most)), slices.Clone(m.most)
	goal := make([]*big.Rat, len(m.most))
	for j := range goal {
		goal[j] = new(big.Rat)
	}
	for j := range x {
		if x[j] < most[j] {
			goal[j].SetInt64(-1)
			least[j] = x[j]
			better := m.least(ctx, nil, goal, least, most, []integer.Row{dear})
			if !better.proven || better.best == nil {
				return x
			}
			goal[j] = new(big.Rat)
			x = better.best
		}
		least[j], most[j] = x[j], x[j]
	}
	return x
}

// dearest is the row that asks for a cost of at most this; false if it takes more digits than a float64 has.
func (m *model) dearest(cost *big.Rat) (integer.Row, bool) {
	scale := new(big.Int).Set(cost.Denom())
	for _, c := range m.cost {
		gcd := new(big.Int).GCD(nil, nil, scale, c.Denom())
		scale.Mul(scale, new(big.Int).Quo(c.Denom(), gcd))
	}
	by := new(big.Rat).SetInt(scale)
	whole := func(c *big.Rat) (float64, bool) { return new(big.Rat).Mul(c, by).Float64() }
	limit, exact := whole(cost)
	row := integer.Row{Least: -limit}
	for j, c := range m.cost {
		v, ok := whole(c)
		exact = exact && ok
		row.On, row.Of = append(row.On, j), append(row.Of, -v)
	}
	return row, exact
}
