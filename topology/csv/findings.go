package csv

import (
	"strconv"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/table"
)

const (
	uneven   = 1.5 // times its share: a server carries far more
	unshared = 10  // servers, each with a domain of its own: it is none
)

// findings returns what the table does not say, and what looks wrong in it.
func (r *reader) findings() topology.Findings {
	f := found{}
	f.add(topology.Suspect, Overloaded, "", r.overloaded.expand(),
		"today's load is above the capacity: one of these numbers is wrong, or there is nothing to spare")
	f.add(topology.Suspect, Uneven, "", r.uneven().expand(),
		"today's load is more than 1.5 times what an even share of the pool's would be, which is taken here: "+
			"these are closer to their limits than it seems")
	f.add(topology.Suspect, SameFeed, "", r.doubled.expand(),
		"of redundant failure domains both are the same: there is no redundancy")
	f.add(topology.Suspect, Thousands, "", r.thousands.names.expand(), "numbers with a point, such as "+
		table.Quote(r.thousands.example)+", are read as decimal fractions: if they are thousands, write 1000")
	f.add(topology.Suspect, Parts, "", r.parts.names.expand(),
		"no load of the table is above 1, and capacities are far above: if loads are parts of these, write them as 60%")
	f.add(topology.Suspect, Alike, "", r.alikes(), "these differ in case only, and count as different ones: "+
		"if they are not, write them alike")
	for _, d := range r.domains {
		d.tell(&f)
	}
	f.add(topology.Missing, NoCapacity, "capacity", r.limitless.expand(),
		"not given: nothing overloads these, however much of the pool's load they take")
	f.add(topology.Missing, NoLoad, "", r.blank.expand(), "neither load nor capacity is given: their load counts as 0")
	f.add(topology.Missing, NoPool, "", r.alone.expand(),
		"no pool is given: each carries its own load, which nothing takes over")
	r.tellAssumed(&f)
	return f.all
}

// alikes returns domains and users of pools that differ in case only.
func (r *reader) alikes() (all []string) {
	for _, d := range r.domains {
		all = append(all, d.alike.names...)
	}
	return append(all, r.alike.names...)
}

// found collects findings.
type found struct{ all topology.Findings }

// add adds a finding, unless it is about nothing.
func (f *found) add(class topology.Class, reason topology.Reason, field string, about []string, text string) {
	if len(about) > 0 {
		f.all = append(f.all, topology.Finding{Class: class, Reason: reason, About: about, Field: field, Text: text})
	}
}

// tell tells what a column does not say. One in which nothing is given has no meaning.
func (d *domain) tell(f *found) {
	if len(d.names) == 0 {
		return
	}
	if d.servers >= unshared && len(d.names) >= d.servers {
		f.add(topology.Suspect, Unshared, "", []string{"column " + d.kind},
			"no two servers share a value: if it is a serial number or an address, and no failure domain, leave it out")
	}
	f.add(topology.Missing, NoDomain, "", d.without.expand(), "no "+d.kind+" is given: the loss of any takes none of these down")
}

// uneven returns servers that carry far more than their pool's share gives them.
func (r *reader) uneven() (all names) {
	for _, s := range r.servers {
		if s.pool != nil && s.measured && s.load > uneven*s.pool.shareOf(s.capacity) {
			all = append(all, s.names...)
		}
	}
	return all
}

// tellAssumed tells what was taken where the table is silent.
func (r *reader) tellAssumed(f *found) {
	part := strconv.FormatFloat(100*r.part(), 'g', 4, 64) + " % of "
	if r.at.capacity < 0 && r.at.load < 0 {
		f.all = append(f.all, topology.Finding{Class: topology.Assumed, Reason: Counted,
			Text: "the table has neither capacities nor loads: servers are counted, as if all were alike, and each at " +
				part + "what it can carry"})
		return
	}
	var unmeasured []string
	for _, p := range r.pools {
		if p.assumed {
			unmeasured = append(unmeasured, p.users)
		}
	}
	for _, s := range r.servers {
		if s.pool == nil && !s.measured && s.capacity > 0 {
			unmeasured = append(unmeasured, s.names.expand()...)
		}
	}
	f.add(topology.Assumed, NoLoad, "demand", unmeasured,
		"a server whose load is not given is taken to carry "+part+"its capacity")
	r.tellShares(f)
}

// tellShares tells how load is shared where capacities differ.
func (r *reader) tellShares(f *found) {
	about := map[bool]map[bool][]string{true: {}, false: {}} // by whether in proportion, and whether some load was taken
	for _, p := range r.pools {
		if p.unequal() {
			by := about[p.proportional()]
			by[p.assumed] = append(by[p.assumed], p.users)
		}
	}
	for _, taken := range []bool{false, true} {
		closest := "which is closest to today's"
		if taken {
			closest = "which is closest to the loads, of which not all are given"
		}
		f.add(topology.Assumed, Shares, "", about[false][taken],
			"capacities differ: each server is taken to get the same load, "+closest+", so the weakest is full first")
		f.add(topology.Assumed, Shares, "", about[true][taken],
			"capacities differ: each server is taken to get load in proportion to its own, "+closest)
	}
}
