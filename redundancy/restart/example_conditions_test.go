package restart_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// shop is eighty servers that boot for two minutes, for users that take 64 of them.
func shop() (*topology.Topology, *restart.Plan) {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "web-[01-80]", Kind: "server", Capacity: 100, Start: topology.Start{Boot: 2 * time.Minute}},
		{Name: "users", Demand: 6_400, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	plan, err := restart.Make(context.Background(), fleet, cascade.Lose("server"), restart.Options{})
	if err != nil {
		fmt.Println(err)
	}
	return fleet, plan
}

// A plan that is safe if all boots go as they should is not where one takes longer, or fails.
func ExamplePlan_Rehearse() {
	fleet, plan := shop()
	r, err := plan.Rehearse(context.Background(), fleet, restart.Spread{Runs: 200})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(r)
	// Output:
	// Rehearsed 200 times, each boot 0.5 to 2 times as long, 2 % of them failing: none is safe (sampled: 0 to 1.828 %).
	//   all fastest   safe
	//   all slowest   step 2: at 2:00 web-01 cannot be put in rotation: it is booting
	//   step 2        not ready in 200 runs, first in run 1: at 2:00 web-01 cannot be put in rotation: it is booting
}

// With conditions it is, and one server that fails stops nobody.
func ExamplePlan_Guard() {
	fleet, plan := shop()
	guarded, err := plan.Guard(context.Background(), fleet, restart.Spread{})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(guarded)
	r, err := guarded.Rehearse(context.Background(), fleet, restart.Spread{Seed: 1})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(r)
	// Output:
	// The way back from server, if all of it can be started right away: 5 steps; in the end 100 % of users is served.
	//   unserved      as if nobody were served for 2:00 (12,800 demand × minutes); nothing safe leaves less
	//   full service  2:00
	//   finish        2:00; nothing safe finishes earlier
	//   certainty     proven, for the least unserved demand
	//     1      0:00  power on web-[01-80] (80)
	//     2      2:00  when none of web-[01-80] is booting: rotate in web-[01-80] (80)
	//   3-5            admit as much of users as is ready of web-[01-80]:
	//                    64 of 80  100 %
	//                    60 of 80  93.75 %
	//                    40 of 80  62.5 %
	//                    fewer     leave it as it is
	// Rehearsed 1,000 times, each boot 0.5 to 2 times as long, 2 % of them failing: all are safe (sampled: 99.63 to 100 %).
	//   all fastest   safe
	//   all slowest   safe
	//   unserved      2:00 planned, 4:00 median, 4:00 95th percentile, 4:00 worst: as if nobody were served for so long, until 4:00
	//   full service  2:00 planned, 4:00 median, 4:00 95th percentile, 4:00 worst
}

// Ten servers of a plan have not come up, and eight of them will be worth another start in a quarter of an hour.
func ExamplePlan_Resume() {
	fleet, plan := shop()
	rest, err := plan.Resume(context.Background(), fleet, restart.Present{
		At:     2 * time.Minute,
		Failed: topology.Names{"web-[01-20]"},
		Return: map[string]time.Duration{"web-[01-08]": 15 * time.Minute},
	})
	if err != nil {
		fmt.Println(err)
	}
	for _, s := range rest.Steps {
		fmt.Println(s.At, s)
	}
	// Output:
	// 0s power on web-[21-80] (60)
	// 2m0s rotate in web-[21-80] (60)
	// 2m0s admit 93.75 % of users
	// 15m0s power on web-[01-08] (8)
	// 17m0s rotate in web-[01-08] (8)
	// 17m0s admit 100 % of users
}

// How late each step may be.
func ExamplePlan_Slack() {
	fleet, plan := shop()
	all, err := plan.Slack(context.Background(), fleet)
	if err != nil {
		fmt.Println(err)
	}
	for i, s := range all {
		fmt.Printf("%v %v: %v\n", plan.Steps[i].At, plan.Steps[i], s)
	}
	// Output:
	// 0s power on web-[01-80] (80): from 0:00 earlier to 0:00 later; later still at 2:00 web-01 cannot be put in rotation: it is booting
	// 2m0s rotate in web-[01-80] (80): from 0:00 earlier to 0:00 later; earlier still at 1:59.999999999 web-01 cannot be put in rotation: it is booting; later still full service is at 2:00.000000001
	// 2m0s admit 100 % of users: from 2:00 earlier to 0:00 later; later still full service is at 3:00
}
