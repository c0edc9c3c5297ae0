// One hundred servers on four boards shared 8,000 requests/s, and one board took all of them down. What would it have cost
// to be redundant, in each of the usual ways?
//
//	go run ./examples/strategies
//
// Prices and times between failures are round figures, for the sake of the example: put in your own.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/strategy"
	"github.com/ridethrough/ridethrough/topology"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// fleet is as it was: boards of thirty servers and of twenty.
func fleet() (*topology.Topology, error) {
	return topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: topology.Names{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: topology.Names{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: topology.Names{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: topology.Names{"board-4"}},
			{Name: "users", Demand: 8_000, Unit: "requests/s", Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	})
}

const year = 365 * 24 * time.Hour

// options is what one of each costs, in servers, and how often it fails.
func options() strategy.Options {
	return strategy.Options{
		Server: strategy.Part{Price: 1, Failing: topology.Failing{MTBF: 5 * year, MTTR: 24 * time.Hour}},
		Feed:   strategy.Part{Kind: "board", Price: 5, Failing: topology.Failing{MTBF: 5 * year, MTTR: 26 * time.Minute}},
		Site:   strategy.Part{Price: 10, Failing: topology.Failing{MTBF: 20 * year, MTTR: 12 * time.Hour}},
		// The usual ones, and what the fleet could have been: as many servers on each of its boards, any three of which are enough.
		Layouts: append(strategy.Usual(), strategy.Layout{Name: "four boards at 3/4", Feeds: 4, Enough: 3}),
	}
}

func run(ctx context.Context, w io.Writer) error {
	t, err := fleet()
	if err != nil {
		return err
	}
	as, err := cascade.Screen(ctx, t, cascade.Each("board"), cascade.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "As it was: %v\n  %s\n\n", t, strings.ReplaceAll(as.String(), "\n", "\n  "))

	table, err := strategy.Compare(ctx, t, options())
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "As it could have been: %v\n", table)
	return nil
}
