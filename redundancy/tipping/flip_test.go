package tipping

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// Load and capacities to a flip are well, and beyond it are not; where it is exact, that is so of a whole scale of factors.
func TestFlipsEqualAScan(t *testing.T) {
	exact, bounded := 0, 0
	for seed := range uint64(cases(60)) {
		r := rand.New(rand.NewPCG(seed, 14))
		spec, kind := randomPool(r), "server"
		if seed%2 == 1 {
			spec, kind = randomLayers(r), "web"
		}
		top, err := topology.New(spec)
		if err != nil {
			continue
		}
		ids, _ := top.Select(kind)
		f := newFinder(top, kind, ids, cascade.Options{}, mostTried)
		p := &Point{Of: kind, Count: len(ids), Surviving: &Limit{}}
		require.NoError(t, f.flips(t.Context(), p))
		for q, l := range []*Limit{&p.Limit, p.Surviving} {
			for i, flip := range []Flip{l.Load, l.Capacity} {
				where := fmt.Sprintf("seed %d, question %d, flip %d: %v", seed, q, i, flip)
				well := func(x float64) bool {
					load, capacity := x, 1.0
					if i == 1 {
						load, capacity = 1, x
					}
					changed, err := f.changed(load, capacity)
					require.NoError(t, err)
					g := newFinder(changed, kind, ids, cascade.Options{}, 1)
					return g.well(question(q))
				}
				up := []bool{true, false}[i] // well below
				if flip.Certainty == cascade.Exact {
					exact++
					for x := .013; x < 60; x *= 1.3 {
						if math.Abs(x/flip.Factor-1) > 1e-6 {
							require.Equal(t, (x < flip.Factor) == up, well(x), "%s at %v", where, x)
						}
					}
					continue
				}
				require.Equal(t, cascade.Bounded, flip.Certainty, where)
				bounded++
				if flip.Factor > 1e-9 && flip.Factor < 1e9 {
					require.Equal(t, up, well(flip.Factor*(1-1e-7)), where)
					require.Equal(t, !up, well(flip.Factor*(1+1e-7)), where)
				}
			}
		}
	}
	require.Greater(t, exact, 60)
	require.Greater(t, bounded, 20)
}
