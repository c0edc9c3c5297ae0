package redundancy_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy"
	"github.com/ridethrough/ridethrough/topology"
)

// Three servers of 100 requests/s, each on a board of its own, share 250: any one lost, and the others are at 125 %.
func ExampleAnalyze() {
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s", Needs: topology.Names{"board-{1}"}}},
		Components: []topology.Component{
			{Name: "board-[1-3]", Kind: "board"},
			{Name: "web-[1-3]", Kind: "server"},
			{Name: "users", Demand: 250, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}))
	report, err := redundancy.Analyze(context.Background(), fleet, redundancy.Options{Scenarios: cascade.Each("board")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Holds())
	fmt.Println(report.Spare)
	fmt.Println(report.Cases[0].Shed)
	// Output:
	// false
	// Buy 1 like web-1, on board-1; 1 like web-2, on board-2: cost 2 (proven).
	// Less will not do:
	//   board-1: web-2 would carry 125 of 100 requests/s, 1 server is missing
	//   board-2: web-1 would carry 125 of 100 requests/s, 1 server is missing
	//   board-3: web-1 would carry 125 of 100 requests/s, 1 server is missing
	// board-1: refuse 20 % of users, and the other 2 servers live (exact).
	//   web-2 is at 100 of 100 requests/s then
}

// Eight strong servers and four weak ones share 800 requests/s. Lose any one, and the weak are overloaded, and trip. Eight
// strong ones carry it all, seven do not: so weak ones may be lost, all four with luck.
func ExampleTippingPoint() {
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Unit: "requests/s", Overload: topology.Overload{After: 30 * time.Second}}},
		Components: []topology.Component{
			{Name: "strong-[1-8]", Kind: "server", Capacity: 110},
			{Name: "weak-[1-4]", Kind: "server", Capacity: 70},
			{Name: "users", Demand: 800, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}))
	p, err := redundancy.TippingPoint(context.Background(), fleet, "server", cascade.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p)
	fmt.Printf("with one lost at random it does not hold with %v, and collapses with %v\n", p.Random[1].Fail, p.Random[1].Collapse)
	// Output:
	// server: not any 1 of 12 may be lost (not strong-1); with luck 4.
	//   without collapse: not any 1 of 12 may be lost (not strong-1); with luck 4.
	//   holds: 0 random losses; load to 105 %; capacity to 95.24 %.
	//   does not collapse: of random losses 0 with 95 %, 0 with 50 %, 2 with 5 %; load to 110 %; capacity to 90.91 %.
	//   strong-1 lost: it collapses after 1m0s.
	// with one lost at random it does not hold with 100 %, and collapses with 66.67 %
}
