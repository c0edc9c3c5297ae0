// KakaoTalk, 28 April 2012: the power was back after 26 minutes, the service after four hours and twenty. The outage was
// the restart.
//
//	go run ./examples/kakao2012
//
// What is on record is quoted, with its source. An observer's illustration of it, "100 servers, 30 lost, and the other 70
// die of the load", is told as what it is: an illustration, which the operator denied, and which holds or not with a number
// that nobody published. What is assumed in the place of such numbers says so; all the rest is computed.
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

// On record: the sources are in what is printed.
const (
	power   = 26 * time.Minute
	service = 4*time.Hour + 20*time.Minute
)

// Assumed: neither servers nor their load nor their start were published.
const (
	boot   = 10 * time.Minute
	warmUp = 30 * time.Minute
	cold   = .5 // of its capacity, when a server begins to warm up
	surge  = .5 // of the readmitted demand on top of it, from reconnects,
	decay  = 10 * time.Minute
	atOnce = 25 // servers that boot together
	busy   = .65
)

func run(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, `ON RECORD
  14:50  messages stop: a distribution board's breaker has tripped on the operator's floor of LG CNS's data centre at Gasan
         (etnews, 2012-04-30); why it did was never found (ZDNet Korea, 2012-06-08)
  %s later the servers have power again, the main breaker after 10 (LG CNS, in eToday, 2012-04-30)
  19:10  the service is back, after %s (JKN, 2012-04-28)
  The operator denied an overload by traffic (eToday). How many servers there were, and how busy, was not published.
  computed from these: the power was out for %s of the outage; %s of it came after, %.1f times as long

`, minutes(power), minutes(service), percent(power.Minutes()/service.Minutes()), minutes(service-power), (service-power).Minutes()/power.Minutes())
	if err := illustration(w); err != nil {
		return err
	}
	return wayBack(ctx, w)
}

// illustration tells the observer's 30 of 100 at several loads, since none is known.
func illustration(w io.Writer) error {
	fmt.Fprintln(w, "AN OBSERVER'S ILLUSTRATION, COMPUTED: 100 servers, and a board takes 30 of them; how busy they were is not known")
	for _, use := range []float64{.6, .7, .71, .8} {
		t, err := fleet(use)
		if err != nil {
			return err
		}
		outcome, err := cascade.Run(t, cascade.Lose("board-1"))
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %-5s busy: the others come to %-8s it %s, with %d of 100 servers up\n",
			percent(use), percent(outcome.Rounds[0].Use)+":", outcome.Verdict, 100-fallen(t, outcome))
		if use == .8 {
			fmt.Fprintf(w, "  It holds up to %s busy, and no further. If the operator is right, they were not busier than that.\n\n", percent(use*outcome.Margin))
		}
	}
	return nil
}

// fallen counts the servers that are down in the end.
func fallen(t *topology.Topology, o *cascade.Outcome) int {
	n := 0
	for _, f := range o.Failures {
		if id, _ := t.Lookup(f.Component); t.Kind(id) == "server" {
			n++
		}
	}
	return n
}

// wayBack plans a restart from darkness under the assumptions, with a gate and without.
func wayBack(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, `ASSUMED, for the way back: 100 servers, all dark, %s busy; %d boot at once, in %s; they are warm %s later, and
  take %s until then at first; users who come back ask for %s more, which decays in %s
COMPUTED
`, percent(busy), atOnce, minutes(boot), minutes(warmUp), percent(cold), percent(surge), minutes(decay))
	t, err := fleet(busy)
	if err != nil {
		return err
	}
	plan, err := restart.Make(ctx, t, cascade.Lose("board"), restart.Options{
		Return: map[string]time.Duration{"board": power},
		AtOnce: map[string]int{"server": atOnce},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Under these assumptions, with a gate that lets users in by fractions, full service is back after %s, of which %s are without power; on record: %s.\n",
		minutes(plan.Full), minutes(power), minutes(service))
	fmt.Fprintf(w, "%s\n", indent(plan.String()))
	return nil
}

func fleet(use float64) (*topology.Topology, error) {
	return topology.New(topology.Spec{
		Name: "chat",
		Kinds: map[string]topology.Component{"server": {
			Capacity: 100, Unit: "requests/s", Start: topology.Start{Boot: boot, WarmUp: warmUp, Cold: cold},
		}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: topology.Names{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: topology.Names{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: topology.Names{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: topology.Names{"board-4"}},
			{Name: "users", Demand: use * 100 * 100, Unit: "requests/s", Gated: true,
				Reopen:   topology.Reopen{Surge: surge, Decay: decay},
				Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	})
}

func minutes(d time.Duration) string { return topology.Quantity(d.Minutes(), "min") }

func percent(x float64) string { return topology.Quantity(100*x, "%") }

// indent sets a text two columns in, without an empty line at its end.
func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
}
