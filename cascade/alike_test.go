package cascade_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// alikeFleet is a random fleet of many components that little tells apart, the same for the same seed: users on three or
// four kinds that draw on one another, each of a few declarations of different capacities, in racks with a board each. What
// one declaration bears is as much as its components carry, or up to half as much again.
func alikeFleet(seed uint64) (topology.Spec, *topology.Topology) {
	for r := rand.New(rand.NewPCG(seed, 21)); ; {
		a := alike{Rand: r, mold: randomMold(r), racks: 1 + r.IntN(4)}
		spec := a.spec()
		t, err := topology.New(spec)
		if err != nil {
			continue
		}
		a.tighten(spec, t)
		return spec, topology.Must(topology.New(spec))
	}
}

type alike struct {
	*rand.Rand
	mold  mold
	racks int
	parts [][]string // by kind: the patterns of its declarations
	each  []string   // by kind: the pattern of those of one rack
}

func (a *alike) spec() (spec topology.Spec) {
	for k := range 3 + a.IntN(2) {
		a.split(fmt.Sprintf("k%d", k))
	}
	users := topology.Component{Name: fmt.Sprintf("users-[1-%d]", 1+a.IntN(3)), Demand: float64(20 + a.IntN(100))}
	users.Supplies = append(users.Supplies, a.supply(0))
	if a.Float64() < a.mold.second {
		users.Supplies = append(users.Supplies, a.supply(1))
	}
	spec.Components = append(spec.Components, users)
	for k := range a.parts {
		spec.Components = append(spec.Components, a.kind(k)...)
	}
	board := topology.Component{Name: fmt.Sprintf("board-[1-%d]", a.racks), Capacity: 1, Overload: randomOverload(a.Rand, a.mold)}
	if a.IntN(2) == 0 {
		board.Supplies = []topology.Supply{{Members: topology.Names{"ups-[1-2]"}, Optional: a.IntN(2) == 0}}
	}
	return topology.Spec{Components: append(spec.Components, board,
		topology.Component{Name: fmt.Sprintf("rack-[1-%d]", a.racks)},
		topology.Component{Name: "ups-[1-2]", Capacity: 1, Overload: randomOverload(a.Rand, a.mold)},
	)}
}

// split names a kind's members: five to forty in all, each declaration with its part of every rack.
func (a *alike) split(kind string) {
	size := (5+a.racks-1)/a.racks + a.IntN(40/a.racks-4/a.racks-1)
	var parts []string
	for from := 1; from <= size; {
		to := from + a.IntN(size-from+1)
		parts = append(parts, fmt.Sprintf("%s-[1-%d]-[%d-%d]", kind, a.racks, from, to))
		from = to + 1
	}
	a.parts = append(a.parts, parts)
	a.each = append(a.each, fmt.Sprintf("%s-{1}-[1-%d]", kind, size))
}

// kind returns the declarations of a kind. Mostly they differ in their capacity only.
func (a *alike) kind(k int) (all []topology.Component) {
	name := fmt.Sprintf("k%d", k)
	c := a.component(k)
	for _, part := range a.parts[k] {
		if a.IntN(5) == 0 {
			c = a.component(k)
		}
		c.Name, c.Kind = part, name
		all = append(all, c)
	}
	return all
}

func (a *alike) component(k int) (c topology.Component) {
	if a.Float64() < a.mold.limit || k == len(a.parts)-1 {
		c.Capacity, c.Overload = 1, randomOverload(a.Rand, a.mold)
	}
	if a.Float64() < a.mold.demand {
		c.Demand = float64(1 + a.IntN(3))
	}
	if k+1 < len(a.parts) {
		c.Supplies = append(c.Supplies, a.supply(k+1))
		if a.IntN(3) == 0 {
			c.Supplies[0].Members, c.Supplies[0].Share, c.Supplies[0].Weights = topology.Names{a.each[k+1]}, "", nil
			c.Supplies[0].Need = min(c.Supplies[0].Need, 1)
		}
	}
	if a.IntN(2) == 0 {
		c.Supplies = append(c.Supplies, topology.Supply{
			Members: topology.Names{"board-{1}"}, Base: float64(a.IntN(3)), PerUnit: []float64{0, .5, 1}[a.IntN(3)],
		})
	}
	if a.Float64() < a.mold.need {
		c.Needs = append(c.Needs, "rack-{1}")
	}
	if a.Float64() < a.mold.need && k+1 < len(a.parts) {
		c.Needs = append(c.Needs, fmt.Sprintf("%d of k%d", 1+a.IntN(3), k+1))
	}
	return c
}

// supply draws on a kind.
func (a *alike) supply(k int) topology.Supply {
	s := topology.Supply{Members: topology.Names{fmt.Sprintf("k%d", k)}, PerUnit: []float64{0, 0, 1, .5}[a.IntN(4)]}
	switch a.IntN(4) {
	case 0:
		s.Optional = true
	case 1:
		s.Need = 1 + a.IntN(5)
	}
	if a.Float64() < a.mold.base {
		s.Base = float64(1 + a.IntN(3))
	}
	if a.Float64() >= a.mold.odd {
		return s
	}
	s.Share = []topology.Share{topology.Weighted, topology.Proportional, topology.Tiered, topology.Waterfall, topology.Each}[a.IntN(5)]
	if s.Share == topology.Proportional || s.Share == topology.Each {
		return s
	}
	s.Members = slices.Clone(topology.Names(a.parts[k]))
	for range s.Members {
		if s.Share == topology.Weighted {
			s.Weights = append(s.Weights, float64(1+a.IntN(3)))
		}
	}
	return s
}

// tighten gives each declaration with a capacity about what its components carry.
func (a *alike) tighten(spec topology.Spec, t *topology.Topology) {
	load := t.Flow(topology.State{}).Load
	for i := range spec.Components {
		c, most := &spec.Components[i], 0.0
		if c.Capacity == 0 {
			continue
		}
		ids, _ := t.Select(c.Name)
		for _, id := range ids {
			most = max(most, load[id])
		}
		if most > 0 {
			c.Capacity = most * (1 + float64(a.IntN(6))/10)
		}
	}
}

func TestAlikeFleetsHaveLargeClasses(t *testing.T) {
	largest, several := 0, 0
	for seed := range uint64(200) {
		_, fleet := alikeFleet(seed)
		e, size, kinds := engine.New(fleet, engine.Start{}), map[int32]int{}, map[int32]map[float64]bool{}
		for id := range topology.ID(fleet.Len()) {
			class, capacity := e.Alike(id)
			size[class]++
			if kinds[class] == nil {
				kinds[class] = map[float64]bool{}
			}
			kinds[class][capacity] = true
			largest = max(largest, size[class])
		}
		for _, capacities := range kinds {
			if len(capacities) > 1 {
				several++
			}
		}
	}
	require.Greater(t, largest, 30)
	require.Greater(t, several, 200)
}
