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

const plenty = 100_000

func random(r *rand.Rand) integer.Program {
	n := 1 + r.IntN(4)
	var p integer.Program
	for range n {
		p.Cost = append(p.Cost, big.NewRat(int64(r.IntN(9)-r.IntN(3)), int64(1+r.IntN(3))))
		p.Most = append(p.Most, r.IntN(5))
		p.Least = append(p.Least, 0)
		if last := len(p.Most) - 1; p.Most[last] > 0 && r.IntN(5) == 0 {
			p.Least[last] = 1
		}
	}
	for range r.IntN(6) {
		row := integer.Row{Least: float64(r.IntN(12)-3) / 2}
		for j := range n {
			if r.IntN(3) > 0 {
				row.On = append(row.On, j)
				row.Of = append(row.Of, float64(r.IntN(7)-1-r.IntN(3))/4)
				if r.IntN(8) == 0 {
					row.Of[len(row.Of)-1] = .1 * float64(1+r.IntN(30))
				}
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

func rat(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }

// value returns Σ of·x, in fractions.
func value(r integer.Row, x []int) *big.Rat {
	sum := new(big.Rat)
	for i, on := range r.On {
		sum.Add(sum, new(big.Rat).Mul(rat(r.Of[i]), big.NewRat(int64(x[on]), 1)))
	}
	return sum
}

func feasible(p integer.Program, x []int) bool {
	for _, r := range p.Rows {
		if value(r, x).Cmp(rat(r.Least)) < 0 {
			return false
		}
	}
	return true
}

func cost(p integer.Program, x []int) *big.Rat {
	sum := new(big.Rat)
	for j, c := range p.Cost {
		sum.Add(sum, new(big.Rat).Mul(c, big.NewRat(int64(x[j]), 1)))
	}
	return sum
}

// exhaustive tries every x; nil if there is none.
func exhaustive(p integer.Program) (best *big.Rat) {
	x := append([]int(nil), p.Least...)
	for {
		if feasible(p, x) {
			if c := cost(p, x); best == nil || c.Cmp(best) < 0 {
				best = c
			}
		}
		j := 0
		for j < len(x) && x[j] == p.Most[j] {
			x[j] = p.Least[j]
			j++
		}
		if j == len(x) {
			return best
		}
		x[j]++
	}
}

func TestSolveEqualsExhaustiveSearch(t *testing.T) {
	infeasible := 0
	for seed := range uint64(3000) {
		p := random(rand.New(rand.NewPCG(seed, 3)))
		want := exhaustive(p)
		r, err := integer.Solve(context.Background(), p, plenty)
		require.NoError(t, err)
		require.True(t, r.Proven(), "seed %d", seed)
		if want == nil {
			infeasible++
			require.True(t, r.Infeasible, "seed %d", seed)
			continue
		}
		require.False(t, r.Infeasible, "seed %d", seed)
		require.Equal(t, want.RatString(), r.Cost.RatString(), "seed %d", seed)
		require.True(t, feasible(p, r.X))
		require.Zero(t, cost(p, r.X).Cmp(r.Cost))
	}
	require.Greater(t, infeasible, 150)
}

// The prices of the root prove a bound that is computed here anew, in fractions.
func TestPricesProveTheBound(t *testing.T) {
	for seed := range uint64(1000) {
		p := random(rand.New(rand.NewPCG(seed, 4)))
		want := exhaustive(p)
		r, err := integer.Solve(context.Background(), p, plenty)
		require.NoError(t, err)
		if want == nil {
			continue
		}
		bound := new(big.Rat)
		left := make([]*big.Rat, len(p.Cost))
		for j := range left {
			left[j] = new(big.Rat).Set(p.Cost[j])
		}
		for i, y := range r.Prices {
			require.GreaterOrEqual(t, y, 0.0)
			bound.Add(bound, new(big.Rat).Mul(rat(y), rat(p.Rows[i].Least)))
			for k, on := range p.Rows[i].On {
				left[on].Sub(left[on], new(big.Rat).Mul(rat(y), rat(p.Rows[i].Of[k])))
			}
		}
		for j, d := range left {
			x := p.Least[j]
			if d.Sign() < 0 {
				x = p.Most[j]
			}
			bound.Add(bound, new(big.Rat).Mul(d, big.NewRat(int64(x), 1)))
		}
		require.LessOrEqual(t, bound.Cmp(want), 0, "seed %d", seed)
	}
}

// The rows that a proof rests on prove it without the others.
func TestUsedRowsAreEnough(t *testing.T) {
	for seed := range uint64(1000) {
		p := random(rand.New(rand.NewPCG(seed, 5)))
		r, _ := integer.Solve(context.Background(), p, plenty)
		again := exhaustive(onlyUsed(p, r))
		if r.Infeasible {
			require.Nil(t, again, "seed %d", seed)
			continue
		}
		require.Equal(t, r.Cost.RatString(), again.RatString(), "seed %d", seed)
	}
}

// 10 · .1 as a float64 is a little more than 1, as fractions say; what is asked is 1 and the smallest step above it.
func TestThresholdsAreExact(t *testing.T) {
	for _, c := range []struct {
		least float64
		want  int
	}{{1, 10}, {1.0000000000000002, 11}, {.9999999999999999, 10}, {.8999999999999999, 9}} {
		p := integer.Program{Cost: []*big.Rat{big.NewRat(1, 1)}, Most: []int{20},
			Rows: []integer.Row{{On: []int{0}, Of: []float64{.1}, Least: c.least}}}
		r, err := integer.Solve(context.Background(), p, plenty)
		require.NoError(t, err)
		exact := 0
		for value(p.Rows[0], []int{exact}).Cmp(rat(c.least)) < 0 {
			exact++
		}
		require.Equal(t, []int{exact}, r.X, "%v", c.least)
		require.Equal(t, c.want, exact)
	}
}

// Numbers of a row may be so far apart that floating point does not see some of them, or sees all of them as 0.
func TestNumbersFarApart(t *testing.T) {
	far := []float64{1e-321, 1e-301, 1e-161, 1e-10, .1, 1e14, 1e159, 1e299, 1e307}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 12))
		p := random(r)
		for i := range p.Rows {
			for k := range p.Rows[i].Of {
				p.Rows[i].Of[k] *= far[r.IntN(len(far))]
			}
			p.Rows[i].Least *= far[r.IntN(len(far))]
		}
		want := exhaustive(p)
		got, err := integer.Solve(context.Background(), p, plenty)
		require.NoError(t, err)
		require.True(t, got.Proven(), "seed %d", seed)
		require.Equal(t, want == nil, got.Infeasible, "seed %d", seed)
		if want != nil {
			require.Equal(t, want.RatString(), got.Cost.RatString(), "seed %d", seed)
			require.True(t, feasible(p, got.X), "seed %d", seed)
			require.Zero(t, cost(p, got.X).Cmp(got.Cost))
		}
	}
}

// What a row lacks, or has too much, may be more than a float64 holds.
func TestNumbersAtTheirLimit(t *testing.T) {
	nodes := 0
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 12))
		p := knapsack(r, 25, 30)
		for i := range p.Rows {
			row := &p.Rows[i]
			if row.Least = 700; i%5 == 0 {
				row.Least = 1.75e308
			}
			for k := range row.Of {
				if row.Of[k] = float64(1 + r.IntN(30)); i%5 == 0 {
					row.Of[k] = (.05 + .5*r.Float64()) * 1e308
				}
			}
		}
		got, err := integer.Solve(context.Background(), p, 20)
		require.NoError(t, err)
		require.True(t, feasible(p, got.X))
		nodes += got.Nodes
	}
	require.Greater(t, nodes, 200)

	more := func(a, b int) integer.Row {
		return integer.Row{On: []int{a, b}, Of: []float64{1e308, -1e308}, Least: 1}
	}
	p := integer.Program{Cost: []*big.Rat{big.NewRat(1, 1), big.NewRat(2, 1)}, Most: []int{1000, 1000}, Either: [][]integer.Row{{more(0, 1), more(1, 0)}}}
	r, err := integer.Solve(context.Background(), p, plenty)
	require.NoError(t, err)
	require.LessOrEqual(t, r.Bound.Cmp(big.NewRat(1, 1)), 0)
}

func TestLimitsLeaveABound(t *testing.T) {
	p := knapsack(rand.New(rand.NewPCG(7, 7)), 30, 40)
	full, err := integer.Solve(context.Background(), p, plenty)
	require.NoError(t, err)
	require.True(t, full.Proven())
	r, err := integer.Solve(context.Background(), p, 1)
	require.NoError(t, err)
	require.Equal(t, 1, r.Nodes)
	require.LessOrEqual(t, r.Bound.Cmp(full.Cost), 0)
	require.GreaterOrEqual(t, r.Cost.Cmp(full.Cost), 0)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err = integer.Solve(ctx, p, plenty)
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, r.X)
	require.False(t, r.Proven())
}

func TestNothingToDo(t *testing.T) {
	r, err := integer.Solve(context.Background(), integer.Program{}, plenty)
	require.NoError(t, err)
	require.True(t, r.Proven())
	require.Empty(t, r.X)
}

// knapsack is random covering rows of few sizes.
func knapsack(r *rand.Rand, columns, rows int) integer.Program {
	var p integer.Program
	for range columns {
		p.Cost = append(p.Cost, big.NewRat(int64(50+r.IntN(50)), 1))
		p.Most = append(p.Most, 40)
	}
	for range rows {
		row := integer.Row{Least: float64(r.IntN(40))}
		for j := range columns {
			if r.IntN(5) > 0 {
				row.On, row.Of = append(row.On, j), append(row.Of, 1)
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

func BenchmarkSolve(b *testing.B) {
	for _, size := range [][2]int{{4, 5}, {20, 200}, {50, 2000}} {
		b.Run(fmt.Sprintf("%dcolumns/%drows", size[0], size[1]), func(b *testing.B) {
			p := knapsack(rand.New(rand.NewPCG(1, 1)), size[0], size[1])
			for b.Loop() {
				r, _ := integer.Solve(context.Background(), p, plenty)
				if !r.Proven() {
					b.Fatal("not proven")
				}
				b.ReportMetric(float64(r.Nodes), "nodes")
			}
		})
	}
}
