package triage

import (
	"math"

	"github.com/ridethrough/ridethrough/redundancy/internal/integer"
	"github.com/ridethrough/ridethrough/topology"
)

// A relaxation is a linear program that no choice is outside of, so that no choice admits more than its optimum.
//
// Its columns, each from 0 to 1, are the fraction of each demand, of each class that may go down how many are up, and how
// much of what it could carry a class gets from each pool. Whatever a choice does, it gives them values that keep these rows:
//
//   - What is in rotation carries at most its capacity, and what is down nothing: load ≤ capacity · up. The capacity is that
//     at which the engine calls it overloaded, which leaves room for the rounding of all that follows.
//   - A pool all of whose members stay, whatever is done, splits its load by parts that are known. Of any other, members may
//     take any parts: their loads add up to no less than what is placed there, base · up + rate · load of its owners.
//   - Nothing of what comes from an admitted demand is lost, or it would not be served. Only what bases bring may be, in a
//     pool that may be left without members: it is taken off what is placed. An owner that is a demand is refused then, so of
//     its base no more than the admitted part is asked for.
//   - Members that share equally carry as much as the weakest of those that do, so together at most max_j c_(j) · (number
//     with capacity ≥ c_(j)); the same for weights, and in each tier.
//   - All that a demand draws on is left out but loads, and so is every need.
type relaxation struct {
	*fleet
	integer.Linear
	fraction []int     // by demand: its column
	stays    []int     // by class: its column; -1 if all of it stays up
	load     []sum     // by class: of all its components
	one      []float64 // by class: the most that one component of it carries
	most     []float64 // by class: and all of them
	lost     []float64 // by class: the most that bases bring to all its components
	demand   []int     // by class: its place in demands; -1
	spilled  []float64 // by pool: the most that bases bring
	poolMost []float64
	left     *look
	strength func(pool int32) []float64
	counts   *counts
	parts    bool  // counts may be narrower than those of any choice
	even     []sum // by class: what each in rotation gets from pools that give all the same
	shares   []evenShare
}

// A sum is of coefficients by column, and a constant.
type sum struct {
	on    []int
	of    []float64
	fixed float64
	past  int // all its columns are before
}

func (s *sum) add(column int, of float64) {
	if of == 0 {
		return
	}
	if column < s.past {
		for i, j := range s.on {
			if j == column {
				s.of[i] += of
				return
			}
		}
	}
	s.on, s.of, s.past = append(s.on, column), append(s.of, of), max(s.past, column+1)
}

// plus adds another sum, times a factor.
func (s *sum) plus(other sum, times float64) {
	for i, j := range other.on {
		s.add(j, float64(other.of[i]*times))
	}
	s.fixed += float64(other.fixed * times)
}

// slack is left in every row, in parts of its terms, for the rounding of coefficients.
const slack = 1e-13

// relax sets up the program of a fleet. Its pools take no more than strength says, and so many of each class are in
// rotation, where counts are given.
func relax(f *fleet, strength func(pool int32) []float64, n *counts) *relaxation {
	r := &relaxation{fleet: f, strength: strength, counts: n, parts: n != nil, fraction: make([]int, len(f.demands)), stays: make([]int, len(f.classes)), demand: make([]int, len(f.classes))}
	r.load, r.lost = make([]sum, len(f.classes)), make([]float64, len(f.classes))
	r.one, r.most = make([]float64, len(f.classes)), make([]float64, len(f.classes))
	r.even = make([]sum, len(f.classes))
	if r.counts == nil {
		r.counts = f.anyCounts()
	}
	r.left = &look{fleet: f, choice: choice{on: r.counts.low}}
	r.spilled, r.poolMost = make([]float64, len(f.pools)), make([]float64, len(f.pools))
	for c := range r.demand {
		r.demand[c], r.stays[c] = -1, -1
	}
	for k, c := range f.demands {
		r.demand[c], r.fraction[k] = k, r.column(-f.worth[k])
	}
	for c := range f.classes {
		if f.classes[c].falls {
			r.stays[c] = r.column(0)
		}
	}
	for _, step := range f.steps {
		if step < 0 {
			r.pool(^step)
		} else {
			r.class(step)
		}
	}
	return r
}

func (r *relaxation) column(cost float64) int {
	r.Cost, r.Low, r.Up = append(r.Cost, cost), append(r.Low, 0), append(r.Up, 1)
	return len(r.Cost) - 1
}

// row asks for a sum not to be below 0.
func (r *relaxation) row(s sum) {
	size := math.Abs(s.fixed)
	for _, x := range s.of {
		size += math.Abs(x)
	}
	least := -s.fixed - float64(size*slack)
	low := 0.0
	for _, x := range s.of {
		low += min(0, x)
	}
	if low >= least || size == 0 {
		return // it always is
	}
	r.Rows = append(r.Rows, integer.Row{On: s.on, Of: s.of, Least: least})
}

// capacity returns what one component carries before it counts as overloaded.
func (k *class) bearing() float64 { return k.capacity + float64(k.capacity*topology.Tolerance) }

// class adds up the load of a class, and keeps it within its capacity.
func (r *relaxation) class(c int32) {
	k := &r.classes[c]
	n, load := float64(len(k.ids)), &r.load[c]
	if d := r.demand[c]; d >= 0 {
		load.add(r.fraction[d], n*k.demand)
		r.one[c] += k.demand
		r.most[c] += n * k.demand
		if r.stays[c] >= 0 {
			up := sum{}
			up.add(r.stays[c], 1)
			up.add(r.fraction[d], -1)
			r.row(up)
		}
	}
	if k.limited() {
		r.one[c] = min(r.one[c], k.bearing())
		r.most[c] = min(r.most[c], float64(n*k.bearing()))
	}
	if k.ready || r.most[c] == 0 || r.stays[c] < 0 && !k.limited() {
		return
	}
	r.each(c)
	within := sum{}
	if r.stays[c] >= 0 {
		within.add(r.stays[c], float64(n*r.one[c]))
	} else {
		within.fixed = float64(n * k.bearing())
	}
	within.plus(*load, -1)
	r.row(within)
}

// placed returns what the owners of a pool place there at least, and the most of it that may be lost.
func (r *relaxation) placed(at int32) (placed sum, lost float64) {
	p := &r.pools[at]
	for _, o := range p.owners {
		k := &r.classes[o.class]
		n := float64(len(k.ids))
		base := float64(n * o.base)
		if r.stays[o.class] >= 0 {
			placed.add(r.stays[o.class], base)
		} else {
			placed.fixed += base
		}
		r.poolMost[at] += base
		lost += base
		if k.ready {
			continue
		}
		placed.plus(r.load[o.class], o.rate)
		r.poolMost[at] += float64(o.rate * r.most[o.class])
		lost += float64(o.rate * r.lost[o.class])
	}
	return placed, lost
}

// refusable returns what is left of placed where a pool may be left without members.
func (r *relaxation) refusable(at int32) sum {
	p := &r.pools[at]
	var placed sum
	for _, o := range p.owners {
		k := &r.classes[o.class]
		if k.ready {
			continue
		}
		if d := r.demand[o.class]; d >= 0 {
			placed.add(r.fraction[d], float64(float64(len(k.ids))*o.base))
		}
		placed.plus(r.load[o.class], o.rate)
		placed.fixed -= float64(o.rate * r.lost[o.class])
	}
	return placed
}

// pool passes on what is placed in a pool.
func (r *relaxation) pool(at int32) {
	p := &r.pools[at]
	placed, lost := r.placed(at)
	r.spilled[at] = lost
	loyal, fixed := r.kinds(p)
	for i := range p.tiers {
		for _, c := range p.tiers[i].members {
			n := 1.0
			if p.share == topology.Each {
				n = float64(len(r.classes[c].ids))
			}
			r.lost[c] += float64(n * lost)
		}
	}
	if fixed {
		r.known(at, placed)
		return
	}
	if !loyal {
		placed = r.refusable(at)
	}
	r.free(at, placed)
}

// kinds reports whether some member always takes load of a pool, and whether all do, by parts that do not depend on it.
func (r *relaxation) kinds(p *pool) (loyal, fixed bool) {
	fixed = p.share != topology.Waterfall
	for i := range p.tiers {
		t := &p.tiers[i]
		for _, c := range t.members {
			low, high := r.between(c)
			fixed = fixed && low == high
			loyal = loyal || low > 0 && r.weight(p, t, c) > 0
		}
	}
	return loyal, fixed && loyal
}

// between returns how many of a class are in rotation, at least and at most.
func (r *relaxation) between(c int32) (low, high int32) {
	return r.counts.low[c], r.counts.high[c]
}

// known splits a pool whose members all stay.
func (r *relaxation) known(at int32, placed sum) {
	p := &r.pools[at]
	by := make([]float64, len(p.tiers))
	r.left.divide(p, by, nil, nil)
	if len(placed.on) > 8 && r.poolMost[at] > 0 { // many would come to stand in many rows
		all := r.column(0)
		whole := sum{}
		whole.add(all, r.poolMost[at])
		whole.plus(placed, -1)
		r.row(whole)
		placed = sum{}
		placed.add(all, r.poolMost[at])
	}
	for i := range p.tiers {
		t := &p.tiers[i]
		for _, c := range t.members {
			k := &r.classes[c]
			if k.ready || r.left.on[c] == 0 {
				continue
			}
			part := float64(by[i]*r.weight(p, t, c)) * float64(r.left.on[c])
			r.load[c].plus(placed, part)
			r.one[c] += float64(by[i]*r.weight(p, t, c)) * r.poolMost[at]
			r.most[c] += float64(part * r.poolMost[at])
		}
	}
}

// free lets the members of a pool take what they will.
func (r *relaxation) free(at int32, placed sum) {
	p := &r.pools[at]
	taken := sum{}
	all := r.strength(at)
	share := r.shared(at, placed)
	for i := range p.tiers {
		t, within := &p.tiers[i], sum{fixed: all[i]}
		for _, c := range t.members {
			k := &r.classes[c]
			n := float64(len(k.ids))
			most := r.poolMost[at]
			if p.share == topology.Each {
				most *= n
			}
			if k.limited() {
				most = min(most, float64(n*k.bearing()))
			}
			if k.ready || most == 0 || r.weight(p, t, c) == 0 {
				continue
			}
			column := r.column(0)
			r.load[c].add(column, most)
			r.one[c] += r.poolMost[at]
			r.most[c] += most
			taken.add(column, most)
			within.add(column, -most)
			r.evenly(share, c, column, most)
			if p.share == topology.Each && !k.server && !k.falls {
				every := sum{}
				every.add(column, most)
				every.plus(placed, -n)
				r.row(every)
			}
		}
		if !math.IsInf(all[i], 1) {
			r.row(within)
		}
	}
	if p.share == topology.Weighted && !math.IsInf(all[len(p.tiers)], 1) {
		within := sum{fixed: all[len(p.tiers)]}
		within.plus(taken, -1)
		r.row(within)
	}
	taken.plus(placed, -1)
	r.row(taken)
}
