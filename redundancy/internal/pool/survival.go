package pool

import (
	"cmp"
	"slices"
	"sort"

	"github.com/ridethrough/ridethrough/topology"
)

// A Survival is the loss of servers, or of failure domains that have no server in common, and whether the demand survives
// it, by plain rounds: all that is overloaded trips at once.
//
// It ends with the j strongest of the servers left, for the largest j at which the weakest of these carries load/j. So the
// demand survives if and only if at some j, enough for it to be up, j of those left or more carry load/j each. Let the
// level of a server be the least j at which it does. At other j there is nothing new to ask.
//
// Losing one domain is no better than losing another if at each level it takes no fewer servers. Where all domains stand
// in such an order, and servers themselves always do, the worst k are the first k, and the luckiest the last.
type Survival struct {
	ids    []topology.ID // in that order, if there is one
	nested bool          // there is

	at   []int   // the j at which to ask, rising
	have []int   // by at: servers that carry load/j with nothing lost
	of   [][]int // by ids: of each server that goes down with it the first at which it counts, rising
}

// mostCounts bounds the counts that are made: one for each domain and level.
const mostCounts = 20_000_000

// SurvivalOf returns what is known of the loss of some components: servers of the pool, or failure domains. It is nil if
// it takes more than the strength of servers to tell.
func (p *Pool) SurvivalOf(ids []topology.ID) *Survival {
	if len(p.Power) > 0 || slices.ContainsFunc(p.Servers, func(id topology.ID) bool { return p.Topology.Overload(id).Shed }) {
		return nil
	}
	var of map[topology.ID]int // by server: the place in ids of what it goes down with
	switch l := p.LossesOf(ids).(type) {
	case *serverLosses:
		ids, of = l.ids, map[topology.ID]int{}
		for i, id := range ids {
			of[id] = i
		}
	case *domainLosses:
		if p.otherLoads() {
			return nil
		}
		ids, of = l.ids, l.split()
	default:
		return nil
	}
	s := &Survival{ids: slices.Clone(ids)}
	s.count(p, of)
	s.order()
	if !s.nested && len(s.at)*len(s.ids) > mostCounts {
		return nil
	}
	return s
}

// count sets the levels, and counts the servers of each.
func (s *Survival) count(p *Pool, of map[topology.ID]int) {
	level := make([]int, len(p.Servers))
	for i, id := range p.Servers {
		level[i] = max(1, p.Need, Fewest(p.Load(1), p.Topology.Capacity(id)))
	}
	s.at = slices.Clone(level)
	slices.Sort(s.at)
	s.at = slices.Compact(s.at)
	s.have, s.of = make([]int, len(s.at)), make([][]int, len(s.ids))
	for i, id := range p.Servers {
		first, _ := slices.BinarySearch(s.at, level[i])
		s.have[first]++
		if d, ok := of[id]; ok {
			s.of[d] = append(s.of[d], first)
		}
	}
	for l := 1; l < len(s.have); l++ {
		s.have[l] += s.have[l-1]
	}
	for _, own := range s.of {
		slices.Sort(own)
	}
}

// order puts first whose loss is the worst, if all can be compared; what is alike stays in order of declaration.
func (s *Survival) order() {
	place := make([]int, len(s.ids))
	for i := range place {
		place[i] = i
	}
	slices.SortFunc(place, func(a, b int) int {
		return cmp.Or(cmp.Compare(len(s.of[b]), len(s.of[a])), slices.Compare(s.of[a], s.of[b]), cmp.Compare(s.ids[a], s.ids[b]))
	})
	ids, of := slices.Clone(s.ids), slices.Clone(s.of)
	for i, from := range place {
		s.ids[i], s.of[i] = ids[from], of[from]
	}
	s.nested = true
	for i := 1; i < len(s.of) && s.nested; i++ {
		for j, first := range s.of[i] {
			s.nested = s.nested && s.of[i-1][j] <= first
		}
	}
}

// takes returns how many of the servers that carry load/j, at a level, go down with one of ids.
func (s *Survival) takes(i, level int) int { return sort.SearchInts(s.of[i], level+1) }

// survives reports whether the demand does when the ids at places from one to before another are lost.
func (s *Survival) survives(from, to int) bool {
	lost := make([]int, len(s.at))
	for _, own := range s.of[from:to] {
		for _, first := range own {
			lost[first]++
		}
	}
	sum := 0
	for l, j := range s.at {
		if sum += lost[l]; s.have[l]-sum >= j {
			return true
		}
	}
	return false
}
