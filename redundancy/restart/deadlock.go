package restart

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/restart/internal/deadlock"
	"github.com/ridethrough/ridethrough/topology"
)

// A Deadlock is components that return and of which none can start while all of them wait, even if all else that returns ran:
// each has a need that is not met without the others. In a cycle that is the next; else it is some of them, where so many of
// a set have to be ready.
type Deadlock struct {
	Members topology.Names `json:"members"` // of a cycle, each needs the next to start, and the last the first
	Size    int            `json:"size"`    // how many they are
	Cycle   bool           `json:"cycle,omitempty"`
	Least   int            `json:"least,omitempty"` // no deadlock has fewer; 0 is not determined
}

// A Need is one without which its owners have to start.
type Need struct {
	Owner  topology.Names `json:"owner"`
	Of     int            `json:"of,omitempty"` // so many of Needs; 0 is all
	Needs  topology.Names `json:"needs"`
	Always bool           `json:"always,omitempty"` // not only to start: it is met again once all have started
	Cost   float64        `json:"cost"`             // for all owners together
}

// maxDeadlocks bounds the deadlocks that are named.
const maxDeadlocks = 100

// waivers finds what it costs to start each component without one of its needs: 1, or of several patterns the most;
// negative is impossible.
func waivers(t *topology.Topology, waive map[string]float64) ([]float64, error) {
	cost := make([]float64, t.Len())
	given := make([]bool, t.Len())
	for id := range cost {
		cost[id] = 1
	}
	return cost, each(t, "waive", waive, func(_ string, ids []topology.ID, c float64) error {
		if math.IsNaN(c) || math.Abs(c) > mostValue {
			return fmt.Errorf("%v: give what it costs to start without a need, at most %g, or a negative number if that is impossible", c, mostValue)
		}
		for _, id := range ids {
			if !given[id] || c < 0 || cost[id] >= 0 && c > cost[id] {
				given[id], cost[id] = true, c
			}
		}
		return nil
	})
}

// explain says of a plan what waits for itself, and what is cheapest to break for all that returns to start.
func (f *fleet) explain(ctx context.Context, p *Plan, cost []float64) {
	s := f.standstill(cost)
	p.Deadlocks, p.Break, p.BreakCost, p.BreakBound = nil, nil, 0, 0
	if s != nil {
		s.breaks(ctx, p)
	}
	if slices.ContainsFunc(cost, func(c float64) bool { return c < 0 }) { // deadlocks are what they are, whatever can be waived
		all, _ := waivers(f.t, nil)
		s = f.standstill(all)
	}
	if s != nil {
		p.Deadlocks = s.deadlocks()
	}
}

// deadlocks names what waits for itself.
func (s *standstill) deadlocks() (named []Deadlock) {
	found, _ := s.graph.Deadlocks(maxDeadlocks)
	for _, d := range found {
		ids := make([]topology.ID, len(d.Nodes))
		for k, node := range d.Nodes {
			ids[k] = s.ids[node]
		}
		n := Deadlock{Members: s.t.Names(ids), Size: len(ids), Cycle: d.Cycle, Least: d.Least}
		if d.Cycle {
			n.Members = nil
			for _, id := range ids {
				n.Members = append(n.Members, s.t.Name(id)) // in turn
			}
		}
		named = append(named, n)
	}
	return named
}

// breaks finds the cheapest needs to start without.
func (s *standstill) breaks(ctx context.Context, p *Plan) {
	b, ok := s.graph.Cheapest(ctx)
	if !ok {
		return // not so: what nothing can start has been left out
	}
	p.BreakCost, _ = b.Cost.Float64()
	p.BreakBound, _ = b.Bound.Float64()
	if !b.Proven() {
		p.BreakBound = min(p.BreakBound, math.Nextafter(p.BreakCost, 0)) // they round differently
	}
	p.Break = s.named(b)
}

// named puts needs together that name the same, in order of their first owners.
func (s *standstill) named(b deadlock.Breaks) []Need {
	type key struct {
		set    int32
		need   int
		always bool
	}
	known := map[key]int{}
	var all []Need
	var owners [][]topology.ID
	for _, i := range b.Needs {
		l, need := s.needs[i], &s.graph.Needs[i]
		k := key{l.Set, l.Need, !l.Start}
		at, ok := known[k]
		if !ok {
			at = len(all)
			known[k] = at
			n := Need{Needs: l.Names, Of: l.Need, Always: !l.Start}
			if l.Need == len(l.Members) {
				n.Of = 0
			}
			all, owners = append(all, n), append(owners, nil)
		}
		owners[at] = append(owners[at], s.ids[need.Owner])
		all[at].Cost += need.Cost
	}
	for at := range all {
		all[at].Owner = s.t.Names(owners[at])
	}
	return all
}
