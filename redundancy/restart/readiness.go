package restart

import "github.com/ridethrough/ridethrough/topology"

// A readiness counts, for each set of members that links share, how many run and how many take load, and keeps who waits for
// a set to have more that run.
type readiness struct {
	t       *topology.Topology
	sets    map[setKey]int32
	in      [][]int32 // by ID: the sets that it is a member of
	ready   []int     // by set: members that run
	turning []int     // by set: members in rotation
	waiting [][]topology.ID
}

// A setKey tells sets apart: links that name the same members share the list of them.
type setKey struct {
	first *topology.ID
	n     int
}

func newReadiness(t *topology.Topology) *readiness {
	r := &readiness{t: t, sets: map[setKey]int32{}, in: make([][]int32, t.Len())}
	for id := range topology.ID(t.Len()) {
		for i, links := 0, t.Links(id); i < len(links); i++ {
			l := &links[i]
			key := setKey{&l.Members[0], len(l.Members)}
			if _, ok := r.sets[key]; ok {
				continue
			}
			s := int32(len(r.sets))
			r.sets[key] = s
			for _, m := range l.Members {
				r.in[m] = append(r.in[m], s)
			}
		}
	}
	r.ready, r.turning = make([]int, len(r.sets)), make([]int, len(r.sets))
	r.waiting = make([][]topology.ID, len(r.sets))
	return r
}

func (r *readiness) set(l *topology.Link) int32 {
	return r.sets[setKey{&l.Members[0], len(l.Members)}]
}

// left returns how many members of a link run.
func (r *readiness) left(l *topology.Link) int { return r.ready[r.set(l)] }

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
		if links[i].Supply != nil && r.turning[r.set(&links[i])] == 0 {
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
	s := r.set(l)
	r.waiting[s] = append(r.waiting[s], id)
}
