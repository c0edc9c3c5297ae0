package strategy_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/strategy"
	"github.com/ridethrough/ridethrough/topology"
)

func build(components ...topology.Component) *topology.Topology {
	return topology.Must(topology.New(topology.Spec{Components: components}))
}

func on(members ...string) []topology.Supply { return []topology.Supply{{Members: members}} }

// The load of a pool is all that is placed on it: by two demands, by what others draw on, in another unit, with a base.
func TestLoadOfPool(t *testing.T) {
	web := topology.Component{Name: "web-[1-3]", Kind: "web", Capacity: 10, Unit: "cpu"}
	for name, c := range map[string]struct {
		fleet  *topology.Topology
		like   string
		demand float64
	}{
		"two demands": {build(web, topology.Component{Name: "eu", Demand: 12, Unit: "cpu", Supplies: on("web")},
			topology.Component{Name: "us", Demand: 30, Unit: "cpu", Supplies: on("web")}), "", 42},
		"through gateways": {build(web, topology.Component{Name: "gw-[1-3]", Capacity: 100, Unit: "cpu", Supplies: on("web")},
			topology.Component{Name: "users", Demand: 42, Unit: "cpu", Supplies: on("gw-[1-3]")}), "web", 42},
		"base and per unit": {build(web, topology.Component{Name: "users", Demand: 400, Unit: "rps",
			Supplies: []topology.Supply{{Members: topology.Names{"web"}, Base: 2, PerUnit: .1}}}), "", 42},
		"unequal members, one named": {build(web, topology.Component{Name: "old", Kind: "web", Capacity: 4, Unit: "cpu"},
			topology.Component{Name: "users", Demand: 42, Unit: "cpu", Supplies: on("web")}), "web-2", 42},
		"weights": {build(web, topology.Component{Name: "users", Demand: 42, Unit: "cpu",
			Supplies: []topology.Supply{{Members: topology.Names{"web-1", "web-[2-3]"}, Share: topology.Weighted, Weights: []float64{5, 1}}}}), "", 42},
		"a name that is a pattern": {build(web, topology.Component{Name: `users\[all\]`, Demand: 42, Unit: "cpu", Supplies: on("web")}), "", 42},
	} {
		table := compare(t, c.fleet, strategy.Options{Like: c.like})
		require.InEpsilon(t, c.demand, table.Demand, 1e-12, name)
		require.Equal(t, []any{5, 10.0, "cpu", "web"}, []any{table.N, table.Capacity, table.Unit, table.Server.Kind}, name)
	}
}

// What a server does when overloaded, how it starts and how it fails come along; what it needs and draws on does not.
func TestServerIsKept(t *testing.T) {
	f := build(
		topology.Component{Name: "board", Capacity: 1000, Unit: "W"},
		topology.Component{Name: "web-[1-3]", Kind: `web [x]`, Capacity: 10, Overload: topology.Overload{Shed: true}, Needs: topology.Names{"board"},
			Supplies: []topology.Supply{{Members: topology.Names{"board"}, PerUnit: 1}},
			Start:    topology.Start{Boot: time.Minute}, Failing: topology.Failing{MTBF: 99 * time.Hour, MTTR: time.Hour}},
		topology.Component{Name: "users", Demand: 20, Supplies: on("web-[1-3]")})
	for _, r := range compare(t, f, strategy.Options{}).Rows {
		g := topology.Must(topology.New(r.Fleet))
		ids, err := g.Select("server-1-a-1")
		require.NoError(t, err)
		s := g.Component(ids[0])
		require.Equal(t, []any{`web [x]`, 10.0, true, time.Minute, .01}, []any{s.Kind, s.Capacity, s.Overload.Shed, s.Start.Boot, g.Unavailability(ids[0])})
		require.Equal(t, topology.Names{"feed-1-a"}, s.Needs)
		require.Empty(t, s.Supplies)
	}
}

// Parts may have names of their own; they are as good as any other.
func TestKinds(t *testing.T) {
	o := strategy.Options{Feed: strategy.Part{Kind: "board [a,b]", Price: 1}, Site: strategy.Part{Kind: "zone = x", Price: 2}}
	table := compare(t, fleet(8_000, 100, topology.Overload{}), o)
	plain := compare(t, fleet(8_000, 100, topology.Overload{}), strategy.Options{Feed: strategy.Part{Price: 1}, Site: strategy.Part{Price: 2}})
	for i, r := range table.Rows {
		require.Equal(t, verdicts(plain.Rows[i]), verdicts(r))
		require.Equal(t, plain.Rows[i].Cost, r.Cost)
	}
}

func TestErrors(t *testing.T) {
	ok := fleet(8_000, 100, topology.Overload{})
	web := topology.Component{Name: "web-[1-3]", Kind: "web", Capacity: 10}
	db := topology.Component{Name: "db", Capacity: 10}
	users := topology.Component{Name: "users", Demand: 42, Supplies: on("web")}
	layout := func(l strategy.Layout) strategy.Options { return strategy.Options{Layouts: []strategy.Layout{l}} }
	for _, c := range []struct {
		fleet *topology.Topology
		o     strategy.Options
		want  string
	}{
		{ok, strategy.Options{Like: "chat-1"}, "like: "},
		{ok, strategy.Options{Like: "users"}, "like: users: it has no capacity"},
		{ok, strategy.Options{Serve: 1.1}, "serve: 1.1: give the fraction"},
		{ok, strategy.Options{Serve: math.NaN()}, "serve: NaN"},
		{ok, strategy.Options{Site: strategy.Part{Price: -1}}, "site: price: -1: give what one costs"},
		{ok, strategy.Options{Server: strategy.Part{Price: math.Inf(1)}}, "server: price: +Inf"},
		{ok, strategy.Options{Site: strategy.Part{Kind: "feed"}}, `kind: "feed" is that of two parts`},
		{ok, strategy.Options{Site: strategy.Part{Failing: topology.Failing{Unavailability: 2}}}, `layout "N": site-`},
		{ok, strategy.Options{Losses: []strategy.Loss{{}, {Servers: -1}}}, "losses[1]: -1 servers"},
		{ok, strategy.Options{Losses: []strategy.Loss{{Load: math.NaN()}}}, "losses[0]: load: NaN"},
		{ok, layout(strategy.Layout{}), "name: give it one"},
		{ok, layout(strategy.Layout{Name: "x\n"}), "name: it has tabs or ends of line"},
		{ok, layout(strategy.Layout{Name: "x", Sites: -1}), `layout "x": sites: -1`},
		{ok, layout(strategy.Layout{Name: "x", Sites: 1001}), "sites: 1001"},
		{ok, layout(strategy.Layout{Name: "x", Feeds: 27}), "feeds: 27"},
		{ok, layout(strategy.Layout{Name: "x", Spare: -1}), "spare: -1"},
		{ok, layout(strategy.Layout{Name: "x", Spare: math.MaxInt}), "servers are more than a topology can have"},
		{ok, layout(strategy.Layout{Name: "x", Sites: 2, Standby: 2}), "standby: 2 of 2 sites"},
		{ok, layout(strategy.Layout{Name: "x", Sites: 3, Enough: 4}), "enough: 4: give a number of blocks from 1 to 3"},
		{ok, layout(strategy.Layout{Name: "x", Sites: 3, Standby: 2, Enough: 2}), "enough: 2: give a number of blocks from 1 to 1"},
		{fleet(1e40, 1, topology.Overload{}), strategy.Options{}, "servers are more than a topology can have"},
		{build(web, db, users, topology.Component{Name: "batch", Demand: 1, Supplies: on("db")}), strategy.Options{},
			"like: demands draw on several pools, one with web-1 and one with db: name a server that would be bought"},
		{build(web, db, topology.Component{Name: "users", Demand: 42, Supplies: on("web", "db")}), strategy.Options{Like: "web"}, ""},
		{build(web, topology.Component{Name: "old", Capacity: 4}, topology.Component{Name: "users", Demand: 42, Supplies: on("web", "old")}), strategy.Options{},
			"like: web-1 and old are not alike: name the one that would be bought"},
		{build(web, users, topology.Component{Name: "batch", Demand: 1, Supplies: on("web-[1-2]")}), strategy.Options{Like: "web"}, "like: web-1 is in several pools, of web-[1-3] and of web-[1-2]"},
		{build(web, users, topology.Component{Name: "batch", Demand: 1, Supplies: on("web-[1-2]")}), strategy.Options{Like: "web-3"}, "web-1 of its pool is in another pool as well"},
		{build(web, topology.Component{Name: "users", Demand: 42, Supplies: []topology.Supply{{Members: topology.Names{"web"}, Share: topology.Each}}}), strategy.Options{},
			"each member of its pool gets all of the load"},
		{build(topology.Component{Name: "web", Capacity: 10, Demand: 1}, topology.Component{Name: "users", Demand: 42, Supplies: on("web")}), strategy.Options{}, "like: web: it has a demand of its own"},
		{build(topology.Component{Name: "web", Capacity: 10, Demand: 1}), strategy.Options{}, "like: no demand draws on anything"},
		{build(web, db, topology.Component{Name: "users", Demand: 42, Supplies: on("db")}), strategy.Options{Like: "web"}, "like: web-1: nothing draws on it"},
		{build(web, topology.Component{Name: "gw", Capacity: 10, Overload: topology.Overload{Shed: true}, Supplies: on("web")}, topology.Component{Name: "users", Demand: 42, Supplies: on("gw")}),
			strategy.Options{Like: "web"}, "gw carries 42 of 10 with nothing lost, and rejects"},
		{build(topology.Component{Name: "web", Capacity: 10}, topology.Component{Name: "gw", Supplies: on("web")}), strategy.Options{Like: "web"}, "its pool carries no load"},
	} {
		table, err := strategy.Compare(t.Context(), c.fleet, c.o)
		if c.want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, c.want)
		require.Nil(t, table)
	}
}

// Neither the number of workers nor a second time changes a byte; scaling all prices changes no more than these.
func TestSameBytes(t *testing.T) {
	o := strategy.Options{Server: strategy.Part{Price: 3, Failing: topology.Failing{Unavailability: .01}}, Site: strategy.Part{Price: 50}}
	first := compare(t, fleet(8_000, 100, topology.Overload{}), o)
	o.Workers = 3
	require.Equal(t, first.String(), compare(t, fleet(8_000, 100, topology.Overload{}), o).String())
	o.Server.Price, o.Site.Price = 6, 100
	for i, r := range compare(t, fleet(8_000, 100, topology.Overload{}), o).Rows {
		require.Equal(t, 2*first.Rows[i].Cost, r.Cost)
		require.Equal(t, first.Rows[i].Frontier, r.Frontier)
		require.Equal(t, first.Rows[i].Expected, r.Expected)
	}
	require.NotContains(t, first.String(), string(cascade.Fails))
}
