package restart

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// commonFleet is users, servers and boards, of which some return later.
func commonFleet(seed uint64) (*topology.Topology, *Plan) {
	r := rand.New(rand.NewPCG(seed, 9))
	boards, each := 1+r.IntN(3), 1+r.IntN(4)
	users := topology.Component{Name: "users", Demand: float64(1 + r.IntN(10*boards*each)), Gated: r.IntN(3) > 0, Supplies: []topology.Supply{{Members: []string{"server"}}}}
	if r.IntN(2) == 0 {
		users.Reopen = topology.Reopen{Surge: float64(r.IntN(3)) / 4, Decay: time.Minute}
	}
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 10, Start: topology.Start{
			Boot: time.Duration(r.IntN(4)) * 30 * time.Second, WarmUp: time.Duration(1+r.IntN(3)) * time.Minute, Cold: float64(1+r.IntN(4)) / 4}}},
		Components: []topology.Component{
			{Name: fmt.Sprintf("board-[1-%d]", boards), Kind: "board", Capacity: float64(2 + 2*r.IntN(2*each)), Start: topology.Start{Boot: time.Duration(r.IntN(2)) * time.Minute}},
			{Name: fmt.Sprintf("server-[1-%d]-[1-%d]", boards, each), Kind: "server", Supplies: []topology.Supply{{Members: []string{"board-{1}"}, Base: 1, Inrush: float64(r.IntN(3)), PerUnit: .1}}},
			users,
		},
	}))
	p := &Plan{Scenario: cascade.Lose("board"), Grid: time.Minute, Soonest: r.IntN(4) == 0}
	if r.IntN(2) == 0 {
		p.Scenario = cascade.Lose("board-1")
	}
	if r.IntN(2) == 0 {
		p.Return = map[string]time.Duration{"board-1": time.Duration(r.IntN(4)) * time.Minute}
	}
	return fleet, p
}

// A way is as good as it seems while it is made.
func TestWaySeemsAsItIs(t *testing.T) {
	t.Parallel()
	plans := 0
	for seed := range uint64(400) {
		fleet, p := commonFleet(seed)
		f, _, reason, err := survey(fleet, p)
		require.NoError(t, err)
		if reason != "" {
			continue
		}
		for _, policy := range policies {
			w, err := f.plan(context.Background(), p, policy)
			require.NoError(t, err)
			for _, plan := range append(f.admitAhead(w.plan), w.plan) {
				seems := *plan
				if f.measure(context.Background(), plan) != nil {
					continue
				}
				plans++
				require.InDelta(t, plan.Unserved, seems.Unserved, 1e-9*plan.Unserved+1e-9, "seed %d: %v", seed, plan)
				require.InDelta(t, plan.Served[0].Fraction, seems.Served[0].Fraction, 1e-12, "seed %d", seed)
				require.Equal(t, plan.Finish, seems.Finish, "seed %d: %v", seed, plan)
			}
		}
	}
	require.Greater(t, plans, 1000)
}

// A server that runs without what it draws on loses a part of its load then: that is no case for waves.
func TestSurveyOptionalSupply(t *testing.T) {
	t.Parallel()
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "store", Capacity: 3},
		{Name: "server-[1-2]", Kind: "server", Capacity: 20, Supplies: []topology.Supply{{Members: []string{"store"}, Optional: true}}},
		{Name: "users", Demand: 24, Supplies: []topology.Supply{{Members: []string{"server"}}}},
	}}))
	_, _, reason, err := survey(fleet, &Plan{Scenario: cascade.Lose("store", "server")})
	require.NoError(t, err)
	require.Contains(t, reason, "runs without")
}
