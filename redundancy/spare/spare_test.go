package spare_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

type component = topology.Component

var ctx = context.Background()

// hundred is 100 servers that share 8,000 requests/s, thirty of them on each of two boards.
func hundred() topology.Spec {
	return topology.Spec{
		Kinds: map[string]component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: topology.Names{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: topology.Names{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: topology.Names{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: topology.Names{"board-4"}},
			{Name: "users", Demand: 8000, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}
}

func minimum(t *testing.T, s topology.Spec, family string, o spare.Options) *spare.Plan {
	top, err := topology.New(s)
	require.NoError(t, err)
	f, err := cascade.ParseFamily(family)
	require.NoError(t, err)
	p, err := spare.Minimum(ctx, top, f, o)
	require.NoError(t, err)
	return p
}

// Losing board-1 or board-2 leaves 70 servers where 8,000/100 = 80 are needed: 10 more, wherever they survive both.
func TestHundred(t *testing.T) {
	p := minimum(t, hundred(), "each board", spare.Options{})
	require.Equal(t, cascade.Proven, p.Certainty)
	require.Len(t, p.Buy, 1)
	require.Equal(t, "chat-061", p.Buy[0].Like)
	require.Equal(t, 10, p.Buy[0].Count)
	require.Equal(t, topology.Names{"board-3"}, p.Buy[0].On)
	require.Equal(t, 10.0, p.Cost)
	require.Equal(t, 10.0, p.Bound)
	require.Len(t, p.Binding, 2)
	require.Equal(t, "board-1", p.Binding[0].Scenario.String())
	require.Equal(t, "board-2", p.Binding[1].Scenario.String())
	require.Equal(t, 10, p.Binding[0].Missing)
	require.Equal(t, "4 board, 110 server, 1 users", p.Fleet.String())
	require.Equal(t, `Buy 10 like chat-061, on board-3: cost 10 (proven).
  board-1: chat-031 would carry 114.3 of 100 requests/s, 10 servers are missing
  board-2: chat-001 would carry 114.3 of 100 requests/s, 10 servers are missing`, p.String())
}
