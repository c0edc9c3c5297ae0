// Kakao, 15 October 2022: a fire at SK C&C Pangyo, and all 32,000 servers dark. The data and the programs stood at a second
// site as well; the tools to start them there did not (Kakao's co-chief executive, KBS 2022-10-20). Messages were back after 10
// hours, everything after 127 and a half. A server that needs something only to start runs on happily without it, so no
// failure test of a running fleet shows this; a restart plan does.
//
//	go run ./examples/kakao2022
//
// It is asked for the way back with the tools at the second site, with the tools in the dark building, and with tools that
// run on what they start, which is a deadlock; and then, which dead thing should be repaired first.
package main

import (
	"context"
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

// On record.
const (
	servers = 32_000
	power   = 22*time.Hour + 11*time.Minute // from 15:19 to the next day's 13:30
)

var record = []beside.Event{
	{At: 0, What: "15:19 a battery burns at SK C&C Pangyo (Korea Times US)"},
	{At: time.Hour + 33*time.Minute, What: "for the firemen the whole site's power goes off (Korea Times US); all 32,000 servers are down (Kakao, in allkpop)"},
	{At: 10 * time.Hour, What: "messages are back (KBS)"},
	{At: power, What: "2022-10-16 13:30: power begins to return (science ministry, in KBS); 12,000 servers are back that day (Yonhap), later 16,000 (allkpop)"},
	{At: 127*time.Hour + 30*time.Minute, What: "everything is back (science ministry)"},
}

// Assumed.
const (
	boot   = 10 * time.Minute
	part   = 20            // of a site's servers, one in so many boots at once
	small  = 320           // servers that stand for all of them where plans are compared
	repair = 6 * time.Hour // of whatever is repaired first
	never  = -1
)

func run(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, `Kakao, 2022-10-15. Times in hours since 15:19.
assumed: the servers are dark from then on; the second site has as many, which stand cold, and can carry all users
assumed: a server boots in %s, %s at once at each site; the site's power is all back at %s
assumed: the gate lets in users by fractions

`, beside.Minutes(boot), topology.Quantity(servers/part, ""), beside.Clock(power))
	apart, err := fleet("pangyo", servers)
	if err != nil {
		return err
	}
	with, err := wayBack(ctx, apart, servers, map[string]time.Duration{"pangyo": power})
	if err != nil {
		return err
	}
	beside.Print(w, apart, with, record)
	fmt.Fprintf(w, "  That is with a copy of the tools at the second site: all users are served after %s.\n\n", beside.Clock(with.Full))

	if apart, err = fleet("pangyo", small); err != nil {
		return err
	}
	knotted, err := fleet("pangyo-001", small)
	if err != nil {
		return err
	}
	if err := without(ctx, w, apart, knotted); err != nil {
		return err
	}
	return repairs(ctx, w, apart, knotted)
}

// without plans for what was on record: the only tools stand in the dark building, or on a server that they start.
func without(ctx context.Context, w io.Writer, apart, knotted *topology.Topology) error {
	as := map[string]time.Duration{"pangyo": power, "tools-2": never}
	alone, err := wayBack(ctx, apart, small, as)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Without that copy nothing starts before the power is back, at either site: all users are served after %s.\n", beside.Clock(alone.Full))
	locked, err := wayBack(ctx, knotted, small, as)
	if err != nil {
		return err
	}
	for _, d := range locked.Deadlocks {
		fmt.Fprintf(w, "If the tools run on a server that is started with them, power does not help: %v.\n", d)
	}
	for _, n := range locked.Break {
		fmt.Fprintf(w, "The cheapest need to do without, once, and by hand: %v.\n", n)
	}
	return nil
}

// repairs tells what one repair brings, when nothing else returns.
func repairs(ctx context.Context, w io.Writer, apart, knotted *topology.Topology) error {
	fmt.Fprintf(w, "\nWhich dead thing first? One is repaired after %s, and nothing else returns:\n", beside.Clock(repair))
	fmt.Fprintf(w, "  %-34s  %-26s  %s\n", "repaired", "tools in the building", "tools on a server they start")
	for _, first := range []struct{ what, name string }{{"the power of the burnt site", "pangyo"}, {"the tools, at the second site", "tools-2"}} {
		fmt.Fprintf(w, "  %-34s", first.what)
		for i, t := range []*topology.Topology{apart, knotted} {
			back := map[string]time.Duration{"pangyo": never, "tools-2": never}
			back[first.name] = repair
			plan, err := wayBack(ctx, t, small, back)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "  %-*s", []int{26, 0}[i], users(plan))
		}
		fmt.Fprintln(w)
	}
	return nil
}

// users says how many are served in the end, and from when on.
func users(p *restart.Plan) string {
	fraction := p.Served[0].Fraction
	if fraction == 0 {
		return "nobody is served"
	}
	return fmt.Sprintf("%s of users at %s", topology.Quantity(100*fraction, "%"), beside.Clock(p.Full))
}

// wayBack plans from darkness: what is cold at the second site counts as lost, and so does a copy of the tools that is not there yet.
func wayBack(ctx context.Context, t *topology.Topology, n int, back map[string]time.Duration) (*restart.Plan, error) {
	dark := cascade.Scenario{Name: "Pangyo dark", Lose: topology.Names{"pangyo", "tools-2", "backup"}}
	return restart.Make(ctx, t, dark, restart.Options{Return: back, AtOnce: map[string]int{"server": n / part, "backup": n / part}})
}

// fleet is two sites of n servers of which one can carry all, and which need some copy of the tools to start, and none to run.
// The first copy needs what is given.
func fleet(first string, n int) (*topology.Topology, error) {
	each := topology.Component{Capacity: 100, Unit: "requests/s", StartNeeds: topology.Names{"1 of tools-[1-2]"}, Start: topology.Start{Boot: boot}}
	return topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": each, "backup": each},
		Components: []topology.Component{
			{Name: "pangyo"}, {Name: "anyang"},
			{Name: "tools-1", Needs: topology.Names{first}}, {Name: "tools-2", Needs: topology.Names{"anyang"}},
			{Name: fmt.Sprintf("pangyo-[%0*d-%d]", len(fmt.Sprint(n)), 1, n), Kind: "server", Needs: topology.Names{"pangyo"}},
			{Name: fmt.Sprintf("anyang-[%0*d-%d]", len(fmt.Sprint(n)), 1, n), Kind: "backup", Needs: topology.Names{"anyang"}},
			{Name: "users", Demand: float64(n) * 100, Unit: "requests/s", Gated: true,
				Supplies: []topology.Supply{{Members: topology.Names{"server", "backup"}}}},
		},
	})
}
