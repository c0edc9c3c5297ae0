package cascade

import (
	"slices"

	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// A single is a fleet that is one equally loaded pool, as far as a family goes: one demand, spread equally over servers
// that trip, of which each goes down alone or with at most one failure domain; and nothing else could be overloaded, or
// have load that goes nowhere.
type single struct {
	t       *topology.Topology
	closure *topology.Closure
	users   topology.ID
	pool    int32 // of the servers
	servers []topology.ID
	place   map[topology.ID]int // of a server
	demand  float64
	of      []int // by server: its domain; -1 for none
	domains map[topology.ID]int
}

// findSingle returns the pool that a group of a family is about; or why it is none.
func findSingle(t *topology.Topology, g foundGroup) (*single, string) {
	var lost []topology.ID
	for _, c := range g.from {
		lost = append(lost, c.ids...)
	}
	state, closure, _ := g.begin.state(t)
	s := &single{t: t, place: map[topology.ID]int{}, closure: closure, domains: map[topology.ID]int{}}
	if reason := s.findServers(state, g.begin); reason != "" {
		return nil, reason
	}
	if reason := s.alone(); reason != "" {
		return nil, reason
	}
	if reason := s.elsewhere(g.begin, lost); reason != "" {
		return nil, reason
	}
	if reason := s.findDomains(lost); reason != "" {
		return nil, reason
	}
	return s, s.apart(lost)
}

// findServers finds the demand and the servers that share it.
func (s *single) findServers(state topology.State, begin start) string {
	t, users := s.t, topology.ID(-1)
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) > 0 {
			if users >= 0 {
				return "there is more than one demand"
			}
			users = id
		}
	}
	if users < 0 || state.Status[users] != topology.Up {
		return "there is no demand"
	}
	if len(t.PoolsOf(users)) > 0 {
		return t.Name(users) + " takes load from others"
	}
	var supply *topology.Link
	for i, l := range t.Links(users) {
		switch {
		case l.Start:
		case supply != nil || l.Pool < 0:
			return t.Name(users) + " needs more than one supply"
		default:
			supply = &t.Links(users)[i]
		}
	}
	if supply == nil || t.Pools()[supply.Pool].Share != topology.Equal || len(t.Pools()[supply.Pool].Owners) > 1 || supply.Need > 1 {
		return t.Name(users) + " does not draw equally on one pool of its own, of which one member is enough"
	}
	load := begin.load * t.Demand(users)
	if topology.Overloaded(load, t.Capacity(users)) {
		return t.Name(users) + " is overloaded"
	}
	s.users, s.pool = users, supply.Pool
	s.demand = supply.Supply.Base + float64(supply.Supply.Rate()*load)
	for _, id := range supply.Members {
		if state.Status[id] == topology.Up {
			s.place[id] = len(s.servers)
			s.servers = append(s.servers, id)
		}
	}
	return ""
}

// alone checks that a server trips by its share alone, and pulls no other down.
func (s *single) alone() string {
	after := map[topology.ID]bool{}
	lost := s.closure.Fail(s.servers...)
	for _, l := range lost {
		after[l.ID] = true
	}
	s.closure.Undo(lost)
	follows := map[int32]bool{} // by set: some of it goes down after servers
	for _, id := range s.servers {
		if o := s.t.Overload(id); !engine.Trips(o) || o.Shed || len(s.t.PoolsOf(id)) > 1 {
			return s.t.Name(id) + " sheds, or takes load from more than one pool"
		}
		for _, l := range s.t.Links(id) {
			if !l.Keeps() {
				continue
			}
			if _, known := follows[l.Set]; !known {
				follows[l.Set] = slices.ContainsFunc(l.Members, func(m topology.ID) bool { return after[m] })
			}
			if follows[l.Set] {
				return s.t.Name(id) + " goes down after other servers"
			}
		}
	}
	return ""
}

// findDomains finds which servers go down with each of the components that may be lost; a server has at most one.
func (s *single) findDomains(lost []topology.ID) string {
	s.of = slices.Repeat([]int{-1}, len(s.servers))
	for _, id := range lost {
		if _, server := s.place[id]; server {
			continue
		}
		domain := len(s.domains)
		s.domains[id] = domain
		down := s.closure.Fail(id)
		s.closure.Undo(down)
		for _, l := range down {
			at, ok := s.place[l.ID]
			switch {
			case l.ID == s.users && l.Link == nil:
				return s.t.Name(l.ID) + " may be lost itself"
			case ok && s.of[at] >= 0:
				return s.t.Name(l.ID) + " goes down with more than one of what may be lost"
			case ok:
				s.of[at] = domain
			}
		}
	}
	return ""
}

// apart checks that what is lost together takes down no more than each takes down alone: all that keeps a component up is
// broken by any one loss, or by none.
func (s *single) apart(lost []topology.ID) string {
	down := s.closure.Fail(lost...)
	defer s.closure.Undo(down)
	for _, d := range down {
		for _, l := range s.t.Links(d.ID) {
			if d.ID != s.users && l.Keeps() && l.Need < len(l.Members) && s.closure.Left(&l) < l.Need {
				return s.t.Name(d.ID) + " goes down with some of what may be lost together, but not with each"
			}
		}
	}
	return ""
}

// elsewhere says what may go wrong elsewhere than in the pool, in some scenario: the worst for all else is that all that may
// be lost is, and keeps drawing.
func (s *single) elsewhere(begin start, lost []topology.ID) string {
	state, closure, _ := begin.state(s.t)
	before := slices.Clone(state.Status)
	for _, l := range closure.Fail(lost...) {
		state.Status[l.ID] = topology.Unrelieved
	}
	b := neverRelieved(s.t, state, closure)
	for id := range topology.ID(s.t.Len()) {
		if _, server := s.place[id]; !server && topology.Overloaded(b.load[id], s.t.Capacity(id)) {
			return "something else than the pool could be overloaded"
		}
	}
	for p := range s.t.Pools() {
		if p := int32(p); p != s.pool && s.mayStrand(p, before, b) {
			return "load of something else than the demand could find no member that takes it"
		}
	}
	return ""
}

// mayStrand reports whether an owner of a pool could be up while no member takes load: because it needs none, or because
// one that is up and takes none, being drained or of no weight, is enough.
func (s *single) mayStrand(at int32, before []topology.Status, b *bound) bool {
	p, from, idle := &s.t.Pools()[at], 0, false
	for i, end := range p.Ends {
		for _, m := range p.Members[from:end] {
			switch takes := before[m] == topology.Up && !(p.Share == topology.Weighted && p.Weights[i] == 0); {
			case takes && !b.closure.Down(m):
				return false
			case !takes && before[m] != topology.Down:
				idle = true
			}
		}
		from = end
	}
	for _, owner := range p.Owners {
		for _, l := range s.t.Links(owner) {
			if l.Pool == at && before[owner] != topology.Down && (idle || l.Need == 0) {
				return true
			}
		}
	}
	return false
}
