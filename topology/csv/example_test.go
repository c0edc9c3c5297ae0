package csv_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/csv"
)

func ExampleRead() {
	const servers = `name,pool,capacity,load,rack,feed
chat-[01-20],chat,100 requests/s,60,R1,a|b
chat-[21-40],chat,100 requests/s,60,R2,a|b
mail-1,mail,50,20,R2,b
mail-2,mail,50,20,R3,
`
	spec, findings, err := csv.Read(strings.NewReader(servers), csv.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(findings)
	fleet, err := topology.New(spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fleet)
	report, err := redundancy.Analyze(context.Background(), fleet, redundancy.Options{Scenarios: cascade.Each("rack")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Screening)
	// Output:
	// missing: mail-2: no feed is given: the loss of any takes none of these down
	// 3 × rack, 2 × feed, 42 × server, 2 × users
	// each rack: of 3 scenarios 1 hold, 0 degrade, 2 collapse (exact).
	//   rack/R2 collapses: 0 % served, 6 up
	//   rack/R1 collapses: 0 % served, 7 up
}
