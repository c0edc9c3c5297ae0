package spare_test

import (
	"context"
	"fmt"
	"log"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// Eight servers of 10 requests/s on three boards of limited power share 70. Each draws 1 W and a quarter of a watt for each
// request/s. Servers cost more on board-2; board-1 may get more power.
func ExampleMinimum_power() {
	server := func(board, names string) topology.Component {
		return topology.Component{Name: names, Kind: "server", Capacity: 10, Unit: "requests/s",
			Supplies: []topology.Supply{{Members: topology.Names{board}, Base: 1, PerUnit: .25}}}
	}
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-1", Kind: "board", Capacity: 17, Unit: "W"},
		{Name: "board-2", Kind: "board", Capacity: 31, Unit: "W"},
		{Name: "board-3", Kind: "board", Capacity: 32, Unit: "W"},
		server("board-1", "web-[1-3]"), server("board-2", "web-[4-6]"), server("board-3", "web-[7-8]"),
		{Name: "users", Demand: 70, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	plan, err := spare.Minimum(context.Background(), fleet, cascade.Each("board"), spare.Options{
		Offers: []spare.Offer{
			{Like: "web-1", Cost: 900},          // on board-1
			{Like: "web-4", Cost: 950},          // on board-2
			{Like: "web-7", Cost: 900, Most: 4}, // on board-3
			{For: "board-1", By: 5, Cost: 400},  // watts
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(plan)
	// Output:
	// Buy 1 like web-1, on board-1; 2 like web-7, on board-3: cost 2,700 (proven).
	// Less will not do:
	//   board-1: web-4 would carry 14 of 10 requests/s, 2 more are needed
	//   board-2: web-1 would carry 14 of 10 requests/s, 2 more are needed
	//   board-3: web-1 would carry 11.67 of 10 requests/s, 1 more is needed
	// Do not buy on top of it:
	//   2 more like web-1, on board-1: after board-3, board-1 would carry 17.67 of 17 W
}
