package integer_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// linear is a small program with whole numbers, of two columns.
func linear(r *rand.Rand) integer.Linear {
	p := integer.Linear{Cost: make([]float64, 2), Low: make([]float64, 2), Up: make([]float64, 2)}
	for j := range 2 {
		p.Cost[j] = float64(r.IntN(9) - 4)
		p.Low[j] = float64(r.IntN(3))
		p.Up[j] = p.Low[j] + float64(r.IntN(5))
	}
	for range r.IntN(5) {
		row := integer.Row{Least: float64(r.IntN(15) - 9)}
		for j := range 2 {
			if a := float64(r.IntN(9) - 4); a != 0 {
				row.On, row.Of = append(row.On, j), append(row.Of, a)
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// corner returns the least cost at any point where two limits meet that keeps all; +Inf if there is none.
func corner(p integer.Linear) float64 {
	type line struct{ a, b, least float64 }
	lines := []line{{1, 0, p.Low[0]}, {-1, 0, -p.Up[0]}, {0, 1, p.Low[1]}, {0, -1, -p.Up[1]}}
	for _, r := range p.Rows {
		l := line{least: r.Least}
		for k, j := range r.On {
			if j == 0 {
				l.a = r.Of[k]
			} else {
				l.b = r.Of[k]
			}
		}
		lines = append(lines, l)
	}
	best := math.Inf(1)
	for i, l := range lines {
		for _, m := range lines[i+1:] {
			det := l.a*m.b - l.b*m.a
			if det == 0 {
				continue
			}
			x, y := (l.least*m.b-l.b*m.least)/det, (l.a*m.least-l.least*m.a)/det
			keeps := true
			for _, k := range lines {
				keeps = keeps && k.a*x+k.b*y >= k.least-1e-9
			}
			if keeps {
				best = min(best, p.Cost[0]*x+p.Cost[1]*y)
			}
		}
	}
	return best
}

func TestLinearEqualsItsCorners(t *testing.T) {
	none := 0
	for seed := range uint64(20000) {
		r := rand.New(rand.NewPCG(seed, 5))
		p := linear(r)
		best := corner(p)
		e := p.Solve(t.Context(), 1000)
		require.True(t, e.Done, seed)
		require.Equal(t, math.IsInf(best, 1), e.Stuck, seed)
		if e.Stuck {
			none++
			require.True(t, p.Impossible(e.Prices), seed)
			continue
		}
		require.False(t, p.Impossible(e.Prices), seed)
		require.InDelta(t, best, p.Bound(e.Prices), 1e-6, seed)
		require.LessOrEqual(t, p.Bound(e.Prices), best+1e-12, seed)
		require.InDelta(t, best, p.Cost[0]*e.X[0]+p.Cost[1]*e.X[1], 1e-6, seed)
		for i := range e.Prices {
			e.Prices[i] = math.Abs(e.Prices[i] + r.NormFloat64())
		}
		require.LessOrEqual(t, p.Bound(e.Prices), best+1e-12, "whatever the prices are")
		require.False(t, p.Impossible(e.Prices), "whatever the prices are")
	}
	require.Greater(t, none, 1000)
}

func TestLinearStops(t *testing.T) {
	p := linear(rand.New(rand.NewPCG(1, 5)))
	done, cancel := context.WithCancel(t.Context())
	cancel()
	require.False(t, p.Solve(done, 1000).Done)
	require.False(t, p.Solve(t.Context(), 0).Done)
	require.LessOrEqual(t, p.Bound(p.Solve(t.Context(), 0).Prices), corner(p))
}
