package restart_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// The power came back at 02:12, and servers boot for three minutes. It is 02:14, and rack-7 does not come up: the electrician wants
// half an hour.
func ExamplePlan_Resume_rack() {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "rack-[1-8]", Kind: "rack"},
		{Name: "web-[1-8]-[01-10]", Kind: "server", Capacity: 100, Unit: "req/s", Needs: []string{"rack-{1}"},
			Start: topology.Start{Boot: 3 * time.Minute}},
		{Name: "users", Demand: 7_200, Unit: "req/s", Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
	}}))
	ctx := context.Background()
	plan, err := restart.Make(ctx, fleet, cascade.Lose("rack"), restart.Options{})
	if err != nil {
		fmt.Println(err)
	}
	rest, err := plan.Resume(ctx, fleet, restart.Present{
		At:     2 * time.Minute,
		Failed: topology.Names{"rack-7"},
		Return: map[string]time.Duration{"rack-7": 32 * time.Minute},
	})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(rest)
	// Output:
	// The way back from rack: 6 steps; in the end 100 % of users is served.
	//   unserved      as if nobody were served for 3:53 (28,000 req/s × minutes); nothing safe leaves less
	//   full service  35:00
	//   finish        35:00; nothing safe finishes earlier
	//   certainty     proven, for the least unserved demand
	//   1      0:00  power on rack-[1-6,8], web-[1-6,8]-[01-10] (77)
	//   2      3:00  rotate in web-[1-6,8]-[01-10] (70)
	//   3            admit 97.22 % of users
	//   4     32:00  power on rack-7, web-7-[01-10] (11)
	//   5     35:00  rotate in web-7-[01-10] (10)
	//   6            admit 100 % of users
}
