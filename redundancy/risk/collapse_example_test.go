package risk_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// Any one of four boards may be lost. If two are, all servers that are left die of the load, though two would be enough for what
// needs them.
func ExampleCollapse() {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-[1-4]", Failing: topology.Failing{MTBF: 50_000 * time.Hour, MTTR: 4 * time.Hour}},
		{Name: "web-[1-4]", Capacity: 100, Needs: topology.Names{"board-{1}"}},
		{Name: "users", Demand: 280, Supplies: []topology.Supply{{Members: topology.Names{"web-[1-4]"}}}},
	}}))
	found, err := risk.Collapse(context.Background(), fleet, risk.Options{Failing: topology.Names{"board-[1-4]"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found)
	// Output:
	// Every set of up to 2 losses was followed to its end, 10 sets as 2 cases of what is alike.
	//   fail by overload   3.839e-08  any 2 of board-[1-4]
	//   fail by needs      none
	//   unavailability     3.83898e-08: at least 7.42 nines, at most 1.21s a year
	//     by overload      3.83877e-08 to 3.83898e-08
	//     not followed     2.047e-12: more than 2 down at a time, in the higher numbers
}
