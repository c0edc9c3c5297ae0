package yaml_test

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology/yaml"
)

func ExampleRead() {
	fleet, err := yaml.Read(strings.NewReader(`
# Six servers on two boards.
kinds:
  server: {capacity: 100 requests/s, needs: "board-{1}"}
components:
- {name: "board-[a,b]", kind: board}
- {name: "web-[a,b]-[1-3]", kind: server}
- name: users
  demand: 400 requests/s
  supplies: [{members: server}]
`))
	fmt.Println(fleet, err)
	// Output: 2 × board, 6 × server, users <nil>
}
