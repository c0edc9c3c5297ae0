package growth_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/growth"
	"github.com/ridethrough/ridethrough/topology"
)

// 100 servers of 100 requests/s, on four boards, share 6,000. Board-1 takes 30 of them: the other 70 carry 7,000.
func ExampleForecast() {
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: topology.Names{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: topology.Names{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: topology.Names{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: topology.Names{"board-4"}},
			{Name: "users", Demand: 6_000, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}))
	outlook, err := growth.Forecast(context.Background(), fleet, cascade.Each("board"), growth.Options{
		Monthly: .03,
		From:    time.Date(2026, time.January, 15, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(outlook)
	// Output:
	// each board, 3 % a month from 2026-01-15: exact.
	//   nothing lost         166.7 % of the load  2027-06-23  chat-001 is full
	//   board-1 and 1 alike  116.7 % of the load  2026-06-21  chat-031 is full
	//   board-3 and 1 alike  133.3 % of the load  2026-11-06  chat-001 is full
	//   no longer hold, of 4 scenarios: 0 now, 0 within 3 months, 2 within 6 months, 4 within 12 months
}

// Three zones of ten servers each, any of which may be lost: each zone may be kept at two thirds, and while zone a is out of
// rotation, the two others at a half.
func ExampleSafe() {
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s", Needs: topology.Names{"zone-{zone}"}}},
		Components: []topology.Component{
			{Name: "zone-[a-c]", Kind: "zone"},
			{Name: "a-[01-10]", Kind: "server", Labels: map[string]string{"zone": "a"}},
			{Name: "b-[01-10]", Kind: "server", Labels: map[string]string{"zone": "b"}},
			{Name: "c-[01-10]", Kind: "server", Labels: map[string]string{"zone": "c"}},
			{Name: "users", Demand: 1_200, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}))
	guide, err := growth.Safe(context.Background(), fleet, cascade.Each("zone"), growth.Options{
		Of:  []string{"zone"},
		Out: []cascade.Scenario{{Drain: topology.Names{"zone=a"}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(guide)
	// Output:
	// each zone:
	//   nothing lost: safe to 166.7 % of the load, where b-01 is full in zone-a (exact).
	//     zone-a: server  10  now 40 %  keep within 66.67 %
	//     zone-b: server  10  now 40 %  keep within 66.67 %
	//     zone-c: server  10  now 40 %  keep within 66.67 %
	//   drain zone=a: safe to 83.33 % of the load, where c-01 is full in zone-b + drain zone=a (exact).
	//     zone-a: server  none in rotation
	//     zone-b: server  10  now 60 %  keep within 50 %
	//     zone-c: server  10  now 60 %  keep within 50 %
}

// Ten old servers never draw more than 3 of the 10 kW of their board; twenty new ones share two boards, one of which may be
// lost. At 75 requests/s a new server draws 500 W, and a single board is full: a quarter of all servers waits for power.
func ExampleStranded() {
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{
			"server": {Capacity: 100, Unit: "requests/s"},
			"board":  {Capacity: 10_000, Unit: "W"},
		},
		Components: []topology.Component{
			{Name: "board-[1-3]", Kind: "board"},
			{Name: "old-[01-10]", Kind: "server", Supplies: []topology.Supply{{Members: topology.Names{"board-1"}, Base: 100, PerUnit: 2}}},
			{Name: "new-[01-20]", Kind: "server", Supplies: []topology.Supply{{Members: topology.Names{"board-[2-3]"}, Base: 200, PerUnit: 4}}},
			{Name: "users", Demand: 1_200, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
		},
	}))
	ledger, err := growth.Stranded(context.Background(), fleet, cascade.Each("board-[2-3]"), growth.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ledger)
	// Output:
	// each board-[2-3]: safe to 187.5 % of the load, where board-3 is full in board-2 (exact).
	//   board   3   used 22.5 of 30 kW              stranded 7,500 W (25 %), 7,000 W of it unclaimed  busiest board-2, at 100 % in board-3
	//   server  30  used 2,250 of 3,000 requests/s  stranded 750 requests/s (25 %)                    busiest old-01, at 75 % with nothing lost
}
