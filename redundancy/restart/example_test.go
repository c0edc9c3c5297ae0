package restart_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// One hundred servers share 8,000 requests a second, and a board takes thirty of them, and so all. The rest can come back at
// once, as far as users can be held back.
func ExampleMake() {
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: topology.Names{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: topology.Names{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: topology.Names{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: topology.Names{"board-4"}},
			{Name: "users", Demand: 8_000, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}))
	plan, err := restart.Make(context.Background(), fleet, cascade.Lose("board-1"), restart.Options{
		Return: map[string]time.Duration{"board-1": 26 * time.Minute},
	})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(plan)
	// Output:
	// The way back from board-1: 6 steps; in the end 100 % of users is served.
	//   unserved      as if nobody were served for 3:15 (26,000 demand × minutes); nothing safe leaves less
	//   full service  26:00
	//   finish        26:00; nothing safe finishes earlier
	//   certainty     proven, for the least unserved demand
	//   1      0:00  power on chat-[031-100] (70)
	//   2            rotate in chat-[031-100] (70)
	//   3            admit 87.5 % of users
	//   4     26:00  power on board-1, chat-[001-030] (31)
	//   5            rotate in chat-[001-030] (30)
	//   6            admit 100 % of users
}

// Two servers would do, and someone puts one in rotation first.
func ExampleVerify() {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board"},
		{Name: "web-[1-2]", Kind: "server", Capacity: 100, Unit: "requests/s", Needs: topology.Names{"board"}},
		{Name: "users", Demand: 150, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	plan := &restart.Plan{Scenario: cascade.Lose("board"), Steps: []restart.Step{
		{Do: restart.PowerOn, What: topology.Names{"board", "server"}},
		{Do: restart.Rotate, What: topology.Names{"web-1"}},
		{At: time.Minute, Do: restart.Rotate, What: topology.Names{"web-2"}},
	}}
	err := restart.Verify(context.Background(), fleet, plan)
	var v *restart.Violation
	if errors.As(err, &v) {
		fmt.Printf("step %d: %v\n", v.Step+1, v)
	}
	plan.Steps[1].At = time.Minute
	fmt.Println(restart.Verify(context.Background(), fleet, plan))
	// Output:
	// step 2: at 0:00 web-1 would be overloaded: 150 of 100 requests/s
	// <nil>
}

// Any fleet: two demands on services that draw on a store, of which one is worth more, and a registry that all need to start.
func ExampleMake_services() {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "registry", Start: topology.Start{Boot: 2 * time.Minute}},
		{Name: "db-[1-2]", Kind: "db", Capacity: 100, StartNeeds: topology.Names{"registry"}, Start: topology.Start{Boot: 5 * time.Minute}},
		{Name: "shop-[1-3]", Kind: "shop", Capacity: 60, StartNeeds: topology.Names{"registry"}, Start: topology.Start{Boot: time.Minute},
			Supplies: []topology.Supply{{Members: topology.Names{"db"}}}},
		{Name: "search", Capacity: 90, StartNeeds: topology.Names{"registry"}, Start: topology.Start{Boot: time.Minute},
			Supplies: []topology.Supply{{Members: topology.Names{"db"}}}},
		{Name: "buyers", Demand: 150, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"shop"}}}},
		{Name: "visitors", Demand: 80, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"search"}}}},
	}}))
	plan, err := restart.Make(context.Background(), fleet, cascade.Lose("registry", "db", "shop", "search"), restart.Options{
		Value: map[string]float64{"buyers": 10},
	})
	if err != nil {
		fmt.Println(err)
	}
	fmt.Print(plan)
	// Output:
	// The way back from registry + db + shop + search, if all of it can be started right away: 6 steps; in the end 100 % of buyers is served; in the end 62.5 % of visitors is served.
	//   62.5 % of visitors is served in the end: with all of it db-[1-2] would be overloaded, db-1 the most: 115 of 100.
	//   unserved      until 8:00 as if nobody were served for 8:00 (12,640 demand × minutes, by value); nothing safe leaves less
	//   full service  never: from 8:00 on 62.5 % of visitors is served, for as long as nothing else changes
	//   finish        8:00; nothing safe finishes earlier
	//   certainty     proven, for the least unserved demand
	//   1      0:00  power on registry
	//   2      2:00  power on db-[1-2] (2)
	//   3      7:00  power on shop-[1-3], search (4)
	//   4      8:00  rotate in shop-[1-3], search (4)
	//   5            admit 100 % of buyers
	//   6            admit 62.5 % of visitors
}

// A plan that was edited has its figures brought up to date.
func ExamplePlan_Measure() {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "web", Capacity: 100},
		{Name: "users", Demand: 80, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"web"}}}},
	}}))
	plan, _ := restart.Make(context.Background(), fleet, cascade.Lose("web"), restart.Options{})
	fmt.Println(plan.Unserved, plan.Certainty)
	last := &plan.Steps[len(plan.Steps)-1]
	last.At = 10 * time.Minute
	err := plan.Measure(context.Background(), fleet)
	fmt.Println(plan.Unserved, plan.Certainty, err)
	// Output:
	// 0 proven
	// 800 bounded <nil>
}

// For a curve of one's own: who is in rotation, and what is served, every minute and whenever something happens.
func ExamplePlan_Timeline() {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "web-[1-4]", Kind: "server", Capacity: 100, Start: topology.Start{Boot: 90 * time.Second}},
		{Name: "users", Demand: 320, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	plan, err := restart.Make(context.Background(), fleet, cascade.Lose("server"), restart.Options{AtOnce: map[string]int{"server": 2}})
	if err != nil {
		fmt.Println(err)
	}
	line, err := plan.Timeline(context.Background(), fleet, time.Minute, 2*time.Minute, 3*time.Minute, 4*time.Minute)
	if err != nil {
		fmt.Println(err)
	}
	for _, m := range line.Moments[1:] {
		s, d := m.Groups[0], m.Demands[0]
		fmt.Printf("%6v  %d boot, %d in rotation, of which %d are enough; busiest at %.0f %%; %3.0f of %.0f served\n",
			m.At, s.Booting, s.Rotating, m.Enough, 100*s.Busiest.Utilization(), d.Served, line.Demands[0].Asked)
	}
	// Output:
	//     0s  2 boot, 0 in rotation, of which 0 are enough; busiest at 0 %;   0 of 320 served
	//   1m0s  2 boot, 0 in rotation, of which 0 are enough; busiest at 0 %;   0 of 320 served
	//  1m30s  2 boot, 2 in rotation, of which 2 are enough; busiest at 100 %; 200 of 320 served
	//   2m0s  2 boot, 2 in rotation, of which 2 are enough; busiest at 100 %; 200 of 320 served
	//   3m0s  0 boot, 4 in rotation, of which 4 are enough; busiest at 80 %; 320 of 320 served
	//   4m0s  0 boot, 4 in rotation, of which 4 are enough; busiest at 80 %; 320 of 320 served
}
