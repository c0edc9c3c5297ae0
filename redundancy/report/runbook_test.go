package report

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

const minute = time.Minute

// A wayBack is a fleet, and what it comes back from.
type wayBack struct {
	spec     topology.Spec
	scenario cascade.Scenario
	options  restart.Options
}

// hundred is 100 servers at 80 % on four boards.
func hundredServers(gated bool) topology.Spec {
	return topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: names{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: names{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: names{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: names{"board-4"}},
			{Name: "users", Demand: 8_000, Unit: "requests/s", Gated: gated, Supplies: []topology.Supply{{Members: names{"server"}}}},
		},
	}
}

// coldStart is two sorts of servers on boards that their in-rush loads, with a store behind, and users that surge.
var coldStart = topology.Spec{Components: []topology.Component{
	{Name: "main", Capacity: 30_000, Unit: "W"},
	{Name: "board-[1-3]", Kind: "board", Capacity: 10_000, Unit: "W", Supplies: []topology.Supply{{Members: names{"main"}}}},
	{Name: "db-[1-2]", Kind: "store", Capacity: 500, Start: topology.Start{Boot: 3 * minute}, Needs: names{"main"}},
	{Name: "web-[1-3]-[1-8]", Kind: "server", Capacity: 100, Unit: "requests/s", Start: topology.Start{Boot: 2 * minute, WarmUp: 10 * minute, Cold: .5},
		StartNeeds: names{"1 of store"},
		Supplies:   []topology.Supply{{Members: names{"board-{1}"}, Base: 300, PerUnit: 2, Inrush: 1_000}, {Members: names{"store"}, PerUnit: .4}}},
	{Name: "big-[1-3]-[1-2]", Kind: "server", Capacity: 160, Unit: "requests/s", Start: topology.Start{Boot: 4 * minute},
		StartNeeds: names{"1 of store"},
		Supplies:   []topology.Supply{{Members: names{"board-{1}"}, Base: 500, PerUnit: 2, Inrush: 1_500}, {Members: names{"store"}, PerUnit: .4}}},
	{Name: "users", Demand: 2_000, Unit: "requests/s", Gated: true, Reopen: topology.Reopen{Surge: .5, Decay: 5 * minute},
		Supplies: []topology.Supply{{Members: names{"server"}}}},
}}

// waysBack are the runbooks of testdata.
func waysBack() map[string]wayBack {
	back := map[string]time.Duration{"board-1": 26 * minute}
	tooFew := hundredServers(true)
	alone := topology.Spec{Components: []topology.Component{
		{Name: "web-[1-2]", Kind: "server", Capacity: 100},
		{Name: "weak", Capacity: 1, Overload: topology.Overload{Shed: true}},
		{Name: "more", Demand: 10, Supplies: []topology.Supply{{Members: names{"weak"}}}},
	}}
	return map[string]wayBack{
		"hundred": {hundredServers(true), cascade.Lose("board-1"), restart.Options{Return: back}},
		"ungated": {hundredServers(false), cascade.Lose("board-1"), restart.Options{Return: back}},
		"too-few": {tooFew, cascade.Lose("board-1"), restart.Options{Return: map[string]time.Duration{"board-1": -1}}},
		"cold-start": {coldStart, cascade.Lose("main"), restart.Options{Return: map[string]time.Duration{"main": 5 * minute},
			AtOnce: map[string]int{"server": 12}}},
		"undetermined": {alone, cascade.Lose("web-1"), restart.Options{}},
	}
}

func made(t testing.TB, w wayBack) (*topology.Topology, *restart.Plan) {
	f := fleet(t, w.spec)
	p, err := restart.Make(context.Background(), f, w.scenario, w.options)
	require.NoError(t, err)
	return f, p
}

func TestRunbook(t *testing.T) {
	for name, w := range waysBack() {
		t.Run(name, func(t *testing.T) {
			f, p := made(t, w)
			var out bytes.Buffer
			require.NoError(t, Runbook(context.Background(), &out, f, p))
			file := "testdata/runbook-" + name + ".txt"
			if *update {
				require.NoError(t, os.WriteFile(file, out.Bytes(), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), out.String())
		})
	}
}
