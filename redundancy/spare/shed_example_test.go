package spare_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// Chat and payments share four servers behind breakers. Payments are worth ten times as much, so chat is refused; and the
// later one acts, the more of it.
func ExampleShedInTime() {
	breaker := topology.Overload{Curve: topology.VI}
	users := func(name string, demand float64) topology.Component {
		return topology.Component{Name: name, Demand: demand, Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}}
	}
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "feed-[1-2]", Kind: "feed", Capacity: 500, Unit: "W", Overload: breaker},
		{Name: "feed-[3-4]", Kind: "feed", Capacity: 540, Unit: "W", Overload: breaker},
		{Name: "s-[1-4]", Kind: "server", Supplies: []topology.Supply{{Members: topology.Names{"feed-{1}"}, Base: 100, PerUnit: 1}}},
		users("chat", 1_300), users("pay", 200),
	}}))
	line, err := spare.ShedInTime(context.Background(), fleet, cascade.Lose("s-1"), map[string]float64{"pay": 10})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(line)
	fmt.Println(line.Stages[0].By.Round(time.Second), "are left.")
	// Output:
	// s-1:
	//   by 1m7.5s   refuse 23.08 % of chat, and the other 3 servers live (proven).
	//   by 1m18s    without feed-2: refuse 47.69 % of chat, and the other 2 servers live (proven).
	//   after that  without feed-[3-4]: refuse 100 % of chat, pay (proven). Nothing that is left can serve chat, pay.
	// 1m8s are left.
}
