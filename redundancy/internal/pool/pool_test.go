package pool_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

type component = topology.Component

func fleet(t *testing.T, components ...component) *topology.Topology {
	top, err := topology.New(topology.Spec{Components: components})
	require.NoError(t, err)
	return top
}

func users(supplies ...topology.Supply) component {
	return component{Name: "users", Demand: 80, Supplies: supplies}
}

func TestFindSaysWhyNot(t *testing.T) {
	server := component{Name: "s-[1-2]", Capacity: 100}
	on := func(s topology.Supply) component {
		return component{Name: "s-[1-2]", Capacity: 100, Supplies: []topology.Supply{s}}
	}
	all := topology.Supply{Members: topology.Names{"s-[1-2]"}}
	board := component{Name: "b-[1-2]", Capacity: 1000}
	for want, components := range map[string][]component{
		"there is no demand.":                                      {server},
		"there are several demands, u and users among them.":       {server, {Name: "u", Demand: 1, Supplies: []topology.Supply{all}}, users(all)},
		"users has a demand and is drawn on as well.":              {server, users(all), {Name: "x", Supplies: []topology.Supply{{Members: topology.Names{"users"}}}}},
		"users has a demand and a capacity of its own.":            {server, {Name: "users", Demand: 1, Capacity: 2, Supplies: []topology.Supply{all}}},
		"users has several supplies.":                              {server, board, users(all, topology.Supply{Members: topology.Names{"b-1"}})},
		"the share of users is tiered, not equal.":                 {server, users(topology.Supply{Members: all.Members, Share: topology.Tiered})},
		"s-1 carries load of others than users.":                   {server, users(all), {Name: "x", Supplies: []topology.Supply{{Members: topology.Names{"s-1"}, Base: 1}}}},
		"x and users draw on the same servers.":                    {server, {Name: "x", Supplies: []topology.Supply{{Members: all.Members, Base: 1}}}, users(all)},
		"b-1, which servers draw on, sheds.":                       {{Name: "b-1", Capacity: 1, Overload: topology.Overload{Shed: true}}, on(topology.Supply{Members: topology.Names{"b-1"}, PerUnit: 1}), users(all)},
		"the share of s-1 is proportional.":                        {board, on(topology.Supply{Members: topology.Names{"b-[1-2]"}, Share: topology.Proportional}), users(all)},
		"a weight of s-1 is 0.":                                    {board, on(topology.Supply{Members: topology.Names{"b-1", "b-2"}, Share: topology.Weighted, Weights: []float64{0, 1}}), users(all)},
		"a supply of s-1 is optional, so its load may go nowhere.": {board, on(topology.Supply{Members: topology.Names{"b-1"}, Optional: true}), users(all)},
	} {
		p, reason := pool.Find(fleet(t, components...))
		require.Nil(t, p, want)
		require.Equal(t, want, reason)
	}
}

// random is a fleet of the shape: servers of several capacities, each on one or two boards, these on one or two UPSs.
func random(r *rand.Rand) topology.Spec {
	var s topology.Spec
	add := func(c component) { s.Components = append(s.Components, c) }
	ups, boards, servers := 1+r.IntN(2), 1+r.IntN(4), 1+r.IntN(8)
	for i := range ups {
		add(component{Name: fmt.Sprintf("ups-%d", i), Capacity: float64(r.IntN(3) * 1000)})
	}
	for i := range boards {
		c := component{Name: fmt.Sprintf("board-%d", i), Capacity: float64(r.IntN(3) * 500)}
		supply := topology.Supply{Members: topology.Names{fmt.Sprintf("ups-%d", r.IntN(ups))}, Base: float64(r.IntN(5)), PerUnit: 1}
		if r.IntN(3) == 0 {
			supply.Members, supply.Share = topology.Names{fmt.Sprintf("ups-[0-%d]", ups-1)}, topology.Each
		}
		c.Supplies = []topology.Supply{supply}
		add(c)
	}
	for i := range servers {
		c := component{Name: fmt.Sprintf("s-%d", i), Kind: "server", Capacity: float64(10 * (1 + r.IntN(4)))}
		supply := topology.Supply{Members: topology.Names{fmt.Sprintf("board-%d", r.IntN(boards))}, Base: float64(r.IntN(10)), PerUnit: float64(1 + r.IntN(3))}
		if other := fmt.Sprintf("board-%d", r.IntN(boards)); other != supply.Members[0] && r.IntN(2) == 0 {
			supply.Members = append(supply.Members, other)
			if r.IntN(2) == 0 {
				supply.Share, supply.Weights = topology.Weighted, []float64{1, float64(1 + r.IntN(3))}
			}
		}
		c.Supplies = []topology.Supply{supply}
		add(c)
	}
	add(component{Name: "fan", Supplies: []topology.Supply{{Members: topology.Names{"board-0"}, Base: 7}}})
	add(component{Name: "users", Demand: float64(1 + r.IntN(100)), Supplies: []topology.Supply{{Members: topology.Names{"server"}, Base: float64(r.IntN(5)), PerUnit: 2}}})
	return s
}

func TestDrawsAddUpToTheLoads(t *testing.T) {
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		top := topology.Must(topology.New(random(r)))
		p, reason := pool.Find(top)
		require.Empty(t, reason)
		s := cascade.Scenario{Load: 1 + r.Float64()}
		for id := range topology.ID(top.Len()) {
			switch _, server := p.Place(id); {
			case r.IntN(6) == 0 && id != p.Demand:
				s.Lose = append(s.Lose, top.Name(id))
			case server && r.IntN(6) == 0:
				s.Drain = append(s.Drain, top.Name(id))
			}
		}
		st, err := p.After(s)
		require.NoError(t, err)
		require.Empty(t, st.Drained)
		if !st.Up || len(st.Rotating) == 0 {
			continue
		}
		demand := make([]float64, top.Len())
		demand[p.Demand] = st.Factor * top.Demand(p.Demand)
		flow := top.Flow(topology.State{Status: st.Status, Demand: demand})
		q := p.Load(st.Factor) / float64(len(st.Rotating))
		for _, id := range st.Rotating {
			require.InDelta(t, flow.Load[id], q, 1e-9)
		}
		d := p.Draws(st)
		load := append([]float64(nil), d.Fixed...)
		for _, id := range append(append([]topology.ID(nil), st.Rotating...), st.Idle...) {
			for _, part := range d.Of(id) {
				load[part.On] += part.Base
				if st.Status[id] == topology.Up {
					load[part.On] += part.Rate * q
				}
			}
		}
		for b, id := range p.Power {
			require.InDelta(t, flow.Load[id], load[b], 1e-9, "seed %d: %s", seed, top.Name(id))
		}
	}
}

// Nine of 10 and one of 1: 90 with the weak one out of rotation.
func TestStrength(t *testing.T) {
	top := fleet(t, component{Name: "s-1", Capacity: 1}, component{Name: "s-[2-10]", Capacity: 10},
		users(topology.Supply{Members: topology.Names{"s-[1-10]"}}))
	p, _ := pool.Find(top)
	load, n := p.Strength(p.Servers)
	require.Equal(t, 90.0, load)
	require.Equal(t, 9, n)
	require.Equal(t, 1.0, p.Weakest(p.Servers))
	load, n = p.Strength(nil)
	require.Zero(t, load)
	require.Zero(t, n)
}

func TestStrengthIsTheBestOfAllSubsets(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		top := topology.Must(topology.New(random(r)))
		p, _ := pool.Find(top)
		best := 0.0
		for set := 1; set < 1<<len(p.Servers); set++ {
			var ids []topology.ID
			for i, id := range p.Servers {
				if set>>i&1 == 1 {
					ids = append(ids, id)
				}
			}
			best = max(best, float64(len(ids))*p.Weakest(ids))
		}
		load, _ := p.Strength(p.Servers)
		require.Equal(t, best, load)
	}
}

func TestFewestAtTheThreshold(t *testing.T) {
	for _, c := range []struct {
		load, limit float64
		want        int
	}{
		{8000, 100, 80}, {8000.001, 100, 81}, {7999.999, 100, 80}, {8000 * (1 + 1e-10), 100, 80},
		{0, 10, 0}, {1, math.Inf(1), 1}, {1e300, 1, math.MaxInt}, {.3, .1, 3}, {5, 0, math.MaxInt},
	} {
		require.Equal(t, c.want, pool.Fewest(c.load, c.limit), "%v of %v", c.load, c.limit)
	}
}

func TestAfterNamesWhatIsMissing(t *testing.T) {
	p, _ := pool.Find(fleet(t, component{Name: "s-1", Capacity: 100}, users(topology.Supply{Members: topology.Names{"s-1"}})))
	for _, s := range []cascade.Scenario{{Lose: topology.Names{"x"}}, {Drain: topology.Names{"x"}}, {Load: -1}} {
		_, err := p.After(s)
		require.Error(t, err)
	}
	st, err := p.After(cascade.Lose("users"))
	require.NoError(t, err)
	require.False(t, st.Asked)
	require.False(t, st.Up)
}
