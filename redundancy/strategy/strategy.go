// Package strategy puts the usual ways to be redundant side by side: what each buys, what it costs, what it survives, and
// what part of the demand it can be expected to serve.
//
// [Compare] takes from a topology how much load a pool of servers carries, and one of these servers. For each [Layout] it
// builds the fleet that would carry this load, and asks the same of all.
//
// # The layouts
//
// N is the least number of servers that carries the demand, each at most fully used. All servers of a layout are alike, and
// each stands on a feed (power, or whatever fails as one within a site) of a site. [Usual] returns the layouts of the field:
//
//   - N: N servers on one feed of one site, without a spare.
//   - N+1, N+2: one or two servers more. N+k survives the loss of any k servers.
//   - 2N: two feeds, A and B, in one site, N servers on each: either half carries all, and they share nothing but the site.
//   - 2(N+1): the same, with a spare in each half: a server may fail while the other half is away.
//   - two sites active/active: N servers at each, both taking load. Each is at most half used, and carries all alone.
//   - two sites active/standby: the same servers; the second site takes only what the first cannot carry.
//   - three sites at 2/3: half of N, rounded up, at each. Each is at most 2/3 used, and any two carry all: 1.5 N servers.
//
// One site without more is N. Others are a Layout each: four feeds of which three are enough, three sites with a spare each.
//
// # What is kept of the topology
//
// The pool's load with nothing lost is the demand, whoever places it. Of the server its capacity, unit, kind, start, how often
// it fails, and what it does when overloaded are kept. What it needs and draws on is not: feeds and sites come in their place,
// each feed strong enough for its servers. Load is split equally, or first to the sites that do not stand by.
//
// # What is expected to be served
//
// Servers, feeds and sites fail independently, each with its own unavailability, and what is lost leads to the end that
// package cascade defines: servers that trip when overloaded take the pool with them, and nothing is served; servers that shed
// serve their capacity. The expectation is exact, by the binomials of the servers on the feeds that are left.
//
// It is kind in one way and strict in another. A collapse lasts as long as what caused it: the time to restart comes on top;
// failover takes no time, moves no more than it has to, and finds the standby ready. And the demand is always at its peak.
//
// # What is worth looking at
//
// A layout is on the frontier if it survives some loss, and none that costs no more survives all that it does: the losses
// themselves count, not their number, so one that alone survives the loss of a site stays, however few others it survives.
package strategy

import (
	"cmp"
	"context"
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
)

// A Layout is a way to be redundant: so many servers on so many feeds of so many sites. The servers of one feed are a block;
// all blocks are of one size: the least with which Enough of them carry the whole demand, and Spare servers more.
type Layout struct {
	Name    string `json:"name"`
	Sites   int    `json:"sites,omitempty"`   // 0 is 1
	Feeds   int    `json:"feeds,omitempty"`   // of each site; 0 is 1
	Enough  int    `json:"enough,omitempty"`  // so many blocks carry all; 0 is 1
	Spare   int    `json:"spare,omitempty"`   // servers more in each block
	Standby int    `json:"standby,omitempty"` // so many sites, the last, take only what the others cannot carry
}

// Usual returns the usual layouts: see the package for what each is.
func Usual() []Layout {
	return []Layout{
		{Name: "N"},
		{Name: "N+1", Spare: 1},
		{Name: "N+2", Spare: 2},
		{Name: "2N", Feeds: 2},
		{Name: "2(N+1)", Feeds: 2, Spare: 1},
		{Name: "two sites active/active", Sites: 2},
		{Name: "two sites active/standby", Sites: 2, Standby: 1},
		{Name: "three sites at 2/3", Sites: 3, Enough: 2},
	}
}

// Compare puts layouts side by side: see the package. Each fleet is built and each loss run on it, by [cascade.Screen].
//
// The error names the option that makes no sense, or what cannot be told from the topology and would have to be said. When
// ctx ends, it returns the rows that are done, without a frontier, together with ctx's error.
func Compare(ctx context.Context, t *topology.Topology, o Options) (*Table, error) {
	o = o.filled()
	if err := o.check(); err != nil {
		return nil, err
	}
	job, err := taskOf(t, o.Like)
	if err != nil {
		return nil, err
	}
	o = o.named(job)
	if err := o.kinds(); err != nil {
		return nil, err
	}
	table := &Table{
		Demand: job.load, Unit: job.server.Unit, Capacity: job.server.Capacity, N: job.least(1),
		Server: o.Server, Feed: o.Feed, Site: o.Site, Losses: o.Losses, Serve: cmp.Or(o.Serve, 1),
	}
	for _, l := range o.Layouts {
		row, err := rowOf(ctx, l, job, o)
		if ctx.Err() != nil {
			return table, ctx.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("layout %q: %w", l.Name, err)
		}
		table.Rows = append(table.Rows, *row)
	}
	table.markFrontier()
	return table, nil
}
