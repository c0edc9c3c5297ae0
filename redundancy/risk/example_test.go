package risk_test

import (
	"context"
	"fmt"

	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// Each rack has two feeds. Both of rack 7 end in one UPS.
func ExampleShared() {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "ups-[1-2]"},
		{Name: "feed-a-[01-08]", Kind: "feed", Needs: topology.Names{"ups-1"}},
		{Name: "feed-b-[01-06,08]", Kind: "feed", Needs: topology.Names{"ups-2"}},
		{Name: "feed-b-07", Kind: "feed", Needs: topology.Names{"ups-1"}},
		{Name: "rack-[01-08]", Kind: "rack", Needs: topology.Names{"1 of feed-[a,b]-{1}"}},
	}}))
	shared, err := risk.Shared(context.Background(), fleet, topology.Names{"rack"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, sharing := range shared {
		fmt.Println(sharing)
	}
	// Output:
	// rack-07 needs 1 of feed-[a,b]-07; all of them need ups-1
}
