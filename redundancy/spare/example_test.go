package spare_test

import (
	"context"
	"fmt"
	"log"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// One hundred servers share 8,000 requests/s; a board takes thirty of them.
func fleet() *topology.Topology {
	return topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: topology.Names{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: topology.Names{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: topology.Names{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: topology.Names{"board-4"}},
			{Name: "users", Demand: 8_000, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}))
}

// Ten more servers survive the loss of any board, if they do not stand on the two large ones.
func ExampleMinimum() {
	plan, err := spare.Minimum(context.Background(), fleet(), cascade.Each("board"), spare.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(plan)
	// Output:
	// Buy 10 like chat-061, on board-3: cost 10 (proven).
	// Less will not do:
	//   board-1: chat-031 would carry 114.3 of 100 requests/s, 10 more are needed
	//   board-2: chat-001 would carry 114.3 of 100 requests/s, 10 more are needed
}

// Until they are there: what to refuse when board-1 is lost, so that the 70 servers that are left stay up.
func ExampleShed() {
	shedding, err := spare.Shed(context.Background(), fleet(), cascade.Lose("board-1"), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(shedding)
	// Output:
	// board-1: refuse 12.5 % of users, and the other 70 servers live (exact).
	//   chat-031 is at 100 of 100 requests/s then
}
