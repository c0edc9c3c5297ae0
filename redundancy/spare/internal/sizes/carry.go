package sizes

import (
	"math"
	"slices"

	fewest "github.com/ridethrough/ridethrough/redundancy/internal/pool"
	"github.com/ridethrough/ridethrough/topology"
)

// Carry returns rows that every x of a box keeps with which a scenario does not end in a collapse, wherever trips lead: in
// the end each demand is served to a fraction, so those who are left of each pool carry that much between them. One of each list
// of alternatives is kept as well: those left of a pool that is shared equally carry the same, so for the least capacity
// among them there are as many of at least that as it takes.
func (f *Fleet) Carry(s *Scenario, serve float64, box Box, x []int) (rows []Row, alternatives [][]Row) {
	if j, _ := s.Awaits(box.Least); j >= 0 {
		return nil, nil
	}
	v := f.view(s, box, x, false)
	if row, ok := v.served(x); ok {
		rows = append(rows, row)
	}
	must := v.must(serve)
	for i, load := range must {
		if load == 0 {
			continue
		}
		p := &f.pools[i]
		if f.shed(p) {
			load *= serve
		} else if p.share == topology.Equal {
			alternatives = append(alternatives, v.levels(p, load))
		}
		if row, ok := v.together(p, load); ok {
			rows = append(rows, row)
		}
	}
	return rows, alternatives
}

// must returns the load that must pass over each pool for every demand to be served to a fraction.
func (v *view) must(serve float64) []float64 {
	f := v.f
	must := make([]float64, len(f.pools))
	for _, at := range f.order {
		if at < 0 {
			v.passOn(must, ^int32(at), serve)
			continue
		}
		c := &f.Classes[at]
		if !v.needed[at] || c.Demand == 0 {
			continue
		}
		for _, l := range c.links {
			if l.pool >= 0 {
				must[l.pool] += float64((l.base + float64(float64(l.rate*v.s.Factor)*c.Demand)) * max(0, v.turns(int32(at)).least(v.box)))
			}
		}
	}
	return must
}

// passOn adds what all members of a pool pass on to another.
func (v *view) passOn(must []float64, from int32, serve float64) {
	load := must[from]
	members := v.f.members(from)
	if load == 0 || len(members) == 0 {
		return
	}
	if v.f.shed(&v.f.pools[from]) {
		load *= serve
	}
	for _, l := range v.f.Classes[members[0]].links {
		if l.pool >= 0 && v.f.isWhole(flow{from, l.pool, l.rate}) > 0 {
			must[l.pool] += float64(l.rate * load)
		}
	}
}

// shed reports whether any member of a pool sheds.
func (f *Fleet) shed(p *pool) bool {
	return slices.ContainsFunc(p.members(), func(k int32) bool { return f.Classes[k].sheds })
}

// together asks for the members of a pool to be able to carry a load between them.
func (v *view) together(p *pool, load float64) (Row, bool) {
	sum := newSum(len(v.f.Columns))
	most := math.Inf(1)
	if p.share == topology.Each { // it places all of the load on every one
		most = load
	}
	for _, k := range p.members() {
		turns, capacity := v.turns(k), v.capacity(k)
		switch {
		case !v.most.up[k] || turns.most(v.box) <= 0:
		case math.IsInf(capacity.hi, 1):
			return Row{}, false
		case capacity.fixed():
			sum.add(turns.times(min(most, capacity.lo)))
		case len(turns.term) == 0:
			sum.add(capacity.under.times(turns.c))
		default:
			sum.add(turns.times(capacity.hi))
		}
	}
	return v.row(sum.affine().times(tolerant).plus(affine{c: load}, -1), load), true
}

// levels asks, for each capacity that a member of a pool has, for as many of at least that as carry a load.
func (v *view) levels(p *pool, load float64) (rows []Row) {
	seen := map[float64]bool{}
	for _, k := range p.members() {
		c := v.capacity(k).hi
		if !v.most.up[k] || v.turns(k).most(v.box) <= 0 || seen[c] {
			continue
		}
		seen[c] = true
		able := slices.DeleteFunc(p.members(), func(m int32) bool { return v.capacity(m).hi < c })
		need := 1
		if !math.IsInf(c, 1) {
			need = max(1, fewest.Fewest(load, c))
		}
		rows = append(rows, v.enough(able, v.turns, float64(need)))
	}
	return rows
}
