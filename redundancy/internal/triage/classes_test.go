package triage_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/internal/triage"
	"github.com/ridethrough/ridethrough/topology"
)

// rooms is two or three rooms of alike servers on a board each, that two demands share, the second only in part.
func rooms(r *rand.Rand) topology.Spec {
	var s topology.Spec
	n := 2 + r.IntN(2)
	for i := range n {
		servers := 2 + r.IntN(4)
		s.Components = append(s.Components,
			topology.Component{Name: fmt.Sprintf("board-%d", i), Capacity: float64(servers * (12 + r.IntN(10)))},
			topology.Component{Name: fmt.Sprintf("s-%d-[1-%d]", i, servers), Kind: "server", Capacity: float64(6 + r.IntN(8)),
				Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("board-%d", i)}, Base: float64(r.IntN(10)), PerUnit: 1}}})
	}
	share := []topology.Share{topology.Equal, topology.Proportional, topology.Equal}[r.IntN(3)]
	some := topology.Names{"s-0-[1-2]", "s-1-1"}
	if r.IntN(2) == 0 {
		some = topology.Names{"server"}
	}
	s.Components = append(s.Components,
		topology.Component{Name: "chat", Demand: float64(20 + r.IntN(100)), Supplies: []topology.Supply{{Members: topology.Names{"server"}, Share: share}}},
		topology.Component{Name: "pay", Demand: float64(10 + r.IntN(30)), Supplies: []topology.Supply{{Members: some, Need: 1 + r.IntN(2)}}})
	return s
}

// Where each choice can be looked at, the search finds one that is as good, and proves no more than is true.
func TestSearchAmongClasses(t *testing.T) {
	all, best, proven := 0, 0, 0
	for seed := range uint64(400 * *fleets) {
		r := rand.New(rand.NewPCG(seed, 3))
		top, err := topology.New(rooms(r))
		require.NoError(t, err)
		p := intact(top)
		p.Worth[top.Len()-1] = float64(1 + r.IntN(3))
		every, err := triage.Solve(t.Context(), p)
		require.NoError(t, err)
		if !every.Every {
			continue
		}
		all++
		found, err := triage.Search(t.Context(), p)
		require.NoError(t, err)
		text := about(t, seed, p, found)
		near := 1e-6 * found.Total
		require.Equal(t, every.Fits, found.Fits, text)
		require.GreaterOrEqual(t, found.Most+near, every.Value, text)
		require.LessOrEqual(t, found.Value, every.Value+near, text)
		if found.Value >= every.Value-near {
			best++
		}
		if found.Proven() {
			proven++
		}
	}
	t.Log(all, best, proven)
	require.Greater(t, all, 50)
	require.Greater(t, best, all*97/100)
	require.Greater(t, proven, all*90/100)
}

// intact is a fleet of which nothing is lost.
func intact(t *topology.Topology) triage.Problem {
	p := triage.Problem{Topology: t, Status: make([]topology.Status, t.Len()), Demand: make([]float64, t.Len()), Worth: make([]float64, t.Len())}
	for id := range topology.ID(t.Len()) {
		if p.Demand[id] = t.Demand(id); p.Demand[id] > 0 {
			p.Worth[id] = 1
		}
	}
	return p
}

// A chain of 20,000 that each need the next comes down with the last in one look after the other, not in 20,000 times as
// many; and 3,000 boards that are overloaded are relieved one by one.
func TestLargeFleetsTakeSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	const chain, boards = 20_000, 3_000
	var s topology.Spec
	for i := range chain {
		c := topology.Component{Name: fmt.Sprintf("c-%d", i)}
		if i > 0 {
			c.Needs = topology.Names{fmt.Sprintf("c-%d", i-1)}
		} else {
			c.Needs = topology.Names{"2 of server"}
		}
		s.Components = append(s.Components, c)
	}
	for i := range boards {
		s.Components = append(s.Components,
			topology.Component{Name: fmt.Sprintf("board-%d", i), Capacity: 100 + float64(i%97)},
			topology.Component{Name: fmt.Sprintf("s-%d-[1-4]", i), Kind: "server", Capacity: 30,
				Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("board-%d", i)}, Base: 20, PerUnit: 1}}})
	}
	users := []topology.Supply{{Members: topology.Names{"server"}}}
	s.Components = append(s.Components,
		topology.Component{Name: "chat", Demand: 10 * 4 * boards, Supplies: users}, topology.Component{Name: "mail", Demand: 4 * 4 * boards, Supplies: users})
	top, err := topology.New(s)
	require.NoError(t, err)
	began := time.Now()
	a, err := triage.Solve(t.Context(), intact(top))
	require.NoError(t, err)
	require.True(t, a.Fits)
	require.Less(t, time.Since(began), 30*time.Second) // about 2 s alone
	t.Log(time.Since(began), a.Value, a.Most, a.Total, a.Stay, a.Live)
}
