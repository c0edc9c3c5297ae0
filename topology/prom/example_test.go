package prom_test

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/prom"
)

// The requests of all servers are what users ask for; each server's capacity is what a load test found.
func Example() {
	// sum by (instance) (rate(http_requests_total[5m]))
	requests := `{"status":"success","data":{"resultType":"vector","result":[
		{"metric":{"instance":"web-1:9100"},"value":[1700000000,"312.5"]},
		{"metric":{"instance":"web-2:9100"},"value":[1700000000,"287.5"]},
		{"metric":{"instance":"web-3:9100"},"value":[1700000000,"300"]}]}}`
	// the text at /metrics of an exporter
	capacity := `# TYPE capacity_rps gauge
capacity_rps{server="web-1"} 400
capacity_rps{server="web-2"} 400
capacity_rps{server="web-3"} NaN
capacity_rps{server="web-9"} 400
`
	spec := topology.Spec{Components: []topology.Component{
		{Name: "web-[1-3]", Kind: "server", Capacity: 350, Unit: "requests/s"}, // by the book
		{Name: "users", Supplies: []topology.Supply{{Members: topology.Names{"server"}}}},
	}}
	assumed := topology.Findings{{Class: topology.Assumed, Reason: "by the book", About: []string{"web-1", "web-2", "web-3"},
		Field: "capacity", Text: "350 requests/s is what the vendor says"}}

	var series []prom.Series
	for _, text := range []string{requests, capacity} {
		read, findings, err := prom.Read(strings.NewReader(text))
		if err != nil {
			fmt.Println(err)
			return
		}
		series, assumed = append(series, read...), append(assumed, findings...)
	}
	spec, findings, err := prom.Join(spec, assumed, series,
		prom.Rule{Metric: `{instance!=""}`, Component: "users", Field: prom.Demand, Unit: "requests/s"},
		prom.Rule{Metric: "capacity_rps", Component: "{server}", Field: prom.Capacity, Unit: "requests/s"})
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
	outcome, err := cascade.Run(fleet, cascade.Lose("web-1"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(outcome.Scenario, outcome.Verdict)
	// Output:
	// looks wrong: web-3: capacity: capacity_rps{server="web-3"} is NaN; the value is not used: was something divided by nothing? Ask for a time at which it was measured, or declare it
	// missing: web-9: capacity: no component has this name; left out of capacity_rps is 400 of 1,200 requests/s
	// assumed: web-3: capacity: 350 requests/s is what the vendor says
	// web-1 collapses
}

// Who calls whom, of what a collector makes of traces.
func ExampleCalls() {
	series, _, err := prom.Read(strings.NewReader(`
traces_service_graph_request_total{client="user",server="frontend",connection_type="virtual_node"} 90000
traces_service_graph_request_total{client="frontend",server="cart"} 30000
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	all, _, err := prom.Calls(series, "shop/{client}", "shop/{server}")
	fmt.Println(all, err)
	// Output: [{ shop/frontend 90000} {shop/frontend shop/cart 30000}] <nil>
}
