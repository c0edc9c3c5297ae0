// One hundred servers share one load; a power board takes thirty of them. Do the other seventy die of the overload? What
// spare would have prevented it, and in what order may everything be started again?
//
//	go run ./examples/hundred
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// fleet is 100 servers of 100 requests/s on four boards. With a gate in front, users can be let in by fractions.
func fleet(gated bool) topology.Spec {
	return topology.Spec{
		Name:  "chat",
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: []string{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: []string{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: []string{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: []string{"board-4"}},
			{Name: "users", Demand: 8_000, Unit: "requests/s", Gated: gated,
				Supplies: []topology.Supply{{Members: []string{"server"}}}},
		},
	}
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer) error {
	power := map[string]time.Duration{"board-1": 26 * time.Minute} // dark for so long

	chat, err := topology.New(fleet(true))
	if err != nil {
		return err
	}
	report, err := redundancy.Analyze(ctx, chat, redundancy.Options{Scenarios: cascade.Each("board"), Return: power})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, report)

	ungated, err := topology.New(fleet(false))
	if err != nil {
		return err
	}
	plan, err := restart.Make(ctx, ungated, cascade.Lose("board-1"), restart.Options{Return: power})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nAnd if there were no gate, so that all users come back at once?\n\n%v\n", plan)
	return nil
}
