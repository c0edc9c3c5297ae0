package cascade_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// plain trips everything that is overloaded in one round together.
func (p *plot) plain() *plot {
	for {
		after := p.trips(nil)
		if len(after) == 0 {
			return p
		}
		var tripped []topology.ID
		for id := range topology.ID(p.t.Len()) {
			if _, ok := after[id]; ok {
				tripped = append(tripped, id)
			}
		}
		p.fail(0, tripped)
	}
}

func TestEngineProbe(t *testing.T) {
	n := map[[2]bool]int{}
	for seed := range uint64(cases(5000)) {
		spec, fleet := randomFleet(seed)
		if seed%2 == 1 {
			spec, fleet = calmFleet(seed)
		}
		r := rand.New(rand.NewPCG(seed, 4))
		base := randomScenario(r, fleet)
		drain, err := fleet.Select(base.Drain...)
		require.NoError(t, err)
		e := engine.New(fleet, engine.Start{Drain: drain, Load: base.Load})
		var stack []cascade.Scenario
		base.Lose = nil
		stack = append(stack, base)
		for range 8 {
			if len(stack) > 1 && r.IntN(3) == 0 {
				e.Undo()
				stack = stack[:len(stack)-1]
			} else {
				s := randomScenario(r, fleet)
				ids, err := fleet.Select(s.Lose...)
				require.NoError(t, err)
				e.Lose(ids...)
				top := stack[len(stack)-1]
				top.Lose = append(slices.Clone(top.Lose), s.Lose...)
				stack = append(stack, top)
			}
			s := stack[len(stack)-1]
			p := newPlot(fleet, s)
			first := p.rounds[0]
			holds := len(first.over) == 0 && p.worst(first) >= 1-1e-9
			if r.IntN(3) > 0 {
				require.Equal(t, holds, e.Holds(), "%v of %s", s, text(t, seed, spec))
			}
			end := e.End()
			p.plain()
			up := 0
			for id, d := range p.down {
				if !d {
					up++
				}
				_ = id
			}
			require.Equal(t, up, end.Up, "%v of %s", s, text(t, seed, spec))
			require.InDelta(t, p.worst(p.rounds[len(p.rounds)-1]), end.Served, 1e-9, "%v of %s", s, text(t, seed, spec))
			require.Equal(t, len(first.over) > 0, end.Overloaded)
			n[[2]bool{holds, end.Served < 1-1e-9}]++
		}
	}
	t.Log(n)
}
