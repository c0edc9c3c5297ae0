// The power lines are doubled, so how could both fail? Because both end in the same distribution board.
//
//	go run ./examples/sharedboard
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// fleet is twenty racks of servers with two lines each, and chat for which fourteen racks are enough. On paper the lines of a rack
// end in two boards; as built, both of racks 13 to 20 end in board-2. How often things fail is assumed.
func fleet(built bool) topology.Spec {
	second := "board-1"
	if built {
		second = "board-2"
	}
	return topology.Spec{
		Name: "chat",
		Kinds: map[string]topology.Component{
			"board": {Failing: topology.Failing{MTBF: 50_000 * time.Hour, MTTR: 4 * time.Hour}},
			"line":  {Failing: topology.Failing{MTBF: 100_000 * time.Hour, MTTR: 8 * time.Hour}},
			"rack":  {Capacity: 500, Unit: "requests/s", Failing: topology.Failing{MTBF: 20_000 * time.Hour, MTTR: 6 * time.Hour}},
		},
		Components: []topology.Component{
			{Name: "board-[1-2]", Kind: "board"},
			{Name: "line-a-[01-20]", Kind: "line", Needs: []string{"board-2"}},
			{Name: "line-b-[01-12]", Kind: "line", Needs: []string{"board-1"}},
			{Name: "line-b-[13-20]", Kind: "line", Needs: []string{second}},
			{Name: "rack-[01-20]", Kind: "rack", Needs: []string{"1 of line-[a,b]-{1}"}},
			{Name: "users", Demand: 6_000, Unit: "requests/s", Supplies: []topology.Supply{{Members: []string{"rack"}, Need: 14}}},
		},
	}
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer) error {
	chat, err := topology.New(fleet(true))
	if err != nil {
		return err
	}
	shared, err := risk.Shared(ctx, chat, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Redundancy that is only on paper:\n%v\n", shared)
	points, err := risk.Scan(ctx, chat, topology.Names{"rack"}, risk.Options{Size: 1})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nWhat takes racks down by itself:\n%v\n", points)

	for _, built := range []bool{false, true} {
		t, err := topology.New(fleet(built))
		if err != nil {
			return err
		}
		a, err := risk.Analyze(ctx, t, "users", risk.Options{})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "\n%s:\n%v\n", map[bool]string{false: "As drawn", true: "As built"}[built], a)
	}
	return nil
}
