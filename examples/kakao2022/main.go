// Kakao, 15 October 2022: all 32,000 servers of a data centre dark. The backups existed; the tools to start them did not,
// for they stood in the dark with the rest.
//
//	go run ./examples/kakao2022
//
// What is on record is quoted, with its source. Then the same fleet, in small and with assumed times, is asked for its way
// back three times: with the tools in the dark building, with tools that need what they start, and with a second copy of
// the tools where the backups are. The second is a deadlock, which the plan names. A server that needs something only to start runs on happily without it, so no failure
// test of a running fleet shows this; a restart plan does.
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
	servers    = 32_000.0
	sunday     = 12_000.0
	aDay       = 16_000.0
	messages   = 10 * time.Hour
	everything = 127*time.Hour + 30*time.Minute
)

// Assumed: one server here stands for a hundred, the site's power returns after 12 hours, and everything takes as long to boot.
const (
	scale  = 100
	back   = 12 * time.Hour
	boot   = 10 * time.Minute
	atOnce = 80
)

func run(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, `ON RECORD
  2022-10-15  15:19 a battery burns at SK C&C Pangyo; for the firemen, 16:52, the whole site's power goes off (Korea Times US)
              all %s servers go down (Kakao, in allkpop); messages are back after %s (KBS)
  2022-10-16  %s servers are back (Yonhap), later %s (allkpop): computed %s and %s of them
              everything is back after %s: computed %.1f times the messages' (ICT ministry: a 127-hour meltdown)
  There were backups, but of the tools to start them there was none (Kakao's chief executive to the National Assembly,
              in Korea JoongAng Daily, October 2022)

ASSUMED
  one server for %d; %d at the second site can carry all, and stand cold; power returns to the first after %s
  a server boots in %s, %d at once at each site

`, n(servers), hours(messages), n(sunday), n(aDay), percent(sunday/servers), percent(aDay/servers), hours(everything),
		everything.Hours()/messages.Hours(), scale, int(servers/scale), hours(back), minutes(boot), atOnce)
	without, err := wayBack(ctx, w, "COMPUTED, 1: the tools stand in the dark building", []topology.Component{
		{Name: "tools", Needs: topology.Names{"pangyo"}},
	}, "tools")
	if err != nil {
		return err
	}
	_, err = wayBack(ctx, w, "COMPUTED, 2: and if they run on a server that is started with them", []topology.Component{
		{Name: "tools", Needs: topology.Names{"pangyo-001"}},
	}, "tools")
	if err != nil {
		return err
	}
	with, err := wayBack(ctx, w, "COMPUTED, 3: one of two copies is enough, and the second stands beside the backups", []topology.Component{
		{Name: "tools-1", Needs: topology.Names{"pangyo"}},
		{Name: "tools-2", Needs: topology.Names{"anyang"}},
	}, "1 of tools-[1-2]")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "The second copy of the tools brings full service back %s sooner.\n", hours(without.Full-with.Full))
	return nil
}

// wayBack plans the restart of a fleet that needs these tools to start, when the first site is dark and the second cold.
func wayBack(ctx context.Context, w io.Writer, title string, tools []topology.Component, needed string) (*restart.Plan, error) {
	t, err := fleet(tools, needed)
	if err != nil {
		return nil, err
	}
	dark := cascade.Scenario{Name: "Pangyo dark", Lose: topology.Names{"pangyo", "backup"}}
	plan, err := restart.Make(ctx, t, dark, restart.Options{
		Return: map[string]time.Duration{"pangyo": back},
		AtOnce: map[string]int{"server": atOnce, "backup": atOnce},
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(w, "%s\n", title)
	fmt.Fprintf(w, "%s\n\n", indent(plan.String()))
	return plan, nil
}

// fleet is two sites of which one can carry all, and servers that need the tools to start, and not to run.
func fleet(tools []topology.Component, needed string) (*topology.Topology, error) {
	each := topology.Component{Capacity: 100, Unit: "requests/s", StartNeeds: topology.Names{needed}, Start: topology.Start{Boot: boot}}
	spec := topology.Spec{
		Kinds: map[string]topology.Component{"server": each, "backup": each},
		Components: append([]topology.Component{
			{Name: "pangyo"}, {Name: "anyang"},
			{Name: fmt.Sprintf("pangyo-[001-%d]", int(servers/scale)), Kind: "server", Needs: topology.Names{"pangyo"}},
			{Name: fmt.Sprintf("anyang-[001-%d]", int(servers/scale)), Kind: "backup", Needs: topology.Names{"anyang"}},
			{Name: "users", Demand: servers / scale * 100, Unit: "requests/s", Gated: true,
				Supplies: []topology.Supply{{Members: topology.Names{"server", "backup"}}}},
		}, tools...),
	}
	return topology.New(spec)
}

func n(x float64) string { return topology.Quantity(x, "") }

func hours(d time.Duration) string { return topology.Quantity(d.Hours(), "h") }

func minutes(d time.Duration) string { return topology.Quantity(d.Minutes(), "min") }

func percent(x float64) string { return topology.Quantity(100*x, "%") }

// indent sets a text two columns in, without an empty line at its end.
func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
}
