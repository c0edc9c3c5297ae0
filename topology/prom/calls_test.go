package prom

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/calls"
)

// Of one scrape the counters are weights. Failed requests are part of all requests, and of a name with a prefix.
func TestCallsOfCounters(t *testing.T) {
	got, findings, err := Calls(exposed(t, `
traces_service_graph_request_total{client="user",server="web",connection_type="virtual_node"} 1200
traces_service_graph_request_total{client="web",server="cart",failed="false"} 400
traces_service_graph_request_total{client="web",server="cart",failed="true"} 5
otel_traces_service_graph_request_total_total{client="web",server="db",connection_type="database"} 90
traces_service_graph_request{client="cart",server="db"} 10
traces_service_graph_request_failed_total{client="web",server="cart"} 5
traces_service_graph_request_server_seconds_sum{client="web",server="cart"} 7
up{client="a",server="b"} 1
`), "", "")
	require.NoError(t, err)
	require.Empty(t, findings)
	require.Equal(t, []calls.Call{
		{From: "", To: "web", Rate: 1200}, {From: "web", To: "cart", Rate: 405}, {From: "web", To: "db", Rate: 90}, {From: "cart", To: "db", Rate: 10},
	}, got)
}

// Over 20 seconds: web to cart from 100 to 140; cart to db began again at 0 after 1000, so 10 + 30; the edge of one
// point counted nothing that is known.
func TestCallsOfARange(t *testing.T) {
	got, findings, err := Calls(exposed(t, `
traces_service_graph_request_total{client="web",server="cart"} 100 1000000
traces_service_graph_request_total{client="web",server="cart"} 120 1010000
traces_service_graph_request_total{client="web",server="cart"} 140 1020000
traces_service_graph_request_total{client="cart",server="db"} 990 1000000
traces_service_graph_request_total{client="cart",server="db"} 1000 1010000
traces_service_graph_request_total{client="cart",server="db"} 30 1020000
traces_service_graph_request_total{client="new",server="db"} 8 1020000
traces_service_graph_request_total{client="new",server="idle"} 8 1020000
`), "shop/{client}", "shop/{server}")
	require.NoError(t, err)
	require.Equal(t, []calls.Call{
		{From: "shop/web", To: "shop/cart", Rate: 2}, {From: "shop/cart", To: "shop/db", Rate: 2}, {From: "shop/new", To: "shop/idle"},
	}, got)
	require.Equal(t, "missing: shop/new → shop/db: no call was counted in this time, so none is known: take a longer time, or declare a need", findings.String())
}

// Rates and counters that were read together are each measured by their own kind: a rate at one time is no mean over
// the counter's two, and its time is none of the counter's.
func TestCallsOfBoth(t *testing.T) {
	counter := map[string]string{nameLabel: "traces_service_graph_request_total", "client": "web", "server": "cart"}
	got, _, err := Calls([]Series{
		{Labels: counter, Points: []Point{{at(0), 3}, {at(10), 23}}},
		{Labels: map[string]string{"client": "a", "server": "b"}, Points: []Point{{at(90), 5}}},
	}, "", "")
	require.NoError(t, err)
	require.Equal(t, []calls.Call{{From: "web", To: "cart", Rate: 2}, {From: "a", To: "b", Rate: 5}}, got)
}

// What a query computed is rates: of a range their mean.
func TestCallsComputed(t *testing.T) {
	got, findings, err := Calls([]Series{
		{Labels: map[string]string{"client": "a", "server": "b"}, Points: []Point{{at(0), 3}, {at(10), 5}}},
		{Labels: map[string]string{"client": "c", "server": "b"}, Points: []Point{{at(10), 5}}},
		{Labels: map[string]string{"pod": "x"}, Points: []Point{{at(10), 5}}},
	}, "", "")
	require.NoError(t, err)
	require.Empty(t, findings)
	require.Equal(t, []calls.Call{{From: "a", To: "b", Rate: 4}, {From: "c", To: "b", Rate: 2.5}}, got)
}

func TestCallsFindings(t *testing.T) {
	got, findings, err := Calls(exposed(t, `
traces_service_graph_request_total{client="a",server="b"} NaN
traces_service_graph_request_total{client="a"} 4
`), "", "")
	require.NoError(t, err)
	require.Empty(t, got)
	require.Equal(t, `looks wrong: traces_service_graph_request_total{client="a",server="b"}: NaN, infinite or below zero, which no number of calls is; it is not used
missing: traces_service_graph_request_total{client="a"}: the series lacks a label that the names are made of, and is left out`, findings.String())
	_, findings, err = Calls(nil, "", "")
	require.NoError(t, err)
	require.Equal(t, Unmatched, findings[0].Reason)
	_, _, err = Calls(nil, "{", "x{")
	require.EqualError(t, err, "client: bad syntax: \"{\": want a label and } after {\nserver: bad syntax: \"{\": want a label and } after {")
}

// Calls and the load of services together: of db's demand of 10 the web causes nine parts of ten.
func TestCallsJoin(t *testing.T) {
	spec := topology.Spec{Components: []topology.Component{{Name: "[web,cart]", Demand: 10}, {Name: "db", Demand: 10, Capacity: 20}}}
	all, _, err := Calls(exposed(t, `
traces_service_graph_request_total{client="web",server="db"} 90
traces_service_graph_request_total{client="cart",server="db"} 10
`), "", "")
	require.NoError(t, err)
	spec, findings, err := calls.Join(spec, all)
	require.NoError(t, err)
	require.Empty(t, findings)
	fleet := topology.Must(topology.New(spec))
	web, _ := fleet.Lookup("web")
	require.InDelta(t, 0.9, fleet.Links(web)[0].Supply.PerUnit, 1e-12)
}
