package restart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// tidalSupply draws on some kinds by any share.
func tidalSupply(r *rand.Rand, kinds ...string) topology.Supply {
	s := topology.Supply{Members: kinds, Base: float64(r.IntN(3)), PerUnit: float64(r.IntN(4)) / 4, Inrush: float64(r.IntN(3)), Optional: r.IntN(2) == 0}
	s.Share = []topology.Share{topology.Equal, topology.Weighted, topology.Proportional, topology.Tiered, topology.Waterfall, topology.Each}[r.IntN(6)]
	if s.Share == topology.Weighted {
		for range kinds {
			s.Weights = append(s.Weights, float64(1+r.IntN(3)))
		}
	}
	if r.IntN(4) == 0 && s.Share == topology.Equal {
		s.Members = topology.Names{kinds[0] + "-1"}
	}
	return s
}

// tidalFleet is a few layers of a few components each, of which many are alike.
func tidalFleet(r *rand.Rand) *topology.Topology {
	for {
		start := func() topology.Start {
			return topology.Start{Boot: time.Duration(r.IntN(3)) * time.Minute, WarmUp: time.Duration(r.IntN(3)) * time.Minute, Cold: float64(r.IntN(4)) / 4}
		}
		spec := topology.Spec{}
		for i, kind := range []string{"feed", "board", "old", "new"} {
			c := topology.Component{Name: fmt.Sprintf("%s-[1-%d]", kind, 1+r.IntN(4)), Kind: kind, Capacity: float64(5 + r.IntN(20)), Start: start()}
			c.Overload.Shed = r.IntN(6) == 0
			switch i {
			case 1:
				c.Supplies = []topology.Supply{tidalSupply(r, "feed")}
			case 2, 3:
				c.Supplies = []topology.Supply{tidalSupply(r, "board", "feed"), tidalSupply(r, "board")}
				c.Supplies = c.Supplies[r.IntN(2):]
			}
			spec.Components = append(spec.Components, c)
		}
		for i := range 1 + r.IntN(3) {
			spec.Components = append(spec.Components, topology.Component{Name: fmt.Sprintf("users-%d", i), Demand: float64(1 + r.IntN(40)),
				Gated: r.IntN(2) == 0, Supplies: []topology.Supply{tidalSupply(r, []string{"old", "new"}[r.IntN(2):]...)}})
		}
		r.Shuffle(len(spec.Components), func(i, j int) { spec.Components[i], spec.Components[j] = spec.Components[j], spec.Components[i] })
		if t, err := topology.New(spec); err == nil {
			return t
		}
	}
}

// stir puts a journey in any state, with what has entered rotation at several times.
func stir(r *rand.Rand, j *journey) topology.State {
	n := j.t.Len()
	s := topology.State{Status: make([]topology.Status, n), Demand: make([]float64, n), Capacity: make([]float64, n)}
	since := make([]time.Duration, n)
	for j.now = range time.Duration(3) {
		j.now *= 30 * time.Second
		for id := range topology.ID(n) {
			if j.state[id] != topology.Up && r.IntN(2) == 0 {
				j.set(id, topology.Ready)
				j.turn(id)
				since[id] = j.now
			} else if j.state[id] != topology.Up {
				j.set(id, []topology.Status{topology.Ready, topology.Booting, topology.Down}[r.IntN(3)])
			}
		}
	}
	for id := range topology.ID(n) {
		s.Status[id] = j.state[id]
		if s.Capacity[id] = j.t.Capacity(id); j.state[id] == topology.Up && warms(j.t, id) && j.fleet.status[id] == topology.Down {
			s.Capacity[id] *= max(coldest, warmth(j.t.Start(id), j.now-since[id]))
		}
	}
	for i := range j.demands {
		j.tide.coming[i] = j.demands[i].full * float64(r.IntN(3)) / 2
		s.Demand[j.demands[i].id] = j.tide.coming[i]
	}
	return s
}

// The loads of lots are those of their components, and as much is served, unless something sheds.
func TestTideIsAsTheFlow(t *testing.T) {
	t.Parallel()
	looks, alike, colder := 0, 0, 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 21))
		fleet := tidalFleet(r)
		p := &Plan{Scenario: cascade.Lose("feed", "board", "old", "new"), Grid: time.Minute}
		f, m, _, err := survey(fleet, p)
		require.NoError(t, err)
		j := newCompass(f, p, m).newJourney(p, policy{})
		s := stir(r, j)
		flow := fleet.Flow(s)
		if slices.ContainsFunc(j.allIDs(), func(id topology.ID) bool {
			return fleet.Overload(id).Shed && s.Status[id] == topology.Up && topology.Overloaded(flow.Load[id], s.Capacity[id])
		}) {
			continue
		}
		j.tide.update(&j.world, j.now)
		j.tide.serve(&j.world)
		for _, id := range j.allIDs() {
			lot := j.lot[id]
			load := j.tide.even[lot] + j.tide.byCapacity[lot]*s.Capacity[id]
			if j.tide.byCapacity[lot] == 0 {
				load = j.tide.even[lot]
			}
			if s.Status[id] == topology.Up {
				looks++
				require.InDelta(t, flow.Load[id], load, 1e-9*max(1, load), "seed %d: %s", seed, fleet.Name(id))
				require.LessOrEqual(t, j.tide.least[lot], s.Capacity[id])
				alike += count(len(j.members[lot]) > 1)
				colder += count(j.tide.byCapacity[lot] > 0 && j.tide.least[lot] < s.Capacity[id])
			}
			if fleet.Demand(id) > 0 {
				require.InDelta(t, flow.Served[id], j.tide.served[lot], 1e-9, "seed %d: %s", seed, fleet.Name(id))
			}
		}
		fits := !slices.ContainsFunc(j.allIDs(), func(id topology.ID) bool {
			return s.Status[id] != topology.Down && over(flow.Load[id], s.Capacity[id])
		})
		require.Equal(t, fits, j.bears(j.now), "seed %d", seed)
	}
	require.Greater(t, looks, 10_000)
	require.Greater(t, alike, 5000)
	require.Greater(t, colder, 100)
}

func (j *journey) allIDs() (ids []topology.ID) {
	for id := range topology.ID(j.t.Len()) {
		ids = append(ids, id)
	}
	return ids
}

// Nothing tells the components of a lot apart, and each component is in one lot.
func TestLots(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 22))
		fleet := tidalFleet(r)
		p := &Plan{Scenario: cascade.Lose("feed", "board"), Grid: time.Minute}
		f, m, _, err := survey(fleet, p)
		require.NoError(t, err)
		c := newCompass(f, p, m)
		seen := 0
		for lot, ids := range c.members {
			require.True(t, slices.IsSorted(ids))
			for _, id := range ids {
				seen++
				require.EqualValues(t, lot, c.lot[id])
				require.Equal(t, c.likeness(ids[0], c.back[ids[0]], c.in[ids[0]]), c.likeness(id, c.back[id], c.in[id]))
				require.Equal(t, c.soon[ids[0]], c.soon[id])
				require.True(t, len(ids) == 1 || fleet.Demand(id) == 0)
			}
			require.False(t, math.IsNaN(c.most[lot]))
		}
		require.Equal(t, fleet.Len(), seen)
	}
}
