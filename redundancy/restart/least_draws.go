package restart

import (
	"cmp"
	"math"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// leastDraws follows what is placed on a link to what ends up on each component whatever a plan does. What is not up yet
// draws nothing, and a plan may leave it so: then others take its part.
//
// A pool of which all members have a capacity counts as a component too, after all others: together they take no more than the
// most that some of them could.
type leastDraws struct {
	*fleet
	rotates []bool               // by ID: it may stay out of rotation; nil: nothing does
	known   map[[2]int32][]least // by pool, and whether all members must be ready, and one always takes load
	takes   map[[2]int32]bool    // by set, and whether any of it must be ready: what someTakes finds
}

// A least is the least part of what is placed that a component takes.
type least struct {
	on   topology.ID
	part float64
}

func (f *fleet) leastDraws(rotates []bool) *leastDraws {
	return &leastDraws{fleet: f, rotates: rotates, known: map[[2]int32][]least{}, takes: map[[2]int32]bool{}}
}

// capacity returns the capacity of a component, or of a pool.
func (r *leastDraws) capacity(id topology.ID) float64 {
	n := topology.ID(r.t.Len())
	if id < n {
		return r.t.Capacity(id)
	}
	p := &r.t.Pools()[id-n]
	var all []float64
	for _, m := range p.Members {
		if r.soon[m] >= 0 {
			all = append(all, r.t.Capacity(m))
		}
	}
	slices.SortFunc(all, func(a, b float64) int { return cmp.Compare(b, a) })
	sum, strength := 0.0, 0.0
	for i, c := range all {
		sum += c
		strength = max(strength, float64(float64(i+1)*c))
	}
	switch {
	case p.Share == topology.Equal:
		return strength
	case p.Share == topology.Each && len(all) > 0:
		return all[0]
	}
	return sum
}

// draws returns the least that a component with these links draws on others, in order.
func (r *leastDraws) draws(links []topology.Link) []draw {
	sum := map[topology.ID]*draw{}
	var order []topology.ID
	for i := range links {
		l := &links[i]
		if l.Supply == nil {
			continue
		}
		s := l.Supply
		for _, d := range r.of(l) {
			if sum[d.on] == nil {
				sum[d.on] = &draw{on: d.on}
				order = append(order, d.on)
			}
			sum[d.on].boot += float64((s.Base + s.Inrush) * d.part)
			sum[d.on].run += float64(s.Base * d.part)
			sum[d.on].rate += float64(s.Rate() * d.part)
		}
	}
	slices.Sort(order)
	all := []draw{}
	for _, id := range order {
		all = append(all, *sum[id])
	}
	return all
}

// of returns the parts of what a link places, in order: for what is up in the beginning, or must be to start, its part beside all
// that ever can be; and what all members pass on, whichever of them takes it, if one always does.
func (r *leastDraws) of(l *topology.Link) []least {
	all := int32(0)
	if l.Need == len(l.Members) {
		all = 1
	}
	takes := r.someTakes(l)
	key := [2]int32{l.Pool, all}
	if takes {
		key[1] += 2
	}
	if known, ok := r.known[key]; ok {
		return known
	}
	sure, some := r.parted(l, all == 1, takes)
	for on, x := range some {
		sure[on] = max(sure[on], x)
	}
	out := []least{}
	for on, part := range sure {
		if part > 0 {
			out = append(out, least{on, part})
		}
	}
	slices.SortFunc(out, func(a, b least) int { return cmp.Compare(a.on, b.on) })
	r.known[key] = out
	return out
}

// parted returns what surely ends up on each component, by the members that take their part of it, and what all members pass on; the
// pool itself takes that too.
func (r *leastDraws) parted(l *topology.Link, all, takes bool) (sure, some map[topology.ID]float64) {
	sure, some = map[topology.ID]float64{}, map[topology.ID]float64{}
	first, part := true, r.parts(l.Pool)
	for _, m := range l.Members {
		if r.soon[m] < 0 {
			continue
		}
		reach := r.through(m)
		if r.status[m] == topology.Up || all && (r.rotates == nil || !r.rotates[m]) {
			for on, x := range reach {
				sure[on] += float64(part(m) * x)
			}
		}
		if !takes {
			continue
		}
		if first {
			some, first = reach, false
			continue
		}
		for on, x := range some {
			if some[on] = min(x, reach[on]); some[on] == 0 {
				delete(some, on)
			}
		}
	}
	if pool := topology.ID(r.t.Len() + int(l.Pool)); !first && !math.IsInf(r.capacity(pool), 1) {
		sure[pool] = 1
	}
	return sure, some
}

// someTakes reports whether a member of a link takes load whenever its owner is on: else what is placed may go nowhere.
func (r *leastDraws) someTakes(l *topology.Link) bool {
	key := [2]int32{l.Set, int32(min(l.Need, 1))}
	takes, known := r.takes[key]
	if !known {
		takes = r.findTakes(l)
		r.takes[key] = takes
	}
	return takes
}

func (r *leastDraws) findTakes(l *topology.Link) bool {
	may := l.Need > 0
	for _, m := range l.Members {
		if r.status[m] == topology.Up {
			return true
		}
		may = may && r.status[m] != topology.Ready && (r.rotates == nil || !r.rotates[m])
	}
	return may
}

// through returns what a unit of load on a member brings to it, and to what is behind it.
func (r *leastDraws) through(m topology.ID) map[topology.ID]float64 {
	reach := map[topology.ID]float64{m: 1}
	for i, links := 0, r.t.Links(m); i < len(links); i++ {
		if s := links[i].Supply; s != nil {
			for _, d := range r.of(&links[i]) {
				reach[d.on] += float64(s.Rate() * d.part)
			}
		}
	}
	return reach
}

// parts returns the least part of what is placed on a pool that a member takes, if it takes load: beside all that ever can.
func (r *leastDraws) parts(pool int32) func(member topology.ID) float64 {
	p := &r.t.Pools()[pool]
	weights, sum, from := map[topology.ID]float64{}, 0., 0
	for entry, end := range p.Ends {
		for _, m := range p.Members[from:end] {
			if r.soon[m] < 0 {
				continue
			}
			weights[m] = 1
			if p.Share == topology.Weighted {
				weights[m] = p.Weights[entry]
			}
			sum += weights[m]
		}
		from = end
	}
	return func(member topology.ID) float64 {
		switch {
		case p.Share == topology.Each || len(weights) == 1:
			return 1
		case sum > 0 && (p.Share == topology.Equal || p.Share == topology.Weighted):
			return weights[member] / sum
		}
		return 0
	}
}
