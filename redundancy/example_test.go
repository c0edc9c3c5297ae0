package redundancy_test

import (
	"context"
	"fmt"

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
	//   board-1: web-2 would carry 125 of 100 requests/s, 1 more is needed
	//   board-2: web-1 would carry 125 of 100 requests/s, 1 more is needed
	//   board-3: web-1 would carry 125 of 100 requests/s, 1 more is needed
	// board-1: refuse 20 % of users, and the other 2 servers live (exact).
	//   web-2 is at 100 of 100 requests/s then
}
