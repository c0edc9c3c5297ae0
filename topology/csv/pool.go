package csv

import (
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// A pool is servers that take over each other's load.
type pool struct {
	users   string // the component whose demand it serves
	kind    string // of that
	unit    string // of all its servers that have a number
	first   string // the first of these; "" if there is none yet
	names   names
	servers float64
	assumed bool // the load of some server is not given
	sums    sums
}

// sums are over the servers of a pool.
type sums struct {
	load, capacity        float64
	load2, capacity2, mix float64 // of squares, and of loads times capacities
	least, most           float64 // capacities; the least is 0 if one is not known
}

// join puts a row's servers in their pool.
func (r *reader) join(s *server, row []string) topology.Faults {
	name := given(row, r.at.pool)
	if name == "" && r.at.pool >= 0 {
		return nil
	}
	p := r.byPool[name]
	if p == nil {
		p = r.newPool(strings.Clone(name))
	}
	if s.pool = p; s.capacity == 0 && !s.measured {
		return nil // no number that has a unit
	}
	if p.first == "" {
		p.first, p.unit = s.names[0].text, s.unit
	}
	if s.unit != p.unit {
		at := r.at.capacity
		if at < 0 {
			at = r.at.load
		}
		return r.FaultAt(at, topology.UnitClash,
			"it has %s, and %s of the same pool has %s: give all servers of a pool the same", named(s.unit), p.first, named(p.unit))
	}
	return nil
}

func (r *reader) newPool(name string) *pool {
	p := &pool{users: "users"}
	if name != "" {
		p.users, p.kind = "users/"+name, "users"
	}
	r.alike.see(p.users)
	r.byPool[name] = p
	r.pools = append(r.pools, p)
	r.total++
	return p
}

// add counts a row in.
func (p *pool) add(s server) {
	n, t := float64(s.names[0].count()), &p.sums
	if p.servers == 0 {
		t.least = s.capacity
	}
	t.least, t.most = min(t.least, s.capacity), max(t.most, s.capacity)
	t.load += float64(n * s.load)
	t.capacity += float64(n * s.capacity)
	t.load2 += float64(n * s.load * s.load)
	t.capacity2 += float64(n * s.capacity * s.capacity)
	t.mix += float64(n * s.load * s.capacity)
	p.names = append(p.names, s.names...)
	p.servers += n
	p.assumed = p.assumed || !s.measured && s.capacity > 0
}

// unequal reports whether capacities are known and differ.
func (p *pool) unequal() bool { return p.sums.least > 0 && p.sums.least < p.sums.most }

// proportional reports whether load is shared in proportion to capacities: where these differ, if loads are closer to that
// than to equal ones. The squares of what they are off, L_i − D·c_i/C and L_i − D/n, are summed, less that of L_i.
func (p *pool) proportional() bool {
	if !p.unequal() {
		return false
	}
	t := p.sums
	slope := t.load / t.capacity
	off := float64(slope*slope*t.capacity2) - float64(2*slope*t.mix)
	return off < -t.load*t.load/p.servers
}

// shareOf returns the load that a server has by its pool's share.
func (p *pool) shareOf(capacity float64) float64 {
	if p.proportional() {
		return p.sums.load * (capacity / p.sums.capacity)
	}
	return p.sums.load / p.servers
}
