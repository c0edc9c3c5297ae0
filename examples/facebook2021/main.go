// Facebook, 4 October 2021: a command takes down the backbone, and with it every datacentre's users. When it was back, the
// danger was the return: power had dipped by tens of megawatts in single datacentres, and to reverse that suddenly "could put
// everything from electrical systems to caches at risk" (engineering.fb.com, "More details about the October 4 outage",
// 2021-10-05). Loads were raised with care, as in the drills, and nothing fell again.
//
//	go run ./examples/facebook2021
//
// Three datacentres under assumed figures: what a return at once overloads, with warm caches and with cold ones, and what a
// safe plan draws from the lines, minute by minute.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
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

var record = []beside.Event{
	{At: -6*time.Hour - 11*time.Minute, What: "15:39 UTC the backbone is down, and the users gone (Wikipedia, 2021 Facebook outage)"},
	{At: 0, What: "21:50 routes are announced again (Wikipedia); power is down by tens of megawatts in single datacentres (Facebook)"},
	{At: 15 * time.Minute, What: "22:05 names resolve again (Wikipedia)"},
	{At: time.Hour, What: "22:50 services are generally back (Wikipedia), without further systemwide failures (Facebook)"},
}

// On record: tens of megawatts. All else is assumed.
const (
	dip       = 30.0 // MW, of each datacentre: what users make it draw
	idle      = 3.0  // MW, of each of ten halls of servers that nobody asks
	cacheIdle = .5   // MW, of each of ten groups of caches,
	inrush    = 2.5  // and on top of it while one fills
	carries   = 75.0 // MW, a datacentre's line
	can       = 125. // k requests/s, a hall or a group of caches,
	asked     = 80.  // and what is asked of it on an ordinary day

	fill   = 5 * time.Minute
	cold   = .2 // of its capacity, when a cache has been filled,
	warmUp = 40 * time.Minute
	surge  = .5 // users who come back ask for so much more
	decay  = 15 * time.Minute
	atOnce = 2 // groups of caches that fill together in a datacentre
)

func run(ctx context.Context, w io.Writer) error {
	t, err := fleet()
	if err != nil {
		return err
	}
	line, _ := t.Lookup("line-1")
	ordinary := t.Flow(topology.State{}).Load[line]
	fmt.Fprintf(w, `Facebook, 2021-10-04. Times in hours since 21:50 UTC.
assumed: 3 datacentres of %s on an ordinary day, %s of it for users, on lines that carry %s
assumed: the caches have emptied; a group fills in %s, for %s more, then takes %s of what it can and warms up in %s
assumed: users who come back ask for %s more at first, which decays in %s; at most %d of 10 groups fill at once
assumed: halls and caches are asked for %s of what they can on an ordinary day; a gate lets in users by fractions

`, mw(ordinary), mw(dip), mw(carries), beside.Minutes(fill), mw(inrush), beside.Percent(cold), beside.Minutes(warmUp),
		beside.Percent(surge), beside.Minutes(decay), atOnce, beside.Percent(asked/can))
	plan, err := restart.Make(ctx, t, cascade.Lose("backbone", "cache"), restart.Options{
		AtOnce: map[string]int{"site=1": atOnce, "site=2": atOnce, "site=3": atOnce}})
	if err != nil {
		return err
	}
	beside.Print(w, t, plan, record)
	fmt.Fprintf(w, "  It leaves %.1f minutes of all users unserved; the bound says no more than that nothing safe leaves less than %.1f.\n\n",
		plan.Unserved/(30*asked), plan.LeastPossible/(30*asked))
	if err := suddenly(ctx, w, t); err != nil {
		return err
	}
	chart(w, draws(t, plan))
	return nil
}

// suddenly checks what a return of all users at once overloads.
func suddenly(ctx context.Context, w io.Writer, t *topology.Topology) error {
	fmt.Fprintln(w, "All users at once:")
	on := restart.Step{Do: restart.PowerOn, What: topology.Names{"backbone"}}
	full := func(at time.Duration) restart.Step {
		return restart.Step{At: at, Do: restart.Admit, What: topology.Names{"users"}, Admit: 1}
	}
	for _, c := range []struct {
		what string
		plan restart.Plan
	}{
		{"caches still warm", restart.Plan{Scenario: cascade.Lose("backbone"), Steps: []restart.Step{on, full(0)}}},
		{"caches just filled", restart.Plan{Scenario: cascade.Lose("backbone", "cache"), Steps: []restart.Step{
			on, {Do: restart.PowerOn, What: topology.Names{"cache"}}, full(fill)}}},
	} {
		var unsafe *restart.Violation
		if err := restart.Verify(ctx, t, &c.plan); err != nil && !errors.As(err, &unsafe) {
			return err
		}
		fmt.Fprintf(w, "  %-20s %v\n", c.what+":", beside.Violation(unsafe))
	}
	return nil
}

// chart draws one line's power every ten minutes, and tells the largest rise from one minute to the next: before, halls idle.
func chart(w io.Writer, all []draw) {
	fmt.Fprintf(w, "\nThe plan's power, of one line of three (# is 1 MW, | what the line carries):\n")
	before, rise := 10*idle, 0.0
	for i, d := range all {
		rise = max(rise, d.megawatt-before)
		before = d.megawatt
		if d.at%(10*time.Minute) == 0 || i == len(all)-1 {
			bar := strings.Repeat("#", int(d.megawatt))
			fmt.Fprintf(w, "  %5s  %8s of users  %8s  %-*s|\n", beside.Clock(d.at), beside.Percent(d.admitted), mw(d.megawatt), int(carries), bar)
		}
	}
	fmt.Fprintf(w, "  It rises by %s at once at most; all users at once are %s.\n", mw(rise), mw(dip*(1+surge)))
}

func mw(x float64) string { return topology.Quantity(x, "MW") }
