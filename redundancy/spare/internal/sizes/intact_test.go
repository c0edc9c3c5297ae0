package sizes

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// anyFleet is users on servers, on boards, on UPSes; with racks that servers need, and now and then a store below the servers.
func anyFleet(r *rand.Rand) topology.Spec {
	var s topology.Spec
	add := func(c topology.Component) { s.Components = append(s.Components, c) }
	boards, stores, scale := 1+r.IntN(6), r.IntN(3), []float64{1, .1, 1e6, 1. / 3}[r.IntN(4)]
	add(topology.Component{Name: "ups-[0-1]", Kind: "ups", Capacity: float64(1000 * (1 + r.IntN(3)))})
	for i := range boards {
		c := topology.Component{Name: fmt.Sprintf("board-%d", i), Kind: "board", Labels: anyZone(r)}
		if r.IntN(2) == 0 {
			c.Capacity = float64(50 * (4 + r.IntN(9)))
		}
		if r.IntN(2) == 0 {
			c.Supplies = append(c.Supplies, anySupply(r, "ups"))
		}
		add(c)
	}
	for i := range stores {
		add(topology.Component{Name: fmt.Sprintf("store-%d", i), Kind: "store", Labels: anyZone(r), Capacity: float64(50 * (1 + r.IntN(9)))})
	}
	for i := range 2 + r.IntN(7) {
		c := topology.Component{Name: fmt.Sprintf("s-%d", i), Kind: "server", Labels: anyZone(r), Capacity: float64(10 * (1 + r.IntN(6)))}
		c.Overload.Shed = r.IntN(8) == 0
		a, b := fmt.Sprintf("board-%d", r.IntN(boards)), fmt.Sprintf("board-%d", r.IntN(boards))
		feed := topology.Supply{Members: topology.Names{a}, Base: float64(5 * r.IntN(3)), PerUnit: float64(r.IntN(3)) / 2}
		if a != b && r.IntN(2) == 0 {
			feed.Members, feed.Need = topology.Names{a, b}, 1+r.IntN(2)
		}
		c.Supplies = append(c.Supplies, feed)
		if stores > 0 && r.IntN(2) == 0 {
			c.Supplies = append(c.Supplies, anySupply(r, "store"))
		}
		if r.IntN(5) == 0 {
			c.Needs = topology.Names{[]string{"rack", "1 of rack", "board", "2 of board"}[r.IntN(4)]}
		}
		add(c)
		if n := r.IntN(4); n > 0 {
			c.Name = fmt.Sprintf("s-%d-[1-%d]", i, n)
			add(c)
		}
	}
	add(topology.Component{Name: "rack-[0-1]", Kind: "rack"})
	for i := range 1 + r.IntN(3) {
		c := topology.Component{Name: fmt.Sprintf("users-%d", i), Kind: "users", Demand: float64(10 * r.IntN(20))}
		c.Supplies = []topology.Supply{anySupply(r, "server")}
		if r.IntN(4) == 0 {
			c.Supplies = append(c.Supplies, anySupply(r, "board"))
		}
		add(c)
	}
	for i := range s.Components {
		c := &s.Components[i]
		c.Capacity, c.Demand = c.Capacity*scale, c.Demand*scale
		c.Supplies = slices.Clone(c.Supplies)
		for i := range c.Supplies {
			c.Supplies[i].Base *= scale
		}
	}
	return s
}

func anyZone(r *rand.Rand) map[string]string {
	return map[string]string{"zone": []string{"x", "y"}[r.IntN(2)]}
}

func anySupply(r *rand.Rand, kind string) topology.Supply {
	s := topology.Supply{Members: topology.Names{kind}, Optional: r.IntN(4) == 0}
	if r.IntN(3) == 0 {
		s.Base, s.PerUnit = float64(r.IntN(3)), float64(1+r.IntN(3))/2
	}
	switch r.IntN(7) {
	case 0:
		s.Share, s.Members, s.Weights = topology.Weighted, topology.Names{"zone=x", "zone=y"}, []float64{1, float64(r.IntN(3))}
	case 1:
		s.Share = topology.Proportional
	case 2:
		s.Share, s.Members = topology.Tiered, topology.Names{"zone=x", "zone=y"}
	case 3:
		s.Share, s.Members, s.Limit = topology.Waterfall, topology.Names{"zone=x", "zone=y"}, float64(1+r.IntN(2))/2
	case 4:
		s.Share = topology.Each
	}
	if kind != "server" && len(s.Members) > 1 { // labels name components of all kinds, which may draw on themselves
		s.Members, s.Share, s.Weights, s.Limit = topology.Names{kind}, "", nil, 0
	}
	return s
}

// A sized is a fleet with undecided sizes, and one of it.
type sized struct {
	*Fleet
	all []*Scenario
	x   []int
}

// anySized makes a fleet of which copies of some servers, and capacity of some boards, may be bought; nil if it makes none.
func anySized(r *rand.Rand) *sized {
	spec := anyFleet(r)
	before, err := topology.New(spec)
	if err != nil {
		return nil
	}
	probe, enlarged := slices.Clone(spec.Components), slices.Clone(spec.Components)
	var columns []Column
	var x []int
	next := topology.ID(before.Len())
	for i, c := range spec.Components {
		n := r.IntN(3)
		id, _ := before.Lookup(c.Name)
		switch {
		case r.IntN(3) > 0:
			continue
		case c.Kind == "board" && c.Capacity > 0:
			columns = append(columns, Column{New: -1, Model: -1, Raise: id, By: 50})
			enlarged[i].Capacity += float64(50 * n)
		case c.Kind == "server" && !strings.Contains(c.Name, "["):
			columns = append(columns, Column{New: next, Model: id, Raise: -1})
			next++
			c.Name = fmt.Sprintf("new-%d", i)
			probe = append(probe, c)
			if c.Name = fmt.Sprintf("new-%d-[1-%d]", i, n); n > 0 {
				enlarged = append(enlarged, c)
			}
		default:
			continue
		}
		x = append(x, n)
	}
	one, err := topology.New(topology.Spec{Components: probe})
	if err != nil {
		return nil
	}
	many, err := topology.New(topology.Spec{Components: enlarged})
	if err != nil {
		return nil
	}
	s := &sized{Fleet: Compile(one, columns), x: x}
	s.all = s.scenarios(r, before, many)
	return s
}

// scenarios are those of any family.
func (s *sized) scenarios(r *rand.Rand, before, enlarged *topology.Topology) (resolved []*Scenario) {
	families := []string{"each board", "each server", "each board + each ups", "any 2 of board", "each ups + load 1.1", "drain server",
		"each server + drain board-0", "zone=x", "each rack", "each users"}
	family, err := cascade.ParseFamily(families[r.IntN(len(families))])
	if err != nil {
		panic(err)
	}
	all, err := family.All(enlarged)
	if err != nil {
		return nil
	}
	resolver := Resolver{Fleet: s.Fleet, Before: before}
	for of := range all {
		if one, err := resolver.Resolve(of, enlarged, s.x); err == nil {
			resolved = append(resolved, one)
		}
	}
	return resolved
}

// What surely holds by what it changes holds by a walk over the whole fleet, with pools of any size as hubs; what does not has
// the same faults; and each scenario leaves the intact fleet as it was.
func TestWhatSurelyHoldsDoes(t *testing.T) {
	holds, sure := 0, 0
	for seed := range seeds(10000) {
		r := rand.New(rand.NewPCG(seed, 3))
		s := anySized(r)
		if s == nil {
			continue
		}
		for _, nameplate := range []bool{false, true} {
			var in *intact
			for _, of := range s.all {
				if j, _ := of.Awaits(s.x); j >= 0 {
					continue
				}
				if in == nil {
					in = s.newIntact(question{x: s.x, factor: of.Factor, nameplate: nameplate}, s.newCourse(1+r.IntN(6)))
				}
				faults := s.Clone().Judge(of, s.x, nameplate)
				if len(faults) == 0 {
					holds++
				}
				if in == nil {
					continue
				}
				if in.lose(of) && in.holds() {
					sure++
					require.Empty(t, faults, "seed %d, %v, x %v", seed, of.Of, s.x)
				}
				in.restore()
				require.Equal(t, faults, in.judge(of), "seed %d, %v, x %v", seed, of.Of, s.x)
			}
			if in != nil {
				requireAsItWas(t, in)
			}
		}
	}
	t.Log(holds, sure)
	if !testing.Short() {
		require.Greater(t, holds, 5000)
		require.Greater(t, sure, holds*8/10)
	}
}

func requireAsItWas(t *testing.T, in *intact) {
	t.Helper()
	require.Equal(t, in.was.live, in.now.live)
	require.Equal(t, in.was.turns, in.now.turns)
	require.Equal(t, in.was.up, in.now.up)
	require.Equal(t, in.was.met, in.now.met)
	require.Equal(t, in.was.short, in.now.short)
	require.Equal(t, in.was.out, in.now.out)
	none := in.f.noChanges(in.course)
	require.Equal(t, none.noted, in.noted)
	require.Equal(t, none.shifted, in.shifted)
	require.Equal(t, none.less, in.less)
	require.Equal(t, none.due, in.due)
}

// seeds returns how many random cases are looked at.
func seeds(n uint64) uint64 {
	if testing.Short() {
		return n / 10
	}
	return n
}
