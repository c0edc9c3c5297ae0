package ridethrough_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"strings"
	"testing"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy"
	"github.com/ridethrough/ridethrough/redundancy/redundancytest"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
)

// One hundred servers share one load; a board takes thirty of them.
func Example_hundred() {
	fleet, err := topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: []string{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: []string{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: []string{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: []string{"board-4"}},
			{Name: "users", Demand: 8_000, Gated: true, Supplies: []topology.Supply{{Members: []string{"server"}}}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	report, err := redundancy.Analyze(context.Background(), fleet, redundancy.Options{
		Scenarios: cascade.Each("board"),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report)
	// Output:
	// 4 × board, 100 × server, users
	// each board: 2 of 4 scenarios hold, 2 collapse (exact).
	//
	//   nothing lost  holds      server: 100 of 100 left at 80 %, holds to 125 % of the load
	//   board-1       collapses  server: 70 of 100 left at 114.3 %, all down in round 1, 0 % of users served
	//   board-2       collapses  server: 70 of 100 left at 114.3 %, all down in round 1, 0 % of users served
	//   board-3       holds      server: 80 of 100 left at 100 %, holds to 100 % of the load
	//   board-4       holds      server: 80 of 100 left at 100 %, holds to 100 % of the load
	//
	// What may be lost
	//   board: not any 1 of 4 may be lost (not board-1); with luck 1.
	//   server: any 20 of 100 may be lost, 21 may not (not chat-[001-021]); with luck 20.
	//
	// Minimum spare
	//   Buy 10 like chat-061, on board-3: cost 10 (proven).
	//   Less will not do:
	//     board-1: chat-031 would carry 114.3 of 100 requests/s, 10 more are needed
	//     board-2: chat-001 would carry 114.3 of 100 requests/s, 10 more are needed
	//
	// How it happens
	//   board-1 collapses: 0 % of users served; it would hold at 87.5 % of the load.
	//     round 0   at once  board-1 lost
	//                        chat-[001-030] (30) lost board-1
	//                        → 74 of 105 up, busiest chat-031 at 114.3 %
	//     round 1   at once  chat-[031-100] (70) tripped at 114.3 of 100 requests/s
	//                        users lost all 100 of server
	//                        → 3 of 105 up
	//
	// When it comes: board-1
	//   board-1: refuse 12.5 % of users, and the other 70 servers live (exact).
	//     chat-031 is at 100 of 100 requests/s then
	//   The way back from board-1, if all of it can be started right away: 3 steps; in the end 100 % of users is served.
	//     unserved      nothing
	//     full service  0:00
	//     finish        0:00; nothing safe finishes earlier
	//     certainty     proven, for the least unserved demand
	//     1      0:00  power on board-1, chat-[001-100] (101)
	//     2            rotate in chat-[001-100] (100)
	//     3            admit 100 % of users
	//
	// When others come
	//   board-2: refuse 12.5 % of users, and the other 70 servers live (exact).
	//   board-2: if all of it can be started right away, the way back takes 3 steps, to 100 % served.
}

// In a Go test: fail the build if one board can kill us.
func TestNoBoardKillsUs(t *testing.T) {
	fleet := topology.Must(topology.ReadFile("testdata/fleet.json"))
	redundancytest.Holds(t, fleet, cascade.Each("board"))
	redundancytest.NoSinglePoint(t, fleet, "users") // by what they need, whatever the load
	// Output:
	// x
}

// Forty racks on A and B feeds at 60 %: one trips, the other follows.
func Example_dualfeed() {
	fleet, err := topology.New(topology.Spec{Components: []topology.Component{
		{Name: "ups-[a,b]", Capacity: 500_000},
		{Name: "feed-[a,b]-[01-40]", Kind: "feed", Capacity: 10_000, Overload: topology.Overload{Curve: topology.VI},
			Supplies: []topology.Supply{{Members: []string{"ups-{1}"}}}},
		{Name: "rack-[01-40]", Kind: "rack", Demand: 12_000,
			Supplies: []topology.Supply{{Members: []string{"feed-[a,b]-{1}"}}}},
	}})
	if err != nil {
		log.Fatal(err)
	}
	outcome, err := cascade.Run(fleet, cascade.Lose("feed-a-07"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outcome)
	for _, failure := range outcome.Why("rack-07") {
		fmt.Println(failure)
	}
	// Output:
	// feed-a-07 collapses: of 40 demands the worst is rack-07, 0 % of it served; it would hold at 83.33 % of the load.
	//   round 0   at once  feed-a-07 lost
	//                      → 121 of 122 up, busiest feed-b-07 at 120 %
	//   round 1   1m7.5s   feed-b-07 tripped at 12,000 of 10,000
	//                      rack-07 lost both of feed-[a,b]-07
	//                      → 119 of 122 up, busiest feed-a-01 at 60 %
	//
	// feed-a-07 lost
	// feed-b-07 tripped at 12,000 of 10,000 after 1m7.5s
	// rack-07 lost both of feed-[a,b]-07
}

// Checks a topology file: prints everything wrong with it, or the report. -lose 'any 2 of board' asks for more than single
// losses. A program would read os.Args, and exit with 2, or with 1 if it does not hold.
func Example_file() {
	var lose cascade.Family
	flags := flag.NewFlagSet("check", flag.ExitOnError)
	flags.TextVar(&lose, "lose", lose, "what fails: 'each board', 'any 2 of feed'")
	flags.Parse([]string{"-lose", "any 2 of board", "testdata/fleet.json"})

	fleet, err := topology.ReadFile(flags.Arg(0))
	if err != nil {
		fmt.Println(err) // all faults, one a line: fleet.json:7:31: …
		return
	}
	report, err := redundancy.Analyze(context.Background(), fleet, redundancy.Options{Scenarios: lose})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Split(report.String(), "\n")[1])
	fmt.Println("holds:", report.Holds())
	// Output:
	// any 2 of board: 0 of 10 scenarios hold, 10 collapse (exact).
	// holds: false
}

// Screens the loss of any two of 5,000 feeds; when the context ends, prints what is known so far.
func Example_screen() {
	fleet := topology.Must(topology.ReadFile("testdata/datacentre.json"))
	screening, err := cascade.Screen(context.Background(), fleet, cascade.Any(2, "feed"), cascade.Options{})
	if screening != nil {
		fmt.Println(screening)
	}
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// any 2 of feed: of 3,160 scenarios 3,120 hold, 0 degrade, 40 collapse (exact).
	//   feed-a-01 + feed-b-01 collapses: 0 % served, 119 up
	//   feed-a-02 + feed-b-02 collapses: 0 % served, 119 up
	//   feed-a-03 + feed-b-03 collapses: 0 % served, 119 up
	//   feed-a-04 + feed-b-04 collapses: 0 % served, 119 up
	//   feed-a-05 + feed-b-05 collapses: 0 % served, 119 up
	//   feed-a-06 + feed-b-06 collapses: 0 % served, 119 up
	//   feed-a-07 + feed-b-07 collapses: 0 % served, 119 up
	//   feed-a-08 + feed-b-08 collapses: 0 % served, 119 up
	//   feed-a-09 + feed-b-09 collapses: 0 % served, 119 up
	//   feed-a-10 + feed-b-10 collapses: 0 % served, 119 up
	//   and 30 more that do not hold
}

// Buys the least that survives any board and says why less will not do.
func Example_spare() {
	fleet := topology.Must(topology.ReadFile("testdata/boards.json"))
	plan, err := spare.Minimum(context.Background(), fleet, cascade.Each("board"), spare.Options{
		Offers: []spare.Offer{
			{Like: "chat-061", Cost: 900, Most: 8}, // on board-3
			{Like: "chat-081", Cost: 900, Most: 8}, // on board-4
			{For: "board", By: 5_000, Cost: 2_000},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(plan)
	// Output:
	// Buy 8 like chat-061, on board-3; 2 like chat-081, on board-4: cost 9,000 (proven).
	// Less will not do:
	//   board-1: chat-031 would carry 114.3 of 100 requests/s, 10 more are needed
	//   board-2: chat-001 would carry 114.3 of 100 requests/s, 10 more are needed
}

// Plans the way back from the loss of board-1, which has power again after 26 minutes; edits it; checks it.
func Example_restart() {
	ctx := context.Background()
	fleet := topology.Must(topology.ReadFile("testdata/boards.json"))
	plan, err := restart.Make(ctx, fleet, cascade.Lose("board-1"), restart.Options{
		Return: map[string]time.Duration{"board-1": 26 * time.Minute},
		AtOnce: map[string]int{"server": 10},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(plan)

	for i := range plan.Steps { // someone is impatient
		if plan.Steps[i].Do == restart.Admit {
			plan.Steps[i].At -= 5 * time.Minute
		}
	}
	err = restart.Verify(ctx, fleet, plan)
	var v *restart.Violation
	if errors.As(err, &v) {
		fmt.Printf("step %d is too early: %v\n", v.Step+1, v)
	} else if err != nil {
		log.Fatal(err)
	}
	// Output:
	// The way back from board-1: 27 steps; in the end 100 % of users is served.
	//   unserved      as if nobody were served for 27:00 (216,000 requests/s × minutes); nothing safe leaves less
	//   full service  48:00
	//   finish        1:00:00; nothing safe finishes earlier
	//   certainty     proven, for the least unserved demand
	//    1      0:00  power on board-2, chat-[031-040] (11)
	//    2      6:00  power on chat-[041-050] (10)
	//    3            rotate in chat-[031-040] (10)
	//    4            admit 12.5 % of users
	//    5     12:00  power on chat-[051-060] (10)
	//    6            rotate in chat-[041-050] (10)
	//    7            admit 25 % of users
	//    8     18:00  power on chat-[061-070] (10)
	//    9            rotate in chat-[051-060] (10)
	//   10            admit 37.5 % of users
	//   11     24:00  power on chat-[071-080] (10)
	//   12            rotate in chat-[061-070] (10)
	//   13            admit 50 % of users
	//   14     30:00  power on board-1, chat-[001-010] (11)
	//   15            rotate in chat-[071-080] (10)
	//   16            admit 62.5 % of users
	//   17     36:00  power on chat-[011-020] (10)
	//   18            rotate in chat-[001-010] (10)
	//   19            admit 75 % of users
	//   20     42:00  power on chat-[021-030] (10)
	//   21            rotate in chat-[011-020] (10)
	//   22            admit 87.5 % of users
	//   23     48:00  power on chat-[081-090] (10)
	//   24            rotate in chat-[021-030] (10)
	//   25            admit 100 % of users
	//                 from here on everybody is served; the rest follows
	//   26     54:00  power on chat-[091-100] (10)
	//   27   1:00:00  rotate in chat-[081-100] (20)
	//
	// step 7 is too early: at 7:00 chat-031 would be overloaded: 200 of 100 requests/s
}

// Finds racks whose two feeds end in one board.
func Example_shared() {
	fleet := topology.Must(topology.ReadFile("testdata/datacentre.json"))
	shared, err := risk.Shared(context.Background(), fleet, topology.Names{"rack"})
	if err != nil {
		log.Fatal(err)
	}
	for _, sharing := range shared {
		fmt.Println(sharing)
	}
	// Output:
	// rack-37 needs 1 of feed-[a,b]-37; all of them need ups-1
	// rack-38 needs 1 of feed-[a,b]-38; all of them need ups-1
	// rack-39 needs 1 of feed-[a,b]-39; all of them need ups-1
	// rack-40 needs 1 of feed-[a,b]-40; all of them need ups-1
}
