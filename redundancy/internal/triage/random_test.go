package triage_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// layers returns a small fleet: users, fronts, backs that these pass their load on to, boards, and a main. Numbers are small,
// so that loads meet capacities exactly.
func layers(r *rand.Rand, waterfall bool) topology.Spec {
	g := &garden{Rand: r, waterfall: waterfall}
	users, fronts, backs, boards := 1+r.IntN(3), 1+r.IntN(3), r.IntN(4), r.IntN(4)
	g.weird, g.alike = r.IntN(3) == 0, r.IntN(2) == 0
	if g.alike {
		fronts += r.IntN(3)
	}
	for i := range users {
		c := topology.Component{Name: fmt.Sprintf("u-%d", i), Kind: "users", Demand: float64(1 + r.IntN(20)), Gated: true}
		c.Supplies = append(c.Supplies, g.supply("f", fronts, r.IntN(6) == 0))
		if backs > 0 && r.IntN(4) == 0 {
			c.Supplies = append(c.Supplies, g.supply("b", backs, false))
		}
		if g.weird && r.IntN(4) == 0 {
			c.Capacity = float64(1 + r.IntN(20))
		}
		g.add(c)
	}
	for i := range fronts {
		c := topology.Component{Name: fmt.Sprintf("f-%d", i), Kind: "f", Capacity: g.capacity(), Unit: "r/s", Overload: g.overload()}
		if backs > 0 && r.IntN(2) == 0 {
			s := g.supply("b", backs, false)
			if s.PerUnit == 0 {
				s.PerUnit = 1
			}
			c.Supplies = append(c.Supplies, s)
		}
		if g.weird && r.IntN(5) == 0 {
			c.Demand = float64(1 + r.IntN(4))
		}
		g.powered(&c, boards)
		g.add(c)
	}
	for i := range backs {
		c := topology.Component{Name: fmt.Sprintf("b-%d", i), Kind: "b", Capacity: g.capacity(), Overload: g.overload()}
		if r.IntN(3) > 0 {
			c.Unit = "r/s"
		}
		if backs == 3 && r.IntN(4) == 0 {
			c.Needs = append(c.Needs, "2 of b")
		}
		g.powered(&c, boards)
		g.add(c)
	}
	for i := range boards {
		c := topology.Component{Name: fmt.Sprintf("p-%d", i), Kind: "p", Capacity: float64(r.IntN(6) * 5)}
		if r.IntN(3) == 0 {
			c.Supplies = append(c.Supplies, topology.Supply{Members: topology.Names{"main"}, PerUnit: 1, Base: float64(r.IntN(2))})
		}
		g.add(c)
	}
	g.add(topology.Component{Name: "main", Capacity: float64(5 + r.IntN(4)*10)})
	return g.spec
}

type garden struct {
	*rand.Rand
	spec      topology.Spec
	waterfall bool
	weird     bool
	alike     bool
}

// add appends a component or, if the one before is of its kind and fleets are of alike components, another like that.
func (g *garden) add(c topology.Component) {
	if n := len(g.spec.Components); g.alike && n > 0 && g.spec.Components[n-1].Kind == c.Kind && g.IntN(3) > 0 {
		name := c.Name
		c = g.spec.Components[n-1]
		c.Name = name
	}
	g.spec.Components = append(g.spec.Components, c)
}

func (g *garden) capacity() float64 { return []float64{4, 6, 6, 10, 10, 1}[g.IntN(6)] }

func (g *garden) overload() (o topology.Overload) {
	o.Shed = g.IntN(4) == 0
	return o
}

func (g *garden) powered(c *topology.Component, boards int) {
	if boards == 0 || g.IntN(4) == 0 {
		return
	}
	s := g.supply("p", boards, false)
	if s.PerUnit == 0 {
		s.PerUnit = .5
	}
	s.Base = float64(g.IntN(4))
	c.Supplies = append(c.Supplies, s)
}

func (g *garden) some(kind string, n int) []string {
	var names []string
	all := g.alike && g.IntN(3) > 0
	for i := range n {
		if all || g.IntN(3) > 0 {
			names = append(names, fmt.Sprintf("%s-%d", kind, i))
		}
	}
	if len(names) == 0 {
		names = append(names, fmt.Sprintf("%s-%d", kind, g.IntN(n)))
	}
	return names
}

func (g *garden) supply(kind string, n int, base bool) topology.Supply {
	members := g.some(kind, n)
	var s topology.Supply
	switch g.IntN(4) {
	case 0:
		s.Optional = true
	case 1:
		s.Need = 1 + g.IntN(len(members))
	}
	s.PerUnit = []float64{0, 1, .5, 1.5}[g.IntN(4)]
	if base {
		s.Base = float64(1 + g.IntN(2))
	}
	shares := []topology.Share{topology.Equal, topology.Equal, topology.Equal, topology.Weighted, topology.Proportional, topology.Tiered, topology.Each}
	if g.waterfall {
		shares = append(shares, topology.Waterfall, topology.Waterfall)
	}
	s.Share = shares[g.IntN(len(shares))]
	if (s.Share == topology.Proportional || s.Share == topology.Waterfall) && kind == "p" {
		s.Share = topology.Equal
	}
	if s.Share != topology.Weighted && s.Share != topology.Tiered && s.Share != topology.Waterfall {
		s.Members = topology.Names{kind + "-[" + strings.ReplaceAll(strings.Join(members, ","), kind+"-", "") + "]"}
		return s
	}
	g.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	s.Members = members
	switch s.Share {
	case topology.Weighted:
		for range members {
			s.Weights = append(s.Weights, float64(g.IntN(3)))
		}
	case topology.Tiered:
		s.Overprovision = []float64{0, 1, 2}[g.IntN(3)]
	case topology.Waterfall:
		s.Limit = []float64{0, .5}[g.IntN(2)]
	}
	return s
}
