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
	//   unserved      26,000 demand × minutes; nothing safe leaves less
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
