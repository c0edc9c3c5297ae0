package ridethrough_test

import (
	"context"
	"errors"
	"fmt"
	"log"
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
}

// In a Go test: fail the build if one board can kill us.
func TestNoBoardKillsUs(t *testing.T) {
	fleet := topology.Must(topology.ReadFile("testdata/fleet.json"))
	redundancytest.Holds(t, fleet, cascade.Each("board"))
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
}

// Finds racks whose two feeds end in one board.
func Example_shared() {
	fleet := topology.Must(topology.ReadFile("testdata/datacentre.json"))
	shared, err := risk.Shared(fleet, "rack")
	if err != nil {
		log.Fatal(err)
	}
	for _, sharing := range shared {
		fmt.Println(sharing)
	}
}
