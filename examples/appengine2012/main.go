// Google App Engine, 26 October 2012: a restart leaves too few healthy routers in one datacentre, the overload spreads to all,
// and about half the requests fail for four hours. It does not end by itself: at 11:10 all routers are restarted, and traffic
// is let in gradually until 11:45 (Google Cloud Platform Blog, "About today's App Engine outage", 2012-10-26).
//
//	go run ./examples/appengine2012
//
// How many routers there were was not published; what is assumed in its place says so. Computed is the minimum of healthy
// routers, how the overload walks when each datacentre spills what it cannot take onto the next, and how fast traffic can be
// let in again: as the planner does it, in even steps, and all at once.
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

// Assumed: no figures were published.
const (
	centres  = 4
	routers  = 20    // in each
	capacity = 100.0 // requests/s, of each
	busy     = .8    // on an ordinary day

	patience = time.Minute     // how long a router bears too much before it fails its health check
	boot     = 2 * time.Minute // until a restarted router is healthy
	warmUp   = 20 * time.Minute
	cold     = .25 // of its capacity, when it begins to warm up
)

// On record: the ramp begins at 11:10.
var record = []beside.Event{
	{At: -7*time.Hour - 10*time.Minute, What: "04:00 load begins to rise on the routers of one datacentre"},
	{At: -4*time.Hour - 40*time.Minute, What: "06:30 a global restart of the routers begins, to address it"},
	{At: -3*time.Hour - 40*time.Minute, What: "07:30 fewer healthy routers than the minimum; the overload spreads to all datacentres; about half the requests fail"},
	{At: 0, What: "11:10 trapped in a cascading failure: a full restart, with traffic ramped up gradually"},
	{At: 20 * time.Minute, What: "11:30 until about now half the requests failed"},
	{At: ended, What: "11:45 the ramp is complete"},
}

const ended = 35 * time.Minute

func run(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, `Google App Engine, 2012-10-26, US/Pacific. On record: Google Cloud Platform Blog of that day.
assumed: %d datacentres of %d routers of %s, %s busy; users go to their own, and what it cannot take to the next
assumed: a router fails its health check after %s of overload; it boots in %s and warms up from %s in %s

`, centres, routers, topology.Quantity(capacity, "requests/s"), beside.Percent(busy),
		beside.Minutes(patience), beside.Minutes(boot), beside.Percent(cold), beside.Minutes(warmUp))
	if err := spread(w); err != nil {
		return err
	}
	t, err := pool()
	if err != nil {
		return err
	}
	plan, err := restart.Make(ctx, t, cascade.Lose("router"), restart.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "The full restart, in hours from 11:10:\n")
	beside.Print(w, t, plan, record)
	fmt.Fprintln(w)
	return compare(ctx, w, t, plan)
}

// spread finds the minimum of healthy routers in one datacentre, and tells what happens with one fewer.
func spread(w io.Writer) error {
	t, err := world()
	if err != nil {
		return err
	}
	for lost := 1; lost <= routers; lost++ {
		outcome, err := cascade.Run(t, cascade.Lose(fmt.Sprintf("router-1-[01-%02d]", lost)))
		if err != nil {
			return err
		}
		if outcome.Verdict == cascade.Holds {
			continue
		}
		fmt.Fprintf(w, "The minimum is %d healthy routers of %d in one datacentre. With %d:\n", routers-lost+1, routers, routers-lost)
		fmt.Fprintf(w, "  %s\n", strings.ReplaceAll(strings.TrimRight(outcome.String(), "\n"), "\n", "\n  "))
		fmt.Fprintf(w, "Refusing %s of the traffic at once would have stopped it there. A router that fell stays down here; on record half\n", beside.Percent(1-outcome.Margin))
		fmt.Fprintf(w, "was still served: real ones may come back by themselves, and fall again.\n\n")
		return nil
	}
	fmt.Fprintf(w, "The loss of a whole datacentre holds.\n\n")
	return nil
}

// compare sets even ramps beside the plan: that on record, the fastest that is safe, and none at all.
func compare(ctx context.Context, w io.Writer, t *topology.Topology, plan *restart.Plan) error {
	fmt.Fprintf(w, "Unserved, in minutes of all traffic:\n")
	tell(w, t, fmt.Sprintf("the plan (%s the least)", plan.Certainty), plan)
	onRecord := even(ended)
	if err := onRecord.Measure(ctx, t); err != nil {
		return err
	}
	tell(w, t, "even steps of a minute to 11:45 (assumed even)", onRecord)
	for end := boot; ; end += time.Minute {
		ramp := even(end)
		err := ramp.Measure(ctx, t)
		var unsafe *restart.Violation
		switch {
		case err == nil:
			tell(w, t, "the fastest even steps that are safe", ramp)
			return nil
		case !errors.As(err, &unsafe):
			return err
		case end == boot:
			fmt.Fprintf(w, "  %-47s  %v\n", "all at once, when the routers are healthy:", beside.Violation(unsafe))
		}
	}
}

func tell(w io.Writer, t *topology.Topology, what string, p *restart.Plan) {
	users, _ := t.Lookup("users")
	fmt.Fprintf(w, "  %-47s  all is served at %s, %s unserved\n", what+":", beside.Clock(p.Full),
		topology.Quantity(p.Unserved/t.Demand(users), "min"))
}

// even is a restart of all routers with traffic let in by equal steps, one a minute, from when they are healthy to an end.
func even(end time.Duration) *restart.Plan {
	all := topology.Names{"router"}
	p := &restart.Plan{Scenario: cascade.Lose("router"), Steps: []restart.Step{
		{Do: restart.PowerOn, What: all}, {At: boot, Do: restart.Rotate, What: all}}}
	for at := boot; at <= end; at += time.Minute {
		part := float64(at-boot+time.Minute) / float64(end-boot+time.Minute)
		p.Steps = append(p.Steps, restart.Step{At: at, Do: restart.Admit, What: topology.Names{"users"}, Admit: part})
	}
	return p
}
