package integer_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// depot is a purchase for groups of servers on boards that hang on racks: each row asks for a number of the groups that
// survive, and boards and racks can be raised.
func depot(r *rand.Rand, groups, boards, racks, rows int) integer.Program {
	var p integer.Program
	column := func(least, most int) {
		p.Cost, p.Most = append(p.Cost, big.NewRat(int64(least+r.IntN(most-least)), 100)), append(p.Most, 1_000_000)
	}
	for range groups {
		column(100, 300)
	}
	for range boards {
		column(50, 400)
	}
	for range racks {
		column(300, 900)
	}
	weight := func() float64 { return []float64{-200, -220, -100}[r.IntN(3)] }
	within := func(of, i, raised int, by, room float64) {
		row := integer.Row{On: []int{raised}, Of: []float64{by}, Least: -room}
		for g := range groups {
			if g%of == i {
				row.On, row.Of = append(row.On, g), append(row.Of, weight())
			}
		}
		p.Rows = append(p.Rows, row)
	}
	for b := range boards {
		within(boards, b, groups+b, 1000, 100+float64(r.IntN(80_000))/10)
	}
	for k := range racks {
		within(racks, k, groups+boards+k, 10_000, 3000+float64(r.IntN(100_000))/10)
	}
	for range rows {
		var row integer.Row
		for g := range groups {
			if r.IntN(20) > 0 {
				row.On, row.Of = append(row.On, g), append(row.Of, 1)
			}
		}
		row.Least = float64(groups + r.IntN(2*groups))
		p.Rows = append(p.Rows, row)
	}
	return p
}

// The least costs are what CBC 2.10.8 finds (github.com/coin-or/Cbc, ratio 0).
func TestDepotsEqualCBC(t *testing.T) {
	for seed, want := range []string{"145.41", "153.84", "165.15", "180.39", "203.31", "226.14",
		"245.73", "241.08", "297.63", "296.16", "316.82", "342.04"} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			p := depot(rand.New(rand.NewPCG(uint64(seed), 12)), 40+5*seed, 12+seed, 3, 30)
			r, err := integer.Solve(context.Background(), p, 2000)
			require.NoError(t, err)
			require.True(t, r.Proven(), "%d nodes", r.Nodes)
			require.Equal(t, want, r.Cost.FloatString(2))
			require.True(t, feasible(p, r.X))
			again, _ := integer.Solve(context.Background(), p, 2000)
			require.Equal(t, r, again)
		})
	}
}

// A countdown is a context that ends when it has been asked so many times.
type countdown struct {
	context.Context
	left *int
}

func (c countdown) Err() error {
	if *c.left--; *c.left < 0 {
		return context.Canceled
	}
	return nil
}

// Wherever a search is stopped, what it says is true.
func TestStoppedSearchesAreTrue(t *testing.T) {
	p := depot(rand.New(rand.NewPCG(4, 12)), 50, 14, 3, 30)
	full, err := integer.Solve(context.Background(), p, plenty)
	require.NoError(t, err)
	require.True(t, full.Proven())
	some := 0
	for after := 0; after < 2000; after += 41 {
		left := after
		r, err := integer.Solve(countdown{context.Background(), &left}, p, plenty)
		require.ErrorIs(t, err, context.Canceled)
		require.Greater(t, left, -20, "it goes on when it should stop")
		require.False(t, r.Infeasible)
		if r.Bound != nil {
			require.LessOrEqual(t, r.Bound.Cmp(full.Cost), 0)
		}
		if r.X != nil {
			some++
			require.True(t, feasible(p, r.X))
			require.GreaterOrEqual(t, r.Cost.Cmp(full.Cost), 0)
		}
	}
	require.NotZero(t, some)
}
