package netbox_test

import (
	"fmt"
	"os"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/netbox"
)

// Of two racks with two feeds each NetBox shows 60 % and 50 %: the first is lost when one of its feeds trips.
func ExampleRead() {
	f, err := os.Open("testdata/dump-v3.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	spec, found, err := netbox.Read(f, netbox.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found[len(found)-2].Reason, found[len(found)-2].About)
	fleet := topology.Must(topology.New(spec))
	for _, feed := range []string{"feed/DC/A/A1", "feed/DC/A/A2"} {
		outcome, err := cascade.Run(fleet, cascade.Lose(feed))
		fmt.Println(feed, outcome.Verdict, err)
	}
	// Output:
	// redundant on paper [rack/DC/R1]
	// feed/DC/A/A1 collapses <nil>
	// feed/DC/A/A2 holds <nil>
}
