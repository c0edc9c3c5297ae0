// Forty racks on A and B feeds at 60 %: one feed trips, and the other follows.
//
//	go run ./examples/dualfeed
//
// Each rack draws 12 kW, half from its A feed and half from its B feed, of 10 kW each. An inventory (NetBox, for one)
// divides what a rack draws by all of its feeds, and shows 60 %. But each feed has to carry all of it once the other is
// gone, and then the breaker's own curve (IEC 60255 very inverse) says how long the rack lives on. All figures are computed.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func fleet() (*topology.Topology, error) {
	return topology.New(topology.Spec{Components: []topology.Component{
		{Name: "ups-[a,b]", Kind: "ups", Capacity: 500_000, Unit: "W"},
		{Name: "feed-[a,b]-[01-40]", Kind: "feed", Capacity: 10_000, Unit: "W",
			Overload: topology.Overload{Curve: topology.VI},
			Supplies: []topology.Supply{{Members: []string{"ups-{1}"}}}},
		{Name: "rack-[01-40]", Kind: "rack", Demand: 12_000, Unit: "W",
			Supplies: []topology.Supply{{Members: []string{"feed-[a,b]-{1}"}}}},
	}})
}

func run(ctx context.Context, w io.Writer) error {
	t, err := fleet()
	if err != nil {
		return err
	}
	if err := inventory(w, t, "rack-07"); err != nil {
		return err
	}
	if err := truth(w, t, "rack-07"); err != nil {
		return err
	}
	if err := story(w, t, "feed-a-07", "rack-07"); err != nil {
		return err
	}
	if err := story(w, t, "ups-a", "rack-07"); err != nil {
		return err
	}
	screening, err := cascade.Screen(ctx, t, cascade.Each("feed"), cascade.Options{Worst: 1})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "How many feeds are like that one?")
	fmt.Fprintln(w, indent(screening.String()))
	return nil
}

// inventory prints the comfortable view: what a rack draws, of all its feeds together.
func inventory(w io.Writer, t *topology.Topology, rack string) error {
	draws, feeds, err := feedsOf(t, rack)
	if err != nil {
		return err
	}
	all := 0.0
	for _, f := range feeds {
		all += t.Capacity(f)
	}
	fmt.Fprintln(w, "As an inventory shows it: the sum over both feeds")
	fmt.Fprintf(w, "  %s draws %s of %s: %s\n\n", rack, quantity(draws), quantity(all), percent(draws/all))
	return nil
}

// truth prints the other: what each feed carries with all in order, and what it carries without the other.
func truth(w io.Writer, t *topology.Topology, rack string) error {
	_, feeds, err := feedsOf(t, rack)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "As it is: each feed, with both there and alone")
	intact := t.Flow(topology.State{})
	for i, f := range feeds {
		state := topology.State{Status: make([]topology.Status, t.Len())}
		for j, other := range feeds {
			if j != i {
				state.Status[other] = topology.Down
			}
		}
		both, alone := intact.Load[f], t.Flow(state).Load[f]
		fmt.Fprintf(w, "  %s carries %s: %s; alone %s: %s\n", t.Name(f), topology.LoadOf(both, t.Capacity(f), "W"),
			percent(both/t.Capacity(f)), quantity(alone), percent(alone/t.Capacity(f)))
	}
	fmt.Fprintln(w)
	return nil
}

// feedsOf returns what a rack draws, and the feeds that it draws from.
func feedsOf(t *topology.Topology, rack string) (draws float64, feeds []topology.ID, err error) {
	ids, err := t.Select(rack)
	if err != nil {
		return 0, nil, err
	}
	for _, l := range t.Links(ids[0]) {
		feeds = append(feeds, l.Members...)
	}
	return t.Demand(ids[0]), feeds, nil
}

// story prints what a loss leads to, why the rack went down, and how much it could draw and survive.
func story(w io.Writer, t *topology.Topology, lost, rack string) error {
	outcome, err := cascade.Run(t, cascade.Lose(lost))
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "If %s is lost\n%s\n", lost, indent(outcome.String()))
	fmt.Fprintf(w, "Why %s went down\n", rack)
	for _, failure := range outcome.Why(rack) {
		fmt.Fprintf(w, "  %s\n", failure)
	}
	draws, feeds, err := feedsOf(t, rack)
	if err != nil {
		return err
	}
	all := 0.0
	for _, f := range feeds {
		all += t.Capacity(f)
	}
	safe := outcome.Margin * draws
	fmt.Fprintf(w, "It would have held at %s a rack: %s in the inventory.\n\n", quantity(safe), percent(safe/all))
	return nil
}

func quantity(watts float64) string { return topology.Quantity(watts, "W") }

func percent(x float64) string { return topology.Quantity(100*x, "%") }
