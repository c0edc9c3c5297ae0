// Roblox, 28 to 31 October 2021: 73 hours. The databases were unhurt, but the caches in front of them had been redeployed and
// were cold. So players were let in by DNS, a random part of them, in steps of roughly 10 %; before each, database load, cache
// performance and stability were checked (Roblox blog, "Roblox Return to Service 10/28-10/31 2021", 2022-01-20).
//
//	go run ./examples/roblox2021
//
// How large may the steps be, and how close? A plan made for assumed figures stands beside the record; then what steps of 10 %
// cost in comparison, at the pace on record and at the fastest that is safe, and what larger ones do.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
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

// On record: the first players are let in at 12:50, and the last at 16:45.
const ended = 3*time.Hour + 55*time.Minute

var record = []beside.Event{
	{At: -7*time.Hour - 50*time.Minute, What: "2021-10-31 05:00, 61 h into the outage: Consul and the caches are healthy"},
	{At: -2*time.Hour - 50*time.Minute, What: "10:00 the rest of the services is up: ready for players"},
	{At: 0, What: "12:50 some players are let in (Roblox, in PC Gamer)"},
	{At: ended, What: "16:45 all players, in steps of about 10 %"},
}

// On record: the caches serve a billion requests a second on an ordinary day.
const demand = 1e9

// Assumed: nothing else was published.
const (
	caches   = 100
	busy     = .8               // of the caches, on an ordinary day
	misses   = .1               // of the requests to a cache go on to the databases,
	database = 1.15             // which carry so many times what reaches them on an ordinary day
	cold     = .2               // of its capacity, when a cache begins to warm up
	warmUp   = 2 * time.Hour    // by traffic
	surge    = 1.0              // a player who comes back asks for so much more: login, inventory, friends
	decay    = 15 * time.Minute // in which that becomes less
	apart    = 26 * time.Minute // ten steps from 12:50 to 16:45, evenly
)

func run(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, `Roblox, 2021-10-31. Times in hours since 12:50. On record: Roblox blog, 2022-01-20, but where it says otherwise.
assumed: caches are %s busy on an ordinary day; cold they take %s of what they can, warm up by traffic in %s
assumed: they pass %s of the requests on to the databases, which carry %s of that
assumed: a player who comes back asks for %s more at first, which decays in %s; steps on record %s apart, evenly
not modelled: that a cold cache passes more on to the databases; that players asked for more at first stands in for it

`, beside.Percent(busy), beside.Percent(cold), beside.Minutes(warmUp), beside.Percent(misses), beside.Percent(database), beside.Percent(surge),
		beside.Minutes(decay), beside.Minutes(apart))
	t, err := fleet()
	if err != nil {
		return err
	}
	plan, err := restart.Make(ctx, t, cascade.Lose("cache"), restart.Options{})
	if err != nil {
		return err
	}
	beside.Print(w, t, plan, record)
	first, largest, n := sizes(plan)
	fmt.Fprintf(w, "  The plan has %d steps, the first of %s, the others of at most %s, a minute apart.\n\n", n, beside.Percent(first), beside.Percent(largest))

	fmt.Fprintf(w, "Unserved, in minutes of all players:\n")
	tell(w, "the plan", plan)
	fmt.Fprintf(w, "    nothing safe leaves less than %s min\n", beside.Number(plan.LeastPossible/demand))
	coarse, err := restart.Make(ctx, t, cascade.Lose("cache"), restart.Options{Grid: 10 * time.Minute})
	if err != nil {
		return err
	}
	_, largest, n = sizes(coarse)
	tell(w, fmt.Sprintf("a plan every 10 min, %d steps up to %s", n, beside.Percent(largest)), coarse)
	onRecord := steps(.1, apart)
	if err := onRecord.Measure(ctx, t); err != nil {
		return err
	}
	tell(w, fmt.Sprintf("steps of 10 %% every %s, as on record", beside.Minutes(apart)), onRecord)
	for _, size := range []float64{.1, .05, .125} {
		if err := fastest(ctx, w, t, size); err != nil {
			return err
		}
	}
	return nil
}

// sizes are the first step, the largest of the others, and how many there are.
func sizes(p *restart.Plan) (first, largest float64, n int) {
	last := 0.0
	for _, s := range p.Steps {
		if s.Do != restart.Admit {
			continue
		}
		if n == 0 {
			first = s.Admit
		} else {
			largest = max(largest, s.Admit-last)
		}
		last = s.Admit
		n++
	}
	return first, largest, n
}

// fastest tells the shortest time between steps of a size that is safe, in minutes, and what a minute less would do.
func fastest(ctx context.Context, w io.Writer, t *topology.Topology, size float64) error {
	var unsafe *restart.Violation
	for every := time.Minute; every <= time.Hour; every += time.Minute {
		p := steps(size, every)
		err := p.Measure(ctx, t)
		if err == nil {
			tell(w, fmt.Sprintf("steps of %s every %s", beside.Percent(size), beside.Minutes(every)), p)
			break
		}
		if !errors.As(err, &unsafe) {
			return err
		}
	}
	fmt.Fprintf(w, "    faster: %v\n", beside.Violation(unsafe))
	return nil
}

func tell(w io.Writer, what string, p *restart.Plan) {
	fmt.Fprintf(w, "  %-42s  %s min, all are back at %s\n", what, beside.Number(p.Unserved/demand), beside.Clock(p.Full))
}
