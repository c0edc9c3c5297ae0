package redundancytest_test

import (
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/redundancytest"
	"github.com/ridethrough/ridethrough/topology"
)

// printer stands for the *testing.T of a test, and prints what that would report.
type printer struct{}

func (printer) Helper()                           {}
func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// hundred is 100 servers that share 8,000 requests/s, 30 of them on board-1.
var hundred = topology.Spec{
	Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
	Components: []topology.Component{
		{Name: "board-[1-4]", Kind: "board"},
		{Name: "chat-[001-030]", Kind: "server", Needs: topology.Names{"board-1"}},
		{Name: "chat-[031-060]", Kind: "server", Needs: topology.Names{"board-2"}},
		{Name: "chat-[061-080]", Kind: "server", Needs: topology.Names{"board-3"}},
		{Name: "chat-[081-100]", Kind: "server", Needs: topology.Names{"board-4"}},
		{Name: "users", Demand: 8_000, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	},
}

// In a test file this is the body of func TestNoBoardKillsUs(t *testing.T). The test fails, and says why.
func ExampleHolds() {
	t := printer{} // in a test, its *testing.T
	fleet := topology.Must(topology.New(hundred))
	redundancytest.Holds(t, fleet, cascade.Each("board"))
	// Output:
	// 2 of 4 scenarios of "each board" do not hold; the worst:
	// board-1 collapses: 0 % of users served; it would hold at 87.5 % of the load.
	//   round 0   at once  board-1 lost
	//                      chat-[001-030] (30) lost board-1
	//                      → 74 of 105 up, busiest chat-031 at 114.3 %
	//   round 1   at once  chat-[031-100] (70) tripped at 114.3 of 100 requests/s
	//                      users lost all 100 of server
	//                      → 3 of 105 up
}

// A weak server trips when a strong one is lost. The others take its load over, so that this does not hold but survives.
func ExampleSurvives() {
	t := printer{} // in a test, its *testing.T
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "strong-[1-9]", Kind: "server", Capacity: 20},
		{Name: "weak", Kind: "server", Capacity: 10},
		{Name: "users", Demand: 100, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	redundancytest.Survives(t, fleet, cascade.Each("server"))
	redundancytest.Holds(t, fleet, cascade.Each("strong-1"))
	// Output:
	// 1 of 1 scenario of "each strong-1" does not hold; the worst:
	// strong-1 degrades: 100 % of users served; it would hold at 90 % of the load.
	//   round 0   at once  strong-1 lost
	//                      → 10 of 11 up, busiest weak at 111.1 %
	//   round 1   at once  weak tripped at 11.11 of 10
	//                      → 9 of 11 up, busiest strong-2 at 62.5 %
}

func ExampleIndependent() {
	t := printer{} // in a test, its *testing.T
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "ups-[1-2]"},
		{Name: "feed-[a,b]-1", Needs: topology.Names{"ups-1"}},
		{Name: "rack-1", Kind: "rack", Needs: topology.Names{"1 of feed-[a,b]-1"}},
	}}))
	redundancytest.Independent(t, fleet, "rack")
	// Output:
	// the redundancy of "rack" is only on paper (1 found):
	//   rack-1 needs 1 of feed-[a,b]-1; all of them need ups-1
}

// The one zone that two of three databases share is found; that there is one region only is accepted.
func ExampleNoSinglePoint() {
	t := printer{} // in a test, its *testing.T
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "region"},
		{Name: "zone-[1-2]", Needs: topology.Names{"region"}},
		{Name: "db-[1-2]", Kind: "db", Needs: topology.Names{"zone-1"}},
		{Name: "db-3", Kind: "db", Needs: topology.Names{"zone-2"}},
		{Name: "users", Demand: 1, Needs: topology.Names{"2 of db"}, Supplies: []topology.Supply{{Members: topology.Names{"web"}}}},
		{Name: "web", Capacity: 1},
	}}))
	redundancytest.NoSinglePoint(t, fleet, "users", "region")
	// Output:
	// single points of failure of "users" (2 found), by what it needs:
	//   zone-1 takes users
	//   web takes users
}

// Four nines are asked for. The board alone would leave room for that, the two servers just so, and both do not.
func ExampleAvailable() {
	t := printer{} // in a test, its *testing.T
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{
			"board":  {Failing: topology.Failing{MTBF: 50_000 * time.Hour, MTTR: 4 * time.Hour}},
			"server": {Capacity: 100, Failing: topology.Failing{Unavailability: .01}},
		},
		Components: []topology.Component{
			{Name: "region"},
			{Name: "board-1", Kind: "board", Needs: topology.Names{"region"}},
			{Name: "web-[1-2]", Kind: "server", Needs: topology.Names{"board-1"}},
			{Name: "users", Demand: 80, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}))
	redundancytest.Available(t, fleet, "users", 4, "region")
	// Output:
	// "users" does not have 4 nines:
	// users goes down, by needs alone, with 1 group of 1 and 1 of 2.
	//   alone              board-1
	//   unavailability     0.000179986: 3.74 nines, 1h35m a year (exact)
	//   often taken for it 0.00018 (min-cut bound), 0.00018 (sum over the groups)
	//   frequency          once in 5.705 years, for 4h in the mean until it is repaired; a restart comes on top
	//   not in frequency   outages begun by web-[1-2]: no MTBF is given
	//   likeliest groups   0.0001  web-1 + web-2
	//                      7.999e-05  board-1
	//   fix first          web-1: its groups are 55.6 % of the sum; if it never failed, 44.4 % would be left
	//                      web-2: its groups are 55.6 % of the sum; if it never failed, 44.4 % would be left
	//                      board-1: its groups are 44.4 % of the sum; if it never failed, 55.6 % would be left
}

func ExampleSafeToTake() {
	t := printer{} // in a test, its *testing.T
	spec := hundred
	spec.Components = append([]topology.Component{}, spec.Components...)
	spec.Components[5].Demand = 6_800
	fleet := topology.Must(topology.New(spec))
	redundancytest.SafeToTake(t, fleet, cascade.Each("board"), "chat-[001-005]")
	// Output:
	// Taking out chat-[001-005] is not safe (exact).
	//   what fails: drained, board-2 lost: chat-006 at 104.6 of 100 requests/s
	//   worst when drained, off: board-2 lost: chat-006 at 104.6 of 100 requests/s
}
