package report

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

type names = topology.Names

func fleet(t testing.TB, spec topology.Spec) *topology.Topology {
	built, err := topology.New(spec)
	require.NoError(t, err)
	return built
}

func run(t testing.TB, f *topology.Topology, s cascade.Scenario) *cascade.Outcome {
	outcome, err := cascade.Run(f, s)
	require.NoError(t, err)
	return outcome
}

func hundred(t testing.TB) *topology.Topology {
	return fleet(t, topology.Spec{
		Kinds: map[string]topology.Component{"server": {Capacity: 100, Unit: "requests/s"}},
		Components: []topology.Component{
			{Name: "board-[1-4]", Kind: "board"},
			{Name: "chat-[001-030]", Kind: "server", Needs: names{"board-1"}},
			{Name: "chat-[031-060]", Kind: "server", Needs: names{"board-2"}},
			{Name: "chat-[061-080]", Kind: "server", Needs: names{"board-3"}},
			{Name: "chat-[081-100]", Kind: "server", Needs: names{"board-4"}},
			{Name: "users", Demand: 8_000, Unit: "requests/s", Supplies: []topology.Supply{{Members: names{"server"}}}},
		},
	})
}

// dualFeed is racks on two feeds each, every pair another: too many nodes from 40 racks on.
func dualFeed(t testing.TB) *topology.Topology {
	return fleet(t, topology.Spec{Components: []topology.Component{
		{Name: "ups-[a,b]", Capacity: 500_000, Unit: "W"},
		{Name: "feed-[a,b]-[01-40]", Kind: "feed", Capacity: 10_000, Unit: "W", Overload: topology.Overload{Curve: topology.VI},
			Supplies: []topology.Supply{{Members: names{"ups-{1}"}}}},
		{Name: "rack-[01-40]", Kind: "rack", Demand: 12_000, Unit: "W", Supplies: []topology.Supply{{Members: names{"feed-[a,b]-{1}"}}}},
	}})
}

// shop has every sort of line and of label.
func shop(t testing.TB) *topology.Topology {
	return fleet(t, topology.Spec{
		Kinds: map[string]topology.Component{
			"web": {Capacity: 500, Supplies: []topology.Supply{{Members: names{"api"}, PerUnit: 2}}},
			"api": {Capacity: 900, Overload: topology.Overload{Shed: true}, Needs: names{"2 of etcd-[1-3]"}, StartNeeds: names{"registry"}, Supplies: []topology.Supply{
				{Members: names{"db-1", "db-2"}, Share: topology.Tiered, PerUnit: .5},
				{Members: names{"log"}, Optional: true, PerUnit: .1}}},
		},
		Components: []topology.Component{
			{Name: "zone-[a,b,c]", Kind: "zone"},
			{Name: "web-[a,b,c]-[1-4]", Kind: "web", Needs: names{"zone-{1}"}},
			{Name: "api-[a,b,c]-[1-5]", Kind: "api", Needs: names{"zone-{1}", "2 of etcd-[1-3]"}},
			{Name: "etcd-1", Needs: names{"zone-a"}}, {Name: "etcd-2", Needs: names{"zone-b"}}, {Name: "etcd-3", Needs: names{"zone-c"}},
			{Name: "db-1", Kind: "db", Capacity: 5000, Needs: names{"zone-a"}}, {Name: "db-2", Kind: "db", Capacity: 5000, Needs: names{"zone-b"}},
			{Name: "registry", Needs: names{"zone-b"}}, {Name: "log", Capacity: 9999},
			{Name: "users", Demand: 3600, Supplies: []topology.Supply{{Members: names{"web"}}}},
		},
	})
}

// odd has names that mean something to Graphviz, Mermaid, Markdown or HTML.
func odd(t testing.TB) *topology.Topology {
	var members names
	spec := topology.Spec{}
	for _, name := range oddNames {
		pattern := topology.Fold([]string{name})
		spec.Components = append(spec.Components, topology.Component{Name: pattern[0], Kind: "kind " + name, Capacity: 5})
		members = append(members, pattern...)
	}
	for i, m := range members {
		spec.Components = append(spec.Components, topology.Component{Name: "u" + string(rune('a'+i)), Needs: names{m}})
	}
	spec.Components = append(spec.Components, topology.Component{Name: "users", Demand: 9, Supplies: []topology.Supply{{Members: members}}})
	return fleet(t, spec)
}

var oddNames = []string{
	"end", "graph", `say "hi"`, `back\slash\N\`, "a[1]", "{x}|y", "<b>bold</b>", "<script>alert(1)</script>", "a&amp;b", "#quot;#35;",
	"100%%{init}%%", "1. list", "- list", "*a* _b_ `c`", "`md`", "inner  spaces", "ünï-日本-🙂", "a;b", "-->", "(x)",
}

// The cases of the golden files.
func cases(t testing.TB) map[string]struct {
	fleet   *topology.Topology
	outcome *cascade.Outcome
} {
	type drawn = struct {
		fleet   *topology.Topology
		outcome *cascade.Outcome
	}
	seed, feeds, shop, odd := hundred(t), dualFeed(t), shop(t), odd(t)
	return map[string]drawn{
		"hundred":       {seed, nil},
		"hundred-board": {seed, run(t, seed, cascade.Lose("board-1"))},
		"hundred-drain": {seed, run(t, seed, cascade.Scenario{Name: "repair", Drain: names{"chat-[001-010]"}, Load: .5})},
		"dualfeed":      {feeds, nil},
		"dualfeed-trip": {feeds, run(t, feeds, cascade.Lose("feed-a-07"))},
		"shop":          {shop, nil},
		"shop-zone":     {shop, run(t, shop, cascade.Scenario{Lose: names{"zone-a"}, Load: 1.5})},
		"odd":           {odd, nil},
	}
}

func draws(t testing.TB, f *topology.Topology, o *cascade.Outcome) (dot, mermaid string) {
	var d, m bytes.Buffer
	require.NoError(t, DOT(&d, f, o))
	require.NoError(t, Mermaid(&m, f, o))
	return d.String(), m.String()
}

func TestGolden(t *testing.T) {
	for name, c := range cases(t) {
		t.Run(name, func(t *testing.T) {
			dot, mermaid := draws(t, c.fleet, c.outcome)
			again, _ := draws(t, c.fleet, c.outcome)
			require.Equal(t, dot, again, "the same bytes")
			golden(t, name+".dot", dot)
			golden(t, name+".mmd", mermaid)
		})
	}
}

func golden(t *testing.T, file, got string) {
	file = filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "write it with -update")
	require.Equal(t, string(want), got)
}

type broken struct{}

var errFull = errors.New("disk full")

func (broken) Write([]byte) (int, error) { return 0, errFull }

func TestErrors(t *testing.T) {
	f := hundred(t)
	require.ErrorIs(t, DOT(broken{}, f, nil), errFull)
	require.ErrorIs(t, Mermaid(broken{}, f, nil), errFull)

	other := fleet(t, topology.Spec{Components: []topology.Component{{Name: "a", Capacity: 1}, {Name: "b", Capacity: 1}}})
	for _, s := range []cascade.Scenario{cascade.Lose("a"), {Drain: names{"a"}}} {
		var b bytes.Buffer
		require.ErrorContains(t, DOT(&b, f, run(t, other, s)), "this is not the topology that was run")
		require.ErrorContains(t, Mermaid(&b, f, run(t, other, s)), "this is not the topology that was run")
		require.Empty(t, b.String())
	}
}
