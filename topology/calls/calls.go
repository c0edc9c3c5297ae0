// Package calls puts into a fleet who calls whom, so that load follows the calls.
//
// What an importer knows of a service is its own load, and at best that it needs another: Kubernetes manifests say that
// the frontend has the address of the cart, and not how much of the cart's load the frontend causes. [Join] attributes
// it:
//
//  1. The load of a component is what it has with nothing lost: its demand, and what comes to it through supplies.
//  2. Of the demand L of a component that is called, each caller causes a part in proportion to the rate of its calls or,
//     where no rate is known, each the same.
//  3. A caller of load F then draws on it with L·part/F for each unit of its own load, and is up only while it is. That
//     takes the place of a need that said no more. Where the caller needs only some of several components ("1 of …"), the
//     need stays, and the caller draws on those of them that it calls in common, in proportion to what it causes at each;
//     if that is one of them, it draws on the others when that one is down.
//  4. The parts of callers outside the fleet stay the component's own demand.
//  5. Load cannot come back to where it came from. Of a cycle of calls the one with the lowest rate is cut, those without
//     a rate being lowest, and of equals the last in the order of the spec: by the caller, then by what it calls. It
//     becomes a need, and its part stays the component's own demand.
//
// With nothing lost, all loads are what they were. When a caller is asked for less, those it calls have less to do; and
// when a component is down, so are its callers, but for those that need only some of several. What the servers of a caller
// reject still counts as load of those it calls. Where several of a chain are overloaded, that overstates their load and
// understates what is served; whether it holds is right.
//
// Measured demands (package topology/prom) are joined before calls: what is measured of a component has in it what its
// callers cause, and would count twice if it were joined after.
package calls

import (
	"cmp"
	"maps"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/bare"
)

// A Call says that a component, usually a service, calls another.
type Call struct {
	From, To string  // names of components (plain, not patterns); From "" is a caller outside the fleet
	Rate     float64 // calls a second; 0 is unknown. Of the calls to one component, all or none have a rate
}

// The reasons of what [Join] finds.
const (
	NoRates  topology.Reason = "no rates"  // Assumed, of what is called: its callers cause equal parts of its demand
	NoLoad   topology.Reason = "no load"   // Missing, of callers and of what is called: the calls carry no load, and are needs
	NotFound topology.Reason = "not found" // Missing: names that the fleet does not have
	Circular topology.Reason = "circular"  // Suspect, of a cycle of callers: one of the calls carries no load, and is a need
)

// Join returns the spec with the calls as supplies, in place of the needs that said the same.
//
// Calls between the same two add up, in whatever order they come, and what calls itself is ignored. A caller that the
// spec does not have is outside the fleet; a call to what it does not have is left out. In the result, those that call
// and are called are declared one by one, with the values of their kinds; the rest is as it was. What supplies name must
// be in the spec, what needs name may be joined later.
//
// The error is a [topology.Faults]: rates that are negative or not finite, or known for some callers of a component and
// not for others; and what [topology.New] finds wrong with names and supplies. Whether needs hold each other up, through
// a supply on some of several members or a need of "1 of …", is for New to say of the result. 50,000 calls between 5,000
// components take about a second.
func Join(spec topology.Spec, calls []Call) (topology.Spec, topology.Findings, error) {
	calls, err := tidy(calls)
	if err != nil {
		return topology.Spec{}, nil, err
	}
	j, err := newJoiner(spec, calls)
	if err != nil {
		return topology.Spec{}, nil, err
	}
	j.lookUp(calls)
	if len(j.calls) == 0 {
		return spec, j.findings, nil
	}
	j.attribute()
	j.cut()
	j.write()
	return j.spec, j.findings, nil
}

// A joiner is a join under way.
type joiner struct {
	spec     topology.Spec
	declared map[topology.ID]int // where in the spec those that calls name are declared, each alone
	fleet    *topology.Topology  // the names and supplies of the spec; nil if calls name nothing in it
	flow     *topology.Flow      // with nothing lost
	calls    []call
	order    *order // in which supplies and calls pass on load, once cycles are cut
	findings topology.Findings
}

// A call is a Call to a component of the fleet.
type call struct {
	from, to topology.ID // from is -1 outside the fleet
	rate     float64
	weight   float64 // its rate or, without one, 1
	load     float64 // what of the demand of to goes with it; 0: it carries none
}

func newJoiner(spec topology.Spec, calls []Call) (*joiner, error) {
	named := map[string]bool{}
	for _, c := range calls {
		named[c.From], named[c.To] = true, true
	}
	j := &joiner{spec: spec, declared: map[topology.ID]int{}}
	if err := j.declareApart(named); err != nil || len(j.declared) == 0 {
		return j, err
	}
	fleet, err := bare.Of(j.spec)
	if err != nil {
		return nil, err
	}
	j.fleet, j.flow = fleet, fleet.Flow(topology.State{})
	return j, nil
}

// lookUp takes over the calls to components of the fleet, in the order of the spec.
func (j *joiner) lookUp(calls []Call) {
	unknown := map[string]bool{}
	for _, c := range calls {
		from, to := j.find(c.From, unknown), j.find(c.To, unknown)
		if to >= 0 {
			j.calls = append(j.calls, call{from: from, to: to, rate: c.Rate, weight: cmp.Or(c.Rate, 1)})
		}
	}
	slices.SortStableFunc(j.calls, func(a, b call) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	j.report(topology.Missing, NotFound, slices.Sorted(maps.Keys(unknown)),
		"not in the fleet: as callers they count as users outside it, and calls to them are left out")
}

// find returns a component of the fleet; -1 for what is outside.
func (j *joiner) find(name string, unknown map[string]bool) topology.ID {
	if name == "" {
		return -1
	}
	if j.fleet != nil {
		if id, ok := j.fleet.Lookup(name); ok {
			return id
		}
	}
	unknown[name] = true
	return -1
}

// report adds a finding, unless it is about nothing. It has no field: a demand that is known later settles none of them.
func (j *joiner) report(class topology.Class, reason topology.Reason, about []string, text string) {
	if len(about) > 0 {
		j.findings = append(j.findings, topology.Finding{Class: class, Reason: reason, About: about, Text: text})
	}
}

// names returns the names of components, each once, in the order of the spec.
func (j *joiner) names(ids []topology.ID) []string {
	slices.Sort(ids)
	var names []string
	for _, id := range slices.Compact(ids) {
		names = append(names, j.fleet.Name(id))
	}
	return names
}
