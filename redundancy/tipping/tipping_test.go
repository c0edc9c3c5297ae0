package tipping

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

func hundredServers() *topology.Topology {
	server := func(name, on string) topology.Component {
		return topology.Component{Name: name, Kind: "server", Capacity: 100, Needs: topology.Names{on}}
	}
	return topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-[1-4]", Kind: "board"},
		server("chat-[001-030]", "board-1"), server("chat-[031-060]", "board-2"),
		server("chat-[061-080]", "board-3"), server("chat-[081-100]", "board-4"),
		{Name: "users", Demand: 8000, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
}

func tipping(t *testing.T, top *topology.Topology, pattern string) *Point {
	p, err := Holding(context.Background(), top, pattern)
	require.NoError(t, err)
	return p
}

func TestTippingOfHundred(t *testing.T) {
	p := tipping(t, hundredServers(), "server")
	require.Equal(t, "server: any 20 of 100 may be lost, 21 may not (not chat-[001-021]); with luck 20.", p.String())
	require.Equal(t, cascade.Exact, p.Certainty)
	p = tipping(t, hundredServers(), "board")
	require.Equal(t, "board: not any 1 of 4 may be lost (not board-1); with luck 1.", p.String())
	_, err := Holding(context.Background(), hundredServers(), "rack")
	require.ErrorContains(t, err, "rack")
}

// At 8,000/80 = 100 each the fleet holds, above it does not.
func TestTippingAtTheThreshold(t *testing.T) {
	for capacity, any := range map[float64]int{100: 20, 99.9999: 19, 100.0001: 20, 80: 0, 79.999: -1, 1e9: 99} {
		spec := hundredServers().Spec()
		for i := range spec.Components {
			if spec.Components[i].Kind == "server" {
				spec.Components[i].Capacity = capacity
			}
		}
		require.Equal(t, any, tipping(t, topology.Must(topology.New(spec)), "server").Any, "%v", capacity)
	}
}

// randomPool is a few servers of several capacities on boards, which may have limits of their own.
func randomPool(r *rand.Rand) topology.Spec {
	var s topology.Spec
	boards := 1 + r.IntN(5)
	limited := r.IntN(2) == 0
	dual := r.IntN(3) == 0
	for i := range boards {
		c := topology.Component{Name: fmt.Sprintf("board-%d", i), Kind: "board"}
		if limited {
			c.Capacity = float64(r.IntN(12)) * 20
		}
		if r.IntN(4) == 0 {
			c.Supplies = []topology.Supply{{Members: topology.Names{"ups"}, Base: 1, PerUnit: 1}}
		}
		s.Components = append(s.Components, c)
	}
	servers := 1 + r.IntN(7)
	for i := range servers {
		c := topology.Component{Name: fmt.Sprintf("s-%d", i), Kind: "server", Capacity: float64(5 * (1 + r.IntN(4)))}
		on := topology.Names{fmt.Sprintf("board-%d", r.IntN(boards))}
		if dual && r.IntN(2) == 0 {
			if other := fmt.Sprintf("board-%d", r.IntN(boards)); other != on[0] {
				on = append(on, other)
			}
		}
		switch r.IntN(3) {
		case 0:
			c.Needs = on
		case 1:
			c.Supplies = []topology.Supply{{Members: on, Base: float64(r.IntN(10)), PerUnit: float64(1 + r.IntN(2))}}
		}
		s.Components = append(s.Components, c)
	}
	users := topology.Supply{Members: topology.Names{"server"}, Need: 1 + r.IntN(2)}
	users.Need = min(users.Need, servers)
	s.Components = append(s.Components,
		topology.Component{Name: "ups", Kind: "ups", Capacity: float64(r.IntN(5) * 60)},
		topology.Component{Name: "users", Demand: float64(1 + r.IntN(12*servers)), Supplies: []topology.Supply{users}})
	if r.IntN(2) == 0 {
		tighten(r, &s)
	}
	if limited && r.IntN(4) == 0 {
		s.Components = append(s.Components, topology.Component{Name: "fan", Supplies: []topology.Supply{{Members: topology.Names{"board"}, Base: float64(20 * r.IntN(boards+1))}}})
	}
	return s
}

// tighten makes power what matters: strong servers, and limits about the demand.
func tighten(r *rand.Rand, s *topology.Spec) {
	demand, base := s.Components[len(s.Components)-1].Demand, float64(r.IntN(2))
	for i := range s.Components {
		switch c := &s.Components[i]; c.Kind {
		case "server":
			c.Capacity *= 10
			for j := range c.Supplies {
				c.Supplies[j].Base = float64(r.IntN(3))
			}
		case "ups":
			c.Capacity = demand * float64(2+r.IntN(6)) / 4
		case "board":
			if c.Capacity > 0 {
				c.Capacity = demand * float64(1+r.IntN(4)) / 4
			}
			if c.Supplies = nil; r.IntN(2) == 0 {
				c.Supplies = []topology.Supply{{Members: topology.Names{"ups"}, Base: base, PerUnit: 1}}
			}
		}
	}
}

// All load goes through one UPS that can just take it: whichever board is lost, 8 of 8 W.
func TestTippingUnderACommonUPS(t *testing.T) {
	board := topology.Component{Name: "board-[1-2]", Kind: "board", Supplies: []topology.Supply{{Members: topology.Names{"ups"}, PerUnit: 1}}}
	server := topology.Component{Name: "s-[1-2][a,b]", Kind: "server", Capacity: 4, Supplies: []topology.Supply{{Members: topology.Names{"board-{1}"}, PerUnit: 1}}}
	top := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "ups", Capacity: 8}, board, server,
		{Name: "users", Demand: 8, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	require.Equal(t, "board: any 1 of 2 may be lost, 2 may not (not board-[1-2]); with luck 1.", tipping(t, top, "board").String())
	require.Equal(t, 2, tipping(t, top, "server").Any)
}

func TestTippingWhereAServerIsNeededBesides(t *testing.T) {
	spec := hundredServers().Spec()
	spec.Components = append(spec.Components, topology.Component{Name: "watch", Needs: topology.Names{"chat-001"}})
	p := tipping(t, topology.Must(topology.New(spec)), "server")
	require.Equal(t, "server: any 20 of 100 may be lost, 21 may not (not chat-[001-021]); with luck 20.", p.String())
}

func BenchmarkTipping(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		for _, kind := range []string{"server", "board"} {
			b.Run(fmt.Sprintf("%s/%dservers", kind, n), func(b *testing.B) {
				var s topology.Spec
				for i := range n / 20 {
					s.Components = append(s.Components, topology.Component{Name: fmt.Sprintf("board-%d", i), Kind: "board"},
						topology.Component{Name: fmt.Sprintf("s-%d-[1-20]", i), Kind: "server", Capacity: float64(90 + i%10), Needs: topology.Names{fmt.Sprintf("board-%d", i)}})
				}
				s.Components = append(s.Components, topology.Component{Name: "users", Demand: 70 * float64(n), Supplies: []topology.Supply{{Members: topology.Names{"server"}}}})
				top := topology.Must(topology.New(s))
				for b.Loop() {
					if p, err := Holding(context.Background(), top, kind); err != nil || p.Certainty != cascade.Exact {
						b.Fatal(p, err)
					}
				}
			})
		}
	}
}
