package spare_test

import (
	"context"
	"fmt"
	"slices"
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
	servers, err := p.Fleet.Select("server")
	require.NoError(t, err)
	require.Len(t, servers, 110)
	require.Equal(t, `Buy 10 like chat-061, on board-3: cost 10 (proven).
Less will not do:
  board-1: chat-031 would carry 114.3 of 100 requests/s, 10 more are needed
  board-2: chat-001 would carry 114.3 of 100 requests/s, 10 more are needed`, p.String())
}

// withBoards is servers of the capacities given, each drawing perUnit from a board of its own.
func withBoards(amount, limit float64, capacities ...float64) topology.Spec {
	var s topology.Spec
	for i, c := range capacities {
		board := fmt.Sprintf("board-%d", i+1)
		b := component{Name: board, Kind: "board", Unit: "W"}
		if i == 0 {
			b.Capacity = limit
		}
		s.Components = append(s.Components, b, component{Name: fmt.Sprintf("s-%d", i+1), Kind: "server", Capacity: c,
			Supplies: []topology.Supply{{Members: topology.Names{board}, PerUnit: 1}}})
	}
	s.Components = append(s.Components, component{Name: "users", Demand: amount, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}})
	return s
}

// A demand of 90 on servers of 15, one on each of three boards, board-1 limited to 41. Six servers are needed. With x of
// them added board-1 carries (1 + x1) · 90/n: 2 · 90/6 = 30 for (1,0,2), 4 · 90/8 = 45 for (3,0,2), 4 · 90/9 = 40 for
// (3,1,2): adding is not monotone. By nameplate board-1 takes 2 · 15 = 30 but not 3 · 15 = 45, so one at most is added
// to it, and whatever is added elsewhere then holds too.
func TestNameplateAvoidsWhatIsNotMonotone(t *testing.T) {
	s := withBoards(90, 41, 15, 15, 15)
	offers := []spare.Offer{{Like: "s-1"}, {Like: "s-2"}, {Like: "s-3"}}
	holds := func(x ...int) bool {
		o, err := cascade.Run(bought(t, s, offers, x), cascade.Scenario{})
		require.NoError(t, err)
		return o.Judge(1) == cascade.Holds
	}
	require.True(t, holds(1, 0, 2))
	require.False(t, holds(3, 0, 2))
	require.True(t, holds(3, 1, 2))

	p := minimum(t, s, "nothing", spare.Options{Offers: offers})
	require.Equal(t, cascade.Proven, p.Certainty)
	require.True(t, p.Nameplate)
	require.Equal(t, "Buy 1 like s-1, on board-1; 2 like s-2, on board-2: cost 3 (proven, with power reserved by nameplate).\nLess will not do:\n"+
		"  nothing lost: s-1 would carry 30 of 15, 3 more are needed\nDo not buy on top of it:\n"+
		"  2 more like s-1, on board-1: with nothing lost, board-1 would carry 45 of 41 W", p.String())
	for more := range 20 {
		require.True(t, holds(1, 2+more, 0))
		require.True(t, holds(1, 2, more))
	}
}

// Of one server of 10 and demand 12, two are needed; a second one of 5 would have to be with a third: 12/3 = 4.
func TestWeakOfferRaisesTheNeed(t *testing.T) {
	s := withBoards(12, 0, 10, 5)
	s.Components = slices.Delete(s.Components, 3, 4)
	s.Components = append(s.Components, component{Name: "s-2", Kind: "server", Capacity: 5, Supplies: []topology.Supply{{Members: topology.Names{"board-2"}}}})
	p := minimum(t, s, "nothing", spare.Options{Offers: []spare.Offer{{Like: "s-1", Cost: 3}, {Like: "s-2"}}})
	require.Equal(t, "Buy 1 like s-2, on board-2: cost 1 (proven).\nLess will not do:\n  nothing lost: s-2 would carry 6 of 5, 1 more is needed", p.String())

	s.Components = slices.DeleteFunc(s.Components, func(c component) bool { return c.Name == "s-1" })
	p = minimum(t, s, "nothing", spare.Options{})
	require.Equal(t, 2.0, p.Cost) // 12/3 = 4 of 5, 12/2 = 6
}

func TestCapacityForABoard(t *testing.T) {
	s := withBoards(30, 20, 30)
	p := minimum(t, s, "nothing", spare.Options{Offers: []spare.Offer{{For: "board", By: 5, Cost: 2}}})
	require.Equal(t, "Buy 2 × 5 W more for board-1: cost 4 (proven).\nLess will not do:\n  nothing lost: board-1 would carry 30 of 20 W", p.String())
	require.Equal(t, 30.0, p.Fleet.Capacity(0))
	p = minimum(t, s, "nothing", spare.Options{Offers: []spare.Offer{{For: "board-1", By: 9.999, Most: 1}}})
	require.True(t, p.Infeasible)
	require.Equal(t, "Nothing on offer helps (proven): nothing lost cannot hold with at most 1 × 9.999 W more for board-1; the capacity of board-1.\n  nothing lost: board-1 would carry 30 of 20 W", p.String())
	p = minimum(t, s, "nothing", spare.Options{Offers: []spare.Offer{{For: "board-1", By: 10, Most: 1}}})
	require.Equal(t, 1.0, p.Cost)
}

// One more than 8,000/100 = 80 is needed just above it.
func TestMinimumAtTheThreshold(t *testing.T) {
	for amount, want := range map[float64]float64{7000: 0, 7000.001: 1, 7100: 1, 7100.001: 2, 7100 * (1 + 1e-10): 1} {
		s := hundred()
		s.Components[5].Demand = amount
		require.Equal(t, want, minimum(t, s, "each board", spare.Options{}).Cost, "%v", amount)
	}
}

func TestNothingHelps(t *testing.T) {
	p := minimum(t, hundred(), "any 4 of board", spare.Options{})
	require.True(t, p.Infeasible)
	require.Nil(t, p.Fleet)
	require.Equal(t, "Nothing on offer helps (proven): board-[1-4] cannot hold, however many like chat-001, chat-031, chat-061 and 1 more are bought.\n  board-[1-4]: users lost all 100 of server", p.String())
	p = minimum(t, hundred(), "each board", spare.Options{Offers: []spare.Offer{{Like: "chat-061", Most: 9}}})
	require.True(t, p.Infeasible)
	require.Equal(t, "board-1", p.Binding[0].Scenario.String())

	s := hundred()
	s.Components = append(s.Components, component{Name: "dns"})
	s.Components[5].Needs = topology.Names{"dns"}
	p = minimum(t, s, "dns", spare.Options{})
	require.Equal(t, "Nothing on offer helps (proven): dns cannot hold, however many like chat-001, chat-031, chat-061 and 1 more are bought.\n  dns: users lost dns", p.String())
}

// Several demands, a watch on the servers, boards and capacity that are bought, a board out of rotation, millions of
// scenarios: of each the answer is known.
func TestBeyondOnePool(t *testing.T) {
	two := hundred()
	two.Components = append(two.Components, component{Name: "more", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}})
	watched := hundred()
	watched.Components = append(watched.Components, component{Name: "watch", Needs: topology.Names{"1 of server"}})
	for _, c := range []struct {
		spec   topology.Spec
		family string
		offers []spare.Offer
		cost   float64
	}{
		{two, "each board", nil, 11},                                           // 8,100 on servers of 100
		{watched, "each board", nil, 10},                                       // nothing else
		{hundred(), "each board", []spare.Offer{{For: "server", By: 15}}, 100}, // 8,000 on 70 is 114.3 for each; those of board-3 are needed as well
		{hundred(), "board-1 + drain board-2", nil, 10},                        // a board is in no pool, so it has no rotation to leave
		{hundred(), "any 21 of server", nil, 1},                                // 2·10²¹ scenarios
	} {
		p := minimum(t, c.spec, c.family, spare.Options{Offers: c.offers})
		require.Equal(t, cascade.Proven, p.Certainty, "%v", p)
		require.Equal(t, c.cost, p.Cost, "%v", p)
	}
	p := minimum(t, hundred(), "each board", spare.Options{Offers: []spare.Offer{{Like: "board-1"}}})
	require.True(t, p.Infeasible) // a board more carries no servers
}

func TestOffersThatMakeNoSense(t *testing.T) {
	top := topology.Must(topology.New(hundred()))
	for want, o := range map[string]spare.Offer{
		"either like":              {},
		"give either":              {Like: "chat-001", For: "board"},
		`like "chat-1"`:            {Like: "chat-1"},
		`for "rack"`:               {For: "rack", By: 1},
		"by 0":                     {For: "board"},
		"by is for capacity":       {Like: "chat-001", By: 3},
		"no component and no kind": {Like: "chat-001", Needs: topology.Names{"board-9"}},
		"cost -1":                  {Like: "chat-001", Cost: -1},
		"most -1":                  {Like: "chat-001", Most: -1},
		"needs are of":             {For: "board", By: 1, Needs: topology.Names{"board-1"}},
	} {
		_, err := spare.Minimum(ctx, top, cascade.Each("board"), spare.Options{Offers: []spare.Offer{o}})
		require.ErrorContains(t, err, want)
	}
	_, err := spare.Minimum(ctx, top, cascade.Each("rack"), spare.Options{})
	require.ErrorContains(t, err, "rack")
}

// The new servers are of no kind and no pattern that the users name, so they are added by name; the label of the one
// they are like goes with them.
func TestNewServersJoinThePool(t *testing.T) {
	s := topology.Spec{Components: []component{
		{Name: "chat-[1-2]", Capacity: 10, Labels: map[string]string{"zone": "a"}},
		{Name: "spare-chat-1-1"},
		{Name: "users", Demand: 20, Supplies: []topology.Supply{{Members: topology.Names{"chat-1", "chat-2"}}}},
	}}
	p := minimum(t, s, "chat-1", spare.Options{})
	require.Equal(t, 1.0, p.Cost)
	users, _ := p.Fleet.Lookup("users")
	require.Equal(t, topology.Names{"chat-[1-2]", "spare2-chat-1-1"}, p.Fleet.Names(p.Fleet.Links(users)[0].Members))
	zone, err := p.Fleet.Select("zone=a")
	require.NoError(t, err)
	require.Len(t, zone, 3)
	p = minimum(t, s, "chat-1; zone=a", spare.Options{}) // the new one would be lost with the zone
	require.True(t, p.Infeasible)
}

func TestMinimumStopsWithItsContext(t *testing.T) {
	done, cancel := context.WithCancel(ctx)
	cancel()
	top := topology.Must(topology.New(hundred()))
	p, err := spare.Minimum(done, top, cascade.Each("board"), spare.Options{})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, cascade.Undetermined, p.Certainty)
}

func TestOrderOfDeclarationOnlyBreaksTies(t *testing.T) {
	s := hundred()
	slices.Reverse(s.Components)
	p := minimum(t, s, "each board", spare.Options{})
	require.Equal(t, 10.0, p.Cost)
	require.Equal(t, "chat-081", p.Buy[0].Like)
}

// Losing board-1 leaves 4 of the 6 servers needed, and so does losing board-2. Two on board-3 at 2 each cost what two on
// each of the others cost at 1.
func TestTiesGoByTheOrderOfOffers(t *testing.T) {
	s := topology.Spec{Components: []component{{Name: "board-[1-3]", Kind: "board"},
		{Name: "s-[1-3][a,b]", Kind: "server", Capacity: 10, Needs: topology.Names{"board-{1}"}}, demand(60)}}
	one, two, three := spare.Offer{Like: "s-1a"}, spare.Offer{Like: "s-2a"}, spare.Offer{Like: "s-3a", Cost: 2}
	count := func(offers ...spare.Offer) map[string]int {
		p := minimum(t, s, "each board-[1-2]", spare.Options{Offers: offers})
		require.Equal(t, 4.0, p.Cost)
		require.Equal(t, cascade.Proven, p.Certainty)
		got := map[string]int{}
		for _, b := range p.Buy {
			got[b.Like] = b.Count
		}
		return got
	}
	require.Equal(t, map[string]int{"s-1a": 2, "s-2a": 2}, count(one, two, three))
	require.Equal(t, map[string]int{"s-3a": 2}, count(three, two, one))
}
