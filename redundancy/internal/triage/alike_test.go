package triage_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/redundancy/internal/triage"
)

// copies is a random program some copies of which stand side by side, with rows that go across them all.
func copies(r *rand.Rand, copies int) integer.Linear {
	columns, rows := 1+r.IntN(3), 1+r.IntN(3)
	var p integer.Linear
	cost := make([]float64, columns)
	for j := range cost {
		cost[j] = float64(r.IntN(7) - 4)
	}
	of := make([]float64, columns)
	within := make([]integer.Row, rows)
	for i := range within {
		for j := range columns {
			if a := float64(r.IntN(7) - 4); a != 0 {
				within[i].On, within[i].Of = append(within[i].On, j), append(within[i].Of, a)
			}
		}
		within[i].Least = float64(r.IntN(6) - 4)
	}
	for j := range of {
		of[j] = float64(r.IntN(4) - 2)
	}
	across := integer.Row{Least: float64(r.IntN(4) - 4)}
	for c := range copies {
		for j := range columns {
			p.Cost, p.Low, p.Up = append(p.Cost, cost[j]), append(p.Low, 0), append(p.Up, 1)
			if of[j] != 0 {
				across.On, across.Of = append(across.On, c*columns+j), append(across.Of, of[j])
			}
		}
		for _, w := range within {
			row := integer.Row{Least: w.Least}
			for k, j := range w.On {
				row.On, row.Of = append(row.On, c*columns+j), append(row.Of, w.Of[k])
			}
			p.Rows = append(p.Rows, row)
		}
	}
	p.Rows = append(p.Rows, across)
	return p
}

// What is merged has the same optimum, and its prices prove it of the whole.
func TestMergedProgramsAreTheSame(t *testing.T) {
	merged, stuck := 0, 0
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 9))
		p := copies(r, 1+r.IntN(5))
		small, back := triage.Merge(p)
		if len(small.Cost) < len(p.Cost) {
			merged++
		}
		whole, part := p.Solve(t.Context(), 1000), small.Solve(t.Context(), 1000)
		require.Equal(t, whole.Stuck, part.Stuck, seed)
		if whole.Stuck {
			stuck++
			require.True(t, p.Impossible(back(part.Prices)), seed)
			continue
		}
		require.InDelta(t, p.Bound(whole.Prices), p.Bound(back(part.Prices)), 1e-6, seed)
	}
	require.Greater(t, merged, 2000)
	require.Greater(t, stuck, 300)
}
