package ganeti_test

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/ganeti"
)

func ExampleRead() {
	spec, findings, err := ganeti.Read(strings.NewReader(`default|uuid-1|preferred|

node-1|8192|512|3584|400000|200000|8|M|uuid-1|1|rack:r1
node-2|8192|512|7680|400000|200000|8|N|uuid-1|1|rack:r1

web|4096|20480|2|running|Y|node-1|node-2|drbd|

htools:nlocation:rack
`))
	if err != nil {
		fmt.Println(err) // each fault with its line
		return
	}
	fmt.Println(topology.Must(topology.New(spec)))
	fmt.Println(findings)
	// Output:
	// 1 × rack, 2 × node, 1 × instance
	// looks wrong: instance/web: primary and secondary are both in location/rack:r1: one loss takes both copies
}
