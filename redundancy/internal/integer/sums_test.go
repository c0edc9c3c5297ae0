package integer_test

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// similar is a program of rows that differ little from one another: each asks for a number, or a weight, of all columns but some.
func similar(r *rand.Rand, columns int) integer.Program {
	var p integer.Program
	weight := make([]float64, columns)
	for j := range columns {
		p.Cost, p.Most = append(p.Cost, big.NewRat(int64(1+r.IntN(20)), 1)), append(p.Most, 1)
		p.Least = append(p.Least, 0)
		weight[j] = 1
		if r.IntN(2) == 0 {
			weight[j] = float64(1 + r.IntN(7))
		}
	}
	p.Most[r.IntN(columns)] = 2
	weighed := r.IntN(2) == 0
	for range 3 + r.IntN(8) {
		row := integer.Row{Least: float64(r.IntN(columns + 2))}
		for j := range columns {
			switch {
			case r.IntN(18) == 0:
			case weighed && r.IntN(30) == 0:
				row.On, row.Of = append(row.On, j), append(row.Of, float64(r.IntN(5)-2))
			case weighed:
				row.On, row.Of = append(row.On, j), append(row.Of, weight[j])
			default:
				row.On, row.Of = append(row.On, j), append(row.Of, 1)
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// quick is exhaustive search over rows and costs whose numbers are whole and small; +Inf if there is no solution.
func quick(p integer.Program) float64 {
	best := math.Inf(1)
	points(p, func(x []int) {
		sum := 0.0
		for j, c := range p.Cost {
			f, _ := c.Float64()
			sum += f * float64(x[j])
		}
		if sum >= best {
			return
		}
		for _, r := range p.Rows {
			left := 0.0
			for k, j := range r.On {
				left += r.Of[k] * float64(x[j])
			}
			if left < r.Least {
				return
			}
		}
		best = sum
	})
	return best
}

// Sums that are columns of their own change no result: the least cost is that of exhaustive search, for the rows used as well.
func TestSimilarRowsEqualExhaustiveSearch(t *testing.T) {
	none, sums := 0, 0
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 14))
		p := similar(r, 13)
		want := quick(p)
		got, err := integer.Solve(context.Background(), p, plenty)
		require.NoError(t, err)
		sums += integer.Sums(p)
		require.True(t, got.Proven(), "seed %d", seed)
		require.Equal(t, math.IsInf(want, 1), got.Infeasible, "seed %d", seed)
		less := p
		less.Rows = nil
		for i, row := range p.Rows {
			if got.Used[i] {
				less.Rows = append(less.Rows, row)
			}
		}
		require.Equal(t, want, quick(less), "seed %d", seed)
		if got.Infeasible {
			none++
			continue
		}
		cost, _ := got.Cost.Float64()
		require.Equal(t, want, cost, "seed %d", seed)
		require.Len(t, got.X, len(p.Cost))
		require.True(t, feasible(p, got.X))
	}
	require.Greater(t, none, 1)
	require.Greater(t, sums, 50)
}

// drawn is a program of boards on which nearly all columns draw, and that can be raised: sums are below 0.
func drawn(r *rand.Rand) integer.Program {
	const draw, raise = 12, 2
	var p integer.Program
	var of []float64
	for j := range draw + raise {
		p.Cost, p.Most, p.Least = append(p.Cost, big.NewRat(int64(1+r.IntN(40)), 1)), append(p.Most, 1), append(p.Least, 0)
		of = append(of, -20)
		if r.IntN(2) == 0 {
			of[j] = -float64(1 + r.IntN(30))
		}
	}
	for range 3 + r.IntN(4) {
		board, all := integer.Row{On: []int{draw + r.IntN(raise)}, Of: []float64{float64(17 + r.IntN(90))}}, 0.
		for j := range draw {
			if r.IntN(14) > 0 {
				board.On, board.Of, all = append(board.On, j), append(board.Of, of[j]), all+of[j]
			}
		}
		board.Least = math.Floor(all * r.Float64())
		p.Rows = append(p.Rows, board)
	}
	load, all := integer.Row{}, 0.
	for j := range draw {
		a := float64(1 + r.IntN(9))
		load.On, load.Of, all = append(load.On, j), append(load.Of, a), all+a
	}
	load.Least = math.Floor(all * (.3 + .5*r.Float64()))
	p.Rows = append(p.Rows, load)
	return p
}

// Cuts with sums in them hold at each point at which the rows hold.
func TestCutsOfSumsHoldAtEachPoint(t *testing.T) {
	cuts := 0
	for seed := uint64(160); seed < 170; seed++ { // 164 is one where a column below 0 made a cut false
		p := drawn(rand.New(rand.NewPCG(seed, 16)))
		all, most := integer.Cuts(p, 30)
		cuts += len(all)
		p.Most = most
		points(p, func(x []int) {
			if slices.ContainsFunc(all, func(c integer.Cut) bool { return !keeps(c, x) }) {
				require.False(t, feasible(p, x), "seed %d: %v", seed, x)
			}
		})
	}
	require.Greater(t, cuts, 100)
}

// purchase is a depot of which each row asks for a number of all groups but those of one rack.
func purchase(r *rand.Rand, groups, boards, racks int) integer.Program {
	p := depot(r, groups, boards, racks, 0)
	for k := range racks {
		row := integer.Row{Least: float64(5*groups + r.IntN(groups))}
		for g := range groups {
			if g%racks != k {
				row.On, row.Of = append(row.On, g), append(row.Of, 1)
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

func BenchmarkPurchase(b *testing.B) {
	for _, size := range [][3]int{{75, 50, 4}, {750, 500, 40}, {3000, 2000, 100}} {
		b.Run(fmt.Sprintf("%dgroups/%dboards/%dracks", size[0], size[1], size[2]), func(b *testing.B) {
			p := purchase(rand.New(rand.NewPCG(1, 15)), size[0], size[1], size[2])
			for b.Loop() {
				r, _ := integer.Solve(context.Background(), p, 50)
				gap := new(big.Rat).Sub(r.Cost, r.Bound)
				left, _ := gap.Quo(gap, r.Cost).Float64()
				b.ReportMetric(float64(r.Nodes), "nodes")
				b.ReportMetric(1e6*left, "gap-ppm")
			}
		})
	}
}
