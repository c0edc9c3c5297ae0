package cascade_test

import (
	"context"
	"fmt"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// hundred is one hundred servers on boards of 30, 30, 20 and 20, which share one load.
func hundred() *topology.Topology {
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

func ExampleRun() {
	outcome, err := cascade.Run(hundred(), cascade.Lose("board-1"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(outcome.Verdict)
	fmt.Printf("it would hold at %.1f %% of the load\n", 100*outcome.Margin)
	// Output:
	// collapses
	// it would hold at 87.5 % of the load
}

func ExampleOutcome_Why() {
	outcome, err := cascade.Run(hundred(), cascade.Lose("board-1"))
	if err != nil {
		fmt.Println(err)
		return
	}
	why := outcome.Why("chat-100")
	fmt.Println(why[0])
	fmt.Println(why[len(why)-1])
	// Output:
	// board-1 lost
	// chat-100 tripped at 114.3 of 100 requests/s
}

func ExampleAny() {
	family := cascade.Any(2, "board")
	scenarios, err := family.All(hundred())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(family)
	for s := range scenarios {
		fmt.Println(s)
	}
	// Output:
	// any 2 of board
	// board-[1-2]
	// board-[1,3]
	// board-[1,4]
	// board-[2-3]
	// board-[2,4]
	// board-[3-4]
}

func ExampleParseFamily() {
	family, err := cascade.ParseFamily("each board; board-3 + load 1.2; any 2 of server")
	if err != nil {
		fmt.Println(err)
		return
	}
	count, err := family.Count(hundred())
	fmt.Println(count, err)
	// Output: 4955 <nil>
}

func ExampleScreen() {
	s, err := cascade.Screen(context.Background(), hundred(), cascade.Each("board"), cascade.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("intact:", s.Intact.Verdict)
	fmt.Printf("%d hold, %d collapse\n", s.Holding, s.Collapsing)
	for _, c := range s.Worst {
		fmt.Println(c)
	}
	// Output:
	// intact: holds
	// 2 hold, 2 collapse
	// board-1 collapses: 0 % served, 3 up (one of 2 alike)
}

func ExampleMonotone() {
	boards, err := hundred().Select("board")
	fmt.Println(cascade.Monotone(hundred(), boards...), err)
	// Output: true <nil>
}
