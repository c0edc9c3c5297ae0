package maintenance_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/maintenance"
	"github.com/ridethrough/ridethrough/topology"
)

// hundred is 100 servers that share 6,500 requests/s, 25 of them on each of four boards.
func hundred() topology.Spec {
	server := topology.Component{Capacity: 100, Unit: "requests/s", Start: topology.Start{Boot: 3 * time.Minute, WarmUp: 2 * time.Minute, Cold: .9}}
	spec := topology.Spec{
		Kinds:      map[string]topology.Component{"server": server},
		Components: []topology.Component{{Name: "board-[1-4]", Kind: "board"}},
	}
	for i := range 4 {
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprintf("chat-[%03d-%03d]", 25*i+1, 25*i+25), Kind: "server", Needs: topology.Names{fmt.Sprintf("board-%d", i+1)},
		})
	}
	spec.Components = append(spec.Components, topology.Component{Name: "users", Demand: 6_000, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}})
	return spec
}

func ExampleCheck() {
	fleet := topology.Must(topology.New(hundred()))
	o := maintenance.Options{Family: cascade.Each("board")}
	for _, what := range []string{"chat-001", "board-1"} {
		answer, err := maintenance.Check(context.Background(), fleet, topology.Names{what}, o)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Print(answer)
	}
	// Output:
	// Taking out chat-001 is safe: meanwhile "each board" holds (proven), up to 112.5 % of the load; it takes 5m.
	//   worst when drained, off, booting: board-2 lost: chat-002 at 81.08 of 100 requests/s
	//   worst when cold: board-2 lost: chat-001 at 80 of 90 requests/s
	// Taking out board-1 is not safe (exact).
	//   with it go down chat-[001-025]
	//   what fails: drained, board-2 lost: chat-051 at 120 of 100 requests/s
	//   worst when drained, off, booting: board-2 lost: chat-051 at 120 of 100 requests/s
	//   worst when cold: board-2 lost: chat-001 at 80 of 90 requests/s
}

func ExampleRoll() {
	fleet := topology.Must(topology.New(hundred()))
	rolling, err := maintenance.Roll(context.Background(), fleet, topology.Names{"server"}, maintenance.Options{
		Family: cascade.Each("board"), Drain: time.Minute,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(rolling)
	// Output:
	// Take out 100 of chat-[001-100] in 9 groups of up to 12: meanwhile "each board" holds; it takes 54m (proven: fewer groups are not enough).
	//   1  chat-[001-003,026-028,051-053,076-077] (11), 6m; tightest drained, board-4 lost: chat-004 at 90.91 of 100 requests/s
	//   2  chat-[004-006,029-031,054-055,078-080] (11), 6m; tightest drained, board-3 lost: chat-001 at 90.91 of 100 requests/s
	//   3  chat-[007-009,032-033,056-058,081-083] (11), 6m; tightest drained, board-2 lost: chat-001 at 90.91 of 100 requests/s
	//   4  chat-[010-011,034-036,059-061,084-086] (11), 6m; tightest drained, board-1 lost: chat-026 at 90.91 of 100 requests/s
	//   5  chat-[012-014,037-039,062-064,087-088] (11), 6m; tightest drained, board-4 lost: chat-001 at 90.91 of 100 requests/s
	//   6  chat-[015-017,040-042,065-066,089-091] (11), 6m; tightest drained, board-3 lost: chat-001 at 90.91 of 100 requests/s
	//   7  chat-[018-020,043-044,067-069,092-094] (11), 6m; tightest drained, board-2 lost: chat-001 at 90.91 of 100 requests/s
	//   8  chat-[021-022,045-047,070-072,095-097] (11), 6m; tightest drained, board-1 lost: chat-026 at 90.91 of 100 requests/s
	//   9  chat-[023-025,048-050,073-075,098-100] (12), 6m; tightest drained, board-1 lost: chat-026 at 90.91 of 100 requests/s
}
