package triage

import (
	"cmp"
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// A fleet is what is left of a topology, by classes of components that nothing tells apart.
type fleet struct {
	Problem
	capacity []float64 // by ID
	of       []int32   // by ID: its class; -1 if it is down
	classes  []class
	sets     [][]int32 // classes of the members
	pools    []pool
	steps    []int32   // in the order load flows: a class, or the complement of a pool
	turn     []int32   // by class: where it stands in them
	keeps    [][]int32 // by set: the classes that need it
	demands  []int32   // classes in rotation that have a demand
	worth    []float64
	total    float64 // worth of all demands, of those that are down or out of rotation too
	spills   bool    // there is a waterfall
	size     int     // what one look takes time in proportion to
}

// A class is components that are alike: the same status, numbers and links, and members of the same sets and pools.
type class struct {
	ids      []topology.ID // in order of declaration
	ready    bool          // out of rotation
	server   bool
	falls    bool // its components may go down when servers do
	capacity float64
	demand   float64
	needs    []need
	supplies []supply
	sets     []int32
	in       []place
}

func (c *class) count() int32 { return int32(len(c.ids)) }

// A need is of so many of a set to be up.
type need struct {
	set, least int32
}

type supply struct {
	pool       int32
	base, rate float64
}

// A place is where a class stands in pools.
type place struct {
	pool, tier int32
}

// A pool is members among which load is split.
type pool struct {
	share  topology.Share
	factor float64
	tiers  []tier
	owners []owner
}

type tier struct {
	weight  float64 // of each member, if the share is weighted
	size    int     // members, those that are down too
	members []int32 // classes
}

type owner struct {
	class int32
	supply
}

// weight returns the weight of a member within its tier.
func (f *fleet) weight(p *pool, t *tier, class int32) float64 {
	switch p.share {
	case topology.Weighted:
		return t.weight
	case topology.Proportional, topology.Waterfall:
		return f.classes[class].capacity
	default:
		return 1
	}
}

func newFleet(p Problem) *fleet {
	capacity := make([]float64, p.Topology.Len())
	for id := range capacity {
		capacity[id] = p.Topology.Capacity(topology.ID(id))
	}
	return fleetOf(p, capacity, Servers(p.Topology))
}

// fleetOf is the fleet with other capacities.
func fleetOf(p Problem, capacity []float64, server []bool) *fleet {
	f := &fleet{Problem: p, capacity: capacity}
	b := newBuilder(f, server)
	b.classify()
	b.connect()
	f.order()
	f.fallible()
	for id, d := range p.Demand {
		f.total += float64(d * p.Worth[id])
	}
	for c := range f.classes {
		k := &f.classes[c]
		f.size += 1 + len(k.needs) + len(k.supplies) + len(k.sets) + len(k.in)
		if k.demand > 0 && !k.ready {
			f.demands = append(f.demands, int32(c))
			f.worth = append(f.worth, float64(float64(k.demand*p.Worth[k.ids[0]])*float64(len(k.ids))))
		}
	}
	return f
}

// order sorts classes and pools so that load flows from earlier ones to later ones.
func (f *fleet) order() {
	into, unplaced := make([]int, len(f.classes)), make([]int, len(f.pools))
	for p := range f.pools {
		unplaced[p] = len(f.pools[p].owners)
	}
	f.turn = make([]int32, len(f.classes))
	var ready []int32
	for c := range f.classes {
		if into[c] = len(f.classes[c].in); into[c] == 0 {
			ready = append(ready, int32(c))
		}
	}
	for i := 0; i < len(ready); i++ {
		f.turn[ready[i]] = int32(len(f.steps))
		f.steps = append(f.steps, ready[i])
		for _, s := range f.classes[ready[i]].supplies {
			if unplaced[s.pool]--; unplaced[s.pool] > 0 {
				continue
			}
			f.steps = append(f.steps, ^s.pool)
			for _, t := range f.pools[s.pool].tiers {
				for _, m := range t.members {
					if into[m]--; into[m] == 0 {
						ready = append(ready, m)
					}
				}
			}
		}
	}
}

// fallible marks what may go down: closures only grow with what fails, so all that goes down with all servers.
func (f *fleet) fallible() {
	t, closure := f.Topology, f.Topology.Closure()
	for id, s := range f.Status {
		if s == topology.Down {
			closure.Fail(topology.ID(id))
		}
	}
	var servers []topology.ID
	for c := range f.classes {
		if f.classes[c].server {
			servers = append(servers, f.classes[c].ids...)
		}
	}
	closure.Fail(servers...)
	for id := range topology.ID(t.Len()) {
		if c := f.of[id]; c >= 0 && closure.Down(id) {
			f.classes[c].falls = true
		}
	}
}

// limited reports whether a class has a capacity.
func (c *class) limited() bool { return !math.IsInf(c.capacity, 1) }

// byWeakness sorts classes, the weakest first.
func (f *fleet) byWeakness(a, b int32) int {
	return cmp.Or(cmp.Compare(f.classes[a].capacity, f.classes[b].capacity), cmp.Compare(a, b))
}
