package restart

import "github.com/ridethrough/ridethrough/topology"

// A readiness counts, for each set of members that links share, how many run and how many take load, and keeps who waits for
// a set to have more that run.
type readiness struct {
	t       *topology.Topology
	in      [][]int32 // by ID: the sets ([topology.Link].Set) that it is a member of
	ready   []int     // by set: members that run
	turning []int     // by set: members in rotation
	waiting [][]topology.ID
}

func newReadiness(t *topology.Topology) *readiness {
	r := &readiness{t: t, in: make([][]int32, t.Len())}
	var seen []bool // by set
	for id := range topology.ID(t.Len()) {
		for i, links := 0, t.Links(id); i < len(links); i++ {
			l := &links[i]
			for int(l.Set) >= len(seen) {
				seen = append(seen, false)
			}
			if seen[l.Set] {
				continue
			}
			seen[l.Set] = true
			for _, m := range l.Members {
				r.in[m] = append(r.in[m], l.Set)
			}
		}
	}
	r.ready, r.turning = make([]int, len(seen)), make([]int, len(seen))
	r.waiting = make([][]topology.ID, len(seen))
	return r
}

// left returns how many members of a link run.
func (r *readiness) left(l *topology.Link) int { return r.ready[l.Set] }

// unmet returns the first of a component's links that has too few members that run; nil if it can start.
func (r *readiness) unmet(id topology.ID) *topology.Link {
	links := r.t.Links(id)
	for i := range links {
		if r.left(&links[i]) < links[i].Need {
			return &links[i]
		}
	}
	return nil
}

// carried reports whether each supply of a component has a member in rotation.
func (r *readiness) carried(id topology.ID) bool {
	links := r.t.Links(id)
	for i := range links {
		if links[i].Supply != nil && r.turning[links[i].Set] == 0 {
			return false
		}
	}
	return true
}

// runs counts a component that has become ready, and returns those that waited for one.
func (r *readiness) runs(id topology.ID) []topology.ID {
	var woken []topology.ID
	for _, s := range r.in[id] {
		r.ready[s]++
		woken = append(woken, r.waiting[s]...)
		r.waiting[s] = nil
	}
	return woken
}

// turns counts a component that has entered rotation.
func (r *readiness) turns(id topology.ID) {
	for _, s := range r.in[id] {
		r.turning[s]++
	}
}

// wait keeps a component until more members of a link run.
func (r *readiness) wait(id topology.ID, l *topology.Link) {
	r.waiting[l.Set] = append(r.waiting[l.Set], id)
}
