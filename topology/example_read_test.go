package topology_test

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

func ExampleExpand() {
	names, err := topology.Expand("feed-[a,b]-[08-10]")
	fmt.Println(names, err)
	_, err = topology.Expand("rack-[1-030]")
	fmt.Println(err)
	// Output:
	// [feed-a-08 feed-a-09 feed-a-10 feed-b-08 feed-b-09 feed-b-10] <nil>
	// "rack-[1-030]": 1-030: pad both ends to the same width, as in 001-030, or neither
}

func ExampleFold() {
	fmt.Println(topology.Fold([]string{"board-1", "board-2", "board-5"}))
	fmt.Println(topology.Fold([]string{"feed-a-1", "feed-a-2", "feed-b-1", "feed-b-2", "ups"}))
	// Output:
	// [board-[1-2,5]]
	// [feed-[a,b]-[1-2] ups]
}

func ExampleRead() {
	fleet, err := topology.Read(strings.NewReader(`{
	  "kinds": {"server": {"capacity": "100 requests/s", "start": {"boot": "90s"}}},
	  "components": [
	    {"name": "board-[1-2]", "kind": "board"},
	    {"name": "web-[1-3]", "kind": "server", "needs": "board-1"},
	    {"name": "web-[4-6]", "kind": "server", "needs": "board-2"},
	    {"name": "users", "demand": "0.2k requests/s", "supplies": [{"members": "server"}]}
	  ]
	}`))
	fmt.Println(fleet, err)
	// Output: 2 × board, 6 × server, users <nil>
}

// All that is wrong is reported at once, each with its place.
func ExampleRead_faults() {
	_, err := topology.Read(strings.NewReader(`{"components": [
  {"name": "web-[1-3]", "capasity": "100 requests/s"},
  {"name": "users", "demand": "200", "reopen": {"surge": 0.5, "decay": 10}}
]}`))
	fmt.Println(err)
	// Output:
	// 2:25: web-[1-3]: capasity: not found: no such field; did you mean "capacity"?
	// 3:72: users: reopen.decay: bad number: 10 has no unit: write "10s" for seconds, "10m" for minutes, "10h" for hours
}
