package integer_test

import (
	"context"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// randomEither is a program with lists of alternatives.
func randomEither(r *rand.Rand) integer.Program {
	p := random(r)
	for range 1 + r.IntN(3) {
		var list []integer.Row
		for range 1 + r.IntN(3) {
			row := integer.Row{Least: float64(r.IntN(12)-5) / 2}
			for j := range p.Cost {
				if r.IntN(3) > 0 {
					row.On, row.Of = append(row.On, j), append(row.Of, float64(r.IntN(9)-4)/4)
				}
			}
			list = append(list, row)
		}
		p.Either = append(p.Either, list)
	}
	return p
}

// chosen are the programs with one row of each list; cheapest is the least of their exhaustive searches.
func chosen(p integer.Program) (all []integer.Program) {
	all = []integer.Program{{Cost: p.Cost, Least: p.Least, Most: p.Most, Rows: p.Rows}}
	for _, list := range p.Either {
		var more []integer.Program
		for _, q := range all {
			for _, row := range list {
				one := q
				one.Rows = append(slices.Clip(q.Rows), row)
				more = append(more, one)
			}
		}
		all = more
	}
	return all
}

func TestOneOfEachListIsKept(t *testing.T) {
	infeasible := 0
	for seed := range uint64(3000) {
		p := randomEither(rand.New(rand.NewPCG(seed, 8)))
		var want *integer.Result
		for _, q := range chosen(p) {
			if c := exhaustive(q); c != nil && (want == nil || c.Cmp(want.Cost) < 0) {
				want = &integer.Result{Cost: c}
			}
		}
		r, err := integer.Solve(context.Background(), p, plenty)
		require.NoError(t, err)
		require.True(t, r.Proven(), "seed %d", seed)
		require.Equal(t, want == nil, r.Infeasible, "seed %d", seed)
		require.Len(t, r.Used, len(p.Rows)+len(p.Either))
		if want == nil {
			infeasible++
			continue
		}
		require.Len(t, r.X, len(p.Cost))
		require.Equal(t, want.Cost.RatString(), r.Cost.RatString(), "seed %d", seed)
		require.Zero(t, cost(p, r.X).Cmp(r.Cost))
		require.True(t, slices.ContainsFunc(chosen(p), func(q integer.Program) bool { return feasible(q, r.X) }), "seed %d", seed)
	}
	require.Greater(t, infeasible, 150)
}

func TestUsedListsAreEnough(t *testing.T) {
	for seed := range uint64(1000) {
		p := randomEither(rand.New(rand.NewPCG(seed, 9)))
		r, _ := integer.Solve(context.Background(), p, plenty)
		again, _ := integer.Solve(context.Background(), onlyUsed(p, r), plenty)
		require.Equal(t, r.Infeasible, again.Infeasible, "seed %d", seed)
		if !r.Infeasible {
			require.Equal(t, r.Cost.RatString(), again.Cost.RatString(), "seed %d", seed)
		}
	}
}

// What is used proves the bound of a result that is not final as well.
func TestUsedProvesTheBoundOfFewNodes(t *testing.T) {
	open := 0
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 11))
		p := randomEither(r)
		few, _ := integer.Solve(context.Background(), p, r.IntN(4))
		again, _ := integer.Solve(context.Background(), onlyUsed(p, few), plenty)
		require.True(t, again.Proven())
		switch {
		case again.Infeasible:
		case few.Infeasible:
			require.Fail(t, "infeasible without what is used", "seed %d", seed)
		case few.Bound != nil:
			require.LessOrEqual(t, few.Bound.Cmp(again.Cost), 0, "seed %d: %v, %v", seed, few.Bound, again.Cost)
		}
		if !few.Proven() {
			open++
		}
	}
	require.Greater(t, open, 100)
}

// onlyUsed is a program with the rows and lists that a result rests on.
func onlyUsed(p integer.Program, r integer.Result) integer.Program {
	less := integer.Program{Cost: p.Cost, Least: p.Least, Most: p.Most}
	for i, row := range p.Rows {
		if r.Used[i] {
			less.Rows = append(less.Rows, row)
		}
	}
	for i, list := range p.Either {
		if r.Used[len(p.Rows)+i] {
			less.Either = append(less.Either, list)
		}
	}
	return less
}

// Without limits an alternative is waived by as much as something may be bought of what is as cheap as a solution found.
func TestListsWithoutLimits(t *testing.T) {
	written, left := 0, 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 10))
		p := randomEither(r)
		for j := range p.Most {
			p.Most[j] = 1_000_000_000
			p.Cost[j] = big.NewRat(int64(1+r.IntN(9)), 3)
		}
		var want *big.Rat
		for _, q := range chosen(p) {
			if one, _ := integer.Solve(context.Background(), q, plenty); one.X != nil && (want == nil || one.Cost.Cmp(want) < 0) {
				require.True(t, one.Proven())
				want = one.Cost
			}
		}
		res, err := integer.Solve(context.Background(), p, plenty)
		require.NoError(t, err)
		if res.Infeasible {
			require.Nil(t, want, "seed %d", seed)
			continue
		}
		if want == nil {
			continue // a list may have been left out
		}
		require.LessOrEqual(t, res.Bound.Cmp(want), 0, "seed %d", seed)
		if slices.ContainsFunc(chosen(p), func(q integer.Program) bool { return feasible(q, res.X) }) {
			written++
			require.Equal(t, want.RatString(), res.Cost.RatString(), "seed %d", seed)
		} else {
			left++
		}
	}
	require.Greater(t, written, 900)
	require.Less(t, left, written/10)
}
