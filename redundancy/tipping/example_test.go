package tipping_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/tipping"
	"github.com/ridethrough/ridethrough/topology"
)

// Eight strong servers and four weak ones share 800 requests/s. Lose any one, and the weak are overloaded, and trip. Eight
// strong ones carry it all, seven do not: so weak ones may be lost, all four with luck.
func ExampleFind() {
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Unit: "requests/s", Overload: topology.Overload{After: 30 * time.Second}}},
		Components: []topology.Component{
			{Name: "strong-[1-8]", Kind: "server", Capacity: 110},
			{Name: "weak-[1-4]", Kind: "server", Capacity: 70},
			{Name: "users", Demand: 800, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}))
	p, err := tipping.Find(context.Background(), fleet, "server", cascade.Options{})
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
