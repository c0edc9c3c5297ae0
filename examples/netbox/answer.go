package main

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/netbox"
)

// An answer is what became of the losses.
type answer struct {
	fleet     *topology.Topology
	found     topology.Findings
	screening *cascade.Screening
	intact    *cascade.Outcome
	losses    []loss            // worst first: all, or the worst if there are very many
	all       bool              // these are all
	worst     *cascade.Outcome  // of the first of them
	rack      map[string]string // of a device with a known feed: the rack it is in, "" if that is none
	powered   map[string]int    // by rack: devices with a known feed
}

// A loss is what one scenario leads to.
type loss struct {
	scenario cascade.Scenario
	holds    bool
	dark     int              // devices with a known feed that are down in the end, and were not lost by name
	racks    []string         // in which all of these are
	trips    int              // feeds
	first    *cascade.Failure // of these; nil if none trips
	left     cascade.Round    // what is left at once
}

// maxWork is how many components are looked at to tell every loss: a few seconds.
const maxWork = 20_000_000

// fewLosses is how many of the worst are told.
const fewLosses = 10

// ask screens the losses, and follows them one by one. When ctx ends it returns what it knows with ctx's error.
func ask(ctx context.Context, fleet *topology.Topology, found topology.Findings, lose string) (*answer, error) {
	a := &answer{fleet: fleet, found: found, rack: map[string]string{}, powered: map[string]int{}}
	a.place()
	family, err := cascade.ParseFamily(lose)
	if err != nil {
		return nil, err
	}
	if a.intact, err = cascade.Run(fleet, cascade.Scenario{}); err != nil {
		return nil, err
	}
	a.screening, err = cascade.Screen(ctx, fleet, family, cascade.Options{Worst: fewLosses})
	if a.screening == nil {
		return nil, err
	}
	if err != nil {
		return a, err
	}
	scenarios, err := a.told(family)
	if err != nil {
		return nil, err
	}
	for _, s := range scenarios {
		if ctx.Err() != nil {
			a.all = false
			break
		}
		o, err := cascade.Run(fleet, s)
		if err != nil {
			return nil, err
		}
		a.losses = append(a.losses, a.loss(o))
	}
	slices.SortStableFunc(a.losses, worse)
	if len(a.losses) > 0 {
		if a.worst, err = cascade.Run(fleet, a.losses[0].scenario); err != nil {
			return nil, err
		}
	}
	return a, ctx.Err()
}

// place finds the racks of the devices that draw power, and of which it is known where from.
func (a *answer) place() {
	unfed := map[string]bool{}
	for _, f := range a.found {
		for _, name := range f.About {
			unfed[name] = unfed[name] || f.Reason == netbox.NotFed
		}
	}
	for id := range topology.ID(a.fleet.Len()) {
		if a.fleet.Kind(id) != "device" || unfed[a.fleet.Name(id)] {
			continue
		}
		rack, draws := "", false
		for _, l := range a.fleet.Links(id) {
			draws = draws || l.Supply != nil
			if l.Supply == nil && a.fleet.Kind(l.Members[0]) == "rack" {
				rack = a.fleet.Name(l.Members[0])
			}
		}
		if draws {
			a.rack[a.fleet.Name(id)] = rack
			a.powered[rack]++
		}
	}
}

// told returns the scenarios to follow: all that is asked, or the worst.
func (a *answer) told(family cascade.Family) ([]cascade.Scenario, error) {
	var told []cascade.Scenario
	if a.screening.Scenarios.Cmp(big.NewInt(int64(maxWork/(1+a.fleet.Len())))) > 0 {
		for _, c := range a.screening.Worst {
			told = append(told, c.Scenario)
		}
		return told, nil
	}
	a.all = true
	scenarios, err := family.All(a.fleet)
	if err != nil {
		return nil, err
	}
	for s := range scenarios {
		told = append(told, s)
	}
	return told, nil
}

func (a *answer) loss(o *cascade.Outcome) loss {
	l := loss{scenario: o.Scenario, holds: o.Verdict == cascade.Holds, left: o.Rounds[0]}
	dark := map[string]int{}
	for i, f := range o.Failures {
		if f.Cause == cascade.Tripped {
			if l.trips++; l.first == nil {
				l.first = &o.Failures[i]
			}
		}
		rack, powered := a.rack[f.Component]
		if !powered || f.Cause == cascade.Initial {
			continue
		}
		l.dark++
		dark[rack]++
		if rack != "" && dark[rack] == a.powered[rack] {
			l.racks = append(l.racks, rack)
		}
	}
	if l.first != nil {
		first := *l.first // without the others
		l.first = &first
	}
	l.left.Served = nil
	return l
}

// worse puts first what takes down more devices, then what trips more feeds, then what leaves less room.
func worse(a, b loss) int {
	return cmp.Or(cmp.Compare(b.dark, a.dark), cmp.Compare(b.trips, a.trips), cmp.Compare(b.left.Use, a.left.Use))
}

// bad reports whether a loss takes something down that was not lost itself.
func (l loss) bad() bool { return !l.holds || l.dark > 0 }

// holds reports whether every loss is known to hold. Devices of which no draw or no feed is known may not.
func (a *answer) holds() bool {
	return a.screening.Holds() && !slices.ContainsFunc(a.losses, loss.bad) && len(a.unknown()) == 0
}

// unknown returns the findings for which the answer is not known for all of the fleet.
func (a *answer) unknown() (all topology.Findings) {
	for _, f := range a.found {
		switch f.Reason {
		case netbox.UnknownDraw, netbox.NotFed, netbox.Incomplete:
			all = append(all, f)
		case netbox.InletDraw:
			if f.Class == topology.Missing {
				all = append(all, f)
			}
		case netbox.UnknownCapacity:
			if !slices.ContainsFunc(f.About, a.isPanel) {
				all = append(all, f)
			}
		}
	}
	return all
}

func (a *answer) isPanel(name string) bool {
	id, there := a.fleet.Lookup(name)
	return there && a.fleet.Kind(id) == "power panel"
}
