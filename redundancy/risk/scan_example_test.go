package risk_test

import (
	"context"
	"fmt"

	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// Twelve racks have two feeds each. Both feeds of rack 7 end in one UPS, and both UPSs in one switchgear.
func ExampleScan() {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "gear-1"},
		{Name: "ups-[1-2]", Needs: topology.Names{"gear-1"}},
		{Name: "feed-a-[01-12]", Needs: topology.Names{"ups-1"}},
		{Name: "feed-b-[01-06,08-12]", Needs: topology.Names{"ups-2"}},
		{Name: "feed-b-07", Needs: topology.Names{"ups-1"}},
		{Name: "rack-[01-12]", Needs: topology.Names{"1 of feed-[a,b]-{1}"}},
	}}))
	points, err := risk.Scan(context.Background(), fleet, topology.Names{"rack-[01-12]"}, risk.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(points)
	// Output:
	// gear-1 takes rack-[01-12]
	// ups-1 takes rack-07
	// ups-1 and ups-2 together take rack-[01-06,08-12]
	// 11 pairs such as ups-1 and feed-b-01 together take 1 component each
	// 11 pairs such as ups-2 and feed-a-01 together take 1 component each
	// 12 pairs such as feed-a-01 and feed-b-01 together take 1 component each
}
