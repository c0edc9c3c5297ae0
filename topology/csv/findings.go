package csv

import (
	"strconv"

	"github.com/ridethrough/ridethrough/topology"
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
	var unmeasured, equal, proportional []string
	for _, p := range r.pools {
		switch {
		case p.proportional():
			proportional = append(proportional, p.users)
		case p.unequal():
			equal = append(equal, p.users)
		}
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
	f.add(topology.Assumed, Shares, "", equal,
		"capacities differ: each server is taken to get the same load, which is closest to today's, so the weakest is full first")
	f.add(topology.Assumed, Shares, "", proportional,
		"capacities differ: each server is taken to get load in proportion to its own, which is closest to today's")
}
