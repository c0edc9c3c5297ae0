// AWS Kinesis, 25 November 2020: more front-end servers than the threads of each allow, for each keeps one for every other. To
// mend it the whole fleet, many thousands, is restarted at a few hundred an hour: faster, and servers that still build their
// map of the shards answer slowly, are taken for unhealthy, and are removed. 17 hours, most of it the restart.
// (AWS, "Summary of the Amazon Kinesis Event in the Northern Virginia (US-EAST-1) Region", aws.amazon.com/message/11201.)
//
//	go run ./examples/kinesis2020
//
// Which limit makes a few hundred an hour the best plan? On record is that building the map competes with requests for the
// resources of a server, and no figure. Assumed here is a limit on the messages about it, of which each server that starts
// causes more, the more others there are. Fixed rates are checked against that, and fleets in which a server has fewer peers.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/examples/internal/beside"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// On record: the restart begins when the cause is confirmed, and the first servers take traffic 28 minutes later.
const boot = 28 * time.Minute

var record = []beside.Event{
	{At: -4*time.Hour - 24*time.Minute, What: "05:15 first alarms; it will take 17 h from here"},
	{At: 0, What: "09:39 the cause is confirmed: too many threads in each server of the front end"},
	{At: boot, What: "10:07 the first group of servers takes traffic; from here a few hundred servers an hour"},
	{At: 2*time.Hour + 21*time.Minute, What: "from noon on errors become fewer"},
	{At: 12*time.Hour + 44*time.Minute, What: "22:23 normal again"},
}

// Assumed: no figures were published. Dear is chosen so that a few hundred an hour come out.
const (
	servers = 4_800
	busy    = .9
	room    = 2.0  // what keeps the map up to date carries so many times what the whole fleet asks of it
	dear    = 38.0 // a server that starts asks so many times what one asks that runs
)

func run(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, `AWS Kinesis, 2020-11-25. Times in hours since 09:39 PST. On record: aws.amazon.com/message/11201.
assumed: %s servers, %s busy, a gate in front; a server starts in %s (on record for the first group)
assumed: a server asks 1 message/s of each other to keep its map of the shards, and %s while it starts;
  what serves these messages carries %s of what the whole fleet asks while it runs

`, beside.Number(servers), topology.Quantity(100*busy, "%"), beside.Minutes(boot), beside.Number(dear), topology.Quantity(100*room, "%"))
	t, err := fleet(asItWas, room)
	if err != nil {
		return err
	}
	plan, err := restart.Make(ctx, t, cascade.Lose("server"), restart.Options{})
	if err != nil {
		return err
	}
	beside.Print(w, t, plan, record)
	fmt.Fprintf(w, "  The plan slows from %s to %s servers an hour, as there are more to tell; %s to leave the least unserved.\n\n",
		beside.Number(perHour(started(t, plan.Steps[0]))), beside.Number(perHour(started(t, lastStart(plan)))), plan.Certainty)
	if err := rates(ctx, w, t, plan); err != nil {
		return err
	}
	return designs(ctx, w)
}

// rates checks fixed limits, planned without regard to the messages, against them.
func rates(ctx context.Context, w io.Writer, t *topology.Topology, plan *restart.Plan) error {
	fmt.Fprintf(w, "A fixed limit instead:\n  %14s  %12s  %9s  %s\n", "servers/h", "full service", "all ready", "safe?")
	free, err := fleet(asItWas, noLimit)
	if err != nil {
		return err
	}
	for _, n := range []int{50, 100, 125, 150, 200, 250, 500, servers} {
		p, err := restart.Make(ctx, free, cascade.Lose("server"), restart.Options{AtOnce: map[string]int{"server": n}})
		if err != nil {
			return err
		}
		says := "safe"
		var unsafe *restart.Violation
		if err := restart.Verify(ctx, t, p); errors.As(err, &unsafe) {
			says = fmt.Sprintf("no: at %s %s: %s", beside.Clock(unsafe.At), unsafe.Reason, topology.LoadOf(unsafe.Failure.Load, unsafe.Failure.Capacity, "messages/s"))
		} else if err != nil {
			return err
		}
		rate := beside.Number(perHour(n))
		if n == servers {
			rate = "no limit"
		}
		fmt.Fprintf(w, "  %14s  %12s  %9s  %s\n", rate, beside.Clock(p.Full), beside.Clock(p.Finish), says)
	}
	fmt.Fprintf(w, "  %14s  %12s  %9s  %s\n\n", "the plan", beside.Clock(plan.Full), beside.Clock(plan.Finish), "safe")
	return nil
}

// designs tells what fewer peers do: AWS went for larger servers at once, and then for cells.
func designs(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, "What AWS changed, under the same assumptions:\n  %-28s  %16s  %12s  %9s\n", "", "threads a server", "full service", "all ready")
	for _, d := range []design{asItWas, {"servers twice as large", servers / 2, 1}, {"4 cells (assumed)", servers, 4}, {"4 cells of the larger", servers / 2, 4}} {
		t, err := fleet(d, room)
		if err != nil {
			return err
		}
		plan, err := restart.Make(ctx, t, cascade.Lose("server"), restart.Options{})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %-28s  %16s  %12s  %9s\n", d.name, beside.Number(float64(d.servers/d.cells-1)), beside.Clock(plan.Full), beside.Clock(plan.Finish))
	}
	return nil
}

func started(t *topology.Topology, s restart.Step) int {
	ids, _ := t.Select(s.What...)
	return len(ids)
}

// lastStart is the last but one, for the last wave is what is left over.
func lastStart(p *restart.Plan) restart.Step {
	var starts []restart.Step
	for _, s := range p.Steps {
		if s.Do == restart.PowerOn {
			starts = append(starts, s)
		}
	}
	return starts[max(0, len(starts)-2)]
}

func perHour(n int) float64 { return math.Round(float64(n) / boot.Hours()) }
