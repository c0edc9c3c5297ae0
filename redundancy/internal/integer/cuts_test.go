package integer_test

import (
	"context"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// fleet is a small program of the shape that purchases of spare capacity have: rows ask for a number of those groups that
// survive, and for room on boards, which can be raised in steps.
func fleet(r *rand.Rand, groups, boards int) integer.Program {
	var p integer.Program
	for range groups {
		p.Cost = append(p.Cost, big.NewRat(int64(100+r.IntN(200)), 100))
		p.Most = append(p.Most, 2)
	}
	for range boards {
		p.Cost = append(p.Cost, big.NewRat(int64(10+r.IntN(90)), 100))
		p.Most = append(p.Most, 2)
	}
	for range 1 + r.IntN(4) {
		row := integer.Row{Least: float64(1 + r.IntN(2*groups))}
		of := 1.0
		if r.IntN(3) == 0 {
			of = .25 + 4*r.Float64()
			row.Least = row.Least*of - r.Float64()
		}
		for j := range groups {
			if r.IntN(4) > 0 {
				row.On, row.Of = append(row.On, j), append(row.Of, of)
			}
		}
		if b := groups + r.IntN(boards); r.IntN(4) == 0 {
			row.On, row.Of = append(row.On, b), append(row.Of, 10*of)
		}
		p.Rows = append(p.Rows, row)
	}
	for b := range boards {
		room := float64(r.IntN(600))
		if r.IntN(3) == 0 {
			room = float64(r.IntN(30)*20) + []float64{0, 1e-9, -1e-9}[r.IntN(3)] // at the threshold, and next to it
		}
		row := integer.Row{On: []int{groups + b}, Of: []float64{1000}, Least: -room}
		for j := range groups {
			if r.IntN(2) == 0 {
				row.On, row.Of = append(row.On, j), append(row.Of, []float64{-200, -220, -100, -96.38901595885648}[r.IntN(4)])
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

func bounded(p integer.Program) integer.Program {
	if p.Least == nil {
		p.Least = make([]int, len(p.Cost))
	}
	return p
}

// points calls visit with each x within the bounds.
func points(p integer.Program, visit func(x []int)) {
	x := append([]int(nil), p.Least...)
	for {
		visit(x)
		j := 0
		for j < len(x) && x[j] == p.Most[j] {
			x[j] = p.Least[j]
			j++
		}
		if j == len(x) {
			return
		}
		x[j]++
	}
}

func TestFleetsEqualExhaustiveSearch(t *testing.T) {
	none := 0
	for seed := range uint64(800) {
		r := rand.New(rand.NewPCG(seed, 6))
		p := bounded(fleet(r, 2+r.IntN(3), 1+r.IntN(2)))
		want := exhaustive(p)
		got, err := integer.Solve(context.Background(), p, plenty)
		require.NoError(t, err)
		require.True(t, got.Proven(), "seed %d", seed)
		require.Equal(t, want == nil, got.Infeasible, "seed %d", seed)
		if want == nil {
			none++
			continue
		}
		require.Equal(t, want.RatString(), got.Cost.RatString(), "seed %d", seed)
		require.True(t, feasible(p, got.X))
		require.Zero(t, cost(p, got.X).Cmp(got.Cost))
	}
	require.Greater(t, none, 30)
}

// keeps computes a cut, whose numbers are far from what an int64 holds.
func keeps(c integer.Cut, x []int) bool {
	sum := int64(0)
	for k, on := range c.On {
		sum += c.Of[k].Int64() * int64(x[on])
	}
	return sum >= c.Least.Int64()
}

// Each cut holds at each point at which the rows hold that it says it comes from, the other rows being left out.
func TestCutsHoldAtEachPoint(t *testing.T) {
	cuts := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 7))
		p := random(r)
		if seed%3 > 0 {
			p = bounded(fleet(r, 3+r.IntN(3), 1+r.IntN(2)))
		}
		all, most := integer.Cuts(p, 50)
		cuts += len(all)
		for _, c := range all {
			for _, a := range append(c.Of, c.Least) {
				require.Less(t, a.BitLen(), 50)
			}
			less := p
			less.Rows = nil
			for _, i := range c.From {
				less.Rows = append(less.Rows, p.Rows[i])
			}
			less.Most = most
			points(less, func(x []int) {
				if !keeps(c, x) {
					require.False(t, feasible(less, x), "seed %d: %v at %v", seed, c, x)
				}
			})
		}
	}
	require.Greater(t, cuts, 800)
}

// A row is made of large numbers that a point keeps without anything to spare; the point keeps what is short as well.
func TestShortRowsAskForNoMore(t *testing.T) {
	for seed := range uint64(20000) {
		r := rand.New(rand.NewPCG(seed, 8))
		left, most, x, least := make([]*big.Int, 4), make([]int, 4), make([]int, 4), new(big.Int)
		for j := range left {
			left[j] = new(big.Int).Rsh(big.NewInt(int64(r.Uint64())), uint(r.IntN(60)))
			left[j].Lsh(left[j], uint(r.IntN(30)))
			most[j] = r.IntN(5)
			x[j] = r.IntN(most[j] + 1)
			least.Add(least, new(big.Int).Mul(left[j], big.NewInt(int64(x[j]))))
		}
		c := integer.Short(left, least, most)
		require.True(t, keeps(c, x), "seed %d: %v %v at %v: %v", seed, left, least, x, c)
	}
}

// What is used of a fleet's rows is enough, cuts and narrowed columns being traced back to them.
func TestUsedRowsOfFleetsAreEnough(t *testing.T) {
	for seed := range uint64(800) {
		r := rand.New(rand.NewPCG(seed, 9))
		p := bounded(fleet(r, 2+r.IntN(3), 1+r.IntN(2)))
		got, _ := integer.Solve(context.Background(), p, plenty)
		again := exhaustive(onlyUsed(p, got))
		if got.Infeasible {
			require.Nil(t, again, "seed %d", seed)
		} else {
			require.Equal(t, got.Cost.RatString(), again.RatString(), "seed %d", seed)
		}
	}
}

// Costs are taken as the fractions they are, however many digits these have.
func TestCostsOfManyDigits(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 10))
		p := bounded(fleet(r, 2+r.IntN(2), 1))
		for j := range p.Cost {
			p.Cost[j] = rat(float64(r.IntN(20)) * .1 * []float64{1, 1e-9, 1e12}[r.IntN(3)])
		}
		want := exhaustive(p)
		got, err := integer.Solve(context.Background(), p, plenty)
		require.NoError(t, err)
		require.True(t, got.Proven(), "seed %d", seed)
		if want != nil {
			require.Equal(t, want.RatString(), got.Cost.RatString(), "seed %d", seed)
		}
	}
}

// What a search of so many nodes says is true, and more nodes say no less.
func TestBoundsOfUnfinishedSearches(t *testing.T) {
	for seed := range uint64(20) {
		p := knapsack(rand.New(rand.NewPCG(seed, 11)), 25, 30)
		full, err := integer.Solve(context.Background(), p, plenty)
		require.NoError(t, err)
		require.True(t, full.Proven())
		for _, nodes := range []int{1, 2, 5, 20, 100} {
			r, err := integer.Solve(context.Background(), p, nodes)
			require.NoError(t, err)
			require.LessOrEqual(t, r.Nodes, nodes)
			require.LessOrEqual(t, r.Bound.Cmp(full.Cost), 0)
			require.GreaterOrEqual(t, r.Cost.Cmp(full.Cost), 0)
			require.True(t, feasible(p, r.X))
		}
	}
}
