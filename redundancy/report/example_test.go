package report_test

import (
	"log"
	"os"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/report"
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
