// Google App Engine, 26 October 2012: too few healthy routers in one datacentre, and the overload spreads to all of them.
//
//	go run ./examples/appengine2012
//
// What is on record is quoted, with its source. How many routers there were is not; the figures that are assumed in its place
// say so, and what follows from them is computed: the minimum of healthy routers, how the overload walks from datacentre to
// datacentre when each spills what it cannot take onto the next, why it does not end by itself, and how fast traffic
// could be let in again.
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

func run(ctx context.Context, w io.Writer) error {
	began, decided, ended := clock(7, 30), clock(11, 10), clock(11, 45)
	fmt.Fprintf(w, `ON RECORD (Google Cloud Platform Blog, "About today's App Engine outage", 2012-10-26; US/Pacific)
  04:00  load begins to rise on the traffic routers of one datacentre
  06:30  a global restart of the routers begins, to address it
  %s  fewer healthy routers than the minimum; the overload spreads to all datacentres; about half the requests fail
  %s  trapped in a cascading failure: a full restart, with traffic ramped up gradually
  %s  normal again
  computed from these times: %s trapped, %s of ramp

`, hm(began), hm(decided), hm(ended), minutes(decided-began), minutes(ended-decided))
	fmt.Fprintf(w, `ASSUMED (not published)
  %d datacentres of %d routers of %s, %s busy; users go to their own datacentre, and what it cannot take to the next
  a router fails its health check after %s of overload; it boots in %s and warms up from %s in %s

`, centres, routers, topology.Quantity(capacity, "requests/s"), percent(busy), minutes(patience), minutes(boot), percent(cold), minutes(warmUp))
	fmt.Fprintf(w, "COMPUTED\n")
	if err := spread(w); err != nil {
		return err
	}
	return ramp(ctx, w, ended-decided)
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
		fmt.Fprintf(w, "%s\n\n", indent(outcome.String()))
		tellSpread(w, outcome)
		return nil
	}
	fmt.Fprintf(w, "The loss of a whole datacentre holds.\n\n")
	return nil
}

// tellSpread says what would have stopped it, and compares the end of the model with the record.
func tellSpread(w io.Writer, o *cascade.Outcome) {
	end, worst := o.Rounds[len(o.Rounds)-1], 1.0
	for _, s := range o.Served {
		worst = min(worst, s.Fraction)
	}
	fmt.Fprintf(w, "Refusing %s of the traffic at once would have stopped it there.\n", percent(1-o.Margin))
	fmt.Fprintf(w, `After %s %d routers are left, and %s of the requests is served; on record about half failed. Here a router that fell
stays down until the restart; real ones may come back by themselves, and fall again, which this model does not repeat.

`, minutes(end.At), end.Up, percent(worst))
}

// ramp plans the way back from nothing: all routers down, traffic held at the gate, or not.
func ramp(ctx context.Context, w io.Writer, record time.Duration) error {
	for _, gated := range []bool{true, false} {
		t, err := pool(gated)
		if err != nil {
			return err
		}
		plan, err := restart.Make(ctx, t, cascade.Lose("router"), restart.Options{})
		if err != nil {
			return err
		}
		if gated {
			fmt.Fprintf(w, "A full restart, traffic ramped up at a gate, takes %s to full service (on record: %s):\n", minutes(plan.Full), minutes(record))
		} else {
			fmt.Fprintf(w, "And if the traffic could not be held back:\n")
		}
		fmt.Fprintf(w, "%s\n", indent(plan.String()))
	}
	return nil
}

// world is the datacentres, each with its own users.
func world() (*topology.Topology, error) {
	spec := topology.Spec{Kinds: map[string]topology.Component{
		"router": {Capacity: capacity, Unit: "requests/s", Overload: topology.Overload{After: patience}},
	}}
	for c := range centres {
		spec.Components = append(spec.Components, topology.Component{Name: tier(c), Kind: "router"})
	}
	for c := range centres {
		users := topology.Supply{Share: topology.Waterfall}
		for k := range centres {
			users.Members = append(users.Members, tier((c+k)%centres))
		}
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprintf("users-%d", c+1), Demand: busy * routers * capacity, Unit: "requests/s",
			Supplies: []topology.Supply{users},
		})
	}
	return topology.New(spec)
}

func tier(centre int) string { return fmt.Sprintf("router-%d-[01-%02d]", centre+1, routers) }

// pool is the same routers as one pool: on the way back every router of every datacentre takes its part.
func pool(gated bool) (*topology.Topology, error) {
	return topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"router": {
			Capacity: capacity, Unit: "requests/s", Start: topology.Start{Boot: boot, WarmUp: warmUp, Cold: cold},
		}},
		Components: []topology.Component{
			{Name: fmt.Sprintf("router-[1-%d]-[01-%02d]", centres, routers), Kind: "router"},
			{Name: "users", Demand: busy * centres * routers * capacity, Unit: "requests/s", Gated: gated,
				Supplies: []topology.Supply{{Members: topology.Names{"router"}}}},
		},
	})
}

func clock(hour, minute int) time.Duration {
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
}

func hm(d time.Duration) string { return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60) }

func minutes(d time.Duration) string { return topology.Quantity(d.Minutes(), "min") }

func percent(x float64) string { return topology.Quantity(100*x, "%") }

// indent sets a text two columns in, without an empty line at its end.
func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
}
