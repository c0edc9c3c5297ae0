package cascade

import (
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// overloaded reports whether any component that runs is above its capacity.
func overloaded(t *topology.Topology, f *topology.Flow, s topology.State) bool {
	for id := range topology.ID(t.Len()) {
		if s.Status[id] != topology.Down && topology.Overloaded(f.Load[id], t.Capacity(id)) {
			return true
		}
	}
	return false
}

// margin returns the factor by which demand may grow before a state no longer holds, or must shrink to until it does;
// 0 if it holds at no demand, +Inf if it holds at every one. It aims at load ≤ capacity, without tolerance.
func margin(t *topology.Topology, s topology.State, asked []topology.ID) float64 {
	flow := t.Flow(scaled(s, 1e-100))
	for _, id := range asked {
		if flow.Served[id] < 1-topology.Tolerance {
			return 0 // part of it finds no member, whatever its size
		}
	}
	if overloaded(t, flow, s) {
		return 0
	}
	for _, p := range t.Pools() {
		if p.Share == topology.Waterfall {
			return searchMargin(t, s, flow, asked)
		}
	}
	return lineMargin(t, s, flow)
}

// nothing is a margin that is 0 but for rounding: base loads alone fill a capacity.
const nothing = 1e-12

// scaled returns a state in which each demand is multiplied by a factor.
func scaled(s topology.State, factor float64) topology.State {
	demand := make([]float64, len(s.Demand))
	for id, d := range s.Demand {
		demand[id] = factor * d
	}
	s.Demand = demand
	return s
}

// lineMargin relies on loads that grow as base + factor · part up to the first overload; beyond it, what is shed bends
// them down, so a guess that was taken there can only be too high, and is taken again at the guess.
func lineMargin(t *topology.Topology, s topology.State, flow *topology.Flow) float64 {
	base := append([]float64(nil), flow.Load...)
	for at := 1.0; ; {
		flow.Update(scaled(s, at))
		guess := math.Inf(1)
		for id := range topology.ID(t.Len()) {
			if part := flow.Load[id] - base[id]; part > 0 && s.Status[id] != topology.Down {
				guess = min(guess, at*((t.Capacity(id)-base[id])/part))
			}
		}
		if guess >= at*(1-topology.Tolerance) {
			return guess
		}
		if at = guess; !(at > nothing) {
			return 0
		}
	}
}

// full is a capacity that rounding lets a waterfall fill: a tier that takes all it can is not above it.
func full(capacity float64) float64 { return capacity + float64(capacity*1e-13) }

// searchMargin halves the range in which a waterfall's margin lies until floating point has no number between. There a
// growing demand may also spill to members that cannot serve it.
func searchMargin(t *topology.Topology, s topology.State, flow *topology.Flow, asked []topology.ID) float64 {
	holds := func(factor float64) bool {
		flow.Update(scaled(s, factor))
		for _, id := range asked {
			if flow.Served[id] < 1-topology.Tolerance {
				return false
			}
		}
		for id := range topology.ID(t.Len()) {
			if s.Status[id] != topology.Down && !(flow.Load[id] <= full(t.Capacity(id))) {
				return false
			}
		}
		return true
	}
	low, high := 0.0, 1.0
	for holds(high) {
		if low, high = high, 2*high; high > 1e30 {
			return math.Inf(1)
		}
	}
	for {
		middle := low + (high-low)/2
		if high <= nothing {
			return 0
		}
		if middle <= low || middle >= high {
			return low
		}
		if holds(middle) {
			low = middle
		} else {
			high = middle
		}
	}
}
