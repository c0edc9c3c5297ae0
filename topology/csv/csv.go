// Package csv reads a table of servers, as any inventory or spreadsheet can give it.
//
//	name,pool,capacity,load,rack,feed
//	chat-[01-20],chat,100 requests/s,60,R1,a|b
//	chat-[21-40],chat,100 requests/s,60,R2,a|b
//	mail-1,mail,50,20,R2,b
//
// From such a file to a report:
//
//	spec, findings, err := csv.Read(file, csv.Options{})
//	fmt.Println(findings)
//	fleet, err := topology.New(spec)
//	report, err := redundancy.Analyze(ctx, fleet, redundancy.Options{Scenarios: cascade.Each("rack")})
//	fmt.Println(report)
//
// The first line names the columns, in any order and case; a comma, a semicolon or a tab separates values. A value that is
// empty or one of -, n/a, none and null is not given. The columns are
//
//  1. name: of the server, or a pattern for several that are alike ([topology.Expand]). This one is required.
//  2. capacity: the most load that it carries, "100", "40kW" or "100 requests/s". It is overloaded above.
//  3. load: what it carries today, "60", "24kW", or as a part of its capacity: "60%".
//  4. unit: of numbers that are written without one. Without it, a load is in the unit in which the capacity is written.
//  5. pool: the service that it is part of: servers of one pool take over each other's load. The pool's users are a
//     component "users/chat" whose demand is the load of its servers. Without this column all servers are one pool, and
//     the users are "users"; a server without a pool carries its load alone.
//  6. kind: of the server; "server" where it is not given.
//
// and every other column is a failure domain: "R1" in the column rack is a component "rack/R1" of kind rack, which the
// server needs. Two or more, as in "a|b" or "a;b", are redundant: the server needs one of them. A domain within another
// (racks of a zone) needs no more than a column for each, since a server needs both. Columns that are none, such as cores or
// an address, are to be cut out first: nothing tells them from racks.
//
// A server places no load on its domains. What feeds carry is told by other sources, or added to the spec.
//
// Load is shared equally within a pool, or in proportion to capacities where these differ and today's loads are closer to
// that. Where no load is given, [Options] say what is taken. In a table that has neither loads nor capacities, servers are
// counted: each has a capacity of 1 server.
package csv

import (
	"errors"
	"io"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/table"
)

// Options say what is taken where the table is silent.
type Options struct {
	Load float64 // of a server whose load is not given: a part of its capacity, from 0 to 1; 0 is all of it, which overstates
}

// The reasons of what [Read] finds.
const (
	Overloaded topology.Reason = "overloaded"  // Suspect: servers carry more than their capacity today
	Uneven     topology.Reason = "uneven"      // Suspect: servers carry far more today than their share of the pool's load
	SameFeed   topology.Reason = "same feed"   // Suspect: of redundant domains, both are the same
	Unshared   topology.Reason = "unshared"    // Suspect: a column has another value for each server
	Alike      topology.Reason = "alike"       // Suspect: names of domains or pools differ in case only
	Parts      topology.Reason = "parts"       // Suspect: loads may be parts of capacities, for all are at most 1
	Thousands  topology.Reason = "thousands"   // Suspect: points may separate thousands, as in tables with semicolons they do
	NoCapacity topology.Reason = "no capacity" // Missing: servers have no limit
	NoDomain   topology.Reason = "no domain"   // Missing: servers are in none of a column's domains
	NoPool     topology.Reason = "no pool"     // Missing: servers carry their load alone
	NoLoad     topology.Reason = "no load"     // Assumed: today's load, as Options.Load says. Missing: it counts as 0
	Counted    topology.Reason = "counted"     // Assumed: all servers are alike
	Shares     topology.Reason = "shares"      // Assumed: how load is shared where capacities differ
)

const maxFaults = 100

// Read reads a table to the end of r. Servers that follow one another and differ in their names only become one pattern
// where the names allow it. A million rows take some seconds and 2 GiB.
//
// The error is a [topology.Faults], up to 100 of them, each with its line: columns and rows that cannot be read, names
// given twice, a capacity of 0, units that differ in a pool, more than [topology.MaxComponents] names; or what r returned.
// Names that meet in patterns, or are kinds too, are for [topology.New] to find.
func Read(r io.Reader, o Options) (topology.Spec, topology.Findings, error) {
	if !(o.Load >= 0 && o.Load <= 1) {
		return topology.Spec{}, nil, topology.Faults{{Field: "Options.Load", Reason: topology.BadNumber,
			Text: "give a part of capacity, from 0 to 1"}}
	}
	t, err := table.NewReader(r)
	if err != nil {
		return topology.Spec{}, nil, err
	}
	in := newReader(t, o)
	if err := in.read(); err != nil {
		return topology.Spec{}, nil, err
	}
	return in.spec(), in.findings(), nil
}

// read reads all rows.
func (r *reader) read() error {
	if r.at.name < 0 {
		return topology.Faults{{Line: 1, Column: 1, Field: "name", Reason: topology.NotFound,
			Text: "the header has no such column: begin with a line like name,capacity,load,rack"}}
	}
	var faults topology.Faults
	for len(faults) < maxFaults {
		row, err := r.Next()
		if err == io.EOF {
			break
		}
		var wrong topology.Faults
		if err == nil {
			wrong = r.row(row)
		} else if !errors.As(err, &wrong) {
			return err
		}
		faults = append(faults, wrong...)
		if r.total > topology.MaxComponents {
			break
		}
	}
	switch {
	case faults != nil:
		return faults
	case len(r.servers) == 0:
		return topology.Faults{{Reason: topology.NotFound, Text: "there are no servers: write a row for each below the header"}}
	}
	return nil
}
