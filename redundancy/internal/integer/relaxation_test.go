package integer_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
)

// A kind is a way to make programs that are hard in some way.
type kind struct {
	name        string
	cost, bound func(r *rand.Rand) float64
	of          func(r *rand.Rand) float64
	part        float64 // of the columns in a row
	slack       float64 // of a row, in parts of its size: what is likely to be left at a point within the bounds
}

func whole(from, to int) func(r *rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return float64(from + r.IntN(to-from+1)) }
}

func one(r *rand.Rand) float64 { return 1 }

var kinds = []kind{
	{"plain", whole(-5, 20), whole(0, 10), whole(-9, 9), .5, .1},
	{"sparse", whole(0, 20), whole(1, 10), whole(-9, 9), .1, .1},
	{"degenerate", whole(0, 1), whole(0, 2), whole(-1, 1), .3, 0},
	{"free of cost", whole(0, 0), whole(0, 3), whole(-2, 2), .3, 0},
	{"covering", whole(1, 9), whole(1, 40), one, .9, .2},
	{"infeasible", whole(-3, 9), whole(0, 5), whole(-9, 9), .4, -.2},
	{"wide", whole(0, 300), func(r *rand.Rand) float64 { return []float64{1, 1e3, 1e6, 1e9}[r.IntN(4)] }, whole(-3, 9), .3, .2},
	{"badly scaled", func(r *rand.Rand) float64 { return math.Exp2(20*r.Float64() - 10) }, whole(1, 1000),
		func(r *rand.Rand) float64 { return r.NormFloat64() * math.Exp2(16*r.Float64()-8) }, .3, .1},
	{"switched", whole(0, 9), func(r *rand.Rand) float64 { return []float64{1, 4642}[r.IntN(2)] },
		func(r *rand.Rand) float64 { return []float64{1, 1, -1, 4642, -4642}[r.IntN(5)] }, .2, .1},
}

// make makes a program with a point in mind, so that its rows are kept or broken narrowly.
func (k kind) make(r *rand.Rand, columns, rows int) integer.Linear {
	var p integer.Linear
	var point []float64
	for range columns {
		low := float64(r.IntN(3) / 2)
		p.Cost, p.Low, p.Up = append(p.Cost, k.cost(r)), append(p.Low, low), append(p.Up, low+k.bound(r))
		point = append(point, low+math.Floor(r.Float64()*(p.Up[len(p.Up)-1]-low)))
	}
	for range rows {
		if n := len(p.Rows); n > 0 && r.IntN(8) == 0 { // one that differs little
			row := p.Rows[r.IntN(n)]
			row.Least += float64(r.IntN(3) - 1)
			p.Rows = append(p.Rows, row)
			continue
		}
		var row integer.Row
		size := 0.0
		for j := range columns {
			if r.Float64() < k.part {
				a := k.of(r)
				row.On, row.Of = append(row.On, j), append(row.Of, a)
				row.Least += a * point[j]
				size += math.Abs(a * point[j])
			}
		}
		row.Least -= math.Floor(k.slack * size * r.Float64())
		p.Rows = append(p.Rows, row)
	}
	return p
}

// Each answer comes with its proof: a point that keeps the rows and costs what the prices prove, or prices that prove that there
// is none.
func TestLinearProvesItsAnswers(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			for seed := range uint64(1500) {
				r := rand.New(rand.NewPCG(seed, 13))
				p := k.make(r, 1+r.IntN(40), r.IntN(40))
				e := p.Solve(t.Context(), 10_000)
				require.True(t, e.Done, seed)
				if e.Stuck {
					require.True(t, p.Impossible(e.Prices), seed)
					continue
				}
				cost, size := 0.0, 1.0
				for j, c := range p.Cost {
					require.LessOrEqual(t, p.Low[j]-1e-6, e.X[j], seed)
					require.GreaterOrEqual(t, p.Up[j]*(1+1e-12)+1e-6, e.X[j], seed)
					cost += c * e.X[j]
					size += math.Abs(c * e.X[j])
				}
				require.InDelta(t, cost, p.Bound(e.Prices), 1e-6*size, seed)
				for i, row := range p.Rows {
					spare, size := -row.Least, 1+math.Abs(row.Least)
					for k, j := range row.On {
						spare += row.Of[k] * e.X[j]
						size = max(size, math.Abs(row.Of[k]), 1e-3*math.Abs(row.Of[k]*e.X[j]))
					}
					require.GreaterOrEqual(t, spare, -1e-6*size, "seed %d, row %d", seed, i)
				}
			}
		})
	}
}
