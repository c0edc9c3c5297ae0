package spare_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// random is a few servers of several capacities on boards, some of which have a limit.
func random(r *rand.Rand) topology.Spec {
	var s topology.Spec
	boards, servers := 1+r.IntN(4), 1+r.IntN(5)
	limited, dual := r.IntN(2) == 0, r.IntN(3) == 0
	for i := range boards {
		c := component{Name: fmt.Sprintf("board-%d", i), Kind: "board"}
		if limited && r.IntN(3) > 0 {
			c.Capacity = float64(20 + r.IntN(12)*15)
		}
		if r.IntN(4) == 0 {
			c.Supplies = []topology.Supply{{Members: topology.Names{"ups"}, Base: 1, PerUnit: 1}}
		}
		s.Components = append(s.Components, c)
	}
	for i := range servers {
		c := component{Name: fmt.Sprintf("s-%d", i), Kind: "server", Capacity: float64(5 * (2 + r.IntN(3)))}
		on := topology.Names{fmt.Sprintf("board-%d", r.IntN(boards))}
		if other := fmt.Sprintf("board-%d", r.IntN(boards)); dual && other != on[0] {
			on = append(on, other)
		}
		switch {
		case limited || r.IntN(3) == 0:
			c.Supplies = []topology.Supply{{Members: on, Base: float64(r.IntN(10)), PerUnit: float64(1 + r.IntN(2))}}
		case len(on) == 2:
			c.Needs = topology.Names{fmt.Sprintf("1 of [%s,%s]", on[0], on[1])}
			c.Needs[0] = fmt.Sprintf("1 of board-[%s,%s]", on[0][6:], on[1][6:])
		default:
			c.Needs = on
		}
		s.Components = append(s.Components, c)
	}
	members := topology.Names{"server"}
	if r.IntN(2) == 0 {
		members = topology.Names{fmt.Sprintf("s-[0-%d]", servers-1)}
	}
	need := min(servers, 1+r.IntN(2))
	s.Components = append(s.Components,
		component{Name: "ups", Kind: "ups", Capacity: float64(r.IntN(4) * 100)},
		component{Name: "users", Demand: float64(1 + r.IntN(14*servers)), Supplies: []topology.Supply{{Members: members, Need: need, Base: float64(r.IntN(3)), PerUnit: 1}}})
	return s
}

func randomFamily(r *rand.Rand, s topology.Spec) cascade.Family {
	boards, servers := 0, 0
	for _, c := range s.Components {
		if c.Kind == "board" {
			boards++
		} else if c.Kind == "server" {
			servers++
		}
	}
	texts := []string{"each board", "nothing", "board-0 + load 1.3", fmt.Sprintf("each s-[0-%d]", servers-1), "drain s-0", "board-0; s-0 + load .9; nothing"}
	if boards > 1 {
		texts = append(texts, "any 2 of board", "each board + load 1.1", "board-0 + drain s-0; each board")
	}
	f, err := cascade.ParseFamily(texts[r.IntN(len(texts))])
	if err != nil {
		panic(err)
	}
	return f
}

func randomOffers(r *rand.Rand, s topology.Spec) []spare.Offer {
	var offers []spare.Offer
	for _, c := range s.Components {
		switch {
		case len(offers) == 3:
		case c.Kind == "server" && r.IntN(2) == 0:
			o := spare.Offer{Like: c.Name, Cost: float64(1+r.IntN(4)) / 10, Most: r.IntN(3) * 2}
			if len(c.Needs) > 0 && r.IntN(3) == 0 {
				o.Needs = topology.Names{"board-0"}
			}
			offers = append(offers, o)
		case c.Kind == "board" && r.IntN(5) == 0:
			offers = append(offers, spare.Offer{For: c.Name, By: 25, Cost: float64(1+r.IntN(4)) / 10})
		}
	}
	if r.IntN(2) == 0 {
		for i := range offers {
			offers[i].Cost = .1
		}
	}
	if offers == nil {
		offers = []spare.Offer{{Like: "s-0"}}
	}
	return offers
}

// bought is the fleet with x[j] of each offer, written down anew.
func bought(t *testing.T, s topology.Spec, offers []spare.Offer, x []int) *topology.Topology {
	top := topology.Must(topology.New(s))
	s = top.Spec()
	for j, o := range offers {
		for i := range s.Components {
			c := &s.Components[i]
			switch {
			case c.Name == "users" && o.Like != "" && x[j] > 0 && c.Supplies[0].Members[0] != "server":
				c.Supplies[0].Members = append(c.Supplies[0].Members, fmt.Sprintf("new-%d-[1-%d]", j, x[j]))
			case c.Name == o.For && c.Capacity > 0:
				c.Capacity += float64(x[j]) * o.By
			}
		}
		if o.Like != "" && x[j] > 0 {
			id, _ := top.Lookup(o.Like)
			c := top.Component(id)
			c.Name = fmt.Sprintf("new-%d-[1-%d]", j, x[j])
			if len(o.Needs) > 0 {
				c.Needs = o.Needs
			}
			s.Components = append(s.Components, c)
		}
	}
	enlarged, err := topology.New(s)
	require.NoError(t, err)
	return enlarged
}

// holdsByNameplate runs a scenario as it is, and with what servers draw counted by nameplate: then nothing that gets load
// from a new server may be overloaded.
func holdsByNameplate(t *testing.T, top *topology.Topology, old int, s cascade.Scenario) bool {
	o, err := cascade.Run(top, s)
	require.NoError(t, err)
	if o.Judge(1) != cascade.Holds {
		return false
	}
	spec, err := top.Spec().Expand()
	require.NoError(t, err)
	for i := range spec.Components {
		c := &spec.Components[i]
		whole := top.Component(topology.ID(i))
		if c.Kind == "server" && len(whole.Supplies) > 0 && !alone(top, topology.ID(i)) {
			c.Supplies = []topology.Supply{whole.Supplies[0]}
			c.Supplies[0].Base += c.Supplies[0].Rate() * whole.Capacity
			c.Supplies[0].PerUnit = 0
		}
	}
	reserved := topology.Must(topology.New(spec))
	st := topology.State{Status: make([]topology.Status, top.Len())}
	drain, _ := top.Select(s.Drain...)
	for _, id := range drain {
		st.Status[id] = topology.Ready
	}
	lose, _ := top.Select(s.Lose...)
	for _, l := range top.Closure().Fail(lose...) {
		st.Status[l.ID] = topology.Down
	}
	load := reserved.Flow(st).Load
	draws := drawnOn(top, old)
	for id := range topology.ID(old) {
		if draws[id] && st.Status[id] == topology.Up && topology.Overloaded(load[id], top.Capacity(id)) {
			return false
		}
	}
	return true
}

// alone reports whether all servers draw on the same as one does, without a base: then the sum is known.
func alone(top *topology.Topology, one topology.ID) bool {
	for id := range topology.ID(top.Len()) {
		if top.Kind(id) != "server" {
			continue
		}
		links, own := top.Links(id), top.Links(one)
		last, like := links[len(links)-1], own[len(own)-1]
		if last.Pool != like.Pool || last.Supply.Base > 0 || last.Supply.Rate() != like.Supply.Rate() {
			return false
		}
	}
	return true
}

// drawnOn returns what new servers place load on, directly or further up.
func drawnOn(top *topology.Topology, old int) map[topology.ID]bool {
	found := map[topology.ID]bool{}
	var visit func(topology.ID)
	visit = func(id topology.ID) {
		for _, l := range top.Links(id) {
			if l.Pool >= 0 {
				for _, m := range l.Members {
					found[m] = true
					visit(m)
				}
			}
		}
	}
	for id := topology.ID(old); int(id) < top.Len(); id++ {
		visit(id)
	}
	return found
}

// cheapest tries every purchase of a few of each offer, and returns the cheapest that holds everywhere; of equal ones
// that with most of the first offer, and so on. Costs are in tenths.
func cheapest(t *testing.T, s topology.Spec, f cascade.Family, offers []spare.Offer, most int) (x []int, cost int) {
	old := topology.Must(topology.New(s))
	all, err := f.All(old)
	require.NoError(t, err)
	scenarios := []cascade.Scenario{{}}
	for one := range all {
		scenarios = append(scenarios, one)
	}
	try := make([]int, len(offers))
	var visit func(j, spent int)
	visit = func(j, spent int) {
		if x != nil && spent > cost {
			return
		}
		if j < len(offers) {
			for n := most; n >= 0; n-- {
				if offers[j].Most > 0 && n > offers[j].Most {
					continue
				}
				try[j] = n
				visit(j+1, spent+n*int(10*offers[j].Cost+.5))
			}
			return
		}
		if x != nil && spent == cost {
			return // the one before has more of an earlier offer
		}
		top := bought(t, s, offers, try)
		for _, one := range scenarios {
			if !holdsByNameplate(t, top, old.Len(), one) {
				return
			}
		}
		x, cost = append([]int(nil), try...), spent
	}
	visit(0, 0)
	return x, cost
}

func TestMinimumEqualsEveryPurchase(t *testing.T) {
	const most = 6
	count := map[string]int{}
	for seed := range spare.Seeds(700) {
		r := rand.New(rand.NewPCG(seed, 21))
		s := random(r)
		top, err := topology.New(s)
		if err != nil {
			continue // a demand that reaches no capacity
		}
		f, offers := randomFamily(r, s), randomOffers(r, s)
		for i := range offers {
			if offers[i].Cost == 0 {
				offers[i].Cost = 1
			}
		}
		p, err := spare.Minimum(ctx, top, f, spare.Options{Offers: offers})
		require.NoError(t, err)
		about := fmt.Sprintf("seed %d, %v, %v: %v", seed, f, offers, p)
		if p.Certainty == cascade.Undetermined {
			count["undetermined"]++
			continue
		}
		x, cost := cheapest(t, s, f, offers, most)
		if p.Infeasible {
			count["infeasible"]++
			require.Nil(t, x, about)
			continue
		}
		beyond := false
		got := make([]int, len(offers))
		for _, b := range p.Buy {
			beyond = beyond || b.Count > most
			for j, o := range offers {
				if o.Like == b.Like && o.For == b.For {
					got[j] = b.Count
				}
			}
		}
		if beyond {
			count["beyond"]++
			require.True(t, x == nil || float64(cost)/10 >= p.Cost-1e-9, about)
			continue
		}
		if x == nil {
			t.Fatal(about, "none was found")
		}
		require.InDelta(t, float64(cost)/10, p.Cost, 1e-9, about)
		require.Equal(t, p.Cost, p.Bound, about)
		require.Equal(t, x, got, about)
		count[string(p.Certainty)]++
		if p.Nameplate {
			count["nameplate"]++
		}
		if len(p.Buy) > 0 {
			require.NotEmpty(t, p.Binding, about)
			s, err := cascade.Screen(ctx, p.Fleet, f, cascade.Options{})
			require.NoError(t, err)
			require.True(t, s.Holds())
		}
	}
	t.Log(count)
	if testing.Short() {
		return
	}
	require.Greater(t, count["proven"], 100)
	require.Greater(t, count["infeasible"], 50)
	require.Greater(t, count["nameplate"], 3)
	require.Less(t, count["undetermined"], 60)
}
