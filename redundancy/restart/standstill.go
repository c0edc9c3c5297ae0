package restart

import (
	"cmp"
	"slices"

	"github.com/ridethrough/ridethrough/redundancy/restart/internal/deadlock"
	"github.com/ridethrough/ridethrough/topology"
)

// A standstill is what returns and can never start, but for what always needs something that does not return: that is not to be
// started, but repaired.
type standstill struct {
	*fleet
	cost    []float64 // by ID: of starting without one of its needs; negative: that is not possible
	in      [][]int32 // by ID: the sets ([topology.Link].Set) that it is a member of
	running []int32   // by set: members that run, or can start
	can     []int32   // by set: with those that are to start
	waiting [][]wait  // by set
	may     []bool    // by ID: it runs, or is to start

	graph deadlock.Graph
	ids   []topology.ID // by node of the graph
	needs []*topology.Link
}

// A wait is an owner that needs so many of a set in the end.
type wait struct {
	owner topology.ID
	need  int
}

// standstill finds out what is to start and cannot; nil if there is nothing.
func (f *fleet) standstill(cost []float64) *standstill {
	s := &standstill{fleet: f, cost: cost, may: make([]bool, f.t.Len())}
	stands := false
	for id := range s.may {
		s.may[id] = f.soon[id] >= 0 || f.back[id] >= 0
		stands = stands || s.stuck(topology.ID(id))
	}
	if !stands {
		return nil
	}
	sets := newReadiness(f.t)
	s.in = sets.in
	s.running, s.can, s.waiting = make([]int32, len(sets.ready)), make([]int32, len(sets.ready)), make([][]wait, len(sets.ready))
	for id := range topology.ID(f.t.Len()) {
		s.count(id)
	}
	s.leaveOut()
	s.fill(func(*topology.Link, float64) bool { return true })
	return s
}

// stuck reports whether a component is to start and cannot.
func (s *standstill) stuck(id topology.ID) bool { return s.may[id] && s.soon[id] < 0 }

// count counts a component in the sets that it is a member of, and notes what it needs in the end.
func (s *standstill) count(id topology.ID) {
	for _, set := range s.in[id] {
		if s.soon[id] >= 0 {
			s.running[set]++
		}
		if s.may[id] {
			s.can[set]++
		}
	}
	if !s.stuck(id) {
		return
	}
	links := s.t.Links(id)
	for i := range links {
		if l := &links[i]; !l.Start || s.fixed(l, s.cost[id]) {
			s.waiting[l.Set] = append(s.waiting[l.Set], wait{id, l.Need})
		}
	}
}

// fixed reports whether an owner cannot start without what a link asks for: what it draws on, or any need of it.
func (s *standstill) fixed(l *topology.Link, cost float64) bool { return l.Supply != nil || cost < 0 }

// leaveOut leaves out what can never be up, whatever it is started without.
func (s *standstill) leaveOut() {
	for set := range s.waiting {
		slices.SortStableFunc(s.waiting[set], func(a, b wait) int { return cmp.Compare(a.need, b.need) })
	}
	for set := range s.waiting {
		s.leaveOutBy(int32(set))
	}
	for s.fill(s.fixed); ; s.fill(s.fixed) {
		never := s.graph.Stuck()
		for _, node := range never {
			s.leaveOutOne(s.ids[node])
		}
		if len(never) == 0 {
			return
		}
	}
}

// leaveOutBy leaves out those who need more of a set than can be, and then those who need them.
func (s *standstill) leaveOutBy(set int32) {
	for queue := []int32{set}; len(queue) > 0; {
		set, queue = queue[0], queue[1:]
		for n := len(s.waiting[set]); n > 0 && s.waiting[set][n-1].need > int(s.can[set]); n-- {
			owner := s.waiting[set][n-1].owner
			s.waiting[set] = s.waiting[set][:n-1]
			queue = append(queue, s.drop(owner)...)
		}
	}
}

func (s *standstill) leaveOutOne(id topology.ID) {
	for _, set := range s.drop(id) {
		s.leaveOutBy(set)
	}
}

// drop leaves out a component, and returns the sets that have one less.
func (s *standstill) drop(id topology.ID) []int32 {
	if !s.may[id] {
		return nil
	}
	s.may[id] = false
	for _, set := range s.in[id] {
		s.can[set]--
	}
	return s.in[id]
}

// fill makes the graph of what waits for what, of the links that are asked for.
func (s *standstill) fill(which func(l *topology.Link, cost float64) bool) {
	s.graph, s.ids, s.needs = deadlock.Graph{}, nil, nil
	known := make([]int32, len(s.can)) // by set: that of the graph, from 1
	set := func(l *topology.Link) int32 {
		if known[l.Set] == 0 {
			s.graph.Sets = append(s.graph.Sets, nil)
			known[l.Set] = int32(len(s.graph.Sets))
		}
		return known[l.Set] - 1
	}
	for id := range topology.ID(s.t.Len()) {
		if !s.stuck(id) {
			continue
		}
		links, first := s.t.Links(id), len(s.needs)
		for i := range links {
			l := &links[i]
			of := l.Need - int(s.running[l.Set])
			if of <= 0 || !which(l, s.cost[id]) || s.again(first, l) {
				continue
			}
			need := deadlock.Need{Owner: int32(len(s.ids)), Set: set(l), Of: int32(of), Cost: s.cost[id], Last: !l.Start}
			if l.Supply != nil {
				need.Cost = -1
			}
			s.graph.Needs, s.needs = append(s.graph.Needs, need), append(s.needs, l)
		}
		s.ids = append(s.ids, id)
	}
	s.graph.Nodes = len(s.ids)
	for node, id := range s.ids {
		for _, in := range s.in[id] {
			if k := known[in]; k > 0 {
				s.graph.Sets[k-1] = append(s.graph.Sets[k-1], int32(node))
			}
		}
	}
}

// again reports whether one of the latest needs, from one on, says the same as a link; those that always hold stand before those
// that are only to start.
func (s *standstill) again(first int, l *topology.Link) bool {
	return l.Supply == nil && slices.ContainsFunc(s.needs[first:], func(o *topology.Link) bool {
		return o.Supply == nil && o.Set == l.Set && o.Need == l.Need
	})
}

// canBeMet reports whether enough members of a link run or can ever start.
func (f *fleet) canBeMet(l *topology.Link) bool {
	left := l.Need
	for _, m := range l.Members {
		if left > 0 && f.soon[m] >= 0 {
			left--
		}
	}
	return left <= 0
}
