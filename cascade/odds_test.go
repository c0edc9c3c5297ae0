package cascade_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// risky is a pool of a few servers on boards, some of which need one of two feeds, with unavailabilities. Some draw on
// databases.
func risky(r *rand.Rand) topology.Spec {
	boards, servers := 1+r.IntN(4), 1+r.IntN(7)
	q := func() topology.Failing {
		return topology.Failing{Unavailability: []float64{0, .5, .125, 1e-6, 1}[r.IntN(5)]}
	}
	spec := topology.Spec{Components: []topology.Component{
		{Name: "feed-[1-2]", Kind: "feed", Failing: q()},
	}}
	for i := range boards {
		b := topology.Component{Name: fmt.Sprint("board-", i), Kind: "board", Failing: q()}
		if r.IntN(6) == 0 {
			b.Needs = topology.Names{[]string{"1 of feed-[1-2]", "feed-1"}[r.IntN(2)]}
		}
		spec.Components = append(spec.Components, b)
	}
	db := topology.Component{Name: "db-[1-2]", Kind: "db", Capacity: float64(r.IntN(3) * servers), Failing: q()}
	draws := []topology.Supply{{Members: topology.Names{"db"}, Optional: r.IntN(2) == 0}}
	if r.IntN(4) == 0 {
		draws[0].Share, draws[0].Members, draws[0].Weights = topology.Weighted, topology.Names{"db-1", "db-2"}, []float64{0, 1}
	}
	spec.Components = append(spec.Components, db)
	for i := range servers {
		s := topology.Component{Name: fmt.Sprint("s-", i), Kind: "server", Capacity: float64(1 + r.IntN(6)), Failing: q()}
		if r.IntN(8) == 0 {
			s.Supplies = draws
		}
		if r.IntN(3) > 0 {
			s.Needs = topology.Names{fmt.Sprint("board-", r.IntN(boards))}
		}
		if r.IntN(12) == 0 {
			s.Needs = append(s.Needs, fmt.Sprint("s-", r.IntN(servers)))
		}
		spec.Components = append(spec.Components, s)
	}
	spec.Components = append(spec.Components, topology.Component{
		Name: "users", Kind: "users", Demand: float64(1 + r.IntN(4*servers)),
		Supplies: []topology.Supply{{Members: topology.Names{"server"}, Optional: r.IntN(2) == 0}},
	})
	if r.IntN(12) == 0 {
		spec.Components = append(spec.Components, topology.Component{
			Name: "jobs", Supplies: []topology.Supply{{Members: topology.Names{"users"}, Base: 5}},
		})
	}
	return spec
}

func randomOdds(r *rand.Rand) string {
	terms := []string{
		fmt.Sprintf("random %d of server", 1+r.IntN(3)), fmt.Sprintf("random %d of board", 1+r.IntN(2)),
		"independent server", "independent board", "independent feed + independent board",
		"independent board + independent server", fmt.Sprintf("random %d of board + independent server", 1+r.IntN(2)),
		"random 1 of s-[0-1] + independent board", "random 2 of s-[0-2]", "each board + independent server",
		"s-0 + independent server", "drain s-0 + independent board + load 1.5", "independent feed",
	}
	return terms[r.IntN(len(terms))]
}

// weighed goes through all scenarios of a family and adds up how likely it is not to hold, to collapse, and that so many
// servers are left.
func weighed(t *testing.T, fleet *topology.Topology, f cascade.Family, text string) (fail, collapse, all float64, left []float64) {
	scenarios, err := f.All(fleet)
	require.NoError(t, err)
	servers, err := fleet.Select("server")
	require.NoError(t, err)
	left = make([]float64, len(servers)+1)
	for s := range scenarios {
		weight := 1.0
		for id := range topology.ID(fleet.Len()) {
			q := fleet.Unavailability(id)
			if !strings.Contains(text, "independent "+fleet.Kind(id)) || q == 0 {
				continue
			}
			if lost, err := fleet.Select(s.Lose...); err == nil && slices.Contains(lost, id) {
				weight *= q
			} else {
				weight *= 1 - q
			}
		}
		p := newPlot(fleet, s).plain()
		all += weight
		if p.verdict() != cascade.Holds {
			fail += weight
		}
		if p.verdict() == cascade.Collapses {
			collapse += weight
		}
		n := 0
		for _, id := range servers {
			if !p.down[id] && !slices.Contains(p.drain, id) {
				n++
			}
		}
		left[n] += weight
	}
	return fail / all, collapse / all, all, left
}

func TestChance(t *testing.T) {
	count := map[string]int{}
	for seed := range uint64(cases(1500)) {
		r := rand.New(rand.NewPCG(seed, 21))
		fleet, err := topology.New(risky(r))
		if err != nil {
			continue
		}
		text := randomOdds(r)
		f, err := cascade.ParseFamily(text)
		require.NoError(t, err)
		odds, err := cascade.Chance(context.Background(), fleet, f, cascade.Options{})
		if err != nil {
			count["error"]++ // too few to choose from, or none with an unavailability
			continue
		}
		about := func() string { return fmt.Sprintf("%s of seed %d: %v", text, seed, odds) }
		require.Equal(t, cascade.Exact, odds.Certainty, about())
		fail, collapse, all, left := weighed(t, fleet, f, text)
		near(t, fail, odds.Fail.Low, about)
		near(t, collapse, odds.Collapse.Low, about)
		if odds.Reason != "" {
			count["counted"]++
			continue
		}
		count["closed"]++
		for n, p := range odds.Survivors {
			near(t, left[n]/all, p, about)
		}
		if odds.Fail.Low > 0 && odds.Fail.Low < 1e-5 {
			count["tail"]++
		}
	}
	t.Log(count)
	require.Greater(t, min(count["closed"], 2*count["counted"], 10*count["tail"]), cases(150), "%v", count)
}

func near(t *testing.T, want, got float64, about func() string) {
	t.Helper()
	if d := want - got; d > 1e-11*want || -d > 1e-11*want {
		require.Failf(t, "not as counted", "%v, by hand %v: %s", got, want, about())
	}
}

// The scenario itself may take all servers down, and leave nothing to chance.
func TestChanceOfNoServers(t *testing.T) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "users", Demand: 1, Supplies: []topology.Supply{{Members: topology.Names{"server"}, Optional: true}}},
		{Name: "s-[1-3]", Kind: "server", Capacity: 1, Needs: topology.Names{"board"}},
		{Name: "board"},
	}}))
	odds, err := cascade.Chance(context.Background(), fleet, cascade.Only(cascade.Lose("board")), cascade.Options{})
	require.NoError(t, err)
	require.Equal(t, "", odds.Reason)
	require.Equal(t, []float64{1}, odds.Survivors)
	require.Equal(t, cascade.Interval{Low: 1, High: 1}, odds.Collapse)
	require.Equal(t, odds.Collapse, odds.Fail)
}
