package report_test

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/report"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/redundancy/risk"
	"github.com/ridethrough/ridethrough/topology"
)

// pair is two servers on a board each, of which one cannot carry all.
var pair = topology.Spec{Components: []topology.Component{
	{Name: "board-[1-2]", Kind: "board"},
	{Name: "chat-[1-2]", Kind: "server", Capacity: 100, Needs: topology.Names{"board-{1}"}},
	{Name: "users", Demand: 120, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
}}

// As it is, with nothing lost: no outcome is given.
func ExampleDOT() {
	fleet := topology.Must(topology.New(pair))
	if err := report.DOT(os.Stdout, fleet, nil); err != nil {
		log.Fatal(err)
	}
	// Output:
	// digraph fleet {
	// 	graph [label="2 × board, 2 × server, users", labelloc=t, fontname="Helvetica"];
	// 	node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="Helvetica"];
	// 	edge [fontname="Helvetica", fontsize=10];
	// 	n0 [label="board-1\nboard"];
	// 	n1 [label="board-2\nboard"];
	// 	n2 [label="chat-1\nserver\nat 60 %"];
	// 	n3 [label="chat-2\nserver\nat 60 %"];
	// 	n4 [label="users\ndemand 120"];
	// 	n2 -> n0 [style=dashed];
	// 	n3 -> n1 [style=dashed];
	// 	n4 -> n2 [style=solid, label="needs 1 of 2"];
	// 	n4 -> n3 [style=solid, label="needs 1 of 2"];
	// 	subgraph cluster_legend {
	// 		label="legend";
	// 		node [fontsize=10];
	// 		k0 [shape=point, style=filled, fillcolor="#000000"];
	// 		k1 [shape=point, style=filled, fillcolor="#000000"];
	// 		k2 [shape=point, style=filled, fillcolor="#000000"];
	// 		k3 [shape=point, style=filled, fillcolor="#000000"];
	// 		k0 -> k1 [style=solid, label="passes load to"];
	// 		k2 -> k3 [style=dashed, label="needs"];
	// 	}
	// }
}

// The loss of a board, round by round. Put it into Markdown between "```mermaid" and "```".
func ExampleMermaid() {
	fleet := topology.Must(topology.New(pair))
	outcome, err := cascade.Run(fleet, cascade.Lose("board-1"))
	if err != nil {
		log.Fatal(err)
	}
	if err := report.Mermaid(os.Stdout, fleet, outcome); err != nil {
		log.Fatal(err)
	}
	// Output:
	// flowchart TB
	//   n0["board-1<br/>board<br/>down in round 0"]
	//   n1["board-2<br/>board<br/>up"]
	//   n2["chat-1<br/>server<br/>down in round 0"]
	//   n3["chat-2<br/>server<br/>down in round 1"]
	//   n4["users<br/>demand 120<br/>down in round 1"]
	//   n2 -.-> n0
	//   n3 -.-> n1
	//   n4 -->|"needs 1 of 2"| n2
	//   n4 -->|"needs 1 of 2"| n3
	//   subgraph legend["board-1 collapses, users served to 0 %"]
	//   c0["up"]
	//   c1["down in round 0"]
	//   c2["down in round 1"]
	//   k0["a"]
	//   k1["b"]
	//   k0 -->|"passes load to"| k1
	//   k2["a"]
	//   k3["b"]
	//   k2 -.->|"needs"| k3
	//   end
	//   classDef up fill:#e5f5e0,color:#000000,stroke:#333333
	//   class n1,c0 up
	//   classDef round0 fill:#3b0a45,color:#ffffff,stroke:#333333
	//   class n0,n2,c1 round0
	//   classDef round1 fill:#a50f15,color:#ffffff,stroke:#333333
	//   class n3,n4,c2 round1
	//   linkStyle 0,1,5 stroke-dasharray:9 4
}

// Two servers are back at once, the third when its board has power again.
func ExampleRunbook() {
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "board-[1-3]", Kind: "board", Capacity: 12_000, Unit: "W"},
		{Name: "web-[1-3]", Kind: "server", Capacity: 100, Unit: "requests/s", Start: topology.Start{Boot: 3 * time.Minute},
			Supplies: []topology.Supply{{Members: topology.Names{"board-{1}"}, Base: 400, PerUnit: 100, Inrush: 600}}},
		{Name: "users", Demand: 240, Unit: "requests/s", Gated: true, Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}))
	plan, err := restart.Make(context.Background(), fleet, cascade.Lose("board-1"), restart.Options{
		Return: map[string]time.Duration{"board-1": 26 * time.Minute},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := report.Runbook(context.Background(), os.Stdout, fleet, plan); err != nil {
		log.Fatal(err)
	}
	// Output:
	// The way back from board-1: 6 steps; in the end 100 % of users is served.
	//   unserved      as if nobody were served for 7:20 (1,760 requests/s × minutes); nothing safe leaves less
	//   full service  29:00
	//   finish        29:00; nothing safe finishes earlier
	//   certainty     proven, for the least unserved demand
	//
	// Before the start, at 0:00, when nothing falls any more
	//   down          board (all 3), server (all 3); if more or less is down, make another plan
	//   return        board-1 can be started again from 26:00 on: before step 4 see that it can
	//   return        all else can be started right away
	//   traffic       users is held back: let nothing in until a step says so
	//   stopping      after any of the times written out below, for as long as you like: replayed, and safe
	//
	// Traffic of users   # served   . held back   ! not served
	//        240 |...........................................#################
	//            |....########################################################
	//        120 |....########################################################
	//            |....########################################################
	//            |....########################################################
	//
	// server   # in rotation   + ready   o booting   . down
	//          3 |.......................................oooo#################
	//            |.......................................oooo#################
	//        1.5 |oooo########################################################
	//            |oooo########################################################
	//            |oooo########################################################
	//
	// Power drawn from board, all 3 together
	//    25.2 kW |                                           #################
	//            |    ########################################################
	//    12.6 kW |    ########################################################
	//            |    ########################################################
	//            |############################################################
	//
	//             +--------------+--------------+--------------+--------------
	//      steps |^   ^                                  ^   ^
	//             0:00           10:00          20:00          30:00     40:00
	//
	// The busiest of each kind, in tenths of its capacity (F is full)
	//     server |    FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF8888888888888888
	//      board |000088888888888888888888888888888888888888887777777777777777
	//     server  at most web-2 at 100 of 100 requests/s (100 %), at 3:00
	//      board  at most board-2 at 10.4 of 12 kW (86.67 %), at 3:00
	//
	// Steps. Whatever they say, stop when anything has more than its capacity
	//
	//   1      0:00  power on board-[2-3], web-[2-3] (4)
	//       watch     ready by 3:00: web-[2-3] (2)
	//                 board-2 at 1 of 12 kW (8.333 %), and 1 more like it
	//       stop if   any of these is not ready by 3:00: too few to go on at 3:00
	//                 board-2 has more than 1.154 of 12 kW: at that rate board-2 is overloaded at 3:00
	//
	//   2      3:00  rotate in web-[2-3] (2)
	//   3            admit 83.33 % of users
	//       watch     server: 2 of 3 in rotation
	//                 users: 200 of 240 requests/s come, and are served
	//                 web-2 at 100 of 100 requests/s (100 %), and 1 more like it
	//                 board-2 at 10.4 of 12 kW (86.67 %), and 1 more like it
	//       stop if   any of the 2 in rotation is missing
	//                 users: more than 200 requests/s come
	//       undo      admit 0 % of users (replayed: safe)
	//
	//   4     26:00  power on board-1, web-1 (2)
	//       watch     ready by 29:00: web-1
	//                 board-1 at 1 of 12 kW (8.333 %)
	//       stop if   web-1 is not ready by 29:00: too few to go on at 29:00
	//                 board-1 has more than 1.154 of 12 kW: at that rate board-2 is overloaded at 26:00
	//
	//   5     29:00  rotate in web-1
	//   6            admit 100 % of users
	//       watch     server: 3 of 3 in rotation
	//                 users: 240 of 240 requests/s come, and are served
	//                 web-1 at 80 of 100 requests/s (80 %)
	//                 board-1 at 8.4 of 12 kW (70 %)
	//       stop if   any of the 3 in rotation is missing
	//                 users: more than 300 requests/s come
	//       undo      admit 83.33 % of users (replayed: safe)
}

// A page for a review: both feeds of a rack end in one board.
func ExampleRisk() {
	fleet := topology.Must(topology.New(topology.Spec{
		Kinds: map[string]topology.Component{
			"board": {Failing: topology.Failing{MTBF: 50_000 * time.Hour, MTTR: 4 * time.Hour}},
			"feed":  {Capacity: 1_000, Failing: topology.Failing{MTBF: 20_000 * time.Hour, MTTR: 8 * time.Hour}},
		},
		Components: []topology.Component{
			{Name: "board-1", Kind: "board"},
			{Name: "feed-[a,b]", Kind: "feed", Needs: topology.Names{"board-1"}},
			{Name: "users", Demand: 900, Supplies: []topology.Supply{{Members: topology.Names{"feed"}}}},
		},
	}))
	ctx := context.Background()
	analysis, err := risk.Analyze(ctx, fleet, "users", risk.Options{})
	if err != nil {
		log.Fatal(err)
	}
	outages, err := analysis.Outages(ctx, 2, restart.Options{})
	if err != nil {
		log.Fatal(err)
	}
	if err := report.Risk(os.Stdout, analysis, outages); err != nil {
		log.Fatal(err)
	}
	// Output:
	// # What takes `users` down
	//
	// users is down by needs alone with a probability of 8.01535e-05: 4.1 nines, 42m10s a year (exact); once in 5.693 years, for 4h in the mean
	//
	// This is by what is needed alone, whatever the load: what overload takes down comes on top.
	//
	// ## Groups of failures
	//
	// Alone: `board-1`.
	//
	// | failing together | groups |
	// | ---: | ---: |
	// | 1 | 1 |
	// | 2 | 1 |
	//
	// The likeliest:
	//
	// | group | probability | part of the sum |
	// | --- | ---: | ---: |
	// | `board-1` | 7.999e-05 | 99.8 % |
	// | `feed-a` + `feed-b` | 1.599e-07 | 0.1995 % |
	//
	// The sum over the groups is 8.015e-05.
	//
	// ## What to fix first
	//
	// | component | is down | part of the sum | left if it never failed | times as likely if it has failed |
	// | --- | ---: | ---: | ---: | ---: |
	// | `board-1` | 7.999e-05 | 99.8 % | 0.1995 % | 12,476 |
	// | `feed-a` | 0.0003998 | 0.1995 % | 99.8 % | 5.986 |
	// | `feed-b` | 0.0003998 | 0.1995 % | 99.8 % | 5.986 |
	//
	// ## Outages
	//
	// | group | times a year | repair | restart | certainty of the restart |
	// | --- | ---: | ---: | ---: | ---: |
	// | `board-1` | 0.1753 | 4h | at once | proven |
	// | `feed-a` + `feed-b` | 0.0003504 | 4h | at once | proven |
	//
	// The repair is that of the first of a group, in the mean; the restart follows, until all is served that can be.
}
