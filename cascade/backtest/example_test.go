package backtest_test

import (
	"fmt"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/cascade/backtest"
	"github.com/ridethrough/ridethrough/topology"
)

// Board b went down at noon, and web-3 and web-4 with it. Would we have known what came?
func Example() {
	fleet := topology.Must(topology.New(topology.Spec{
		Components: []topology.Component{
			{Name: "board-[a,b]"},
			{Name: "web-[1-2]", Capacity: 250, Unit: "requests/s", Needs: topology.Names{"board-a"}},
			{Name: "web-[3-4]", Capacity: 250, Unit: "requests/s", Needs: topology.Names{"board-b"}},
			{Name: "users", Demand: 400, Unit: "requests/s", Supplies: []topology.Supply{{Members: topology.Names{"web-[1-4]"}}}},
		},
	}))
	result, err := backtest.Run(fleet, cascade.Lose("board-b"),
		map[string]float64{"web-1": 98, "web-2": 103, "web-3": 99, "web-4": 100}, // 11:58
		map[string]float64{"web-1": 205, "web-2": 215})                           // 12:03
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(result)
	// Output:
	// board-b: the prediction is that it holds; 2 are up and 2 down as predicted.
	//
	// requests/s  before  model  off by  after  predicted  off by  at load 1.05  off by
	// web-1           98    100  +2.0 %    205        200  -2.4 %           210  +2.4 %
	// web-2          103    100  -2.9 %    215        200  -7.0 %           210  -2.3 %
	// web-3           99    100  +1.0 %      –       down    lost          down
	// web-4          100    100  +0.0 %      –       down    lost          down
	//
	// Before the loss the model is off by: 1.5 % on average, most -2.9 % (web-2), over 4 components.
	// After it the prediction is off by: 4.7 % on average, most -7.0 % (web-2), over 2 components.
	// The demand after is 1.05 times that before, if all of it was served; predicted with that it is off by: 2.4 % on average, most +2.4 % (web-1), over 2 components.
	// Not measured: users.
}
